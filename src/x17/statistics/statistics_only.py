"""The purely statistical limit, 1.28 √N: what the counts would allow if all else were known."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from x17.statistics.signal_counts import SignalCounts

FloatArray = NDArray[np.float64]


def statistics_only_limit(counts: SignalCounts, cl: float) -> FloatArray:
    """Limit on u = g², Φ⁻¹(CL) √b / n_sig with n_sig the signal at g = 1.

    No observed number enters but those that b is made of: the limit is an expectation, and has no coverage.
    The published curve has 1.28 for Φ⁻¹(0.90) = 1.2816.

    Parameters
    ----------
    counts : SignalCounts
        Shape (n,).
    cl : float

    Returns
    -------
    ndarray, shape (n,)
    """
    from scipy.special import ndtri

    return np.asarray(float(ndtri(cl)) * np.sqrt(counts.background) / counts.signal)
