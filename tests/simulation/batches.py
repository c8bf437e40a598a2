"""Batches of events made by hand."""

from collections.abc import Sequence

import numpy as np

from x17.constants import ELECTRON_MASS_MEV
from x17.simulation.events import PHOTON, EventBatch

TARGET_Z = -1028.0


def batch(
    pdg: Sequence[int],
    momentum: Sequence[Sequence[float]],
    vertex: Sequence[Sequence[float]] | None = None,
    event: Sequence[int] | None = None,
    time: Sequence[float] | None = None,
) -> EventBatch:
    """Particles, by default one an event, from the centre of the target at time 0."""
    n = len(pdg)
    kinds, p = np.array(pdg), np.array(momentum, dtype=float)
    owner = np.arange(n) if event is None else np.array(event)
    n_events = int(owner.max()) + 1 if n else 0
    mass = np.where(kinds == PHOTON, 0.0, ELECTRON_MASS_MEV)
    return EventBatch(
        "by hand",
        np.ones(n_events),
        owner,
        kinds,
        np.sqrt((p**2).sum(axis=1) + mass**2),
        p,
        np.tile([0.0, 0.0, TARGET_Z], (n, 1)) if vertex is None else np.array(vertex, dtype=float),
        np.zeros(n) if time is None else np.array(time, dtype=float),
        np.full(n_events, 280.0),
        np.full(n_events, np.nan),
    )
