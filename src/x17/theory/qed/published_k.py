"""Published ratios of the radiatively corrected to the tree-level rates, as straight lines in √s.

From the collaboration's comparison of BabaYaga with CalcHEP within the acceptance of PADME Run III (figure 12
of its public material; talk on Run III, 2025). What this package computes itself is in
`x17.theory.qed.corrected`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]

REFERENCE_SQRT_S = 16.92
"""Where the lines have the value that is quoted, MeV."""

RANGE_SQRT_S = (14.0, 21.0)
"""Energies of PADME's runs, MeV: beyond, nobody has compared the programs."""


@dataclass(frozen=True, slots=True)
class PublishedK:
    """K(√s) = value + slope · (√s − 16.92 MeV), the two errors independent of each other.

    Attributes
    ----------
    value, value_err : float
        At 16.92 MeV.
    slope, slope_err : float
        1/MeV.
    """

    value: float
    value_err: float
    slope: float
    slope_err: float

    def at(self, sqrt_s: ArrayLike) -> FloatArray:
        """Ratio of the corrected to the tree-level rate.

        Parameters
        ----------
        sqrt_s : array_like
            MeV.

        Returns
        -------
        ndarray
        """
        return np.asarray(self.value + self.slope * self._from_reference(sqrt_s))

    def err_at(self, sqrt_s: ArrayLike) -> FloatArray:
        """Error of that ratio: √(δvalue² + δslope² (√s − 16.92)²).

        Parameters
        ----------
        sqrt_s : array_like
            MeV.

        Returns
        -------
        ndarray
        """
        return np.hypot(self.value_err, self.slope_err * self._from_reference(sqrt_s))

    @staticmethod
    def _from_reference(sqrt_s: ArrayLike) -> FloatArray:
        return np.asarray(sqrt_s, dtype=np.float64) - REFERENCE_SQRT_S


PUBLISHED_K: Mapping[str, PublishedK] = {
    "ee": PublishedK(0.9706, 0.0005, 0.0060, 0.0017),
    "gg": PublishedK(0.9840, 0.0026, 0.0060, 0.0100),
    "sum": PublishedK(0.9731, 0.0006, 0.0058, 0.0024),
}
"""Of e⁺e⁻ → e⁺e⁻, of e⁺e⁻ → γγ, and of both together."""


def published_k_holds(sqrt_s: ArrayLike) -> bool:
    """Whether the published lines hold at all of some energies.

    Parameters
    ----------
    sqrt_s : array_like
        MeV.

    Returns
    -------
    bool
    """
    low, high = RANGE_SQRT_S
    values = np.asarray(sqrt_s, dtype=np.float64)
    return bool(np.all((values >= low) & (values <= high)))
