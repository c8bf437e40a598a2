"""Leaves of the tree in a PADME file as arrays, whatever state the file is in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from x17.errors import InputError, Problem, X17Error
from x17.reconstruction.padme_layout import CLUSTERS, COUNTERS, EVENT, HITS, LEAVES, TREE
from x17.simulation.storage.root_events import import_uproot

Column = NDArray[Any]
Columns = Mapping[str, Column]

_SHOWN = 12
_MOST_COMPRESSION = 10_000
"""No algorithm of ROOT packs better; a wrong length would have uproot take gigabytes and half a minute."""
_ADVICE = (
    "Needed is a tree Events with RecoEvent and ECal_Clusters or ECal_Hits, as PADME's reconstruction writes."
)


def unusable(path: Path, *problems: Problem) -> InputError:
    """Make the error for a file that cannot be used.

    Parameters
    ----------
    path : Path
    *problems : Problem

    Returns
    -------
    InputError
    """
    return InputError(str(path), problems, _ADVICE)


class PadmeTree:
    """The tree of an open file; made by `open_padme_tree`.

    Attributes
    ----------
    n_entries : int
    branches : tuple of str
        Branches of `LEAVES` that the file has.
    """

    def __init__(self, path: Path, tree: Any) -> None:
        self._path, self._tree = path, tree
        self.n_entries = int(tree.num_entries)
        present = set(tree.keys(recursive=False))
        self.branches = tuple(name for name in LEAVES if name in present)
        self._paths, problems = _find_leaves(tree, self.branches)
        missing = [name for name in (EVENT,) if name not in present]
        if not present & {HITS, CLUSTERS}:
            missing += [CLUSTERS, HITS]
        there = _listed(present)
        problems = [
            Problem(f"no branch {name}", allowed=f"one of those there: {there}") for name in missing
        ] + problems
        if problems:
            raise unusable(path, *problems)

    def scalars(self, branch: str, start: int, stop: int) -> dict[str, Column]:
        """Read leaves with one number an event.

        Parameters
        ----------
        branch : str
            One of `branches`.
        start, stop : int
            Entries.

        Returns
        -------
        dict of ndarray
            Keys of `LEAVES`, each of shape (stop − start,).

        Raises
        ------
        InputError
            The leaves are damaged.
        """
        with damage_told(self._path):
            return {name: self._flat(branch, name, start, stop) for name in LEAVES[branch]}

    def lists(self, branch: str, start: int, stop: int) -> tuple[Column, dict[str, Column]]:
        """Read leaves with a list an event.

        Parameters
        ----------
        branch : str
            One of `branches`.
        start, stop : int
            Entries.

        Returns
        -------
        counts : ndarray of int, shape (stop − start,)
            Elements of each event.
        columns : dict of ndarray
            Keys of `LEAVES`, one event after the other; a position has the shape (n, 2), x and y.

        Raises
        ------
        InputError
            The leaves are damaged, or do not agree on the number of elements.
        """
        _, awkward = import_uproot()
        columns = {}
        with damage_told(self._path):
            counts = self._flat(branch, COUNTERS[branch], start, stop)
            for name in LEAVES[branch]:
                array = self._branch(branch, name).array(entry_start=start, entry_stop=stop)
                if not np.array_equal(np.asarray(awkward.num(array)), counts):
                    raise ValueError(f"{self._paths[branch, name]} disagrees with {COUNTERS[branch]}")
                flat = awkward.flatten(array)
                if name == "position":
                    columns[name] = np.stack([np.asarray(flat["fX"]), np.asarray(flat["fY"])], axis=-1)
                else:
                    columns[name] = _numbers(np.asarray(flat), int(counts.sum()))
        return counts.astype(np.int64), columns

    def _branch(self, branch: str, name: str) -> Any:
        return self._tree[self._paths[branch, name]]

    def _flat(self, branch: str, name: str, start: int, stop: int) -> Column:
        array = self._branch(branch, name).array(entry_start=start, entry_stop=stop, library="np")
        return _numbers(array, stop - start)


@contextmanager
def open_padme_tree(path: Path) -> Iterator[PadmeTree]:
    """Open a file for reading.

    Parameters
    ----------
    path : Path

    Yields
    ------
    PadmeTree

    Raises
    ------
    UsageError
        uproot or awkward is not installed.
    InputError
        No ROOT file, one that was cut short or is damaged, one without the tree, or a tree without the needed
        branches or leaves: which, and what there is.
    """
    uproot, _ = import_uproot()
    with damage_told(path, "is no ROOT file, or was cut short"):
        if not path.is_file():
            raise unusable(path, Problem("there is no such file"))
        # Caches go by the identity written in a file: a changed copy would get the arrays of another.
        file = uproot.open(path, object_cache=None, array_cache=None)
    with file:
        with damage_told(path):
            if path.stat().st_size < file.file.fEND:
                raise unusable(path, Problem("was cut short"))
            _check_length(path, file.file.fSeekInfo)
            tree = PadmeTree(path, _tree(path, file))
        yield tree


@contextmanager
def damage_told(path: Path, what: str = "is damaged") -> Iterator[None]:
    """Turn whatever a reader raises on damaged bytes into one kind of error.

    Parameters
    ----------
    path : Path
    what : str
        Beginning of the message.

    Raises
    ------
    InputError
        For any exception but those of the package.
    """
    try:
        yield
    except X17Error:
        raise
    except Exception as error:  # what uproot raises on damaged bytes has no common root
        reason = " ".join(str(error).split())[:160] or type(error).__name__
        raise unusable(path, Problem(f"{what}: {reason}")) from error


def _tree(path: Path, file: Any) -> Any:
    kinds = {name.partition(";")[0]: kind for name, kind in file.classnames(recursive=False).items()}
    if kinds.get(TREE) != "TTree":
        found = ", ".join(f"{name} ({kind})" for name, kind in sorted(kinds.items())[:_SHOWN])
        raise unusable(path, Problem(f"no tree {TREE}", value=found or "nothing"))
    _check_length(path, file.key(TREE).fSeekKey)
    return file[TREE]


def _check_length(path: Path, place: int) -> None:
    """Compare the two lengths at the head of a record: on disk, and in memory."""
    with path.open("rb") as raw:
        raw.seek(place)
        head = raw.read(10)
    on_disk, in_memory = (int.from_bytes(part, "big") for part in (head[:4], head[6:]))
    if in_memory > _MOST_COMPRESSION * on_disk:
        raise ValueError(f"a record of {on_disk} bytes is said to hold {in_memory}")


def _find_leaves(tree: Any, branches: tuple[str, ...]) -> tuple[dict[tuple[str, str], str], list[Problem]]:
    """Full paths of leaves by branch and name, and those that are not there.

    A class is a level of the path only where it is a base: the leaf is looked for below its branch.
    """
    keys = tree.keys(recursive=True)
    paths, problems = {}, []
    for branch in branches:
        wanted = dict(LEAVES[branch])
        if branch in COUNTERS:
            wanted[COUNTERS[branch]] = COUNTERS[branch]
        below = [key for key in keys if key.startswith(branch + "/")]
        for name, leaf in wanted.items():
            found = [key for key in below if key.rpartition("/")[2] == leaf]
            if len(found) == 1:
                paths[branch, name] = found[0]
                continue
            what = f"branch {branch} has {len(found) or 'no'} leaf {leaf}"
            problems.append(Problem(what, allowed=f"one; there are: {_listed(below)}"))
    return paths, problems


def _numbers(array: Column, n: int) -> Column:
    if array.shape != (n,) or array.dtype.kind not in "iuf":
        raise ValueError(f"a leaf of shape {array.shape} and type {array.dtype} in place of {n} numbers")
    return array


def _listed(names: set[str] | list[str]) -> str:
    short = sorted({name.rpartition("/")[2] for name in names})
    more = f", … ({len(short)} in all)" if len(short) > _SHOWN else ""
    return ", ".join(short[:_SHOWN]) + more if short else "none"
