"""Limits at every mass of a grid: observed, expected, with and without toys."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from x17.statistics.asymptotic import (
    AsymptoticForm,
    SignalEstimate,
    asimov_cls_limit,
    cls_limit,
    discovery_z,
    estimate_signal,
    expected_error,
    expected_limits,
    expected_truth,
)
from x17.statistics.blocks import Progress, silent
from x17.statistics.data_sets import DataSets
from x17.statistics.fit_status import FitStatus
from x17.statistics.limit_settings import LimitSettings
from x17.statistics.model import ScanModel
from x17.statistics.profile_fit import fit_background
from x17.statistics.search_result import LimitPoint
from x17.statistics.toy_cls import toy_cls
from x17.statistics.toy_limit import LimitMethod, ToyLimit, toy_limit

FloatArray = NDArray[np.float64]


def observed_asymptotic(
    model: ScanModel, data: DataSets, masses: FloatArray, settings: LimitSettings
) -> tuple[SignalEstimate, FloatArray, SignalEstimate]:
    """Asymptotic limit on u = g² at each mass.

    Parameters
    ----------
    model : ScanModel
    data : DataSets
        One data set.
    masses : ndarray, shape (n_masses,)
    settings : LimitSettings

    Returns
    -------
    estimate : SignalEstimate
        û and σ of the data, shape (1, n_masses).
    limit : ndarray, shape (n_masses,)
        Limit on u.
    expected : SignalEstimate
        Of the background-only Asimov data, shape (n_masses,).
    """
    background = fit_background(model, data)
    estimate = estimate_signal(model, data, masses)
    expected = expected_error(model, expected_truth(model, background), masses)
    if settings.asymptotic is AsymptoticForm.ASIMOV:
        limit = asimov_cls_limit(model, data, masses, estimate, expected.error, settings.cl)
    else:
        limit = cls_limit(estimate.signal[0], estimate.error[0], settings.cl)
    return estimate, limit, expected


def _below(coupling: float, settings: LimitSettings) -> float | None:
    return coupling if coupling <= settings.max_coupling else None


def _toy_limits(
    model: ScanModel,
    data: DataSets,
    couplings: FloatArray,
    guesses: FloatArray,
    masses: FloatArray,
    settings: LimitSettings,
    workers: int,
    progress: Progress,
) -> list[tuple[ToyLimit, ToyLimit]]:
    """Toy CLs on the whole grid; then at each mass the limit by both readings."""
    grid = toy_cls(
        model,
        data,
        masses[:, None],
        couplings[None, :],
        settings.toys,
        settings.seed,
        ensemble=settings.ensemble,
        workers=workers,
        progress=progress,
    )
    results = []
    for k in range(masses.size):
        row = grid.at(k)
        both = [
            toy_limit(
                model,
                data,
                row,
                float(guesses[k]),
                settings.cl,
                settings.toys,
                settings.seed,
                method=method,
                ensemble=settings.ensemble,
                max_coupling=settings.max_coupling,
                workers=workers,
            )
            for method in (settings.method, LimitMethod.TANH)
        ]
        progress("limits from toys", k + 1, masses.size)
        results.append((both[0], both[1]))
    return results


def scan_limits(
    model: ScanModel,
    data: DataSets,
    masses: FloatArray,
    couplings: FloatArray,
    settings: LimitSettings,
    *,
    workers: int = 1,
    progress: Progress = silent,
) -> tuple[LimitPoint, ...]:
    """Limits at each mass.

    Parameters
    ----------
    model : ScanModel
    data : DataSets
        The observed data.
    masses : ndarray, shape (n_masses,)
        MeV.
    couplings : ndarray, shape (n_couplings,)
        Where toys are made; more are added around the limit where these do not surround it.
    settings : LimitSettings
    workers : int
        Threads; the result does not depend on it.
    progress : callable

    Returns
    -------
    tuple of LimitPoint
    """
    from scipy.special import ndtr

    estimate, limit, expected = observed_asymptotic(model, data, masses, settings)
    bands = expected_limits(expected.error, settings.cl)
    z = discovery_z(estimate, fit_background(model, data).chi2[0])[0]
    toys = (
        _toy_limits(model, data, couplings, np.sqrt(limit), masses, settings, workers, progress)
        if settings.toys
        else [(None, None)] * masses.size
    )
    points = []
    for k, mass in enumerate(masses):
        notes: list[str] = []
        observed: float | None = None
        p_value: float | None = None
        if estimate.ok[0, k]:
            observed = _below(float(np.sqrt(limit[k])), settings)
            p_value = float(ndtr(-z[k]))
            if observed is None:
                notes.append(f"asymptotic limit above g = {settings.max_coupling:g}")
        else:
            notes.append("observed: " + FitStatus(int(estimate.status[0, k])).sentence)
        if expected.ok[k]:
            low2, low1, median, high1, high2 = (_below(float(value), settings) for value in bands[:, k])
            band = (low2, low1, median, high1, high2)
            if None in band:
                notes.append(f"part of the expected band above g = {settings.max_coupling:g}")
        else:
            band = (None, None, None, None, None)
            notes.append("expected: " + FitStatus(int(expected.status[k])).sentence)
        toy, tanh = toys[k]
        if toy is not None and toy.reason:
            notes.append("toys: " + toy.reason)
        points.append(LimitPoint(float(mass), toy, tanh, observed, band, p_value, tuple(notes)))
    return tuple(points)
