"""Compiled loop: beside each tag, the cluster that fits best as its probe."""

from __future__ import annotations

import numba as nb
import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@nb.njit(error_model="numpy", nogil=True, cache=True)
def nearest_probes(
    tag: IntArray,
    event: IntArray,
    start: IntArray,
    time: FloatArray,
    x: FloatArray,
    y: FloatArray,
    usable: NDArray[np.bool_],
    azimuth: FloatArray,
    theta_cm: FloatArray,
    limits: FloatArray,
    probe: IntArray,
) -> None:  # pragma: no cover - compiled
    """Find, for each tag, the other cluster in time, apart and in the window of θ₁ + θ₂ with the best Δφ.

    Parameters
    ----------
    tag : ndarray (tags,)
        Clusters that are tags.
    event : ndarray (clusters,)
    start : ndarray (events + 1,)
        First cluster of each event, and the end.
    time, x, y, usable, azimuth, theta_cm : ndarray (clusters,)
        ns, mm, mm, whether it may be a probe, rad, rad.
    limits : ndarray (5,)
        |Δt| below, distance above, centre and half width of the window of θ₁ + θ₂, centre of Δφ.
    probe : ndarray (tags,)
        Written to: the cluster, −1 if there is none.
    """
    for i in range(tag.shape[0]):
        a = tag[i]
        probe[i] = -1
        best = np.inf
        for b in range(start[event[a]], start[event[a] + 1]):
            if b == a or not usable[b] or abs(time[a] - time[b]) >= limits[0]:
                continue
            if (x[a] - x[b]) ** 2 + (y[a] - y[b]) ** 2 <= limits[1] ** 2:
                continue
            if abs(theta_cm[a] + theta_cm[b] - limits[2]) >= limits[3]:
                continue
            off = abs(abs(azimuth[a] - azimuth[b]) - limits[4])
            if off < best:
                best = off
                probe[i] = b
