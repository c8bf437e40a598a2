"""Error budget of a scan as its own calibration gives it, mean over the searched points."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from x17.reconstruction.flux.period_flux import PeriodFlux
from x17.scan.counted import CountedPeriod
from x17.scan.error_budget import COMMON, POINT, BudgetItem
from x17.workflows.count_settings import CountSettings

_NOTHING: tuple[BudgetItem, ...] = ()


def measured_budget(
    counted: Sequence[CountedPeriod], flux: PeriodFlux, settings: CountSettings
) -> tuple[BudgetItem, ...]:
    """Contributions to the error of a point, in percent, and those that all points share.

    Tag and probe: twice the error of the efficiency ratio of a cluster. Cut stability: scatter of data over
    expectation with the largest R_max beyond its statistical error. Beam spot: change of the yield for a mm
    times the error of the centre of gravity.

    Parameters
    ----------
    counted : sequence of CountedPeriod
    flux : PeriodFlux
    settings : CountSettings

    Returns
    -------
    tuple of BudgetItem
        None without a searched period.
    """
    rows = [row for row in counted if row.period.scan_part >= 0 and row.count.count.n2 > 0.0]
    if not rows:
        return _NOTHING
    counts = [row.count.count for row in rows]
    expected = [row.expectation.count.count for row in rows]
    used = np.isin(flux.period, [row.period.number for row in rows]) & flux.usable
    point = [
        ("N2", "statistics", _mean([c.in_window_error / c.n2 for c in counts])),
        ("N2", "subtraction of side bands", _mean([c.background_error / c.n2 for c in counts])),
        ("B", "MC statistics", _mean([e.n2_error / e.n2 for e in expected if e.n2 > 0.0])),
        ("B", "tag and probe", _mean([2.0 * _probe_error(row) for row in rows])),
        ("B", "cut stability", _scatter(rows)),
        ("B", "beam spot", _mean([_spot_error(row) for row in rows])),
        ("N_PoT", "beam energy", settings.scan.n_pot_err_added),
        ("N_PoT", "ageing and leakage", _mean(list(flux.n_pot_err_raw[used] / flux.n_pot[used]))),
    ]
    items = [BudgetItem(quantity, source, 100.0 * share, POINT) for quantity, source, share in point]
    items += [BudgetItem("K", name, 100.0 * share, COMMON) for name, share in flux.common_errors.items()]
    return tuple(items)


def _mean(values: Sequence[float]) -> float:
    finite = [value for value in values if np.isfinite(value)]
    return float(np.mean(finite)) if finite else 0.0


def _probe_error(row: CountedPeriod) -> float:
    data, simulated = row.count.efficiency, row.expectation.count.efficiency
    if not (data.efficiency > 0.0 and simulated.efficiency > 0.0):
        return float("nan")
    return float(np.hypot(data.error / data.efficiency, simulated.error / simulated.efficiency))


def _scatter(rows: Sequence[CountedPeriod]) -> float:
    """Scatter of the double ratio with the largest R_max, less what statistics makes of it."""
    found = [row.r_max for row in rows if row.r_max is not None]
    if len(found) < 2:
        return 0.0
    ratio = np.array([stability.double_ratio[-1] for stability in found])
    error = np.array([stability.double_ratio_error[-1] for stability in found])
    return float(np.sqrt(max(ratio.var(ddof=1) - np.mean(error**2), 0.0)))


def _spot_error(row: CountedPeriod) -> float:
    lines = row.selection.lines
    error = float(np.mean(np.hypot(lines.cog_x_error_mm, lines.cog_y_error_mm)))
    return float(row.expectation.spot.per_mm * error / np.sqrt(2.0 * len(lines.lines)))
