"""A smooth background in a window, from the two bands on either side of it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


def exponential_between(
    bands: tuple[FloatArray, FloatArray],
    squares: tuple[FloatArray, FloatArray],
    edges: tuple[float, float],
    window: float,
) -> tuple[FloatArray, FloatArray]:
    """Content of a window under the exponential through two bands at equal distances, and its variance.

    For a slope λ, bands of half width h at ±m hold n± = 2ρ e^(±λm) sinh(λh)/λ, and a window of half width W
    holds 2ρ sinh(λW)/λ = √(n₋n₊) sinh(λW)/sinh(λh). Where a band is empty a straight line is taken.

    Parameters
    ----------
    bands : tuple of ndarray, shape (n,)
        Sum of weights in the lower and the upper band.
    squares : tuple of ndarray, shape (n,)
        Sums of squared weights.
    edges : tuple of float
        Distances of both bands from the middle of the window, nearest and farthest.
    window : float
        W.

    Returns
    -------
    content, variance : ndarray, shape (n,)
    """
    below, above = bands
    half, middle = 0.5 * (edges[1] - edges[0]), 0.5 * (edges[1] + edges[0])
    both = (below > 0.0) & (above > 0.0)
    safe_below, safe_above = np.where(both, below, 1.0), np.where(both, above, 1.0)
    slope = np.log(safe_above / safe_below) / (2.0 * middle)
    straight = window / half
    stretch = straight * _sinhc(slope * window) / _sinhc(slope * half)
    content = np.where(both, stretch * np.sqrt(safe_below * safe_above), 0.5 * straight * (below + above))
    # d ln √(n₋n₊) = ½ (dn₋/n₋ + dn₊/n₊); that of the stretch is of second order in the slope.
    relative = 0.25 * (squares[0] / safe_below**2 + squares[1] / safe_above**2)
    flat = (0.5 * straight) ** 2 * (squares[0] + squares[1])
    return np.asarray(content), np.asarray(np.where(both, content**2 * relative, flat))


def _sinhc(x: FloatArray) -> FloatArray:
    """sinh(x)/x."""
    small = np.abs(x) < 1e-4
    safe = np.where(small, 1.0, x)
    return np.where(small, 1.0 + x**2 / 6.0, np.sinh(safe) / safe)
