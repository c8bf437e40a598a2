"""PADME's clusters: all hits in a box of crystals around the seed, connected or not."""

from __future__ import annotations

import numba as nb

from x17.reconstruction.clustering.types import FloatArray, IntArray


@nb.njit(error_model="numpy", nogil=True, cache=True)
def attach_box(
    members: IntArray,
    free: IntArray,
    column: IntArray,
    row: IntArray,
    time: FloatArray,
    window: float,
    reach: float,
) -> int:  # pragma: no cover - compiled
    """Attach every free hit with |Δix| and |Δiy| up to `reach` and |Δt| below `window`, both from the seed.

    Parameters
    ----------
    members : ndarray of int
        The seed is the first; hits are written behind it until it is full.
    free : ndarray of int
        Unused hits of the event, the seed among them.
    column, row : ndarray of int, shape (hits,)
    time : ndarray, shape (hits,)
        ns.
    window, reach : float
        ns, and crystals.

    Returns
    -------
    int
        Hits of the cluster.

    Notes
    -----
    Algorithm 1 ("simple") of PADME's reconstruction (padme-fw).
    """
    seed, n = members[0], 1
    for hit in free:
        if hit == seed or n == members.size or not abs(time[hit] - time[seed]) < window:
            continue
        if abs(column[hit] - column[seed]) <= reach and abs(row[hit] - row[seed]) <= reach:
            members[n] = hit
            n += 1
    return n
