"""Lead-glass charge of each run, with bunches that lack one counted by the charge of the target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.reconstruction.flux.rows import column, sum_rows
from x17.reconstruction.flux.run_sums import RunSums

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class RawCharge:
    """Charge of runs; all arrays have shape (n_runs,), pC.

    Attributes
    ----------
    good : ndarray
        Of good bunches.
    filled : ndarray
        Put in for bunches without a charge.
    """

    good: FloatArray
    filled: FloatArray

    @property
    def total(self) -> FloatArray:
        """Measured and filled."""
        return self.good + self.filled


def raw_charge(runs: Sequence[RunSums], row: IntArray) -> RawCharge:
    """Sum the charge of runs and fill what is missing.

    A bunch without a lead-glass charge gets its target charge × Σ lead glass/Σ target over the good bunches
    of the same period; without a target, the mean charge of those bunches.

    Parameters
    ----------
    runs : sequence of RunSums
    row : ndarray of int, shape (n_runs,)
        Period of each run, counted from 0.

    Returns
    -------
    RawCharge
        A period without any good bunch stays empty.
    """

    def in_period(values: FloatArray) -> FloatArray:
        return sum_rows(values, row)[row]

    good, n_missing = column(runs, "lead_glass_pc"), column(runs, "n_missing")
    target, missing = column(runs, "target_pc"), column(runs, "missing_target_pc")
    by_target = np.isfinite(in_period(target + missing)) & (in_period(target) > 0.0)
    gauge = np.where(by_target, in_period(target), in_period(column(runs, "n_good")))
    amount = np.where(by_target, missing, n_missing)
    per_amount = in_period(good) / np.where(gauge > 0.0, gauge, 1.0)
    return RawCharge(good, np.where(n_missing > 0.0, amount, 0.0) * per_amount)
