"""Which decay angles the two-cluster selection accepts: from radii at the calorimeter to cos θ* in the CM.

Massless two-body kinematics, boost γ = √s/(2 m_e): R = (D/γ) tan(θ*/2), so that the radii of partners
multiply to (D/γ)². R_max bounds one cluster; the other, and so the inner one, must lie beyond R_min − Δ with
R_min = (D/γ)²/R_max.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from x17.constants import PUBLISHED_ELECTRON_MASS_MEV

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoClusterAcceptance:
    """Radii of the selection; the defaults are PADME Run III's.

    Attributes
    ----------
    distance_mm : float
        D: effective distance from the target to the plane of the radii (published kinematics figures).
    r_max_mm : float
        Largest radius of the first cluster.
    margin_mm : float
        Δ: 1.5 crystals of 21.35 mm.
    """

    distance_mm: float = 3640.4
    r_max_mm: float = 270.0
    margin_mm: float = 1.5 * 21.35

    def largest_cos_theta(self, sqrt_s: ArrayLike) -> FloatArray:
        """Largest |cos θ*| at which both clusters of a pair are accepted.

        With x = tan(θ*/2) ≥ 1 for the outer cluster the inner one has radius (D/γ)/x: it is accepted down to
        R_min − Δ, hence x < (D/γ)/(R_min − Δ) and |cos θ*| = (x² − 1)/(x² + 1).

        Parameters
        ----------
        sqrt_s : array_like
            MeV.

        Returns
        -------
        ndarray
            Between 0 and 1, of the same shape.
        """
        scale = self.distance_mm * 2.0 * PUBLISHED_ELECTRON_MASS_MEV / np.asarray(sqrt_s, dtype=np.float64)
        smallest = np.maximum(scale**2 / self.r_max_mm - self.margin_mm, 1e-6)
        x2 = np.maximum((scale / smallest) ** 2, 1.0)
        return np.asarray((x2 - 1.0) / (x2 + 1.0))
