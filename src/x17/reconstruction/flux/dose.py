"""How far the run had come: positrons before the middle of each run, as a share of all."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from x17.apparatus.run_plan import RunPlan

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


def dose_shares(period: IntArray, positrons: FloatArray, plan: RunPlan) -> FloatArray:
    """Positrons on target before the middle of each run, as a share of all.

    If the plan knows every period, its positrons are those of the periods before, so that a few periods sit
    where they belong in the whole of data taking; within a period the measured ones count. Otherwise all
    is measured, and a run without a measurement counts as the mean of the others.

    Parameters
    ----------
    period : ndarray of int, shape (n_runs,)
        Number of the period of each run, in the order of data taking.
    positrons : ndarray, shape (n_runs,)
        Measured, not yet corrected for ageing; 0 where there is no measurement.
    plan : RunPlan

    Returns
    -------
    ndarray, shape (n_runs,)
        0 at the start, 1 at the end.
    """
    if np.isin(period, plan.number).all():
        return _planned(period, positrons, plan)
    known = positrons > 0.0
    filled = np.where(known, positrons, positrons[known].mean() if known.any() else 1.0)
    return np.asarray((np.cumsum(filled) - 0.5 * filled) / filled.sum())


def _planned(period: IntArray, positrons: FloatArray, plan: RunPlan) -> FloatArray:
    before = np.cumsum(plan.n_pot) - plan.n_pot
    start = dict(zip(plan.number.tolist(), before.tolist(), strict=True))
    inside = np.zeros(period.size)
    for number in np.unique(period):
        own = period == number
        inside[own] = np.cumsum(positrons[own]) - 0.5 * positrons[own]
    first = np.array([start[number] for number in period.tolist()])
    return np.asarray((first + inside) / plan.n_pot.sum())
