"""The ratio of two sums over the same events, with the error that their overlap leaves."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


def overlap_ratio(numerator: FloatArray, denominator: FloatArray) -> tuple[float, float]:
    """Σa/Σb and its error, √Σ(a − r b)²/|Σb|, events being Poisson.

    Events that enter both sums alike drop out of the error as they must: of nested samples only the
    difference fluctuates. With a = b or 0 this is the binomial error for Poisson totals.

    Parameters
    ----------
    numerator, denominator : ndarray, shape (n,)
        What each event adds to either sum, 0 if it is not in it.

    Returns
    -------
    ratio, error : float
        1 and infinity where the sum below is 0.
    """
    total = float(denominator.sum())
    if total == 0.0:
        return 1.0, float("inf")
    ratio = float(numerator.sum()) / total
    return ratio, float(np.sqrt(np.square(numerator - ratio * denominator).sum())) / abs(total)
