"""The selection of two-cluster events in the centre-of-mass frame, applied to whatever came out."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.errors import UsageError
from x17.theory.qed.checks import shared_cosine

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Selection:
    """Cuts on the two leptons, or on the two hardest photons, in the centre-of-mass frame.

    Attributes
    ----------
    theta_range_deg : tuple of float
        (low, high): both polar angles lie inside, 0 ≤ low < 90 < high ≤ 180.
    acollinearity_deg : float
        |θ₁ + θ₂ − 180°| stays below it, 0 < value ≤ 180.
    min_energy : float
        Each energy is above this share of √s/2, 0 ≤ value < 1.
    recombine_deg : float or None
        A photon within this angle of a product (the nearer one) is added to it before the cuts; None leaves
        leptons and photons bare. 0 < value < 90.

    Raises
    ------
    UsageError
        A value outside its range.
    """

    theta_range_deg: tuple[float, float]
    acollinearity_deg: float = 10.0
    min_energy: float = 0.4
    recombine_deg: float | None = None

    def __post_init__(self) -> None:
        shared_cosine(self.theta_range_deg)
        if not 0.0 < self.acollinearity_deg <= 180.0:
            raise UsageError(f"acollinearity of {self.acollinearity_deg!r}°; allowed: above 0 to 180")
        if not 0.0 <= self.min_energy < 1.0:
            raise UsageError(f"least energy of {self.min_energy!r} beam energies; allowed: 0 to below 1")
        if self.recombine_deg is not None and not 0.0 < self.recombine_deg < 90.0:
            raise UsageError(
                f"recombination cone of {self.recombine_deg!r}°; allowed: above 0, below 90, or none"
            )

    def accepts(self, one: FloatArray, other: FloatArray, photon: FloatArray, sqrt_s: float) -> BoolArray:
        """Whether events with one extra photon pass.

        Parameters
        ----------
        one, other, photon : ndarray, shape (4, events)
            Momenta of the two products and of the photon, MeV.
        sqrt_s : float
            Centre-of-mass energy, MeV.

        Returns
        -------
        ndarray of bool, shape (events,)
        """
        if self.recombine_deg is not None:
            one, other = _recombined(one, other, photon, np.cos(np.radians(self.recombine_deg)))
        angles = [np.degrees(np.arctan2(np.hypot(p[1], p[2]), p[3])) for p in (one, other)]
        low, high = self.theta_range_deg
        passed = np.abs(angles[0] + angles[1] - 180.0) < self.acollinearity_deg
        for angle, momentum in zip(angles, (one, other), strict=True):
            passed &= (angle > low) & (angle < high)
            passed &= momentum[0] > self.min_energy * 0.5 * sqrt_s
        return np.asarray(passed)


def _cosine_between(a: FloatArray, b: FloatArray) -> FloatArray:
    length = np.sqrt(np.sum(a[1:] ** 2, axis=0) * np.sum(b[1:] ** 2, axis=0))
    return np.asarray(np.sum(a[1:] * b[1:], axis=0) / length)


def _recombined(
    one: FloatArray, other: FloatArray, photon: FloatArray, cone_cosine: float
) -> tuple[FloatArray, FloatArray]:
    near_one, near_other = _cosine_between(one, photon), _cosine_between(other, photon)
    to_one = (near_one > cone_cosine) & (near_one >= near_other)
    to_other = (near_other > cone_cosine) & ~to_one
    return one + photon * to_one, other + photon * to_other
