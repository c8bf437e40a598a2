"""Where a curve lies below a level: intervals in pieces, which may reach the end of what is known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

Interval = tuple[float | None, float | None]
"""Both ends; None where the curve is still below the level at the end of its range."""


def intervals_below(
    function: Callable[[float], float], x: FloatArray, y: FloatArray, level: float
) -> tuple[Interval, ...]:
    """Pieces of the range on which a function is at most at a level.

    Parameters
    ----------
    function : callable
        Of one number.
    x : ndarray, shape (n,)
        Rising; fine enough that the function crosses the level once at most between two of them.
    y : ndarray, shape (n,)
        The function there.
    level : float

    Returns
    -------
    tuple of (float or None, float or None)
        By rising x.
    """
    from scipy.optimize import brentq

    inside = y <= level
    edges = np.flatnonzero(np.diff(inside))
    roots = [float(brentq(lambda v: function(v) - level, x[k], x[k + 1], xtol=1e-7)) for k in edges]
    ends: list[float | None] = [None] if inside[0] else []
    ends += roots
    ends += [None] if inside[-1] else []
    return tuple(zip(ends[::2], ends[1::2], strict=True))
