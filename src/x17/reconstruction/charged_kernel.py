"""The compiled loop over clusters and the tagger hits of their events."""

from __future__ import annotations

import numba as nb
import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@nb.njit(error_model="numpy", nogil=True, cache=True)
def count_ends(
    time: FloatArray,
    x: FloatArray,
    rows: IntArray,
    between: IntArray,
    hits: tuple[IntArray, IntArray, FloatArray],
    split: NDArray[np.bool_],
    window: tuple[float, float],
    out: IntArray,
) -> None:  # pragma: no cover - compiled
    """Count the ends with a hit in one of two rows and in the window.

    Parameters
    ----------
    time, x : ndarray, shape (clusters,)
        ns and mm.
    rows : ndarray of int, shape (clusters, 2)
        Bars that are looked at, −1 for none.
    between : ndarray of int, shape (clusters, 2)
        First hit of the cluster's event, and the end.
    hits : tuple of ndarray, shape (hits,)
        Row, side (−1 or +1) and time.
    split : ndarray of bool, shape (rows,)
        Whose ends see only their own half.
    window : (float, float)
        Of hit time minus cluster time, both ends allowed, ns.
    out : ndarray of int, shape (clusters,)
        Written to.
    """
    row, side, hit_time = hits
    for i in range(time.size):
        left, right = 0, 0
        for hit in range(between[i, 0], between[i, 1]):
            if row[hit] < 0 or (row[hit] != rows[i, 0] and row[hit] != rows[i, 1]):
                continue
            if split[row[hit]] and side[hit] * x[i] < 0.0:
                continue
            if window[0] <= hit_time[hit] - time[i] <= window[1]:
                if side[hit] < 0:
                    left = 1
                else:
                    right = 1
        out[i] = left + right
