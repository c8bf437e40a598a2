"""A tabulated bound: which couplings are excluded at which mass."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.theory.boson import SpinParity

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

_ROUNDING_MEV = 1e-9
"""Masses this close to the end of a table are inside."""


@dataclass(frozen=True, slots=True, eq=False)
class Band:
    """Excluded couplings at a number of masses.

    Attributes
    ----------
    low, high : ndarray, shape (n,)
        Ends of what is excluded; 0 and infinity where it is open.
    known : ndarray of bool, shape (n,)
        Masses at which the bound says anything.
    """

    low: FloatArray
    high: FloatArray
    known: BoolArray


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """Ends of an excluded band at rising masses.

    Attributes
    ----------
    mass_mev : ndarray, shape (n,)
        Rising.
    low, high : ndarray, shape (n,), or None
        Lower and upper end of the excluded couplings; None where the band is open.
    """

    mass_mev: FloatArray
    low: FloatArray | None
    high: FloatArray | None

    def mass_ranges(self) -> tuple[tuple[float, float], ...]:
        """Smallest and largest mass."""
        return ((float(self.mass_mev[0]), float(self.mass_mev[-1])),)

    def bands(self, mass: FloatArray, boson: SpinParity) -> tuple[Band, ...]:
        """Excluded couplings, log-log interpolated between the masses of the table and never beyond them.

        Parameters
        ----------
        mass : ndarray, shape (n,)
            MeV.
        boson : SpinParity
            Without effect: the bound says for which it holds.

        Returns
        -------
        tuple of Band
        """
        del boson
        first, last = self.mass_mev[0] - _ROUNDING_MEV, self.mass_mev[-1] + _ROUNDING_MEV
        low = np.zeros(mass.shape) if self.low is None else self._interpolated(mass, self.low)
        high = np.full(mass.shape, np.inf) if self.high is None else self._interpolated(mass, self.high)
        return (Band(low, high, (mass >= first) & (mass <= last)),)

    def _interpolated(self, mass: FloatArray, values: FloatArray) -> FloatArray:
        return np.exp(np.interp(np.log(mass), np.log(self.mass_mev), np.log(values)))


@dataclass(frozen=True, slots=True, eq=False)
class Curves:
    """A bound with gaps between masses: several curves.

    Attributes
    ----------
    parts : tuple of Curve
        By rising mass, without overlap.
    """

    parts: tuple[Curve, ...]

    def mass_ranges(self) -> tuple[tuple[float, float], ...]:
        """Smallest and largest mass of each part."""
        return tuple(part.mass_ranges()[0] for part in self.parts)

    def bands(self, mass: FloatArray, boson: SpinParity) -> tuple[Band, ...]:
        """Excluded couplings: one band for each part.

        Parameters
        ----------
        mass : ndarray, shape (n,)
        boson : SpinParity

        Returns
        -------
        tuple of Band
        """
        return tuple(band for part in self.parts for band in part.bands(mass, boson))
