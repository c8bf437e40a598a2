"""Pairs of clusters, one an event: what the selection keeps, and what counting and calibration read."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Pairs that pass radii, azimuth, energies, time and distance; the angles are for later.

    All arrays have shape (n,); the first cluster of a pair is the one of higher energy.

    Attributes
    ----------
    event : ndarray of int
        Event of the batch.
    run : ndarray of int
        Run within the period.
    weight : ndarray
        1 for data; for simulated events, events per event.
    radius_1, radius_2 : ndarray
        From the beam line, in the plane of R_min and R_max, mm.
    azimuth_1, azimuth_2 : ndarray
        About the beam line in the laboratory, rad, −π to π.
    energy_1, energy_2 : ndarray
        MeV.
    time_difference : ndarray
        First minus second, ns.
    delta_phi : ndarray
        |φ₁ − φ₂| in the centre of mass, 0 to 2π; π for a two-body event.
    sum_theta : ndarray
        θ₁ + θ₂ in the centre of mass, rad; π for a two-body event.
    charged_1, charged_2 : ndarray of bool
        Whether the tagger saw a charged particle with the cluster.
    """

    event: IntArray
    run: IntArray
    weight: FloatArray
    radius_1: FloatArray
    radius_2: FloatArray
    azimuth_1: FloatArray
    azimuth_2: FloatArray
    energy_1: FloatArray
    energy_2: FloatArray
    time_difference: FloatArray
    delta_phi: FloatArray
    sum_theta: FloatArray
    charged_1: NDArray[np.bool_]
    charged_2: NDArray[np.bool_]

    @property
    def size(self) -> int:
        """Number of pairs."""
        return int(self.event.size)

    def select(self, kept: NDArray[np.bool_] | IntArray) -> Pairs:
        """Some of the pairs.

        Parameters
        ----------
        kept : ndarray of bool, shape (n,), or of int

        Returns
        -------
        Pairs
        """
        return Pairs(*(getattr(self, item.name)[kept] for item in fields(self)))

    @staticmethod
    def concatenate(parts: list[Pairs]) -> Pairs:
        """Put pairs one after the other.

        Parameters
        ----------
        parts : list of Pairs
            At least one.

        Returns
        -------
        Pairs
        """
        return Pairs(*(np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Pairs)))
