"""Compiled loop: the best pair of clusters of each event, and how far the best of its pairs got."""

from __future__ import annotations

import numba as nb
import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@nb.njit(error_model="numpy", nogil=True, cache=True)
def _cuts_passed(
    a: int,
    b: int,
    time: FloatArray,
    x: FloatArray,
    y: FloatArray,
    energy: FloatArray,
    radius: FloatArray,
    in_wedge: NDArray[np.bool_],
    cut: FloatArray,
) -> int:  # pragma: no cover - compiled
    """Cuts that a pair passes, in order, up to the first that it fails; see `best_pairs`."""
    # "first": the nearer of the two can always be called the first; "both": the farther counts.
    limited = max(radius[a], radius[b]) if cut[6] > 0.0 else min(radius[a], radius[b])
    passed = 0
    for good in (
        abs(time[a] - time[b]) < cut[0],
        (x[a] - x[b]) ** 2 + (y[a] - y[b]) ** 2 > cut[1] ** 2,
        min(energy[a], energy[b]) > cut[2],
        max(energy[a], energy[b]) < cut[3],
        min(radius[a], radius[b]) > cut[4],
        limited < cut[5],
        in_wedge[a] and in_wedge[b],
    ):
        if not good:
            break
        passed += 1
    return passed


@nb.njit(error_model="numpy", nogil=True, cache=True)
def best_pairs(
    start: IntArray,
    time: FloatArray,
    x: FloatArray,
    y: FloatArray,
    energy: FloatArray,
    variance: FloatArray,
    radius: FloatArray,
    in_wedge: NDArray[np.bool_],
    cut: FloatArray,
    total_energy: float,
    passed: IntArray,
    first: IntArray,
    second: IntArray,
) -> None:  # pragma: no cover - compiled
    """Find the pair of each event that passes all cuts and whose energy is nearest to that of the beam.

    Parameters
    ----------
    start : ndarray (events + 1,)
        First cluster of each event, and the end.
    time, x, y, energy, variance, radius, in_wedge : ndarray (clusters,)
        ns, mm, mm, MeV, MeV², mm; whether the azimuth is allowed.
    cut : ndarray (7,)
        |Δt| below, distance above, both energies above, both energies below, both radii above, R_max, and
        whether R_max is asked of both (1) or of one (0).
    total_energy : float
        MeV.
    passed : ndarray (events,)
        Written to: 1 with fewer than two clusters, else 2 + the cuts that the best of the pairs passes.
    first, second : ndarray (events,)
        Written to, where a pair passes all: its clusters, that of higher energy first.
    """
    for event in range(passed.shape[0]):
        low, high = start[event], start[event + 1]
        passed[event] = 1 if high - low < 2 else 2
        best = np.inf
        for a in range(low, high):
            for b in range(a + 1, high):
                depth = 2 + _cuts_passed(a, b, time, x, y, energy, radius, in_wedge, cut)
                passed[event] = max(passed[event], depth)
                if depth < 9:
                    continue
                chi_square = (total_energy - energy[a] - energy[b]) ** 2 / (variance[a] + variance[b])
                if chi_square < best:
                    best = chi_square
                    first[event], second[event] = (a, b) if energy[a] >= energy[b] else (b, a)
