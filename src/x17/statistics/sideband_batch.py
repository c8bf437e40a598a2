"""K(s) from the side band of many data sets at once: what `fit_sideband` does to one scan."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.statistics.sideband import CHI2_TIE

FloatArray = NDArray[np.float64]


def _outside(values: FloatArray, window: int) -> FloatArray:
    """Sum over the points outside each window, (n_data, n_windows)."""
    running = np.concatenate([np.zeros((values.shape[0], 1)), np.cumsum(values, axis=1)], axis=1)
    return np.asarray(running[:, -1:] - (running[:, window:] - running[:, :-window]))


@dataclass(frozen=True, slots=True, eq=False)
class SidebandFits:
    """Side-band fits of many data sets.

    Attributes
    ----------
    lines : ndarray, shape (n_data, 2)
        Constant and slope; the slope is zero for a constant.
    chi2 : ndarray, shape (n_data,)
        χ² outside the window.
    start : ndarray of int, shape (n_data,)
        First point of the window that is left out.
    """

    lines: FloatArray
    chi2: FloatArray
    start: NDArray[np.int64]


def sideband_fits(
    offset: FloatArray, y: FloatArray, variance: FloatArray, window: int, *, constant: bool = False
) -> SidebandFits:
    """Fit outside the window that leaves the smallest χ², with its rule for ties.

    Parameters
    ----------
    offset : ndarray, shape (n_points,)
        √s − centre, MeV, rising.
    y, variance : ndarray, shape (n_data, n_points)
        Observable and its squared error.
    window : int
        Consecutive points left out.
    constant : bool
        Fit a constant instead of a line.

    Returns
    -------
    SidebandFits
    """
    weight = 1.0 / variance
    # Sums of squares about one, where y is: about zero χ² would be a small difference of large numbers.
    x, r = offset[None, :], y - 1.0
    s, s_x, s_y = (_outside(values, window) for values in (weight, weight * x, weight * r))
    s_xx, s_xy, s_yy = (
        _outside(values, window) for values in (weight * x * x, weight * x * r, weight * r * r)
    )
    slope = np.zeros_like(s) if constant else (s * s_xy - s_x * s_y) / (s * s_xx - s_x**2)
    intercept = (s_y - slope * s_x) / s
    chi2 = s_yy - intercept * s_y - slope * s_xy
    start = np.argmax(chi2 < chi2.min(axis=1, keepdims=True) + CHI2_TIE, axis=1)
    constants, slopes, smallest = (
        np.take_along_axis(values, start[:, None], axis=1)[:, 0] for values in (1.0 + intercept, slope, chi2)
    )
    return SidebandFits(np.stack([constants, slopes], axis=1), smallest, start)


def sideband_lines(
    offset: FloatArray, y: FloatArray, variance: FloatArray, window: int, *, constant: bool = False
) -> FloatArray:
    """Straight lines outside the window that leaves the smallest χ², with its rule for ties.

    Parameters
    ----------
    offset : ndarray, shape (n_points,)
        √s − centre, MeV, rising.
    y, variance : ndarray, shape (n_data, n_points)
        Observable and its squared error.
    window : int
        Consecutive points left out.
    constant : bool
        Fit a constant instead of a line.

    Returns
    -------
    ndarray, shape (n_data, 2)
        Constant and slope; the slope is zero for a constant.
    """
    return sideband_fits(offset, y, variance, window, constant=constant).lines
