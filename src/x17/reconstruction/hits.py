"""Hits of the crystals as the reconstruction reads them, wherever they come from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from x17.apparatus.calorimeter import Calorimeter
from x17.apparatus.cell_map import OUTSIDE
from x17.errors import InputError, Problem, UsageError
from x17.simulation.digitisation.tagger_hits import TaggerHits
from x17.simulation.digitisation.tracker_hits import Tracks
from x17.simulation.storage.event_table import EventTable

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_ADVICE = "Use the setup that the hits were taken with, or leave such hits out and flag the file."


@dataclass(frozen=True, slots=True, eq=False)
class Hits:
    """Hits of many events in flat arrays, by event; a crystal may have several, at different times.

    Attributes
    ----------
    n_events : int
        Events looked at, those without a hit included.
    event : ndarray of int, shape (n,)
        Event of each hit, counted from 0 in this batch, rising.
    cell : ndarray of int, shape (n,)
        Crystal, as index of `Calorimeter.cells`.
    energy : ndarray, shape (n,)
        MeV.
    time : ndarray, shape (n,)
        From the start of the bunch, ns.
    n_left_out : int
        Hits that were not usable and are not among these: no such crystal, or not a finite number.
    """

    n_events: int
    event: IntArray
    cell: IntArray
    energy: FloatArray
    time: FloatArray
    n_left_out: int = 0

    @property
    def size(self) -> int:
        """Number of hits."""
        return int(self.event.size)

    @property
    def offsets(self) -> IntArray:
        """First hit of each event, and the end, shape (n_events + 1,)."""
        return np.searchsorted(self.event, np.arange(self.n_events + 1))

    @classmethod
    def of_channels(
        cls,
        n_events: int,
        event: ArrayLike,
        channel: ArrayLike,
        energy: ArrayLike,
        time: ArrayLike,
        calorimeter: Calorimeter,
        *,
        source: str = "hits of the calorimeter",
        leave_out: bool = False,
    ) -> Hits:
        """Take hits that name their crystal by channel number.

        Parameters
        ----------
        n_events : int
        event : array_like of int, shape (n,)
            0 to n_events − 1, in any order; the order of the hits of one event is kept.
        channel : array_like of int, shape (n,)
            100·ix + iy.
        energy, time : array_like, shape (n,)
            MeV and ns.
        calorimeter : Calorimeter
        source : str
            Where they come from, for the message.
        leave_out : bool
            Whether hits that cannot be used are left out and counted in `n_left_out`; by default they are an
            error.

        Returns
        -------
        Hits

        Raises
        ------
        UsageError
            Columns of different lengths, or an event outside the batch.
        InputError
            Hits of no crystal of this calorimeter, energies or times that are not finite numbers: how many,
            and the first of them.
        """
        owner, number = np.asarray(event, dtype=np.int64), np.asarray(channel, dtype=np.int64)
        energies, times = np.asarray(energy, dtype=np.float64), np.asarray(time, dtype=np.float64)
        _check_columns(n_events, owner, number, energies, times)
        if np.any(owner[1:] < owner[:-1]):
            order = np.argsort(owner, kind="stable")
            owner, number, energies, times = owner[order], number[order], energies[order], times[order]
        cell = _cells_of(number, calorimeter)
        usable = (cell != OUTSIDE) & np.isfinite(energies) & np.isfinite(times)
        bad = number.size - int(np.count_nonzero(usable))
        if bad == 0:
            return cls(n_events, owner, cell, energies, times)
        if not leave_out:
            raise InputError(source, _problems(owner, number, cell, energies, times), _ADVICE)
        return cls(n_events, owner[usable], cell[usable], energies[usable], times[usable], bad)

    @classmethod
    def of_table(
        cls,
        table: EventTable,
        calorimeter: Calorimeter,
        *,
        source: str = "table of events",
        leave_out: bool = False,
    ) -> Hits:
        """Take the hits of simulated events.

        Parameters
        ----------
        table : EventTable
        calorimeter : Calorimeter
        source : str
            Name of the file, for the message.
        leave_out : bool
            As in `of_channels`.

        Returns
        -------
        Hits

        Raises
        ------
        InputError
            As in `of_channels`.
        """
        hit = table.lists["hit"]
        return cls.of_channels(
            table.n_events,
            table.event_of("hit"),
            hit["channel"],
            hit["energy_mev"],
            hit["time_ns"],
            calorimeter,
            source=source,
            leave_out=leave_out,
        )


def tagger_hits_of_table(table: EventTable) -> TaggerHits:
    """Take the tagger's hits of simulated events.

    Parameters
    ----------
    table : EventTable

    Returns
    -------
    TaggerHits
        By event.
    """
    hit = table.lists["tagger"]
    return TaggerHits(
        table.event_of("tagger"),
        hit["row"].astype(np.int64),
        hit["side"].astype(np.int64),
        hit["time_ns"].astype(np.float64),
    )


def tracks_of_table(table: EventTable, source: str = "table of events") -> Tracks:
    """Take the tracks of simulated events.

    Parameters
    ----------
    table : EventTable
    source : str
        Name of the file, for messages.

    Returns
    -------
    Tracks
        By event.

    Raises
    ------
    InputError
        Events of a setup without a tracker.
    """
    if "track" not in table.lists:
        advice = "Simulate them with this setup, or name the setup that they were made with."
        raise InputError(source, [Problem("has no tracks, but the setup has a tracker")], advice)
    found = {name: values.astype(np.float64) for name, values in table.lists["track"].items()}
    places = (found[name] for name in ("x_mm", "y_mm", "slope_x", "slope_y", "time_ns"))
    return Tracks(table.event_of("track"), *places)


def _check_columns(n_events: int, event: IntArray, *others: NDArray[np.generic]) -> None:
    sizes = {column.shape for column in (event, *others)}
    if len(sizes) > 1 or event.ndim != 1:
        raise UsageError(f"columns of hits have shapes {sorted(sizes)}; wanted one axis of one length")
    if event.size and not 0 <= event.min() <= event.max() < n_events:
        wrong = event[(event < 0) | (event >= n_events)][0]
        raise UsageError(f"a hit belongs to event {wrong}; allowed: 0 to {n_events - 1}")


def _cells_of(channel: IntArray, calorimeter: Calorimeter) -> IntArray:
    """Index of the cell of each channel, −1 where there is none, by a table of all channels."""
    cells = calorimeter.cells
    table = np.full(int(cells.channel[-1]) + 2, OUTSIDE, dtype=np.int64)
    table[cells.channel] = np.arange(len(cells))
    known = (channel >= 0) & (channel < table.size - 1)
    return np.asarray(table[np.where(known, channel, table.size - 1)])


def _problems(
    event: IntArray, channel: IntArray, cell: IntArray, energy: FloatArray, time: FloatArray
) -> list[Problem]:
    n = event.size
    kinds = (
        ("channel", channel, cell == OUTSIDE, "lie outside the crystal map", "100·ix + iy of a crystal"),
        ("energy", energy, ~np.isfinite(energy), "have an energy that is no number", "finite, MeV"),
        ("time", time, ~np.isfinite(time), "have a time that is no number", "finite, ns"),
    )
    problems = []
    for column, values, bad, what, allowed in kinds:
        if np.any(bad):
            first = int(np.argmax(bad))
            text = f"{np.count_nonzero(bad)} of {n} hits {what}, the first in event {event[first]}"
            problems.append(Problem(text, None, column, f"{values[first]}", allowed))
    return problems
