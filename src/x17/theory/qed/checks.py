"""What the tree-level functions ask of their arguments, and the range both products can share."""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from x17.constants import ELECTRON_MASS_MEV
from x17.errors import UsageError

FloatArray = NDArray[np.float64]


def checked_sqrt_s(sqrt_s: ArrayLike) -> FloatArray:
    """√s as an array, every value above the threshold 2 m_e.

    Parameters
    ----------
    sqrt_s : array_like
        Centre-of-mass energy, MeV.

    Returns
    -------
    ndarray

    Raises
    ------
    UsageError
        A value at or below 2 m_e, or not finite.
    """
    values = np.asarray(sqrt_s, dtype=np.float64)
    if not np.all(np.isfinite(values) & (values > 2.0 * ELECTRON_MASS_MEV)):
        raise UsageError(
            f"√s is {sqrt_s!r} MeV; allowed: finite and above 2 m_e = {2 * ELECTRON_MASS_MEV:.6f} MeV"
        )
    return values


def checked_cosine(cos_theta: ArrayLike) -> FloatArray:
    """Cosine of a polar angle as an array, every value from −1 to 1.

    Parameters
    ----------
    cos_theta : array_like

    Returns
    -------
    ndarray

    Raises
    ------
    UsageError
        A value outside −1 to 1.
    """
    values = np.asarray(cos_theta, dtype=np.float64)
    if not np.all(np.abs(values) <= 1.0):
        raise UsageError("cos θ lies outside −1 to 1; give the cosine of the polar angle, not the angle")
    return values


def shared_cosine(theta_range_deg: tuple[float, float]) -> float:
    """Largest |cos θ| at which two back-to-back products both lie in a range of polar angle.

    With one product at θ the other is at 180° − θ; both are inside low…high when
    |cos θ| ≤ min(cos low, −cos high).

    Parameters
    ----------
    theta_range_deg : tuple of float
        (low, high) in the centre-of-mass frame, degrees, 0 ≤ low < 90 < high ≤ 180.

    Returns
    -------
    float
        Between 0 and 1.

    Raises
    ------
    UsageError
        A range written the wrong way round, outside 0…180, or that 90° is not inside of (no pair fits).
    """
    low, high = theta_range_deg
    if not (0.0 <= low < 90.0 < high <= 180.0):
        raise UsageError(
            f"polar range {low:g}:{high:g} degrees; allowed: 0 ≤ low < 90 < high ≤ 180, "
            "since back-to-back products are both inside only on either side of 90°"
        )
    return min(math.cos(math.radians(low)), -math.cos(math.radians(high)))
