"""Points of a counted scan: the observable, its errors by source, and what is beside the resonance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.scan.calibration_points import Measured
from x17.scan.counted import CountedPeriod, CountedScan
from x17.scan.validation import BesideResonance, Validation

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class PointError:
    """One contribution to the error of the points.

    Attributes
    ----------
    quantity, source : str
    percent : ndarray, shape (n,)
        Relative standard error of each point, %.
    """

    quantity: str
    source: str
    percent: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class ScanCalibration:
    """Points of the scan in its order; n of them.

    Attributes
    ----------
    period, scan_part : ndarray of int, shape (n,)
    sqrt_s_mev : ndarray, shape (n,)
    searched : ndarray of bool, shape (n,)
    g_r : Measured
        N2/(N_PoT B) with all errors that points do not share.
    errors : tuple of PointError
        They add up in quadrature to that of `g_r`.
    below_sqrt_s : ndarray
        Energies of the points below the resonance, MeV.
    below : Measured
        Their N2/(N_PoT B), B normalised, without the errors that are added to every point.
    over_period : ndarray of int
    over : Measured
        N2/N_PoT over the resonance, likewise.
    validation : Validation
        Fits to them.
    """

    period: IntArray
    scan_part: IntArray
    sqrt_s_mev: FloatArray
    searched: BoolArray
    g_r: Measured
    errors: tuple[PointError, ...]
    below_sqrt_s: FloatArray
    below: Measured
    over_period: IntArray
    over: Measured
    validation: Validation

    @property
    def total_percent(self) -> FloatArray:
        """Relative error of g_R, %, shape (n,)."""
        return np.asarray(np.sqrt(np.sum([error.percent**2 for error in self.errors], axis=0)))

    @property
    def mean_percent(self) -> float:
        """Mean of the error over the searched points, over all points if none is searched; %."""
        chosen = self.searched if self.searched.any() else np.ones(self.searched.shape, dtype=np.bool_)
        return float(self.total_percent[chosen].mean())


def calibrate_scan(counted: CountedScan) -> ScanCalibration:
    """Collect the points of a scan.

    Parameters
    ----------
    counted : CountedScan

    Returns
    -------
    ScanCalibration
    """
    scan = counted.assembled.scan
    errors = _errors(counted)
    g_r = scan.n2 / (scan.n_pot * scan.background_per_pot)
    total = np.sqrt(np.sum([error.percent**2 for error in errors], axis=0)) / 100.0
    beside = BesideResonance.of(scan.sqrt_s_mev, scan.scan_part >= 0)
    ratio, yields = _beside(counted)
    searched = np.isin(scan.period, scan.search_points().period)
    return ScanCalibration(
        period=scan.period,
        scan_part=scan.scan_part,
        sqrt_s_mev=scan.sqrt_s_mev,
        searched=searched,
        g_r=Measured(g_r, g_r * total),
        errors=errors,
        below_sqrt_s=scan.sqrt_s_mev[beside.below],
        below=Measured(ratio.value[beside.below], ratio.error[beside.below]),
        over_period=scan.period[beside.over],
        over=Measured(yields.value[beside.over], yields.error[beside.over]),
        validation=counted.assembled.validation,
    )


def _errors(counted: CountedScan) -> tuple[PointError, ...]:
    scan, n = counted.assembled.scan, len(counted.assembled.scan)
    counts = [row.count for row in _rows(counted)]
    inside = np.array([count.count.in_window_error / count.count.n2 for count in counts])
    subtraction = np.array([count.count.background_error / count.count.n2 for count in counts])
    given = (
        ("N2", "statistics", inside),
        ("N2", "side bands", subtraction),
        ("B", "MC statistics", scan.background_err_raw / scan.background_per_pot),
        ("B", "tag and probe, cuts, spot", np.full(n, scan.constants.background_err_added)),
        ("N_PoT", "ageing and leakage", scan.n_pot_err_raw / scan.n_pot),
        ("N_PoT", "beam energy", np.full(n, scan.constants.n_pot_err_added)),
    )
    return tuple(PointError(quantity, source, 100.0 * share) for quantity, source, share in given)


def _rows(counted: CountedScan) -> list[CountedPeriod]:
    found = {row.period.number: row for row in counted.periods}
    return [found[int(number)] for number in counted.assembled.scan.period]


def _beside(counted: CountedScan) -> tuple[Measured, Measured]:
    """N2/(N_PoT B) with B normalised whether or not the scan's is, and N2/N_PoT; errors of the fits."""
    scan = counted.assembled.scan
    yields = scan.n2 / scan.n_pot
    of_yield = np.hypot(scan.n2_err / scan.n2, scan.n_pot_err_raw / scan.n_pot)
    simulated = np.array([row.expectation.count.count.n2 for row in _rows(counted)])
    fit = counted.assembled.validation.normalisation
    ratio = yields / simulated / (fit.value if fit else 1.0)
    of_ratio = np.hypot(of_yield, scan.background_err_raw / scan.background_per_pot)
    return Measured(ratio, ratio * of_ratio), Measured(yields, yields * of_yield)
