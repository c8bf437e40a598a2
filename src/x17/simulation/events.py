"""Events as they leave the target: particles with momenta and vertices, and what each event stands for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.errors import UsageError

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

ELECTRON, POSITRON, PHOTON = 11, -11, 22
"""Particle numbers of the Particle Data Group."""


@dataclass(frozen=True, slots=True, eq=False)
class EventBatch:
    """Events of one process, their particles in flat arrays.

    Attributes
    ----------
    process : str
    weight : ndarray, shape (n_events,)
        Events per positron on target that each stands for: the sum is the rate of what was generated.
    event : ndarray of int, shape (n_particles,)
        Which event a particle belongs to, rising.
    pdg : ndarray of int, shape (n_particles,)
    energy : ndarray, shape (n_particles,)
        Total energy in the laboratory, MeV.
    momentum : ndarray, shape (n_particles, 3)
        MeV.
    vertex : ndarray, shape (n_particles, 3)
        Where the particle starts, mm.
    time : ndarray, shape (n_particles,)
        When, from the start of the bunch, ns.
    beam_energy : ndarray, shape (n_events,)
        Total energy of the positron that made the event, MeV.
    cos_theta : ndarray, shape (n_events,)
        Of the first particle in the centre-of-mass frame; NaN where there is no such frame.
    """

    process: str
    weight: FloatArray
    event: IntArray
    pdg: IntArray
    energy: FloatArray
    momentum: FloatArray
    vertex: FloatArray
    time: FloatArray
    beam_energy: FloatArray
    cos_theta: FloatArray

    @property
    def n_events(self) -> int:
        """Events in the batch."""
        return self.weight.size

    @property
    def rate_per_pot(self) -> float:
        """Events per positron on target that the batch stands for."""
        return float(self.weight.sum())

    def expected(self, n_pot: float) -> float:
        """Events that a number of positrons makes.

        Parameters
        ----------
        n_pot : float

        Returns
        -------
        float
        """
        return n_pot * self.rate_per_pot

    def unweighted(self, rng: np.random.Generator) -> EventBatch:
        """Events of equal weight that stand for the same rate, each kept with probability w/w_max.

        Parameters
        ----------
        rng : numpy.random.Generator

        Returns
        -------
        EventBatch

        Raises
        ------
        UsageError
            No event, or a negative weight.
        """
        if self.n_events == 0 or np.any(self.weight < 0.0):
            raise UsageError("only events of positive weight can be unweighted; there must be at least one")
        kept = rng.random(self.n_events) * self.weight.max() < self.weight
        chosen = self.select(kept)
        equal = np.full(chosen.n_events, self.rate_per_pot / max(chosen.n_events, 1))
        return chosen.with_weight(equal)

    def with_weight(self, weight: FloatArray) -> EventBatch:
        """The same events with other weights.

        Parameters
        ----------
        weight : ndarray, shape (n_events,)

        Returns
        -------
        EventBatch
        """
        return EventBatch(
            self.process,
            weight,
            self.event,
            self.pdg,
            self.energy,
            self.momentum,
            self.vertex,
            self.time,
            self.beam_energy,
            self.cos_theta,
        )

    def select(self, kept: NDArray[np.bool_]) -> EventBatch:
        """Some of the events, renumbered.

        Parameters
        ----------
        kept : ndarray of bool, shape (n_events,)

        Returns
        -------
        EventBatch
        """
        number = np.cumsum(kept) - 1
        particles = kept[self.event]
        return EventBatch(
            self.process,
            self.weight[kept],
            number[self.event[particles]],
            self.pdg[particles],
            self.energy[particles],
            self.momentum[particles],
            self.vertex[particles],
            self.time[particles],
            self.beam_energy[kept],
            self.cos_theta[kept],
        )


def concatenate(batches: Sequence[EventBatch], process: str) -> EventBatch:
    """Put batches one after the other.

    Parameters
    ----------
    batches : sequence of EventBatch
        At least one.
    process : str
        Name of the whole.

    Returns
    -------
    EventBatch
    """
    first = np.cumsum([0, *(batch.n_events for batch in batches)])
    return EventBatch(
        process,
        np.concatenate([b.weight for b in batches]),
        np.concatenate([b.event + start for b, start in zip(batches, first, strict=False)]),
        *(
            np.concatenate([getattr(b, name) for b in batches])
            for name in ("pdg", "energy", "momentum", "vertex", "time", "beam_energy", "cos_theta")
        ),
    )
