"""Expected limits: quantiles of the limits of pseudo-experiments, each with its Monte-Carlo interval."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.statistics.asymptotic import BAND_QUANTILES

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class ExpectedBand:
    """Quantiles of the limit at each of m masses.

    Attributes
    ----------
    masses : ndarray, shape (m,)
        MeV.
    limits : ndarray, shape (5, m)
        Limit on g_ve at `BAND_QUANTILES`: −2σ, −1σ, median, +1σ, +2σ.
    low, high : ndarray, shape (5, m)
        Monte-Carlo interval of each, one standard deviation.
    n_toys : int
    """

    masses: FloatArray
    limits: FloatArray
    low: FloatArray
    high: FloatArray
    n_toys: int


def expected_band(masses: FloatArray, limits: FloatArray) -> ExpectedBand:
    """Quantiles of the limits of pseudo-experiments.

    The interval of a quantile is made of the order statistics one binomial standard deviation away.

    Parameters
    ----------
    masses : ndarray, shape (m,)
        MeV.
    limits : ndarray, shape (n, m)
        Limits on g_ve.

    Returns
    -------
    ExpectedBand
    """
    from scipy.special import ndtr

    n = limits.shape[0]
    share = np.asarray(ndtr(np.array(BAND_QUANTILES)))
    spread = np.sqrt(share * (1.0 - share) / n)
    low, middle, high = (
        np.quantile(limits, np.clip(share + shift * spread, 0.0, 1.0), axis=0) for shift in (-1.0, 0.0, 1.0)
    )
    return ExpectedBand(masses, middle, low, high, n)
