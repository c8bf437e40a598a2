"""Radius clusters: all hits in crystals whose centre lies within a radius of the seed's."""

from __future__ import annotations

import numba as nb

from x17.reconstruction.clustering.types import FloatArray, IntArray


@nb.njit(error_model="numpy", nogil=True, cache=True)
def attach_disc(
    members: IntArray,
    free: IntArray,
    column: IntArray,
    row: IntArray,
    time: FloatArray,
    window: float,
    radius_squared: float,
) -> int:  # pragma: no cover - compiled
    """Attach every free hit with Δix² + Δiy² up to `radius_squared` and |Δt| below `window` from the seed.

    Parameters
    ----------
    members : ndarray of int
        The seed is the first; hits are written behind it until it is full.
    free : ndarray of int
        Unused hits of the event, the seed among them.
    column, row : ndarray of int, shape (hits,)
    time : ndarray, shape (hits,)
        ns.
    window, radius_squared : float
        ns, and the square of crystals.

    Returns
    -------
    int
        Hits of the cluster.

    Notes
    -----
    Algorithm 4 ("radius") of PADME's reconstruction (padme-fw).
    """
    seed, n = members[0], 1
    for hit in free:
        if hit == seed or n == members.size or not abs(time[hit] - time[seed]) < window:
            continue
        if (column[hit] - column[seed]) ** 2 + (row[hit] - row[seed]) ** 2 <= radius_squared:
            members[n] = hit
            n += 1
    return n
