"""How far a limit lies above the expected one, in units of the expected band (arXiv:2505.24797).

With D the distance from the median and a, b the distances of the +1σ and +2σ edges,

    d = D/a               for D < a,
    d = 1 + (D − a)/(b − a)   for a ≤ D < b,
    d = 2 D/b             beyond.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]


def deviation(limit: ArrayLike, median: ArrayLike, plus_one: ArrayLike, plus_two: ArrayLike) -> FloatArray:
    """Deviation of limits from the expected band.

    Parameters
    ----------
    limit : array_like
        Limits on g_ve.
    median, plus_one, plus_two : array_like
        The band; broadcast against `limit`.

    Returns
    -------
    ndarray
        d, of the broadcast shape; negative where the limit is stronger than expected.
    """
    middle = np.asarray(median, dtype=np.float64)
    distance = np.asarray(limit, dtype=np.float64) - middle
    a, b = np.asarray(plus_one) - middle, np.asarray(plus_two) - middle
    inner = np.where(distance < a, distance / a, 1.0 + (distance - a) / (b - a))
    return np.asarray(np.where(distance < b, inner, 2.0 * distance / b))
