"""Repairs: values wrong at the source, replaced for the search and left as published in the table."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from x17.scan.efficiency_ratio import fit_ratio_line

if TYPE_CHECKING:
    from x17.scan.energy_scan import EnergyScan

FloatArray = NDArray[np.float64]

COLUMNS = ("signal_efficiency",)
"""Columns that can be repaired."""
METHODS = ("ratio-line",)
"""Ways to repair: `ratio-line` takes B times the line through ε_S/B of the good points of one scan part."""
POINTS_NEEDED = 3


@dataclass(frozen=True, slots=True)
class Repair:
    """One value that the search replaces.

    Attributes
    ----------
    period : int
        The energy point.
    column : str
        One of `COLUMNS`.
    method : str
        One of `METHODS`.
    fit_scan_part : int
        The scan part whose other points give the line.
    reason : str
        Why, for the user.
    """

    period: int
    column: str
    method: str
    fit_scan_part: int
    reason: str


def points_for_fit(scan: "EnergyScan", repair: Repair) -> NDArray[np.bool_]:
    """Rows that give the line of a repair: its scan part without any repaired period.

    Parameters
    ----------
    scan : EnergyScan
    repair : Repair

    Returns
    -------
    ndarray of bool, shape (rows,)
    """
    repaired = np.array([r.period for r in scan.repairs], dtype=np.int64)
    return np.asarray((scan.scan_part == repair.fit_scan_part) & ~np.isin(scan.period, repaired))


def repaired_efficiency(scan: "EnergyScan") -> FloatArray:
    """Signal efficiency of every row with the scan's repairs in place.

    ε_S(i) = B(i) · [Q0 + Q1 (√s(i) − centre)], the line from `points_for_fit`.

    Parameters
    ----------
    scan : EnergyScan

    Returns
    -------
    ndarray, shape (rows,)
    """
    efficiency = scan.signal_efficiency.copy()
    for repair in scan.repairs:
        good = points_for_fit(scan, repair)
        line = fit_ratio_line(
            scan.sqrt_s_mev[good],
            (scan.signal_efficiency[good], scan.signal_efficiency_err[good]),
            (scan.background_per_pot[good], scan.background_err[good]),
            scan.constants.center_sqrt_s_mev,
        )
        row = scan.period == repair.period
        efficiency[row] = scan.background_per_pot[row] * line(scan.sqrt_s_mev[row])
    return efficiency
