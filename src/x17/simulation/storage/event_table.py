"""Simulated events as a table: a number a column, or a list of numbers; the same in every file format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from x17.apparatus.setup import Setup
from x17.simulation.simulate import SimulatedEvents

Column = NDArray[Any]
IntArray = NDArray[np.int64]

SCALARS: Mapping[str, str] = {
    "event": "int64",
    "weight": "float64",
    "beam_energy_mev": "float32",
    "cos_theta": "float32",
}
"""Columns with one number an event, and their types."""

LISTS: Mapping[str, Mapping[str, str]] = {
    "particle": {
        "pdg": "int32",
        "energy_mev": "float32",
        "px_mev": "float32",
        "py_mev": "float32",
        "pz_mev": "float32",
        "x_mm": "float32",
        "y_mm": "float32",
        "z_mm": "float32",
        "time_ns": "float32",
        "impact_x_mm": "float32",
        "impact_y_mm": "float32",
    },
    "hit": {"channel": "int16", "energy_mev": "float32", "time_ns": "float32"},
    "tagger": {"row": "int8", "side": "int8", "time_ns": "float32"},
}
"""Groups of columns with a list an event, equally long within a group, and the types of their elements."""

OPTIONAL_LISTS: Mapping[str, Mapping[str, str]] = {
    "track": {
        "x_mm": "float32",
        "y_mm": "float32",
        "slope_x": "float32",
        "slope_y": "float32",
        "time_ns": "float32",
    },
}
"""Groups that only events of some setups have: tracks where there is a tracker."""


@dataclass(frozen=True, slots=True, eq=False)
class EventTable:
    """Events as columns.

    Attributes
    ----------
    about : dict
        Where they come from: `program`, `version`, `setup`, `setup_sha256`, `library_sha256`, `process`,
        `period`, `run`, `beam_energy_mev`, `n_pot`, `boson`, `pile_up`, `seed`, `block`, `n_generated` and
        `n_events` (those kept), …
    scalars : dict of ndarray
        Keys of `SCALARS`, each of shape (n_events,).
    counts : dict of ndarray
        Keys of `LISTS`, and of `OPTIONAL_LISTS` where they are: how many elements each event has, shape
        (n_events,).
    lists : dict of dict of ndarray
        Keys of `LISTS`: the elements of all events, one event after the other.
    """

    about: Mapping[str, Any]
    scalars: Mapping[str, Column]
    counts: Mapping[str, IntArray]
    lists: Mapping[str, Mapping[str, Column]]

    @property
    def n_events(self) -> int:
        """Events in the table."""
        return self.scalars["event"].size

    def event_of(self, group: str) -> IntArray:
        """Which event, counted from 0 in this table, each element of a group belongs to.

        Parameters
        ----------
        group : str
            A key of `LISTS`.

        Returns
        -------
        ndarray of int
        """
        return np.repeat(np.arange(self.n_events), self.counts[group])


def event_table(simulated: SimulatedEvents, setup: Setup, about: Mapping[str, Any]) -> EventTable:
    """Put simulated events into columns.

    Parameters
    ----------
    simulated : SimulatedEvents
    setup : Setup
        Its calorimeter names the channels, 100·ix + iy.
    about : mapping
        What is to be kept with them.

    Returns
    -------
    EventTable
    """
    events, hits, tagger = simulated.events, simulated.hits, simulated.tagger
    n = events.n_events
    values: dict[str, dict[str, Column]] = {
        "particle": {
            "pdg": events.pdg,
            "energy_mev": events.energy,
            **{f"p{axis}_mev": events.momentum[:, i] for i, axis in enumerate("xyz")},
            **{f"{axis}_mm": events.vertex[:, i] for i, axis in enumerate("xyz")},
            "time_ns": events.time,
            "impact_x_mm": simulated.impact_x,
            "impact_y_mm": simulated.impact_y,
        },
        "hit": {
            "channel": setup.calorimeter.cells.channel[hits.cell],
            "energy_mev": hits.energy,
            "time_ns": hits.time,
        },
        "tagger": {"row": tagger.row, "side": tagger.side, "time_ns": tagger.time},
    }
    scalars: dict[str, Column] = {
        "event": simulated.number,
        "weight": events.weight,
        "beam_energy_mev": events.beam_energy,
        "cos_theta": events.cos_theta,
    }
    owners = {"particle": events.event, "hit": hits.event, "tagger": tagger.event}
    groups = dict(LISTS)
    if (tracks := simulated.tracks) is not None:
        groups |= OPTIONAL_LISTS
        owners["track"] = tracks.event
        values["track"] = {
            "x_mm": tracks.x,
            "y_mm": tracks.y,
            "slope_x": tracks.slope_x,
            "slope_y": tracks.slope_y,
            "time_ns": tracks.time,
        }
    return EventTable(
        about,
        {name: scalars[name].astype(kind) for name, kind in SCALARS.items()},
        {group: np.bincount(owner, minlength=n) for group, owner in owners.items()},
        {
            group: {name: values[group][name].astype(kind) for name, kind in columns.items()}
            for group, columns in groups.items()
        },
    )
