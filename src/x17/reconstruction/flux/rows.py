"""From runs to periods: sums and means over the runs of each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from x17.reconstruction.flux.run_sums import RunSums

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


def column(runs: Sequence[RunSums], name: str) -> FloatArray:
    """One number of each run.

    Parameters
    ----------
    runs : sequence of RunSums
    name : str
        A field that is a number.

    Returns
    -------
    ndarray, shape (n_runs,)
    """
    return np.array([getattr(run, name) for run in runs], dtype=np.float64)


def sum_rows(values: ArrayLike, row: IntArray) -> FloatArray:
    """Sum over the runs of each period.

    Parameters
    ----------
    values : array_like, shape (n_runs,)
    row : ndarray of int, shape (n_runs,)
        Period of each run, counted from 0.

    Returns
    -------
    ndarray, shape (n_periods,)
    """
    return np.asarray(np.bincount(row, np.asarray(values, dtype=np.float64)), dtype=np.float64)


def mean_rows(values: FloatArray, weight: FloatArray, row: IntArray) -> FloatArray:
    """Weighted mean over the runs of each period; the plain one where all weights are 0.

    Parameters
    ----------
    values, weight : ndarray, shape (n_runs,)
    row : ndarray of int, shape (n_runs,)

    Returns
    -------
    ndarray, shape (n_periods,)
    """
    used = np.where(sum_rows(weight, row)[row] > 0.0, weight, 1.0)
    return np.asarray(sum_rows(used * values, row) / sum_rows(used, row))
