"""Windows and side bands in the two angles that tell a two-body event: Δφ and θ₁ + θ₂."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.errors import UsageError
from x17.reconstruction.pairs import Pairs

BoolArray = NDArray[np.bool_]
FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class AngleWindows:
    """Windows in Δφ and θ₁ + θ₂.

    Attributes
    ----------
    delta_phi_center, delta_phi_sigma : float
        rad. A field between target and calorimeter moves the centre from π.
    sum_theta_center, sum_theta_sigma : float
        rad.
    n_sigma : float
        Half width of both windows in units of their sigma.

    Raises
    ------
    UsageError
        A width that is not positive, or a window in Δφ beyond 0 to 2π.
    """

    delta_phi_center: float = math.pi
    delta_phi_sigma: float = 0.1105
    sum_theta_center: float = math.pi
    sum_theta_sigma: float = 0.0932
    n_sigma: float = 3.0

    def __post_init__(self) -> None:
        for name in ("delta_phi_sigma", "sum_theta_sigma", "n_sigma"):
            if not 0.0 < getattr(self, name) < math.inf:
                raise UsageError(f"{name} is {getattr(self, name):g}; allowed: above 0")
        low, high = self.delta_phi_edges
        if not 0.0 <= low < high <= 2.0 * math.pi:
            raise UsageError(f"the window in Δφ is {low:.3f} to {high:.3f} rad; allowed: within 0 to 2π")

    @classmethod
    def padme(cls, n_sigma: float = 3.0) -> AngleWindows:
        """The windows of the collaboration's selection of Run III data, where the residual field shifts Δφ.

        Centres and widths 3.093, 0.1105 and 3.113, 0.0932 rad (public framework padme-fw).

        Parameters
        ----------
        n_sigma : float

        Returns
        -------
        AngleWindows
        """
        return cls(delta_phi_center=3.093, sum_theta_center=3.113, n_sigma=n_sigma)

    @property
    def delta_phi_edges(self) -> tuple[float, float]:
        """Ends of the window in Δφ, rad."""
        half = self.n_sigma * self.delta_phi_sigma
        return self.delta_phi_center - half, self.delta_phi_center + half

    @property
    def sum_theta_edges(self) -> tuple[float, float]:
        """Ends of the window in θ₁ + θ₂, rad."""
        half = self.n_sigma * self.sum_theta_sigma
        return self.sum_theta_center - half, self.sum_theta_center + half

    def in_delta_phi(self, delta_phi: FloatArray) -> BoolArray:
        """Whether angles lie in the window of Δφ.

        Parameters
        ----------
        delta_phi : ndarray
            rad.

        Returns
        -------
        ndarray of bool
        """
        half = self.n_sigma * self.delta_phi_sigma
        return np.asarray(np.abs(delta_phi - self.delta_phi_center) < half)

    def in_sum_theta(self, sum_theta: FloatArray) -> BoolArray:
        """Whether angles lie in the window of θ₁ + θ₂.

        Parameters
        ----------
        sum_theta : ndarray
            rad.

        Returns
        -------
        ndarray of bool
        """
        half = self.n_sigma * self.sum_theta_sigma
        return np.asarray(np.abs(sum_theta - self.sum_theta_center) < half)

    def inside(self, pairs: Pairs) -> BoolArray:
        """Whether pairs lie in both windows.

        Parameters
        ----------
        pairs : Pairs

        Returns
        -------
        ndarray of bool, shape (n,)
        """
        return self.in_delta_phi(pairs.delta_phi) & self.in_sum_theta(pairs.sum_theta)
