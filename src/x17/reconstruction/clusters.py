"""Clusters of crystal hits, the form in which the calorimeter crosses from reconstruction to selection."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Clusters:
    """Clusters of many events in flat arrays, by event, then in the order in which they were found.

    Attributes
    ----------
    n_events : int
        Events looked at, those without a cluster included.
    event : ndarray of int, shape (n,)
        Event of each cluster, counted from 0 in this batch, rising.
    seed : ndarray of int, shape (n,)
        Crystal that the cluster starts from, as index of `Calorimeter.cells`.
    n_hits : ndarray of int, shape (n,)
        Crystals of the cluster.
    energy : ndarray, shape (n,)
        Corrected for containment, MeV.
    time : ndarray, shape (n,)
        From the start of the bunch, ns.
    x, y : ndarray, shape (n,)
        Centroid in the plane of the crystals, coordinates of the setup, mm.
    tagger_ends : ndarray of int, shape (n,)
        Ends of the bars before the cluster that saw a charged particle with it: 0, 1 or 2.
    """

    n_events: int
    event: IntArray
    seed: IntArray
    n_hits: IntArray
    energy: FloatArray
    time: FloatArray
    x: FloatArray
    y: FloatArray
    tagger_ends: IntArray

    @property
    def size(self) -> int:
        """Number of clusters."""
        return int(self.event.size)

    def select(self, kept: NDArray[np.bool_] | IntArray) -> Clusters:
        """Some of the clusters, of the same events.

        Parameters
        ----------
        kept : ndarray of bool, shape (n,), or of int
            Which; numbers must rise.

        Returns
        -------
        Clusters
        """
        arrays = {item.name: getattr(self, item.name)[kept] for item in fields(self)[1:]}
        return Clusters(self.n_events, **arrays)

    @staticmethod
    def concatenate(parts: Sequence[Clusters]) -> Clusters:
        """Put the events of several batches one after the other.

        Parameters
        ----------
        parts : sequence of Clusters
            At least one.

        Returns
        -------
        Clusters
        """
        first = np.cumsum([0, *(part.n_events for part in parts)])
        arrays = {
            item.name: np.concatenate([getattr(part, item.name) for part in parts])
            for item in fields(Clusters)[2:]
        }
        event = np.concatenate([part.event + start for part, start in zip(parts, first, strict=False)])
        return Clusters(int(first[-1]), event, **arrays)
