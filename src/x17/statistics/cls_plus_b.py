"""The CLs+b limit, where P_S = 1 − CL: CLs without the denominator that spares what cannot be seen.

It covers exactly CL, and now and then excludes every coupling: without a boson, a share 1 − CL of all
experiments fluctuate far enough below the background to do so.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from x17.statistics.limit_methods import EVERYTHING_EXCLUDED, coupling_of
from x17.statistics.toy_cls import ToyCLs
from x17.statistics.toy_limit import MorePoints, ToyLimit, probit_regression, with_toys

FloatArray = NDArray[np.float64]

_MIN_POINTS = 6
_MAX_ROUNDS = 8


def cls_plus_b_limit(signal: ArrayLike, error: ArrayLike, cl: float) -> FloatArray:
    """Asymptotic upper limit on u = g², û + σ Φ⁻¹(CL); below zero if every coupling is excluded.

    Parameters
    ----------
    signal, error : array_like
        û and σ.
    cl : float
        Confidence level.

    Returns
    -------
    ndarray
    """
    from scipy.special import ndtri

    return np.asarray(
        np.asarray(signal, dtype=np.float64) + np.asarray(error, dtype=np.float64) * float(ndtri(cl))
    )


def window_around(center: float, error: float, max_coupling: float) -> tuple[float, float]:
    """The u = g² whose toys place a limit.

    Parameters
    ----------
    center : float
        Expected limit on u; may be below zero.
    error : float
        σ.
    max_coupling : float

    Returns
    -------
    (float, float)
        From one σ below the limit, zero at least, to 1.1 σ above, `max_coupling`² at most.
    """
    largest = max_coupling**2
    low = min(max(center - error, 0.0), 0.5 * largest)
    return low, min(max(center, 0.0) + 1.1 * error, largest)


def couplings_within(low: float, high: float, grid: FloatArray) -> FloatArray:
    """Couplings to add to a grid so that enough of them lie in a window of u = g².

    Parameters
    ----------
    low, high : float
        The window.
    grid : ndarray
        Couplings g_ve that are there.

    Returns
    -------
    ndarray
        Couplings, above zero; empty if those of the grid are enough.
    """
    inside = grid[(grid**2 >= low) & (grid**2 <= high)]
    margin = 0.25 * (high - low)
    if inside.size >= _MIN_POINTS and inside[0] ** 2 <= low + margin and inside[-1] ** 2 >= high - margin:
        return np.empty(0)
    return np.asarray(np.sqrt(np.linspace(low, high, _MIN_POINTS + 2)[1 if low == 0.0 else 0 :]))


def clsb_crossing(points: ToyCLs, target: float) -> tuple[float, float] | None:
    """Where P_S, fitted by Φ of a parabola in u = g², falls to the target, and the error of that u.

    Parameters
    ----------
    points : ToyCLs
        Shape (n,), one mass, rising coupling: the couplings around the crossing only.
    target : float
        1 − CL.

    Returns
    -------
    (float, float) or None
        The crossing, outside the points too, where it is extrapolated along the tangent at the nearest of
        them; None if the counts do not determine the fit or P_S does not fall.
    """
    from scipy.special import ndtri

    kept = with_toys(points)
    if kept.coupling.size < 3:
        return None
    u = kept.coupling**2
    origin, span = 0.5 * (u.max() + u.min()), 0.5 * (u.max() - u.min())
    fit = probit_regression(
        np.vander((u - origin) / span, 3, increasing=True),
        kept.n_signal_above.astype(np.float64),
        kept.n_signal.astype(np.float64),
    )
    if fit is None:
        return None
    beta, covariance = fit
    # The parabola from its value and slope at the ends and in between; P_S must fall all the way.
    slopes = beta[1] + 2.0 * beta[2] * np.array([-1.0, 1.0])
    if slopes.max() >= 0.0:
        return None
    level = float(ndtri(target))
    ends = beta[0] + beta[1] * np.array([-1.0, 1.0]) + beta[2]
    if level > ends[0]:
        root, slope = -1.0 + (level - ends[0]) / slopes[0], float(slopes[0])
    elif level < ends[1]:
        root, slope = 1.0 + (level - ends[1]) / slopes[1], float(slopes[1])
    else:
        root = _falling_root(beta, level)
        slope = float(beta[1] + 2.0 * beta[2] * root)
    row = np.clip(root, -1.0, 1.0) ** np.arange(3)
    error = float(np.sqrt(row @ covariance @ row)) / abs(slope)
    return origin + span * float(root), span * error


def _falling_root(beta: FloatArray, level: float) -> float:
    """Where the parabola, falling from −1 to 1, reaches the level; stable where it is nearly a line."""
    c = beta[0] - level
    return float(2.0 * c / (-beta[1] + np.sqrt(max(beta[1] ** 2 - 4.0 * beta[2] * c, 0.0))))


def find_clsb_limit(
    on_grid: ToyCLs,
    signal: float,
    error: float,
    cl: float,
    n_toys: int,
    more: MorePoints,
    *,
    max_coupling: float = 2e-3,
) -> ToyLimit:
    """CLs+b limit from toys at one mass.

    Parameters
    ----------
    on_grid : ToyCLs
        Toys at the couplings that are there, shape (n,), one mass.
    signal, error : float
        û and σ of the data: where to look.
    cl : float
    n_toys : int
        For the record.
    more : callable
        Makes toys at couplings that are to be added.
    max_coupling : float
        No limit is sought above.

    Returns
    -------
    ToyLimit
        Of coupling 0, with a reason, if every coupling is excluded.
    """
    points, mass = on_grid, float(on_grid.mass[0])
    center = float(cls_plus_b_limit(signal, error, cl))
    reason = f"too few toys to place the limit: raise --toys above {n_toys}"
    for _ in range(_MAX_ROUNDS):
        low, high = window_around(center, error, max_coupling)
        extra = couplings_within(low, high, points.coupling)
        if extra.size:
            points = points.merged(more(extra))
        # A grain beyond the ends, where rounding may have put couplings that were added.
        u, grain = points.coupling**2, 1e-9 * high
        crossing = clsb_crossing(points.at((u >= low - grain) & (u <= high + grain)), 1.0 - cl)
        if crossing is None:
            break
        root, spread = crossing
        if low <= root <= high or (low == 0.0 and root < 0.0):
            ends = [coupling_of(value) for value in (root, root - spread, root + spread)]
            why = EVERYTHING_EXCLUDED if root < 0.0 else ""
            return ToyLimit(mass, ends[0], ends[1], ends[2], n_toys, int(points.n_failed.sum()), why)
        if root > high >= max_coupling**2:
            reason = f"no limit below g = {max_coupling:g}: CLs+b stays above {1.0 - cl:.3g}"
            break
        center = float(np.clip(root, center - error, center + error))
    return ToyLimit(mass, None, None, None, n_toys, int(points.n_failed.sum()), reason)
