"""What calibrates each period, in data and in simulation: the points of the calibration figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.reconstruction.counting import PeriodCount
from x17.reconstruction.cross_checks import Core
from x17.reconstruction.event_classes import EventClass
from x17.scan.counted import CountedPeriod
from x17.scan.validation import ConstantFit, fit_constant

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """Values with standard errors, both NaN where nothing was measured.

    Attributes
    ----------
    value, error : ndarray, shape (n,)
    """

    value: FloatArray
    error: FloatArray

    @classmethod
    def of(cls, pairs: Sequence[tuple[float, float]]) -> Measured:
        """Put values together; one without a finite error counts as not measured.

        Parameters
        ----------
        pairs : sequence of (float, float)
            Value and error.

        Returns
        -------
        Measured
        """
        value, error = np.array(pairs, dtype=np.float64).reshape(-1, 2).T.copy()
        lost = ~(np.isfinite(value) & np.isfinite(error))
        value[lost] = error[lost] = np.nan
        return cls(value, error)

    @property
    def known(self) -> NDArray[np.bool_]:
        """What was measured with an error above 0, shape (n,)."""
        return np.asarray(np.isfinite(self.value) & (self.error > 0.0))

    def mean(self) -> ConstantFit | None:
        """Weighted mean, and how well the values agree with it; None if nothing was measured."""
        known = self.known
        return fit_constant(self.value[known], self.error[known] ** 2) if known.any() else None

    def over(self, other: Measured) -> Measured:
        """Ratio of independent measurements.

        Parameters
        ----------
        other : Measured
            Values above 0.

        Returns
        -------
        Measured
        """
        ratio = self.value / other.value
        relative = np.hypot(self.error / self.value, other.error / other.value)
        return Measured(ratio, np.abs(ratio) * relative)


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """The same measurement in data and in simulation.

    Attributes
    ----------
    data, simulated : Measured
    """

    data: Measured
    simulated: Measured


@dataclass(frozen=True, slots=True, eq=False)
class PeriodCalibration:
    """Calibration of the periods that were counted, in the order of data taking; n of them.

    Attributes
    ----------
    period, scan_part : ndarray of int, shape (n,)
    sqrt_s_mev : ndarray, shape (n,)
    tag_and_probe : Compared
        Efficiency for a cluster.
    ratio : Measured
        Data over simulation.
    ratio_mean : ConstantFit or None
    energy_sum, energy_width : Compared
        Mean of E₁ + E₂ minus the beam energy, and width of E₁ + E₂, MeV.
    time_difference, time_width : Compared
        Of Δt, ns.
    classes : dict
        Share of the pairs by `EventClass`, binomial errors.
    """

    period: IntArray
    scan_part: IntArray
    sqrt_s_mev: FloatArray
    tag_and_probe: Compared
    ratio: Measured
    ratio_mean: ConstantFit | None
    energy_sum: Compared
    energy_width: Compared
    time_difference: Compared
    time_width: Compared
    classes: dict[EventClass, Compared]


def calibrate_periods(rows: Sequence[CountedPeriod]) -> PeriodCalibration:
    """Collect the calibration of periods.

    Parameters
    ----------
    rows : sequence of CountedPeriod

    Returns
    -------
    PeriodCalibration
    """
    probes = _compared(rows, lambda count, _: _efficiency(count))
    ratio = probes.data.over(probes.simulated)
    return PeriodCalibration(
        period=np.array([row.period.number for row in rows], dtype=np.int64),
        scan_part=np.array([row.period.scan_part for row in rows], dtype=np.int64),
        sqrt_s_mev=np.array([row.period.sqrt_s_mev for row in rows], dtype=np.float64),
        tag_and_probe=probes,
        ratio=ratio,
        ratio_mean=ratio.mean(),
        energy_sum=_compared(rows, lambda count, beam: _mean(count.energy_sum, beam)),
        energy_width=_compared(rows, lambda count, _: _width(count.energy_sum)),
        time_difference=_compared(rows, lambda count, _: _mean(count.time_difference, 0.0)),
        time_width=_compared(rows, lambda count, _: _width(count.time_difference)),
        classes={kind: _compared(rows, _share_of(kind)) for kind in EventClass},
    )


def _compared(
    rows: Sequence[CountedPeriod], of: Callable[[PeriodCount, float], tuple[float, float]]
) -> Compared:
    beams = [row.period.beam_energy_mev for row in rows]
    data = [of(row.count, beam) for row, beam in zip(rows, beams, strict=True)]
    simulated = [of(row.expectation.count, beam) for row, beam in zip(rows, beams, strict=True)]
    return Compared(Measured.of(data), Measured.of(simulated))


def _efficiency(count: PeriodCount) -> tuple[float, float]:
    found = count.efficiency
    return (found.efficiency, found.error) if found.efficiency > 0.0 else (np.nan, np.nan)


def _mean(core: Core, zero: float) -> tuple[float, float]:
    return core.mean - zero, core.mean_error


def _width(core: Core) -> tuple[float, float]:
    return core.width, core.width_error


def _share_of(kind: EventClass) -> Callable[[PeriodCount, float], tuple[float, float]]:
    def share(count: PeriodCount, _: float) -> tuple[float, float]:
        total, n = float(count.classes.sum()), count.count.n_pairs
        if not total > 0.0 or n == 0:
            return np.nan, np.nan
        value = float(count.classes[kind]) / total
        return value, float(np.sqrt(max(value * (1.0 - value), 0.0) / n))

    return share
