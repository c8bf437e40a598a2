"""The search for a boson in one scan: the function behind `x17 search`."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from x17.scan import EnergyScan
from x17.scan.observable import g_r, g_r_err
from x17.statistics.asymptotic import cls_limit, estimate_signal, expected_truth
from x17.statistics.best_fit import BestFit, background_fit, best_fit
from x17.statistics.blocks import Progress, silent
from x17.statistics.boson_hypothesis import boson_factors
from x17.statistics.data_sets import DataSets, observed
from x17.statistics.fit_status import count_failures
from x17.statistics.limit_scan import scan_limits
from x17.statistics.limit_settings import LimitSettings
from x17.statistics.local_p import LocalP, p_from_limits
from x17.statistics.model import ScanModel
from x17.statistics.model_settings import KShape, KSource, LineShapeKind, ModelSettings
from x17.statistics.profile_fit import fit_background, q_statistic
from x17.statistics.search_result import KVariant, LimitPoint, QMap, ScanCurves, SearchResult
from x17.statistics.sideband import fit_sideband
from x17.statistics.sideband_criteria import SidebandSettings, check_sideband
from x17.statistics.significance import Significance
from x17.theory.boson import SpinParity
from x17.workflows.search_settings import SearchSettings

FloatArray = NDArray[np.float64]


def run_search(
    scan: EnergyScan,
    masses: FloatArray,
    couplings: FloatArray,
    *,
    model_settings: ModelSettings | None = None,
    limit_settings: LimitSettings | None = None,
    sideband_settings: SidebandSettings | None = None,
    workers: int = 1,
    progress: Progress = silent,
) -> SearchResult:
    """Side band, fits, limits and p-values of a scan.

    Parameters
    ----------
    scan : EnergyScan
    masses : ndarray, shape (n_masses,)
        Boson masses by rising mass, MeV.
    couplings : ndarray, shape (n_couplings,)
        Couplings g_ve of the grid, by rising coupling.
    model_settings : ModelSettings, optional
    limit_settings : LimitSettings, optional
    sideband_settings : SidebandSettings, optional
    workers : int
        Threads; the result does not depend on it.
    progress : callable

    Returns
    -------
    SearchResult

    Raises
    ------
    UsageError
        The settings do not fit the scan.
    X17Error
        A fit to the data failed.
    """
    choices = model_settings or ModelSettings()
    limits_by = limit_settings or LimitSettings()
    progress("fits", 0, 1)
    model = ScanModel.build(scan, choices)
    data = observed(model)
    sideband = fit_sideband(
        model.points,
        scan.constants.window_size,
        scan.constants.center_sqrt_s_mev,
        constant=choices.k_shape is KShape.CONSTANT,
    )
    low, high = float(masses[0]), float(masses[-1])
    best = best_fit(model, data, low, high)
    q = q_statistic(model, data, masses[:, None], couplings[None, :])
    progress("fits", 1, 1)
    limits = scan_limits(model, data, masses, couplings, limits_by, workers=workers, progress=progress)
    return SearchResult(
        scan_name=scan.name,
        scan_source=scan.source,
        notes=(*scan.notes, *_hypothesis_note(scan, choices, model, data, best, limits_by.cl)),
        points=model.points,
        cl=limits_by.cl,
        n_toys=limits_by.toys,
        sideband=sideband,
        criteria=check_sideband(model.points, sideband, sideband_settings),
        background=background_fit(model, data),
        best=best,
        local_p=_local_p(model, data, limits, limits_by, workers, progress),
        limits=limits,
        q_map=QMap(masses, couplings, q.q[0], q.ok[0]),
        curves=_curves(model, data, best, sideband.line(model.points.sqrt_s_mev)),
        k_variants=_k_variants(scan, choices, model, best, low, high),
        failures=count_failures(q.status),
    )


def search_by(
    scan: EnergyScan, settings: SearchSettings, *, workers: int = 1, progress: Progress = silent
) -> SearchResult:
    """Search a scan by all the settings of a search.

    Parameters
    ----------
    scan : EnergyScan
    settings : SearchSettings
        Both as `SearchSettings.prepared` gives them.
    workers : int
        Threads; the result does not depend on it.
    progress : callable

    Returns
    -------
    SearchResult

    Raises
    ------
    UsageError, X17Error
        As for `run_search`.
    """
    return run_search(
        scan,
        settings.masses,
        settings.couplings,
        model_settings=settings.model,
        limit_settings=settings.limit,
        sideband_settings=settings.sideband,
        workers=workers,
        progress=progress,
    )


def _curves(model: ScanModel, data: DataSets, best: BestFit, sideband: FloatArray) -> ScanCurves:
    background = fit_background(model, data).parameters[0]
    return ScanCurves(
        g_r=g_r(model.points),
        g_r_err=g_r_err(model.points),
        sideband=sideband,
        background=model.expected_g_r(background, best.mass_mev),
        best_fit=model.expected_g_r(best.parameters, best.mass_mev),
    )


def _local_p(
    model: ScanModel,
    data: DataSets,
    limits: tuple[LimitPoint, ...],
    settings: LimitSettings,
    workers: int,
    progress: Progress,
) -> LocalP:
    """Local p at the mass of the grid where it is smallest."""
    from scipy.special import ndtri

    known = [point for point in limits if point.local_p is not None]
    smallest = min(known, key=lambda point: point.local_p or 0.0)
    mass, p_q0 = smallest.mass_mev, smallest.local_p or 0.0
    fraction = None
    if settings.toys:
        estimate = estimate_signal(model, data, mass)
        fraction = p_from_limits(
            model,
            mass,
            float(cls_limit(estimate.signal, estimate.error, settings.cl)[0]),
            settings.cl,
            settings.local_p_toys,
            settings.seed,
            truth=expected_truth(model, fit_background(model, data)),
            workers=workers,
            progress=progress,
        )
    return LocalP(mass, p_q0, float(-ndtri(p_q0)), fraction)


def with_significance(result: SearchResult, windows: tuple[Significance, ...]) -> SearchResult:
    """Put the numbers of the pseudo-experiments in the place of the asymptotic ones.

    Parameters
    ----------
    result : SearchResult
    windows : tuple of Significance
        The first of all masses of the search.

    Returns
    -------
    SearchResult
        With global p-values, expected limits from quantiles, and the local p-value of the same toys.
    """
    whole = windows[0]
    limits = []
    for point, column in zip(result.limits, whole.band.limits.T, strict=True):
        low2, low1, median, high1, high2 = (float(value) for value in column)
        limits.append(replace(point, expected=(low2, low1, median, high1, high2)))
    return replace(result, limits=tuple(limits), local_p=whole.local, significance=windows)


def _hypothesis_note(
    scan: EnergyScan, choices: ModelSettings, model: ScanModel, data: DataSets, best: BestFit, cl: float
) -> tuple[str, ...]:
    """What another boson or line shape does to the limit, against the published vector with a Voigt line."""
    published = replace(choices, boson=SpinParity.VECTOR, lineshape=LineShapeKind.VOIGT)
    if published == choices:
        return ()
    limits = []
    for other in (model, ScanModel.build(scan, published)):
        estimate = estimate_signal(other, data if other is model else observed(other), best.mass_mev)
        limits.append(float(cls_limit(estimate.signal[0], estimate.error[0], cl)) ** 0.5)
    efficiency = boson_factors(choices.boson, model.points, model.constants.largest_cos_theta).mean_efficiency
    return (
        f"Boson {choices.boson.value} with the {choices.lineshape.value} line shape (area at g = 1: "
        f"{model.line_shape.parameters[0]:.2f} MeV; acceptance over that of a vector: {efficiency:.3f}): "
        f"the asymptotic limit at {best.mass_mev:.2f} MeV is {limits[0] * 1e4:.2f}e-4, "
        f"{100.0 * (limits[0] / limits[1] - 1.0):+.1f} % against a vector with the Voigt line shape.",
    )


def _k_variants(
    scan: EnergyScan, choices: ModelSettings, model: ScanModel, best: BestFit, low: float, high: float
) -> tuple[KVariant, ...]:
    """The best fit with K constrained in each way the scan allows."""
    sources = [KSource.FROM_SIDEBAND, KSource.FREE]
    if scan.constants.k_constraint is not None:
        sources.insert(0, KSource.PUBLISHED)
    variants = []
    for source in sources:
        used = source is model.k_constraint
        fit = best
        if not used:
            other = ScanModel.build(scan, replace(choices, k_constraint=source))
            fit = best_fit(other, observed(other), low, high)
        variants.append(KVariant(source.value, fit.mass_mev, fit.g_ve, fit.q, used))
    return tuple(variants)
