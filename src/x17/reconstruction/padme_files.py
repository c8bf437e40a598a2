"""Events of PADME's reconstruction, read from its ROOT files.

No file of the collaboration is public: the layout is that of its public framework (padme-fw), and tests hold
the reading to a file of that layout which ROOT wrote. In files made from PADME's simulation the two halves of
a channel number can be swapped (100·iy + ix). The matrix is symmetric, so that nothing tells: turn such files
before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from x17.apparatus.calorimeter import Calorimeter
from x17.apparatus.cell_map import OUTSIDE
from x17.errors import Problem, UsageError
from x17.reconstruction.clusters import Clusters
from x17.reconstruction.hits import Hits
from x17.reconstruction.padme_events import LeadGlassCharges, PadmeEvents, TargetSpots
from x17.reconstruction.padme_layout import CLUSTERS, EVENT, HITS, LEAD_GLASS, TARGET, RecoLattice
from x17.reconstruction.padme_tree import Column, PadmeTree, open_padme_tree, unusable

IntArray = NDArray[np.int64]

EVENTS_PER_BATCH = 20_000


def read_padme_events(
    path: Path | str,
    calorimeter: Calorimeter,
    *,
    entry_start: int = 0,
    entry_stop: int | None = None,
    lattice: RecoLattice | None = None,
    leave_out: bool = False,
) -> PadmeEvents:
    """Read events.

    Parameters
    ----------
    path : Path or str
        A file of PADME's reconstruction.
    calorimeter : Calorimeter
        The crystals that may be hit, and where they are.
    entry_start, entry_stop : int
        First entry of the tree and the one after the last; all by default. A stop behind the end is the end.
    lattice : RecoLattice, optional
        Where the file has the crystals; PADME's by default.
    leave_out : bool
        Whether hits and clusters that cannot be used are left out and counted; by default they are an error.

    Returns
    -------
    PadmeEvents

    Raises
    ------
    UsageError
        uproot or awkward is not installed, or entries that cannot be.
    InputError
        No ROOT file, one that was cut short or is damaged; trees, branches or leaves that are missing, with
        those that are there; hits or clusters outside the crystal map.
    """
    if entry_start < 0 or (entry_stop is not None and entry_stop < entry_start):
        allowed = "0 or above, the second not below the first"
        raise UsageError(f"entries {entry_start} to {entry_stop}; allowed: {allowed}")
    with open_padme_tree(Path(path)) as tree:
        stop = tree.n_entries if entry_stop is None else min(entry_stop, tree.n_entries)
        reader = _Reader(Path(path), tree, calorimeter, lattice or RecoLattice(), leave_out)
        return reader.read(min(entry_start, stop), stop)


def padme_batches(
    path: Path | str,
    calorimeter: Calorimeter,
    *,
    events: int = EVENTS_PER_BATCH,
    lattice: RecoLattice | None = None,
    leave_out: bool = False,
) -> Iterator[PadmeEvents]:
    """Read a file in batches; the file is opened once.

    Parameters
    ----------
    path : Path or str
    calorimeter : Calorimeter
    events : int
        Events of a batch.
    lattice, leave_out
        As for `read_padme_events`.

    Yields
    ------
    PadmeEvents
        None for a file without entries.

    Raises
    ------
    UsageError
        uproot or awkward is not installed, or a batch of no events.
    InputError
        As for `read_padme_events`.
    """
    if events < 1:
        raise UsageError(f"batches of {events} events; allowed: 1 or more")
    with open_padme_tree(Path(path)) as tree:
        reader = _Reader(Path(path), tree, calorimeter, lattice or RecoLattice(), leave_out)
        for start in range(0, tree.n_entries, events):
            yield reader.read(start, min(start + events, tree.n_entries))


@dataclass(frozen=True, slots=True)
class _Reader:
    """What turns entries of a tree into events."""

    path: Path
    tree: PadmeTree
    calorimeter: Calorimeter
    lattice: RecoLattice
    leave_out: bool

    def read(self, start: int, stop: int) -> PadmeEvents:
        branches = self.tree.branches
        head = {
            name: column.astype(np.int64) for name, column in self.tree.scalars(EVENT, start, stop).items()
        }
        raw_hits = self.tree.lists(HITS, start, stop) if HITS in branches else None
        raw_clusters = self.tree.lists(CLUSTERS, start, stop) if CLUSTERS in branches else None
        clusters, left_out = None, 0
        if raw_clusters is not None:
            clusters, left_out = self._clusters(*raw_clusters, raw_hits)
        glass, target = (
            {k: v.astype(np.float64) for k, v in self.tree.scalars(name, start, stop).items()}
            if name in branches
            else None
            for name in (LEAD_GLASS, TARGET)
        )
        return PadmeEvents(
            first_entry=start,
            **head,
            hits=None if raw_hits is None else self._hits(*raw_hits),
            clusters=clusters,
            n_clusters_left_out=left_out,
            lead_glass=None if glass is None else LeadGlassCharges(**glass),
            target=None if target is None else TargetSpots(**target),
        )

    def _hits(self, counts: IntArray, columns: dict[str, Column]) -> Hits:
        return Hits.of_channels(
            counts.size,
            np.repeat(np.arange(counts.size), counts),
            columns["channel"],
            columns["energy"],
            columns["time"],
            self.calorimeter,
            source=str(self.path),
            leave_out=self.leave_out,
        )

    def _clusters(
        self, counts: IntArray, columns: dict[str, Column], hits: tuple[IntArray, dict[str, Column]] | None
    ) -> tuple[Clusters, int]:
        """Clusters, and how many were left out."""
        event = np.repeat(np.arange(counts.size), counts)
        channel = columns["channel"] if hits is None else _seed_channels(event, columns, *hits)
        seed = self.calorimeter.cells.index_of(channel // 100, channel % 100)
        position = columns["position"]
        x, y = self.lattice.to_setup(position[:, 0], position[:, 1], self.calorimeter)
        energy, time = (columns[name].astype(np.float64) for name in ("energy", "time"))
        usable = (seed != OUTSIDE) & np.isfinite([energy, time, x, y]).all(axis=0)
        bad = int(np.count_nonzero(~usable))
        if bad and not self.leave_out:
            raise unusable(self.path, _cluster_problem(event, channel, usable))
        n_hits = columns["n_hits"].astype(np.int64)
        clusters = Clusters(counts.size, event, seed, n_hits, energy, time, x, y, np.zeros_like(event))
        return clusters.select(usable), bad


def _seed_channels(
    event: IntArray, columns: dict[str, Column], hit_counts: IntArray, hits: dict[str, Column]
) -> IntArray:
    """Channel of the hit that each cluster names as its seed; the cluster's own where there is no such hit.

    Some versions of the framework leave the cluster's own channel empty.
    """
    seed = columns["seed"].astype(np.int64)
    known = (seed >= 0) & (seed < hit_counts[event])
    place = (np.cumsum(hit_counts) - hit_counts)[event] + seed
    channel = columns["channel"].astype(np.int64)
    channel[known] = hits["channel"][place[known]]
    return channel


def _cluster_problem(event: IntArray, channel: IntArray, usable: NDArray[np.bool_]) -> Problem:
    first = int(np.argmin(usable))
    number = np.count_nonzero(~usable)
    what = f"{number} of {event.size} clusters cannot be used, the first in event {event[first]}"
    allowed = "a seed in a crystal of the setup, finite energy, time and place"
    return Problem(what, None, "seed channel", f"{channel[first]}", allowed)
