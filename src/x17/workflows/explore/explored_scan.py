"""The fits of a scan for the choices of a visitor: all that does not depend on where the cursor is."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.errors import X17Error
from x17.scan import EnergyScan, SearchPoints
from x17.scan.observable import g_r, g_r_err
from x17.scan.variations import without_period
from x17.statistics.asymptotic import expected_error, expected_limits, expected_truth
from x17.statistics.data_sets import DataSets, observed
from x17.statistics.fit_status import FitStatus
from x17.statistics.model import ScanModel
from x17.statistics.model_curve import curve_energies, expected_curve
from x17.statistics.model_settings import KShape
from x17.statistics.profile_fit import FitBatch, fit_background, fit_free_signal, q_statistic
from x17.statistics.search_result import QMap
from x17.statistics.sideband import SidebandFit, fit_sideband
from x17.statistics.signal_scan import SignalScan, scan_signal
from x17.workflows.explore.state import Choices
from x17.workflows.search_settings import SearchSettings

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

N_FINE = 301
"""Masses among which the best fit is sought: steps of 5 keV over the range of PADME Run III."""


@dataclass(frozen=True, slots=True, eq=False)
class FittedBoson:
    """Where Q is smallest among the masses tried, g² ≥ 0.

    Attributes
    ----------
    mass_mev, g_ve, q : float
    """

    mass_mev: float
    g_ve: float
    q: float


@dataclass(frozen=True, slots=True, eq=False)
class ExploredScan:
    """A scan, fitted.

    Attributes
    ----------
    choices : Choices
    settings : SearchSettings
        Those of a search with these choices.
    model : ScanModel
        Of the points that are fitted.
    data : DataSets
    shown : SearchPoints
        All points of the search, those left out too, by rising √s.
    g_r, g_r_err : ndarray, shape (n_shown,)
        Observable and its error.
    fitted : ndarray of bool, shape (n_shown,)
        Points that are fitted.
    background : FitBatch
        The fit without a boson.
    sideband : SidebandFit
    signal : SignalScan
        û and σ of the data at the masses of the search.
    expected : ndarray, shape (5, n_masses)
        Limit on g_ve without a boson: −2σ to +2σ.
    limit : ndarray, shape (n_masses,)
        Asymptotic limit of the data.
    q_map : QMap
    best : FittedBoson
    curve_sqrt_s, curve_background : ndarray, shape (n_curve,)
        The fit without a boson between the points.
    seconds : float
        What the fits took.
    n_fits : int
        How many there were.
    """

    choices: Choices
    settings: SearchSettings
    model: ScanModel
    data: DataSets
    shown: SearchPoints
    g_r: FloatArray
    g_r_err: FloatArray
    fitted: BoolArray
    background: FitBatch
    sideband: SidebandFit
    signal: SignalScan
    expected: FloatArray
    limit: FloatArray
    q_map: QMap
    best: FittedBoson
    curve_sqrt_s: FloatArray
    curve_background: FloatArray
    seconds: float
    n_fits: int


def explore(scan: EnergyScan, base: SearchSettings, choices: Choices) -> ExploredScan:
    """Fit a scan with the choices of a visitor.

    Parameters
    ----------
    scan : EnergyScan
        As it was loaded.
    base : SearchSettings
        Where nothing is chosen.
    choices : Choices

    Returns
    -------
    ExploredScan

    Raises
    ------
    UsageError, InputError
        The choices do not fit the scan, or leave too few points.
    X17Error
        The fit without a boson failed.
    """
    # Masses and the constraint on K are those of all points, whichever are left out.
    whole, settings = choices.settings(base).prepared(scan)
    # Leave out before corrections come off, as a search of the shorter table does: the mean of a correction,
    # which stays in, is that of its rows.
    fewer, _ = settings.prepared(without_periods(scan, choices.left_out))
    shown, searched = whole.search_points(), fewer.search_points()
    fitted = ~np.isin(shown.period, choices.left_out)
    observable, error = g_r(shown), g_r_err(shown)
    observable[fitted], error[fitted] = g_r(searched), g_r_err(searched)
    started = time.perf_counter()
    model = ScanModel.build(fewer, settings.model)
    data = observed(model)
    background = fit_background(model, data)
    if background.status[0] != FitStatus.CONVERGED:
        raise X17Error(f"the fit without a boson failed: {FitStatus(int(background.status[0])).sentence}")
    masses, couplings = settings.masses, settings.couplings
    signal = scan_signal(model, data, masses)
    sigma = expected_error(model, expected_truth(model, background), masses).error
    q = q_statistic(model, data, masses[:, None], couplings[None, :])
    best = _best(model, data, background, masses)
    seconds = time.perf_counter() - started
    energies = curve_energies(model)
    constants = model.constants
    return ExploredScan(
        choices=choices,
        settings=settings,
        model=model,
        data=data,
        shown=shown,
        g_r=observable,
        g_r_err=error,
        fitted=fitted,
        background=background,
        sideband=fit_sideband(
            model.points,
            constants.window_size,
            constants.center_sqrt_s_mev,
            constant=settings.model.k_shape is KShape.CONSTANT,
        ),
        signal=signal,
        expected=expected_limits(sigma, settings.limit.cl),
        limit=signal.limits(settings.limit.cl)[0],
        q_map=QMap(masses, couplings, q.q[0], q.ok[0]),
        best=best,
        curve_sqrt_s=energies,
        curve_background=expected_curve(model, background.parameters[0], float(masses[0]), energies),
        seconds=seconds,
        # û and its error take four fits a mass, of the data and of what is expected.
        n_fits=1 + N_FINE + 8 * masses.size + q.q.size,
    )


def without_periods(scan: EnergyScan, periods: tuple[int, ...]) -> EnergyScan:
    """Leave energy points out.

    Parameters
    ----------
    scan : EnergyScan
    periods : tuple of int

    Returns
    -------
    EnergyScan

    Raises
    ------
    UsageError, InputError
        No such period, or too few points remain.
    """
    for period in periods:
        scan = without_period(scan, period)
    return scan


def _best(model: ScanModel, data: DataSets, background: FitBatch, masses: FloatArray) -> FittedBoson:
    fine = np.linspace(masses[0], masses[-1], N_FINE)
    fit = fit_free_signal(model, data, fine, bounded=True)
    q = np.where(fit.ok[0], fit.chi2[0] - background.chi2[0], 0.0)
    k = int(np.argmin(q))
    return FittedBoson(float(fine[k]), float(np.sqrt(max(fit.signal[0, k], 0.0))), float(q[k]))
