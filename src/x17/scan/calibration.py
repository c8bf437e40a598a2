"""Calibration of a counted scan: the numbers behind its figures and tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.errors import UsageError
from x17.reconstruction.cut_flow import CutFlow
from x17.reconstruction.flux.slope import AgeingSlope
from x17.reconstruction.stability import Stability
from x17.scan.calibration_angles import AngleCalibration, collect_angles
from x17.scan.calibration_points import Measured, PeriodCalibration, calibrate_periods
from x17.scan.calibration_runs import (
    LeakageCalibration,
    RunCalibration,
    calibrate_leakage,
    calibrate_runs,
)
from x17.scan.calibration_scan import ScanCalibration, calibrate_scan
from x17.scan.counted import CountedPeriod, CountedScan

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class MeanStability:
    """Yield against a varied cut, mean over periods with their yields as weights; shape (n,) each.

    Attributes
    ----------
    varied : ndarray
        Value of the cut.
    data, simulated, ratio : Measured
        Yield over that with the cuts of the analysis, and data over simulation.
    n_periods : int
    """

    varied: FloatArray
    data: Measured
    simulated: Measured
    ratio: Measured
    n_periods: int


@dataclass(frozen=True, slots=True, eq=False)
class SummedCutFlow:
    """Events after each cut, all periods together.

    Attributes
    ----------
    names : tuple of str
    data, expected : ndarray, shape (n_cuts,)
        Events of data, and two-body events expected for as many positrons.
    """

    names: tuple[str, ...]
    data: FloatArray
    expected: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """Everything that a report of the calibration shows.

    Attributes
    ----------
    name : str
        Of the scan.
    periods : PeriodCalibration
    scan : ScanCalibration
    runs : RunCalibration
    leakage : LeakageCalibration
    ageing : AgeingSlope
    angles : AngleCalibration
    r_max, margin : MeanStability or None
        R_max in mm; margin of R_min in cells.
    cut_flow : SummedCutFlow or None
    """

    name: str
    periods: PeriodCalibration
    scan: ScanCalibration
    runs: RunCalibration
    leakage: LeakageCalibration
    ageing: AgeingSlope
    angles: AngleCalibration
    r_max: MeanStability | None
    margin: MeanStability | None
    cut_flow: SummedCutFlow | None


def calibration_of(counted: CountedScan) -> Calibration:
    """Put together what was measured on the way to a scan.

    Parameters
    ----------
    counted : CountedScan

    Returns
    -------
    Calibration

    Raises
    ------
    UsageError
        A setup without a beam catcher, which no counted scan has.
    """
    catcher = counted.setup.beam_catcher
    if catcher is None:
        raise UsageError(f"setup {counted.setup.name} has no beam_catcher, which counts the positrons")
    rows, positrons = counted.periods, _positrons(counted)
    return Calibration(
        name=counted.assembled.scan.name,
        periods=calibrate_periods(rows),
        scan=calibrate_scan(counted),
        runs=calibrate_runs(counted),
        leakage=calibrate_leakage(counted.flux, catcher),
        ageing=counted.flux.slope,
        angles=collect_angles(rows, counted.bands, positrons),
        r_max=_mean_stability([(row, row.r_max) for row in rows]),
        margin=_mean_stability([(row, row.margin) for row in rows]),
        cut_flow=_cut_flow(rows, positrons),
    )


def _positrons(counted: CountedScan) -> dict[int, float]:
    """Positrons of the periods of the scan, times the common scale of B."""
    scan, fit = counted.assembled.scan, counted.assembled.validation.normalisation
    scale = fit.value if fit else 1.0
    return {int(number): scale * float(n) for number, n in zip(scan.period, scan.n_pot, strict=True)}


def _mean_stability(found: Sequence[tuple[CountedPeriod, Stability | None]]) -> MeanStability | None:
    """Mean with yields as weights: errors of the ratios fluctuate with them and would pull the mean."""
    usable = [
        (row.count.count.n2, stability)
        for row, stability in found
        if stability is not None and row.count.count.n2 > 0.0 and np.all(stability.expected > 0.0)
    ]
    if not usable:
        return None
    weight = np.array([n2 for n2, _ in usable])

    def mean(value: str) -> Measured:
        values, errors = (
            np.array([getattr(stability, name) for _, stability in usable])
            for name in (value, f"{value}_error")
        )
        part = (weight / weight.sum())[:, None]
        return Measured((part * values).sum(axis=0), np.sqrt(((part * errors) ** 2).sum(axis=0)))

    varied = usable[0][1].varied
    return MeanStability(varied, mean("data"), mean("expected"), mean("double_ratio"), len(usable))


def _cut_flow(rows: Sequence[CountedPeriod], positrons: Mapping[int, float]) -> SummedCutFlow | None:
    if not rows:
        return None
    names = rows[0].selection.cut_flow.names

    def total(flows: Sequence[tuple[CutFlow, float]]) -> FloatArray:
        return np.asarray(sum((scale * flow.weight for flow, scale in flows), np.zeros(len(names))))

    data = total([(row.selection.cut_flow, 1.0) for row in rows])
    scales = [positrons.get(row.period.number, 0.0) for row in rows]
    expected = [row.expectation.selection.cut_flow for row in rows]
    return SummedCutFlow(names, data, total(list(zip(expected, scales, strict=True))))
