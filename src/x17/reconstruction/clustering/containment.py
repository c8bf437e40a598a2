"""Share of a particle's energy that its cluster holds, by which the energy of the cluster is divided."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from numpy.polynomial import polynomial
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]


class Containment(StrEnum):
    """Which correction for the energy outside the cluster."""

    BOX_2 = "box2"
    """PADME's polynomial for boxes of ±2 crystals."""
    BOX_3 = "box3"
    """PADME's polynomial for boxes of ±3 crystals."""
    NONE = "none"
    """No correction: the energy is the sum of the hits."""


_UP_TO_MEV = 1000.0
_POLYNOMIALS = {
    Containment.BOX_2: ((0.915362, 1.96729e-4, -4.50361e-7, 4.58042e-10, -1.70299e-13), 0.94),
    Containment.BOX_3: ((0.925666, 2.31776e-4, -5.72621e-7, 6.22445e-10, -2.44014e-13), 0.96),
}
"""Coefficients of E⁰ to E⁴ up to 1 GeV, and the constant above: PADME's reconstruction (padme-fw)."""


def contained_share(energy_mev: ArrayLike, containment: Containment) -> FloatArray:
    """Share of the energy that clusters hold: Σ cₖ Eᵏ up to 1 GeV, a constant above.

    Parameters
    ----------
    energy_mev : array_like
        Sums of the hits, before correction, MeV.
    containment : Containment

    Returns
    -------
    ndarray
        The shape of `energy_mev`; 1 for `Containment.NONE`.
    """
    energy = np.asarray(energy_mev, dtype=np.float64)
    if containment is Containment.NONE:
        return np.ones_like(energy)
    coefficients, above = _POLYNOMIALS[containment]
    inside = energy <= _UP_TO_MEV
    share = polynomial.polyval(np.where(inside, energy, 0.0), np.array(coefficients))
    return np.where(inside, share, above)
