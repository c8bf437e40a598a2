"""Expected yields of each period from the simulation: background per positron and signal efficiency."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class ExpectedYields:
    """What the simulation expects of each period; arrays have shape (n_periods,).

    Attributes
    ----------
    period : ndarray of int
    sqrt_s_mev : ndarray
        MeV.
    electrons_per_pot, photons_per_pot : ndarray
        Pairs of electrons and of photons per positron on target that the selection keeps, radiative
        corrections included.
    background_err_raw : ndarray
        Statistical error of their sum B.
    signal_efficiency, signal_efficiency_err : ndarray
        Share of the bosons of a mass √s that the selection keeps, and its statistical error.
    tag_and_probe, tag_and_probe_err : ndarray
        Efficiency for a cluster, as the method finds it in the simulation; NaN where it could not.
    """

    period: IntArray
    sqrt_s_mev: FloatArray
    electrons_per_pot: FloatArray
    photons_per_pot: FloatArray
    background_err_raw: FloatArray
    signal_efficiency: FloatArray
    signal_efficiency_err: FloatArray
    tag_and_probe: FloatArray
    tag_and_probe_err: FloatArray

    @property
    def background_per_pot(self) -> FloatArray:
        """B: pairs of electrons and of photons per positron."""
        return self.electrons_per_pot + self.photons_per_pot

    def select(self, rows: IntArray | NDArray[np.bool_]) -> ExpectedYields:
        """Some of the periods.

        Parameters
        ----------
        rows : ndarray of int or bool

        Returns
        -------
        ExpectedYields
        """
        return ExpectedYields(*(getattr(self, item.name)[rows] for item in fields(self)))

    def padded(self, period: IntArray, sqrt_s_mev: FloatArray) -> ExpectedYields:
        """The same for a list of periods; those that are not among these have yields of 0.

        Parameters
        ----------
        period : ndarray of int, shape (n,)
        sqrt_s_mev : ndarray, shape (n,)

        Returns
        -------
        ExpectedYields
        """
        there = {int(number): row for row, number in enumerate(self.period)}
        rows = np.array([there.get(int(number), -1) for number in period], dtype=np.int64)

        def column(values: FloatArray) -> FloatArray:
            return np.where(rows >= 0, np.append(values, 0.0)[rows], 0.0)

        rest = (getattr(self, item.name) for item in fields(self)[2:])
        return ExpectedYields(period, sqrt_s_mev, *(column(values) for values in rest))
