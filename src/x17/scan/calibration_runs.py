"""Runs in the order of data taking: beam line, energy for each positron, and leakage at the lead glass."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.apparatus.beam_catcher import BeamCatcher
from x17.reconstruction.beam_line_fit import LineStatus
from x17.reconstruction.data_quality import RunQuality
from x17.reconstruction.flux.leakage import response_over_spot
from x17.reconstruction.flux.period_flux import PeriodFlux
from x17.reconstruction.flux.run_sums import RunSums
from x17.scan.calibration_points import Measured
from x17.scan.counted import CountedPeriod, CountedScan

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

_MAP_POINTS = 241


@dataclass(frozen=True, slots=True, eq=False)
class RunCalibration:
    """All runs, in the order of data taking; arrays have shape (n_runs,).

    Attributes
    ----------
    period : ndarray of int
    target_x, target_y : Measured
        Spot at the target, mm.
    cog_x, cog_y : Measured
        Centre of gravity at the calorimeter, mm; only of runs whose own pairs give it.
    mev_per_positron : ndarray
        NaN without positrons.
    good : ndarray of bool
    median : float
    limits : tuple of float
        Between them a run is good.
    """

    period: IntArray
    target_x: Measured
    target_y: Measured
    cog_x: Measured
    cog_y: Measured
    mev_per_positron: FloatArray
    good: BoolArray
    median: float
    limits: tuple[float, float]


@dataclass(frozen=True, slots=True, eq=False)
class LeakageCalibration:
    """Leakage of periods and runs, and the response that it comes from.

    Attributes
    ----------
    period : ndarray of int, shape (n_periods,)
        With a flux, in the order of data taking.
    factor : Measured, shape (n_periods,)
        Energy-loss factor, error of spot and map.
    reference : float
        Factor at which the charge per positron holds.
    height_mm : ndarray, shape (n_runs,)
        Of the spot at the lead glass; runs with a spot.
    run_factor : Measured, shape (n_runs,)
        Error of the spot.
    map_y_mm, map_factor : ndarray, shape (n,)
        The response map over a spot of mean width.
    """

    period: IntArray
    factor: Measured
    reference: float
    height_mm: FloatArray
    run_factor: Measured
    map_y_mm: FloatArray
    map_factor: FloatArray


def calibrate_runs(counted: CountedScan) -> RunCalibration:
    """Collect the calibration of runs.

    Parameters
    ----------
    counted : CountedScan

    Returns
    -------
    RunCalibration
    """
    runs, quality = counted.runs, counted.quality
    rows = {row.period.number: row for row in counted.periods}
    median, limits = _quality_limits(quality, counted.settings.get("quality", {}))
    centers = [_center_of_gravity(rows.get(run.period), run) for run in runs]
    return RunCalibration(
        period=np.array([run.period for run in runs], dtype=np.int64),
        target_x=Measured.of([(run.target_x.mean, run.target_x.mean_err) for run in runs]),
        target_y=Measured.of([(run.target_y.mean, run.target_y.mean_err) for run in runs]),
        cog_x=Measured.of([center[:2] for center in centers]),
        cog_y=Measured.of([center[2:] for center in centers]),
        mev_per_positron=quality.mev_per_positron,
        good=quality.good,
        median=median,
        limits=limits,
    )


def _center_of_gravity(row: CountedPeriod | None, run: RunSums) -> tuple[float, float, float, float]:
    lost = (np.nan, np.nan, np.nan, np.nan)
    if row is None:
        return lost
    found = row.selection.lines
    if run.run >= len(found.lines) or found.status[run.run] is not LineStatus.FITTED:
        return lost
    line = found.lines[run.run]
    x_err, y_err = float(found.cog_x_error_mm[run.run]), float(found.cog_y_error_mm[run.run])
    return line.cog_x_mm, x_err, line.cog_y_mm, y_err


def _quality_limits(quality: RunQuality, settings: object) -> tuple[float, tuple[float, float]]:
    """Median and limits of good runs, with the width that the deviations were measured in."""
    known = np.isfinite(quality.mev_per_positron) & (quality.mev_per_positron > 0.0)
    if not known.any():
        return float("nan"), (float("nan"), float("nan"))
    chosen = settings if isinstance(settings, dict) else {}
    median = float(np.median(quality.mev_per_positron[known]))
    far = int(np.argmax(quality.deviations))
    off = abs(float(quality.mev_per_positron[far]) - median)
    width = off / float(quality.deviations[far]) if quality.deviations[far] > 0.0 else 0.0
    reach = max(chosen.get("most_deviations", 5.0) * width, chosen.get("least_relative", 0.0) * median)
    return median, (median - reach, min(median + reach, chosen.get("most_mev_per_positron", np.inf)))


def calibrate_leakage(flux: PeriodFlux, catcher: BeamCatcher) -> LeakageCalibration:
    """Collect the leakage at the lead glass.

    Parameters
    ----------
    flux : PeriodFlux
    catcher : BeamCatcher
        That of the setup.

    Returns
    -------
    LeakageCalibration
    """
    spots, loss, used = flux.run_spots.at(catcher.z_mm), flux.run_flux.loss, flux.usable
    height, width = spots.center[:, 1], spots.sigma[:, 1]
    seen = np.isfinite(height) & np.isfinite(width) & (flux.run_flux.good_pc > 0.0)
    y = np.zeros(0)
    if seen.any() and len(catcher.impact_y_mm) > 1:
        y = np.linspace(catcher.impact_y_mm[0], catcher.impact_y_mm[-1], _MAP_POINTS)
    mean_width = float(width[seen].mean()) if seen.any() else 0.0
    return LeakageCalibration(
        period=flux.period[used],
        factor=Measured(flux.energy_loss[used], flux.energy_loss_err[used]),
        reference=catcher.leakage_reference,
        height_mm=height[seen],
        run_factor=Measured(loss.factor[seen], loss.spot_err[seen]),
        map_y_mm=y,
        map_factor=catcher.leakage_reference * response_over_spot(catcher, y, np.full_like(y, mean_width)),
    )
