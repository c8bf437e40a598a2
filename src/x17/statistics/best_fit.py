"""The best fit of a boson to the data, with profile-likelihood intervals in mass and coupling."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.errors import X17Error
from x17.statistics.data_sets import DataSets
from x17.statistics.fit_status import FitStatus
from x17.statistics.model import SIGNAL_INDEX, ScanModel
from x17.statistics.profile_fit import fit_background, fit_fixed_signal, fit_free_signal, parameter_errors

FloatArray = NDArray[np.float64]

MASS_STEP = 0.005
"""Step of the mass scan before the refinement, MeV: a quarter of the beam spread's 20 keV."""


@dataclass(frozen=True, slots=True)
class Nuisance:
    """A fitted nuisance.

    Attributes
    ----------
    name : str
    value, error : float
        Fitted value and its error.
    pull : float or None
        (value − centre)/width of its constraint; None if it has none.
    """

    name: str
    value: float
    error: float
    pull: float | None


@dataclass(frozen=True, slots=True)
class BackgroundFit:
    """The fit without a boson.

    Attributes
    ----------
    chi2 : float
    n_points : int
    nuisances : tuple of Nuisance
    """

    chi2: float
    n_points: int
    nuisances: tuple[Nuisance, ...]


@dataclass(frozen=True, slots=True, eq=False)
class BestFit:
    """The free fit; a bound that lies outside the masses searched is None.

    Attributes
    ----------
    mass_mev : float
    mass_interval_mev : (float or None, float or None)
        Where Q, minimised over g, is one above its minimum.
    g_ve : float
    g_ve_interval : (float, float or None)
        Where Q, minimised over M, is one above its minimum; the lower end is 0 if g = 0 is inside.
    q, chi2 : float
    nuisances : tuple of Nuisance
    parameters : ndarray, shape (n_parameters,)
    """

    mass_mev: float
    mass_interval_mev: tuple[float | None, float | None]
    g_ve: float
    g_ve_interval: tuple[float, float | None]
    q: float
    chi2: float
    nuisances: tuple[Nuisance, ...]
    parameters: FloatArray


def _nuisances(model: ScanModel, parameters: FloatArray, errors: FloatArray) -> tuple[Nuisance, ...]:
    rows = []
    for i in model.free:
        width = float(np.sqrt(model.covariance[i, i]))
        pull = float((parameters[i] - model.centers[i]) / width) if width > 0.0 else None
        rows.append(Nuisance(model.parameter_names[i], float(parameters[i]), float(errors[i]), pull))
    return tuple(rows)


def background_fit(model: ScanModel, data: DataSets) -> BackgroundFit:
    """Fit one data set without a boson, with errors of the nuisances.

    Parameters
    ----------
    model : ScanModel
    data : DataSets
        One data set.

    Returns
    -------
    BackgroundFit

    Raises
    ------
    X17Error
        The fit failed.
    """
    fit = fit_background(model, data)
    _require(fit.status[0], "the fit without a boson")
    errors = parameter_errors(model, data, model.constants.center_sqrt_s_mev, 0.0, signal_free=False)
    return BackgroundFit(float(fit.chi2[0]), len(model.points), _nuisances(model, fit.parameters[0], errors))


def best_fit(model: ScanModel, data: DataSets, low: float, high: float) -> BestFit:
    """Minimise Q over mass and coupling, g² ≥ 0.

    Parameters
    ----------
    model : ScanModel
    data : DataSets
        One data set.
    low, high : float
        Range of masses, MeV.

    Returns
    -------
    BestFit

    Raises
    ------
    X17Error
        A fit failed.
    """
    from scipy.optimize import minimize_scalar

    background = fit_background(model, data)
    _require(background.status[0], "the fit without a boson")
    masses = np.linspace(low, high, max(2, round((high - low) / MASS_STEP) + 1))
    scan = fit_free_signal(model, data, masses, bounded=True)
    _require(scan.status.max(), "a fit with a boson")
    q_scan = scan.chi2[0] - background.chi2[0]

    def q_of_mass(mass: float) -> float:
        fit = fit_free_signal(model, data, mass, bounded=True)
        return float(fit.chi2[0] - background.chi2[0])

    best = int(np.argmin(q_scan))
    left, right = masses[max(best - 1, 0)], masses[min(best + 1, masses.size - 1)]
    refined = minimize_scalar(q_of_mass, bounds=(left, right), method="bounded", options={"xatol": 1e-6})
    mass = float(refined.x) if refined.fun < q_scan[best] else float(masses[best])
    fit = fit_free_signal(model, data, mass, bounded=True)
    parameters = fit.parameters[0]
    signal, q = float(parameters[SIGNAL_INDEX]), float(fit.chi2[0] - background.chi2[0])
    errors = parameter_errors(model, data, mass, signal, signal_free=True)
    g = float(np.sqrt(max(signal, 0.0)))
    return BestFit(
        mass_mev=mass,
        mass_interval_mev=(
            _crossing(q_of_mass, q + 1.0, masses[: best + 1][::-1], q_scan[: best + 1][::-1], mass),
            _crossing(q_of_mass, q + 1.0, masses[best:], q_scan[best:], mass),
        ),
        g_ve=g,
        g_ve_interval=_coupling_interval(model, data, masses, float(background.chi2[0]), q, g),
        q=q,
        chi2=float(fit.chi2[0]),
        nuisances=_nuisances(model, parameters, errors),
        parameters=parameters,
    )


def _require(status: int, what: str) -> None:
    if status != FitStatus.CONVERGED:
        raise X17Error(f"{what} failed: {FitStatus(int(status)).sentence}")


def _crossing(
    function: Callable[[float], float], level: float, x: FloatArray, y: FloatArray, start: float
) -> float | None:
    """First x, walking away from the minimum at `start`, where the function passes the level."""
    from scipy.optimize import brentq

    above = np.flatnonzero(y >= level)
    if above.size == 0:
        return None
    k = int(above[0])
    inner = float(x[k - 1]) if k > 0 and y[k - 1] < level else start
    return float(brentq(lambda v: function(v) - level, inner, float(x[k]), xtol=1e-7))


def _coupling_interval(
    model: ScanModel, data: DataSets, masses: FloatArray, background_chi2: float, q_min: float, g_best: float
) -> tuple[float, float | None]:
    """Couplings where Q, minimised over the mass, is one above its minimum."""

    def profile(coupling: float) -> float:
        chi2 = fit_fixed_signal(model, data, masses, coupling**2).chi2[0]
        k = int(np.clip(np.argmin(chi2), 1, masses.size - 2)) if masses.size > 2 else 0
        if masses.size <= 2:
            return float(chi2.min() - background_chi2)
        left, middle, right = chi2[k - 1 : k + 2]
        curvature = left - 2.0 * middle + right
        # Vertex of the parabola through the lowest point and its neighbours.
        vertex = middle - 0.125 * (right - left) ** 2 / curvature if curvature > 0.0 else middle
        return float(min(vertex, chi2.min()) - background_chi2)

    level = q_min + 1.0
    upward = np.linspace(max(g_best, 1e-5), max(4e-3, 3.0 * g_best), 200)
    low = 0.0
    if level < 0.0:
        downward = np.linspace(g_best, 0.0, 40)
        found = _crossing(profile, level, downward, np.array([profile(g) for g in downward]), g_best)
        low = 0.0 if found is None else found
    for k in range(1, upward.size):
        if profile(upward[k]) >= level:
            return low, _crossing(
                profile, level, upward[k - 1 : k + 1], np.array([-np.inf, np.inf]), float(upward[k - 1])
            )
    return low, None
