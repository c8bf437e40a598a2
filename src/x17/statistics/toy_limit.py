"""The upper limit from CLs measured with toys at several couplings.

Two ways to read the coupling at which CLs(g) = 1 − CL off noisy points:

- *probit* (default): P_S and 1 − P_B are each fitted by the probability of a Gaussian, Φ of a polynomial in
  g², to the binomial counts around the crossing. That is their shape in the asymptotic limit, the polynomial
  takes up what differs, and all points and their binomial errors enter.
- *tanh*, as published: c0 (1 − tanh((g − c1)/c2)) through the whole grid.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from x17.statistics.blocks import Progress, silent
from x17.statistics.data_sets import DataSets
from x17.statistics.ensembles import Ensemble
from x17.statistics.model import ScanModel
from x17.statistics.toy_cls import ToyCLs, toy_cls

FloatArray = NDArray[np.float64]

MorePoints = Callable[[FloatArray], ToyCLs]
"""Makes toys at further couplings of the same mass."""

MIN_POINTS = 6
"""Couplings wanted within `WINDOW` of the limit."""

WINDOW = (0.75, 1.3)
"""The couplings that are fitted, in units of the expected crossing."""

_MAX_ROUNDS = 8


class LimitMethod(StrEnum):
    """How the limit is read off CLs(g)."""

    PROBIT = "probit"
    TANH = "tanh"


@dataclass(frozen=True, slots=True)
class ToyLimit:
    """A limit at one mass with its Monte-Carlo interval (one standard deviation).

    Attributes
    ----------
    mass_mev : float
    coupling, low, high : float or None
        None if there is no limit; `reason` then says why.
    n_toys : int
        Toys of each hypothesis at each coupling.
    n_failed : int
        Toys left out because a fit failed.
    reason : str
        Empty if all is well.
    """

    mass_mev: float
    coupling: float | None
    low: float | None
    high: float | None
    n_toys: int
    n_failed: int = 0
    reason: str = ""


def _window(center: float, max_coupling: float) -> tuple[float, float]:
    return WINDOW[0] * center, min(WINDOW[1] * center, max_coupling)


def couplings_around(center: float, grid: FloatArray, max_coupling: float) -> FloatArray:
    """Couplings to add to a grid so that enough of them surround the expected limit.

    Parameters
    ----------
    center : float
        Expected limit on g_ve.
    grid : ndarray
        Couplings that are there.
    max_coupling : float
        Largest coupling searched.

    Returns
    -------
    ndarray
        Possibly empty.
    """
    low, high = _window(center, max_coupling)
    inside = grid[(grid >= low) & (grid <= high)]
    reaches = inside.size > 0 and inside.min() <= 0.9 * center and inside.max() >= min(1.1 * center, high)
    return np.empty(0) if inside.size >= MIN_POINTS and reaches else np.linspace(low, high, MIN_POINTS + 1)


def probit_regression(
    design: FloatArray, successes: FloatArray, trials: FloatArray
) -> tuple[FloatArray, FloatArray] | None:
    """Fit p = Φ(design · β) to binomial counts by maximum likelihood.

    Iteratively reweighted least squares (McCullagh and Nelder, Generalized Linear Models, 2nd ed., 2.5).

    Parameters
    ----------
    design : ndarray, shape (n, k)
    successes, trials : ndarray, shape (n,)

    Returns
    -------
    (ndarray, ndarray) or None
        β and its covariance; None if the counts do not determine them.
    """
    from scipy.special import ndtr, ndtri

    eta = ndtri((successes + 0.5) / (trials + 1.0))
    beta = np.zeros(design.shape[1])
    for _ in range(50):
        eta = np.clip(eta, -7.0, 7.0)
        p, density = ndtr(eta), np.exp(-0.5 * eta**2) / np.sqrt(2.0 * np.pi)
        weight = trials * density**2 / (p * (1.0 - p))
        information = (design * weight[:, None]).T @ design
        if not np.all(np.isfinite(information)) or np.linalg.cond(information) > 1e14:
            return None
        covariance = np.linalg.inv(information)
        working = eta + (successes / trials - p) / density
        new = covariance @ (design.T @ (weight * working))
        done = np.max(np.abs(new - beta)) < 1e-10 * (1.0 + np.max(np.abs(beta)))
        beta, eta = new, design @ new
        if done:
            return beta, covariance
    return None


def with_toys(points: ToyCLs) -> ToyCLs:
    """The points that have toys of both hypotheses; the others say nothing.

    Parameters
    ----------
    points : ToyCLs

    Returns
    -------
    ToyCLs
    """
    return points.at((points.n_signal > 0) & (points.n_background > 0))


def probit_crossing(points: ToyCLs, target: float) -> tuple[float, float] | None:
    """Where CLs(g) from the fits to P_S and 1 − P_B reaches the target, and the error of that g².

    P_S is Φ of a parabola in g², 1 − P_B is Φ of a line.

    Parameters
    ----------
    points : ToyCLs
        Shape (n,), one mass; the couplings around the crossing only.
    target : float
        1 − CL.

    Returns
    -------
    (float, float) or None
        None if the counts do not determine the fits or the crossing lies outside the points.
    """
    from scipy.optimize import brentq
    from scipy.special import log_ndtr

    points = with_toys(points)
    if points.coupling.size < 3:
        return None
    u = np.square(points.coupling)
    origin, span = 0.5 * (u.max() + u.min()), 0.5 * (u.max() - u.min())
    x = (u - origin) / span
    kept = (points.n_background - points.n_background_below).astype(np.float64)
    signal = probit_regression(
        np.vander(x, 3, increasing=True), points.n_signal_above.astype(float), points.n_signal.astype(float)
    )
    background = probit_regression(np.vander(x, 2, increasing=True), kept, points.n_background.astype(float))
    if signal is None or background is None:
        return None

    def log_cls(at: float) -> float:
        powers = at ** np.arange(3)
        return float(log_ndtr(powers @ signal[0]) - log_ndtr(powers[:2] @ background[0]))

    level = float(np.log(target))
    if not log_cls(-1.0) > level > log_cls(1.0):
        return None
    root = float(brentq(lambda at: log_cls(at) - level, -1.0, 1.0))
    powers = root ** np.arange(3)
    variance = 0.0
    for (beta, covariance), row in ((signal, powers), (background, powers[:2])):
        eta = float(row @ beta)
        # d ln Φ(η)/dη, from logarithms because Φ may be small.
        hazard = np.exp(-0.5 * eta**2 - log_ndtr(eta)) / np.sqrt(2.0 * np.pi)
        variance += float(hazard**2 * (row @ covariance @ row))
    slope = (log_cls(root + 1e-5) - log_cls(root - 1e-5)) / 2e-5
    return origin + span * root, span * float(np.sqrt(variance)) / abs(slope)


def tanh_crossing(points: ToyCLs, target: float) -> tuple[float, float] | None:
    """Where the published form c0 (1 − tanh((g − c1)/c2)) reaches the target, and its error, in g.

    Parameters
    ----------
    points : ToyCLs
        Shape (n,), one mass.
    target : float
        1 − CL.

    Returns
    -------
    (float, float) or None
        None if the fit does not converge or does not reach the target within the points.
    """
    from scipy.optimize import OptimizeWarning, curve_fit

    points = with_toys(points)
    g, cls = points.coupling, points.cls
    if g.size < 4 or cls.min() > target or cls.max() < target:
        return None
    scale = float(g[np.argmin(np.abs(cls - target))])

    def form(x: FloatArray, c0: float, c1: float, c2: float) -> FloatArray:
        return np.asarray(c0 * (1.0 - np.tanh((x - c1) / c2)))

    try:
        with warnings.catch_warnings():
            # Too few points or toys to determine the form: no limit, rather than a warning nobody reads.
            warnings.simplefilter("error", OptimizeWarning)
            best, covariance = curve_fit(
                form, g / scale, cls, p0=(0.5, 0.7, 0.4), sigma=points.cls_err, absolute_sigma=True
            )
    except (RuntimeError, OptimizeWarning):
        return None
    argument = 1.0 - target / best[0]
    if not -1.0 < argument < 1.0:
        return None
    root = float(best[1] + best[2] * np.arctanh(argument))
    if not g.min() <= root * scale <= g.max():
        return None
    t = (root - best[1]) / best[2]
    slope = -best[0] / (best[2] * np.cosh(t) ** 2)
    gradient = np.array([1.0 - np.tanh(t), -slope, -slope * t])
    return root * scale, scale * float(np.sqrt(gradient @ covariance @ gradient) / abs(slope))


def _no_limit(points: ToyCLs, n_toys: int, reason: str) -> ToyLimit:
    return ToyLimit(float(points.mass[0]), None, None, None, n_toys, int(points.n_failed.sum()), reason)


def _read_tanh(points: ToyCLs, target: float, n_toys: int) -> ToyLimit:
    """The published reading of the whole grid."""
    crossing = tanh_crossing(points, target)
    if crossing is None:
        reason = "CLs does not cross 1 - CL within the grid of couplings, or the tanh fit failed"
        return _no_limit(points, n_toys, reason)
    g, error = crossing
    failed = int(points.n_failed.sum())
    return ToyLimit(float(points.mass[0]), g, max(g - error, 0.0), g + error, n_toys, failed)


def find_limit(
    on_grid: ToyCLs,
    guess: float,
    cl: float,
    n_toys: int,
    more: MorePoints,
    *,
    method: LimitMethod = LimitMethod.PROBIT,
    max_coupling: float = 2e-3,
) -> ToyLimit:
    """Upper limit from toys at one mass, wherever they come from.

    Parameters
    ----------
    on_grid : ToyCLs
        Toys at the couplings that are there, shape (n,), one mass.
    guess : float
        Where to expect the limit: the asymptotic one.
    cl : float
        Confidence level.
    n_toys : int
        Toys of each hypothesis at each coupling, for the record.
    more : callable
        Makes toys at couplings that are to be added; not called where the grid surrounds the limit.
    method : LimitMethod
    max_coupling : float
        No limit is sought above.

    Returns
    -------
    ToyLimit
    """
    target = 1.0 - cl
    points, center = on_grid, min(guess, max_coupling)
    if method is LimitMethod.TANH:
        return _read_tanh(points, target, n_toys)
    for _ in range(_MAX_ROUNDS):
        extra = couplings_around(center, points.coupling, max_coupling)
        if extra.size:
            points = points.merged(more(extra))
        low, high = _window(center, max_coupling)
        near = points.at((points.coupling >= low) & (points.coupling <= high))
        crossing = probit_crossing(near, target)
        if crossing is not None:
            u, error = crossing
            g = float(np.sqrt(u))
            if 0.9 * center < g < 1.1 * center or g > 0.95 * max_coupling:
                bounds = np.sqrt(np.maximum([u - error, u + error], 0.0))
                failed = int(points.n_failed.sum())
                return ToyLimit(float(points.mass[0]), g, float(bounds[0]), float(bounds[1]), n_toys, failed)
            center = g
        elif np.median(near.cls) > target:
            if high >= max_coupling:
                reason = f"no limit below g = {max_coupling:g}: CLs stays above {target:.3g}"
                return _no_limit(points, n_toys, reason)
            center = min(1.2 * center, max_coupling)
        else:
            center /= 1.2
    return _no_limit(points, n_toys, f"too few toys to place the limit: raise --toys above {n_toys}")


def toy_limit(
    model: ScanModel,
    data: DataSets,
    on_grid: ToyCLs,
    guess: float,
    cl: float,
    n_toys: int,
    seed: int,
    *,
    method: LimitMethod = LimitMethod.PROBIT,
    ensemble: Ensemble = Ensemble.PUBLISHED,
    max_coupling: float = 2e-3,
    workers: int = 1,
    progress: Progress = silent,
) -> ToyLimit:
    """Upper limit at one mass; couplings are added around the crossing where the grid does not surround it.

    Parameters
    ----------
    model : ScanModel
    data : DataSets
        One data set.
    on_grid : ToyCLs
        Toys at the couplings of the grid, shape (n,), one mass.
    guess : float
        Where to expect the limit: the asymptotic one.
    cl : float
        Confidence level.
    n_toys, seed : int
        For couplings that are added.
    method : LimitMethod
    ensemble : Ensemble
        How toys that are added are made.
    max_coupling : float
        No limit is sought above.
    workers : int
    progress : callable

    Returns
    -------
    ToyLimit
    """
    mass = float(on_grid.mass.flat[0])
    return find_limit(
        on_grid,
        guess,
        cl,
        n_toys,
        lambda extra: toy_cls(
            model, data, mass, extra, n_toys, seed, ensemble=ensemble, workers=workers, progress=progress
        ),
        method=method,
        max_coupling=max_coupling,
    )
