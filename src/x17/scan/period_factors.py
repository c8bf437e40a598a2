"""What a scan says of each period: its corrections and the measurements beside them, with their means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from x17.scan.columns import CORRECTIONS
from x17.scan.validation import fit_constant

if TYPE_CHECKING:
    from x17.scan.energy_scan import EnergyScan

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

MEASUREMENTS: tuple[str, ...] = ("tag_and_probe", "rmax_shift")
"""Columns that are measured beside the numbers of a scan and are no factors of them."""


@dataclass(frozen=True, slots=True, eq=False)
class PeriodFactors:
    """One quantity of every period, in the order of the table, which is that of data taking.

    Attributes
    ----------
    name : str
        Column of the scan.
    period, scan_part : ndarray of int, shape (n,)
    searched : ndarray of bool, shape (n,)
    value, error : ndarray, shape (n,)
        NaN where the value is not known; an error that is not known is 0.
    applied : bool or None
        Whether the numbers of the scan contain it; None for a measurement beside them.
    mean : float
        Over searched periods, weighted with the errors if all are known; NaN if no value is known.
    """

    name: str
    period: IntArray
    scan_part: IntArray
    searched: BoolArray
    value: FloatArray
    error: FloatArray
    applied: bool | None
    mean: float

    @property
    def known(self) -> BoolArray:
        """Periods with a value, shape (n,)."""
        return np.isfinite(self.value)


def period_factors(scan: EnergyScan) -> tuple[PeriodFactors, ...]:
    """Corrections and measurements that a scan has, in the order of its columns.

    Parameters
    ----------
    scan : EnergyScan

    Returns
    -------
    tuple of PeriodFactors
        Without those of which no value is known.
    """
    found = [_factors(scan, name) for name in (*CORRECTIONS, *MEASUREMENTS) if name in scan.columns]
    return tuple(factors for factors in found if factors.known.any())


def _factors(scan: EnergyScan, name: str) -> PeriodFactors:
    value = np.asarray(scan.columns[name], dtype=np.float64)
    given = scan.columns.get(f"{name}_err")
    error = np.zeros(value.size) if given is None else np.nan_to_num(np.asarray(given, dtype=np.float64))
    searched = scan.selection.mask(scan.scan_part)
    used = searched & np.isfinite(value)
    return PeriodFactors(
        name=name,
        period=scan.period,
        scan_part=scan.scan_part,
        searched=searched,
        value=value,
        error=error,
        applied=name in scan.applied_corrections if name in CORRECTIONS else None,
        mean=_mean(value[used], error[used]),
    )


def _mean(value: FloatArray, error: FloatArray) -> float:
    if value.size == 0:
        return float("nan")
    return fit_constant(value, error**2).value if np.all(error > 0.0) else float(value.mean())
