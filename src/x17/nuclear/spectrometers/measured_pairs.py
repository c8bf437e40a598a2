"""Pairs as a spectrometer measures them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class MeasuredPairs:
    """The pairs of a source that a spectrometer selects.

    Attributes
    ----------
    n_emitted : float
        Emitted pairs that the sample stands for: those that cannot be seen are not drawn.
    angle : ndarray, shape (n,)
        Measured opening angle, rad.
    energy_sum : ndarray, shape (n,)
        Measured sum of total energies, MeV.
    asymmetry : ndarray, shape (n,)
        Measured (T₊ − T₋)/(T₊ + T₋).
    positron_energy, cos_theta : ndarray, shape (n,)
        As emitted: E₊, MeV, and the cosine of the opening angle.
    """

    n_emitted: float
    angle: FloatArray
    energy_sum: FloatArray
    asymmetry: FloatArray
    positron_energy: FloatArray
    cos_theta: FloatArray

    @property
    def acceptance(self) -> float:
        """Share of the emitted pairs that is selected."""
        return self.angle.size / self.n_emitted

    def share_per_bin(self, edges: FloatArray) -> FloatArray:
        """Selected pairs in bins of the angle, per emitted pair.

        Parameters
        ----------
        edges : ndarray, shape (n + 1,)
            rad.

        Returns
        -------
        ndarray, shape (n,)
        """
        counts, _ = np.histogram(self.angle, edges)
        return np.asarray(counts / self.n_emitted, dtype=np.float64)

    @classmethod
    def concatenate(cls, parts: list[MeasuredPairs]) -> MeasuredPairs:
        """Several samples as one.

        Parameters
        ----------
        parts : list of MeasuredPairs

        Returns
        -------
        MeasuredPairs
        """
        columns = [np.concatenate([getattr(p, name) for p in parts]) for name in cls.__slots__[1:]]
        return cls(sum(part.n_emitted for part in parts), *columns)
