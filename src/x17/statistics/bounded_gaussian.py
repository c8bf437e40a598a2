"""Feldman–Cousins intervals for a Gaussian whose mean cannot be negative (physics/9711021, section IV B).

Everything in units of the Gaussian's width: a measured x, a true μ ≥ 0, and the likelihood ratio against the
best allowed mean max(x, 0),

    t(μ) = (x − μ)² for x ≥ 0, and μ² − 2 x μ for x < 0.

It is the asymptotic form of Feldman–Cousins for a scan, with x = û/σ and μ = g²/σ.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from x17.statistics.limit_methods import Intervals

FloatArray = NDArray[np.float64]

_GRID = 4000


def bounded_critical(mean: ArrayLike, cl: float) -> FloatArray:
    """Critical value c(μ): t(μ) is below it in a share CL of the experiments with this mean.

    The accepted x reach from μ − √c, or from (μ² − c)/(2μ) where that is negative, to μ + √c.

    Parameters
    ----------
    mean : array_like
        μ ≥ 0.
    cl : float

    Returns
    -------
    ndarray
        From Φ⁻¹(CL)² at zero to Φ⁻¹((1 + CL)/2)², which it reaches at μ = Φ⁻¹((1 + CL)/2).
    """
    from scipy.special import ndtr, ndtri

    mu = np.asarray(mean, dtype=np.float64)
    one_sided, two_sided = float(ndtri(cl)), float(ndtri(0.5 * (1.0 + cl)))
    low, high = np.full(mu.shape, one_sided), np.full(mu.shape, two_sided)
    safe = np.maximum(mu, 1e-300)
    for _ in range(50):
        root = 0.5 * (low + high)
        # The lower edge less μ; at μ = 0 it is at minus infinity.
        edge = np.where(root > mu, -0.5 * (mu + root * (root / safe)), -root)
        enough = ndtr(root) - ndtr(edge) >= cl
        low, high = np.where(enough, low, root), np.where(enough, root, high)
    return np.asarray(np.where(mu >= two_sided, two_sided, 0.5 * (low + high)) ** 2)


def bounded_density(mean: ArrayLike, cl: float) -> FloatArray:
    """Probability density of t(μ) at its critical value, which says how well toys measure that value.

    Parameters
    ----------
    mean : array_like
        μ ≥ 0.
    cl : float

    Returns
    -------
    ndarray
        From the rate at which the ends of the accepted x move with c.
    """
    mu = np.asarray(mean, dtype=np.float64)
    root = np.sqrt(bounded_critical(mu, cl))
    safe = np.maximum(mu, 1e-300)
    edge = np.where(root > mu, 0.5 * (mu + root * (root / safe)), root)
    upper = np.exp(-0.5 * root**2) / (2.0 * root)
    # Far out the density of x vanishes faster than 1/μ grows.
    lower = np.exp(-0.5 * np.minimum(edge, 1e3) ** 2) / (2.0 * np.minimum(np.maximum(safe, 1e-3), root))
    return np.asarray((upper + lower) / np.sqrt(2.0 * np.pi))


def bounded_interval(measured: ArrayLike, cl: float) -> Intervals:
    """Interval of the mean for each measured value.

    Parameters
    ----------
    measured : array_like
        x, of any sign.
    cl : float

    Returns
    -------
    Intervals
        Of μ; the lower end is zero up to x = Φ⁻¹(CL).
    """
    from scipy.special import ndtri

    x = np.asarray(measured, dtype=np.float64)
    two_sided = float(ndtri(0.5 * (1.0 + cl)))
    mu = np.concatenate([np.geomspace(1e-5, 0.05, _GRID), np.linspace(0.05, two_sided, _GRID)[1:]])
    root = np.sqrt(bounded_critical(mu, cl))
    # The ends of what is accepted rise with μ: the interval is where a horizontal line lies between them.
    accepted_from = np.where(root > mu, 0.5 * (mu - root * (root / mu)), mu - root)
    lower = np.where(x < mu[-1] + two_sided, np.interp(x, mu + root, mu), x - two_sided)
    upper = np.where(x < 0.0, np.interp(x, accepted_from, mu), x + two_sided)
    return Intervals(np.where(x <= float(ndtri(cl)), 0.0, lower), upper)
