"""Slope of the ageing of the lead glass: straight lines through flux proxies against the dose."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from x17.errors import UsageError

FloatArray = NDArray[np.float64]

_MAX_STEPS = 200
_SMALLEST = 1e-9
"""Relative error below which points count as exact: weights stay finite."""


@dataclass(frozen=True, slots=True, eq=False)
class AgeingLine:
    """Fitted lines y = constant (1 + slope u); all arrays have the shape of the batch.

    Attributes
    ----------
    constant, constant_err : ndarray
        Value in the middle of the dose, u = 0, in the units of the proxy.
    slope, slope_err : ndarray
        Relative change over the whole dose.
    scatter : ndarray
        Standard deviation of the points beyond their own errors, in the units of the proxy.
    n_points : int
    """

    constant: FloatArray
    constant_err: FloatArray
    slope: FloatArray
    slope_err: FloatArray
    scatter: FloatArray
    n_points: int


def fit_ageing(share: ArrayLike, proxy: ArrayLike, proxy_err: ArrayLike) -> AgeingLine:
    """Fit y = constant (1 + slope u) by weighted least squares, with errors that the scatter has a say in.

    Points scatter by more than their statistical errors σᵢ: gains change from run to run. The weights are
    1/(σᵢ² + τ²), where τ² ≥ 0 makes χ² equal to its number of degrees of freedom.
    (R. C. Paule and J. Mandel, J. Res. NBS 87 (1982) 377.)

    Parameters
    ----------
    share : array_like, shape (..., n)
        u = (x − x̄)/x_tot: positrons before, as a share of all, from the middle of the dose.
    proxy, proxy_err : array_like, shape (..., n)
        Charge or energy of another monitor per lead-glass positron, and its statistical error.

    Returns
    -------
    AgeingLine

    Raises
    ------
    UsageError
        Fewer than three points, values that are not finite, or no two different doses.
    """
    u, y, err = np.broadcast_arrays(*(np.asarray(a, dtype=np.float64) for a in (share, proxy, proxy_err)))
    _check(u, y, err)
    # Least squares sees numbers near 1, whatever the unit of the proxy.
    unit = np.abs(y).mean(axis=-1, keepdims=True)
    y, variance = y / unit, np.maximum(err / unit, _SMALLEST) ** 2
    extra = _extra_variance(u, y, variance)
    constant, gradient, covariance = _weighted_line(u, y, 1.0 / (variance + extra[..., None]))
    slope = gradient / constant
    slope_variance = (covariance[2] + slope**2 * covariance[0] - 2.0 * slope * covariance[1]) / constant**2
    scale = unit[..., 0]
    return AgeingLine(
        np.asarray(scale * constant),
        np.asarray(scale * np.sqrt(covariance[0])),
        np.asarray(slope),
        np.asarray(np.sqrt(slope_variance)),
        np.asarray(scale * np.sqrt(extra)),
        int(u.shape[-1]),
    )


def _check(u: FloatArray, y: FloatArray, err: FloatArray) -> None:
    if u.ndim < 1 or u.shape[-1] < 3:
        raise UsageError("the ageing needs at least three points")
    if not (np.isfinite(u).all() and np.isfinite(y).all() and np.isfinite(err).all()):
        raise UsageError("the ageing needs finite doses, proxies and errors")
    if np.any(np.ptp(u, axis=-1) <= 0.0):
        raise UsageError("the ageing needs at least two different doses")


def _weighted_line(
    u: FloatArray, y: FloatArray, weight: FloatArray
) -> tuple[FloatArray, FloatArray, tuple[FloatArray, FloatArray, FloatArray]]:
    """Value at u = 0, gradient, and Var(value), Cov, Var(gradient)."""
    total = weight.sum(axis=-1)
    u_mean, y_mean = ((weight * a).sum(axis=-1) / total for a in (u, y))
    du = u - u_mean[..., None]
    s_uu = (weight * du**2).sum(axis=-1)
    gradient = (weight * du * (y - y_mean[..., None])).sum(axis=-1) / s_uu
    covariance = (1.0 / total + u_mean**2 / s_uu, -u_mean / s_uu, 1.0 / s_uu)
    return y_mean - gradient * u_mean, gradient, covariance


def _extra_variance(u: FloatArray, y: FloatArray, variance: FloatArray) -> FloatArray:
    """τ² at which χ² is n − 2; 0 where it is smaller without any."""
    ndf = u.shape[-1] - 2

    def chi2(extra: FloatArray) -> tuple[FloatArray, FloatArray]:
        weight = 1.0 / (variance + extra[..., None])
        value, gradient, _ = _weighted_line(u, y, weight)
        residual = y - value[..., None] - gradient[..., None] * u
        return (weight * residual**2).sum(axis=-1), ((weight * residual) ** 2).sum(axis=-1)

    value, gradient, _ = _weighted_line(u, y, np.ones_like(u))
    plain = (y - value[..., None] - gradient[..., None] * u) ** 2
    extra = np.asarray(plain.sum(axis=-1) / ndf)
    # χ² falls and is convex in τ²: from any start Newton's steps reach the root, from the left.
    for _ in range(_MAX_STEPS):
        sum_1, sum_2 = chi2(extra)
        step = (sum_1 - ndf) / np.where(sum_2 > 0.0, sum_2, 1.0)
        before, extra = extra, np.asarray(np.maximum(extra + step, 0.0))
        if np.all(np.abs(extra - before) <= 1e-12 * extra + 1e-30):
            break
    return extra


def combine_slopes(
    slopes: ArrayLike, errors: ArrayLike, shared_err: float = 0.0
) -> tuple[float, float, float]:
    """Average slopes whose errors have a part in common.

    With aᵢ = σᵢ² − v, v the square of the shared error: slope = Σ sᵢ/aᵢ/Σ 1/aᵢ, variance = v + 1/Σ 1/aᵢ, the
    best linear estimate.

    Parameters
    ----------
    slopes, errors : array_like, shape (n,)
    shared_err : float
        Part of each error that all have in common; at most the smallest of them is taken.

    Returns
    -------
    slope, slope_err, chi2 : float
        χ² of the slopes about their mean has n − 1 degrees of freedom.
    """
    slope, variance = np.asarray(slopes, dtype=np.float64), np.asarray(errors, dtype=np.float64) ** 2
    shared = min(shared_err**2, float(variance.min()))
    weight = 1.0 / np.maximum(variance - shared, _SMALLEST**2)
    mean = float((weight * slope).sum() / weight.sum())
    chi2 = float((weight * (slope - mean) ** 2).sum())
    return mean, float(np.sqrt(shared + 1.0 / weight.sum())), chi2
