"""The upper limit from CLs measured with toys at several couplings.

Two ways to read the coupling at which CLs(g) = 1 − CL off noisy points:

- *probit* (default): near the limit Φ⁻¹(CLs) is a smooth, almost straight function of g², because CLs+b is
  Φ((û − g²)/σ) up to small corrections. A weighted parabola through the points around the crossing uses them
  all and carries their binomial errors into the limit.
- *tanh*, as published: c0 (1 − tanh((g − c1)/c2)) through the whole grid.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from x17.statistics.blocks import Progress, silent
from x17.statistics.data_sets import DataSets
from x17.statistics.model import ScanModel
from x17.statistics.toy_cls import ToyCLs, toy_cls

FloatArray = NDArray[np.float64]

MIN_POINTS = 5
"""Points wanted within `WINDOW` of the limit."""

WINDOW = (0.8, 1.25)
"""The couplings that matter, in units of the expected crossing."""

_PROBIT_RANGE = (0.02, 0.45)
_MAX_ROUNDS = 4


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


def couplings_around(guess: float, grid: FloatArray, max_coupling: float) -> FloatArray:
    """Couplings to add to a grid so that enough of them surround the expected limit.

    Parameters
    ----------
    guess : float
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
    low, high = WINDOW[0] * guess, min(WINDOW[1] * guess, max_coupling)
    inside = np.count_nonzero((grid >= low) & (grid <= high))
    if inside >= MIN_POINTS and grid.max() >= min(high, 1.1 * guess):
        return np.empty(0)
    return np.linspace(low, high, MIN_POINTS + 2) if high > low else np.empty(0)


def probit_crossing(points: ToyCLs, target: float) -> tuple[float, float] | None:
    """Where a weighted parabola in g² through Φ⁻¹(CLs) crosses Φ⁻¹(target), and the error of that g².

    Parameters
    ----------
    points : ToyCLs
        Shape (n,), one mass.
    target : float
        1 − CL.

    Returns
    -------
    (float, float) or None
        None if the points do not bracket the crossing.
    """
    from scipy.special import ndtri  # noqa: PLC0415 - not needed to import the package

    cls = points.cls
    use = (cls > _PROBIT_RANGE[0]) & (cls < _PROBIT_RANGE[1]) & (points.n_signal_above > 0)
    if np.count_nonzero(use) < 3 or cls[use].min() > target or cls[use].max() < target:
        return None
    u, y = np.square(points.coupling[use]), ndtri(cls[use])
    density = np.exp(-0.5 * y**2) / np.sqrt(2.0 * np.pi)
    weight = density / points.cls_err[use]
    origin, span = float(np.average(u, weights=weight)), float(np.ptp(u))
    x = (u - origin) / span
    degree = 2 if np.count_nonzero(use) >= MIN_POINTS else 1
    design = np.vander(x, degree + 1, increasing=True)
    covariance = np.linalg.inv((design * weight[:, None] ** 2).T @ design)
    coefficients = covariance @ (design.T @ (weight**2 * y))
    roots = np.polynomial.Polynomial([coefficients[0] - ndtri(target), *coefficients[1:]]).roots()
    real = roots[np.isreal(roots)].real
    inside = real[(real >= x.min() - 1e-9) & (real <= x.max() + 1e-9)]
    slopes = np.polynomial.Polynomial(coefficients).deriv()(inside)
    falling = inside[slopes < 0.0]
    if falling.size == 0:
        return None
    root = float(falling[0])
    slope = float(np.polynomial.Polynomial(coefficients).deriv()(root))
    row = root ** np.arange(degree + 1)
    return origin + span * root, span * float(np.sqrt(row @ covariance @ row)) / abs(slope)


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
    from scipy.optimize import curve_fit  # noqa: PLC0415 - not needed to import the package

    g, cls = points.coupling, points.cls
    if g.size < 4 or cls.min() > target or cls.max() < target:
        return None
    scale = float(g[np.argmin(np.abs(cls - target))])

    def form(x: FloatArray, c0: float, c1: float, c2: float) -> FloatArray:
        return np.asarray(c0 * (1.0 - np.tanh((x - c1) / c2)))

    try:
        best, covariance = curve_fit(
            form, g / scale, cls, p0=(0.5, 0.7, 0.4), sigma=points.cls_err, absolute_sigma=True
        )
    except RuntimeError:
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


def _merge(one: ToyCLs, other: ToyCLs) -> ToyCLs:
    """Points of both, by rising coupling."""
    names = ToyCLs.__dataclass_fields__
    joined = {name: np.concatenate([getattr(one, name), getattr(other, name)]) for name in names}
    order = np.argsort(joined["coupling"], kind="stable")
    return ToyCLs(**{name: values[order] for name, values in joined.items()})


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
    max_coupling: float = 2e-3,
    workers: int = 1,
    progress: Progress = silent,
) -> ToyLimit:
    """Upper limit at one mass; couplings are added around the crossing where the grid does not surround it.

    Parameters
    ----------
    model : ScanModel
    data : DataSets
        The observed data.
    on_grid : ToyCLs
        Toys at the couplings of the grid, shape (n,), one mass.
    guess : float
        Where to expect the limit: the asymptotic one.
    cl : float
        Confidence level.
    n_toys, seed : int
        For couplings that are added.
    method : LimitMethod
    max_coupling : float
        No limit is sought above.
    workers : int
    progress : callable

    Returns
    -------
    ToyLimit
    """
    mass = float(on_grid.mass.flat[0])
    target = 1.0 - cl
    points, center = on_grid, min(guess, max_coupling)
    if method is LimitMethod.TANH:
        crossing = tanh_crossing(points, target)
        failed = int(points.n_failed.sum())
        if crossing is None:
            reason = "CLs does not cross 1 - CL within the grid of couplings, or the tanh fit failed"
            return ToyLimit(mass, None, None, None, n_toys, failed, reason)
        g, error = crossing
        return ToyLimit(mass, g, max(g - error, 0.0), g + error, n_toys, failed)
    for _ in range(_MAX_ROUNDS):
        extra = couplings_around(center, points.coupling, max_coupling)
        if extra.size:
            added = toy_cls(model, data, mass, extra, n_toys, seed, workers=workers, progress=progress)
            points = _merge(points, added)
        crossing = probit_crossing(points, target)
        if crossing is not None:
            u, error = crossing
            low, high = np.sqrt(np.maximum([u - error, u + error], 0.0))
            failed = int(points.n_failed.sum())
            return ToyLimit(mass, float(np.sqrt(u)), float(low), float(high), n_toys, failed)
        highest = float(points.coupling.max())
        if points.cls.min() > target:
            if highest >= max_coupling * (1.0 - 1e-9):
                break
            center = min(1.3 * highest, max_coupling)
        else:
            center *= 0.85
    failed = int(points.n_failed.sum())
    if points.cls.min() > target:
        reason = f"no limit below g = {max_coupling:g}: CLs stays above {target:.3g}"
    else:
        reason = f"too few toys to place the limit: raise --toys above {n_toys}"
    return ToyLimit(mass, None, None, None, n_toys, failed, reason)
