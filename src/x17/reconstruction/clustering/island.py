"""Island clusters: hits reached from the seed over common sides of crystals, always downhill in energy."""

from __future__ import annotations

import numba as nb
import numpy as np

from x17.reconstruction.clustering.types import FloatArray, IntArray


@nb.njit(error_model="numpy", nogil=True, cache=True)
def attach_island(
    members: IntArray,
    free: IntArray,
    column: IntArray,
    row: IntArray,
    energy: FloatArray,
    time: FloatArray,
    window: float,
) -> int:  # pragma: no cover - compiled
    """Attach free hits one crystal beside a member and of less energy than it, until there are none.

    Parameters
    ----------
    members : ndarray of int
        The seed is the first; hits are written behind it until it is full.
    free : ndarray of int
        Unused hits of the event, the seed among them.
    column, row : ndarray of int, shape (hits,)
    energy, time : ndarray, shape (hits,)
        MeV and ns.
    window : float
        Largest distance in time from the seed, ns.

    Returns
    -------
    int
        Hits of the cluster.

    Notes
    -----
    Algorithm 3 ("island") of PADME's reconstruction (padme-fw). Which hits are reached does not depend on
    the order in which they are tried; two neighbours of equal energy do not reach each other.
    """
    seed, n, done = members[0], 1, 0
    near = np.empty(free.size, dtype=np.int64)
    n_near = 0
    for hit in free:
        if hit != seed and abs(time[hit] - time[seed]) < window:
            near[n_near] = hit
            n_near += 1
    while done < n:
        here = members[done]
        done += 1
        n_left = 0
        for hit in near[:n_near]:
            beside = abs(column[hit] - column[here]) + abs(row[hit] - row[here]) == 1
            if beside and energy[hit] < energy[here] and n < members.size:
                members[n] = hit
                n += 1
            else:
                near[n_left] = hit
                n_left += 1
        n_near = n_left
    return n
