"""Rolke–López intervals: a count over a background known with a Gaussian error, by profile likelihood.

Source: Rolke, López and Conrad, physics/0403059; the model "Gaussian background, known efficiency" of ROOT's
TRolke, unbounded. With N observed, b̂ ± σ_b expected and s events of signal,

    −2 ln L(s, b) = 2 [s + b − N + N ln(N/(s + b))] + (b − b̂)²/σ_b²,

minimised over b, has its minimum 0 at s = N − b̂; the interval is where it is below Φ⁻¹((1 + CL)/2)².

**What CL means.** The threshold is that of TRolke, two-sided: 2.706 at 90 %. The method gives an interval
that begins at zero or above as the data will, and what is quoted as "the" Rolke–López limit is its upper end.
Taken as an upper limit alone it covers 95 %; a one-sided limit of 90 % has the threshold 1.642.

**What is left out.** K's own error, and the signal at all other points. K is fitted to all points, these
among them: without a boson N − b̂ scatters a little less than N, which makes up for the error of K, but a
boson pulls b̂ up, and large signals are under-covered.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from x17.statistics.limit_methods import Intervals
from x17.statistics.signal_counts import SignalCounts

FloatArray = NDArray[np.float64]


def profile_deviance(
    signal: FloatArray, observed: FloatArray, background: FloatArray, background_err: FloatArray
) -> FloatArray:
    """−2 ln of the profile likelihood ratio of s against its best value N − b̂.

    Parameters
    ----------
    signal : ndarray
        s; above −b̂ where σ_b = 0.
    observed, background, background_err : ndarray
        N > 0, b̂ and σ_b ≥ 0; all broadcast.

    Returns
    -------
    ndarray
    """
    variance = background_err**2
    # s + b at the best b for this s: the positive root of t (t − s − b̂ + σ_b²) = N σ_b².
    half = 0.5 * (background + signal - variance)
    total = half + np.sqrt(half**2 + observed * variance)
    poisson = 2.0 * (total - observed + observed * np.log(observed / total))
    # (b̂ − b)/σ_b² = 1 − N/(s + b) there, which holds for σ_b = 0 too.
    return np.asarray(poisson + variance * (1.0 - observed / total) ** 2)


def rolke_lopez_interval(counts: SignalCounts, cl: float) -> Intervals:
    """Interval on u = g² for each data set.

    Parameters
    ----------
    counts : SignalCounts
        Shape (n,).
    cl : float

    Returns
    -------
    Intervals
        Shape (n,): the events of signal over those at g = 1. Not cut at zero.
    """
    from scipy.special import ndtri

    n, b, err = counts.observed, counts.background, counts.background_err
    threshold = float(ndtri(0.5 * (1.0 + cl))) ** 2
    best = n - b
    # Outside whatever the shape: a Poisson deviance is wider than a parabola by less than three thresholds.
    reach = 3.0 * threshold + 5.0 * np.sqrt(threshold * (n + err**2))
    lowest = np.where(err > 0.0, best - reach, np.maximum(best - reach, -b * (1.0 - 1e-12)))
    ends = []
    for outermost in (lowest, best + reach):
        inside, outside = best, outermost
        for _ in range(80):
            middle = 0.5 * (inside + outside)
            accepted = profile_deviance(middle, n, b, err) < threshold
            inside, outside = np.where(accepted, middle, inside), np.where(accepted, outside, middle)
        ends.append(0.5 * (inside + outside) / counts.signal)
    return Intervals(ends[0], ends[1])
