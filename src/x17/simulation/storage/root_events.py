"""Simulated events as ROOT files: a TTree with the columns of the Parquet files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from x17.errors import missing_extra
from x17.simulation.storage.event_table import LISTS, OPTIONAL_LISTS, SCALARS, EventTable
from x17.simulation.storage.file_identity import ABOUT, foreign, parse_record, write_in_one_step

SUFFIX = ".root"
TREE = "events"


def import_uproot() -> tuple[Any, Any]:
    """Import what reads and writes ROOT files.

    Returns
    -------
    uproot, awkward : module

    Raises
    ------
    UsageError
        They are not installed.
    """
    try:
        import awkward
        import uproot
    except ModuleNotFoundError:
        raise missing_extra("ROOT files need uproot and awkward", "root") from None
    return uproot, awkward


def write_root(table: EventTable, path: Path) -> None:
    """Write events.

    The lengths of the lists are in the branches `nparticle`, `nhit` and `ntagger`.

    Parameters
    ----------
    table : EventTable
    path : Path

    Raises
    ------
    UsageError
        uproot or awkward is not installed.
    X17Error
        The file cannot be written; nothing is left behind.
    """
    uproot, awkward = import_uproot()
    branches: dict[str, Any] = dict(table.scalars)
    for group, parts in table.lists.items():
        counts = table.counts[group]
        branches[group] = awkward.zip(
            {name: awkward.unflatten(values, counts) for name, values in parts.items()}
        )

    def write(partial: Path) -> None:
        with uproot.recreate(partial) as file:
            file[ABOUT] = json.dumps(dict(table.about))
            # An assignment would make an RNTuple, which older ROOT does not read.
            file.mktree(TREE, branches)

    write_in_one_step(path, write)


def read_root_record(path: Path) -> dict[str, Any]:
    """Read where the events of a file come from, and nothing else.

    Parameters
    ----------
    path : Path

    Returns
    -------
    dict
        As `EventTable.about`.

    Raises
    ------
    UsageError
        uproot or awkward is not installed.
    InputError
        Not a file of ours, or one that was cut short.
    """
    with _opened(path) as file:
        return _record(path, file)


def read_root(path: Path) -> EventTable:
    """Read events.

    Parameters
    ----------
    path : Path

    Returns
    -------
    EventTable

    Raises
    ------
    UsageError
        uproot or awkward is not installed.
    InputError
        Not a file of ours, or one that was cut short.
    """
    _, awkward = import_uproot()
    with _opened(path) as file:
        about = _record(path, file)
        try:
            tree = file[TREE]
            scalars = {name: tree[name].array(library="np") for name in SCALARS}
            lists, counts = {}, {}
            there = {g: p for g, p in OPTIONAL_LISTS.items() if f"{g}_{next(iter(p))}" in tree}
            for group, parts in {**LISTS, **there}.items():
                arrays = {name: tree[f"{group}_{name}"].array() for name in parts}
                lists[group] = {name: np.asarray(awkward.flatten(a)) for name, a in arrays.items()}
                counts[group] = np.asarray(awkward.num(next(iter(arrays.values()))))
        except KeyError as error:
            raise foreign(path, f"lacks the branch {error.args[0]!s:.60}") from error
        except Exception as error:  # what uproot raises on damaged bytes has no common root
            raise foreign(path, f"is damaged: {str(error)[:200]}") from error
    return EventTable(about, scalars, counts, lists)


def _opened(path: Path) -> Any:
    uproot, _ = import_uproot()
    try:
        file = uproot.open(path)
    except FileNotFoundError as error:
        raise foreign(path, "there is no such file") from error
    except Exception as error:  # as above
        raise foreign(path, "is no ROOT file, or was cut short") from error
    # The record is at the start: only the length tells whether the events behind it are all there.
    if path.stat().st_size < file.file.fEND:
        file.close()
        raise foreign(path, "was cut short")
    return file


def _record(path: Path, file: Any) -> dict[str, Any]:
    return parse_record(path, str(file[ABOUT]) if ABOUT in file else None)
