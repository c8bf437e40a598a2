"""The compiled loop over events: seeds from the highest hit down, each with what its algorithm attaches."""

from __future__ import annotations

import numba as nb
import numpy as np
from numpy.typing import NDArray

from x17.reconstruction.clustering.island import attach_island
from x17.reconstruction.clustering.padme import attach_box
from x17.reconstruction.clustering.radius import attach_disc
from x17.reconstruction.clustering.types import FloatArray, IntArray

PADME, ISLAND, RADIUS = 0, 1, 2
"""Numbers of the algorithms, in the order of `Algorithm`."""


@nb.njit(error_model="numpy", nogil=True, cache=True)
def _keep_free(
    hits: IntArray, usable: NDArray[np.bool_], owner: IntArray, energy: FloatArray, threshold: float
) -> tuple[int, int]:  # pragma: no cover - compiled
    """Move the usable hits without a cluster to the front: how many, and the next seed or −1."""
    n, seed, highest = 0, -1, threshold
    for hit in hits:
        if usable[hit] and owner[hit] < 0:
            hits[n] = hit
            n += 1
            if energy[hit] > highest:
                seed, highest = hit, energy[hit]
    return n, seed


@nb.njit(error_model="numpy", nogil=True, cache=True)
def _sum(
    members: IntArray,
    cell: IntArray,
    energy: FloatArray,
    place: tuple[IntArray, IntArray, FloatArray, FloatArray],
    out: FloatArray,
) -> None:  # pragma: no cover - compiled
    """Write the sum of energies as element 0, the energy-weighted x and y as 2 and 3."""
    total, sum_x, sum_y = 0.0, 0.0, 0.0
    for hit in members:
        total += energy[hit]
        sum_x += energy[hit] * place[2][cell[hit]]
        sum_y += energy[hit] * place[3][cell[hit]]
    out[0], out[2], out[3] = total, sum_x / total, sum_y / total


@nb.njit(error_model="numpy", nogil=True, cache=True)
def cluster_events(
    offsets: IntArray,
    cell: IntArray,
    energy: FloatArray,
    time: FloatArray,
    place: tuple[IntArray, IntArray, FloatArray, FloatArray],
    usable: NDArray[np.bool_],
    algorithm: int,
    seed_threshold: float,
    window: float,
    reach: float,
    limits: tuple[int, int],
    owner: IntArray,
    whole: IntArray,
    real: FloatArray,
) -> int:  # pragma: no cover - compiled
    """Find the clusters of every event.

    Parameters
    ----------
    offsets : ndarray of int, shape (events + 1,)
        First hit of each event, and the end; at least one event.
    cell : ndarray of int, shape (hits,)
    energy, time : ndarray, shape (hits,)
        MeV and ns.
    place : tuple of ndarray, shape (cells,)
        Column, row, x and y (mm) of the crystals.
    usable : ndarray of bool, shape (hits,)
        Hits above threshold, not of a dead crystal.
    algorithm : int
    seed_threshold, window : float
        MeV and ns.
    reach : float
        Crystals for `PADME`, the square of crystals for `RADIUS`.
    limits : (int, int)
        Clusters of an event, hits of a cluster.
    owner : ndarray of int, shape (hits,)
        Written to: cluster of each hit; holds −1.
    whole : ndarray of int, shape (most clusters, 3)
        Written to: event, seed crystal, number of hits.
    real : ndarray, shape (most clusters, 4)
        Written to: sum of energies, time of the seed, energy-weighted x and y.

    Returns
    -------
    int
        Clusters.

    Notes
    -----
    Of hits of equal energy the first is the seed.
    """
    column, row = place[0][cell], place[1][cell]
    members = np.empty(limits[1], dtype=np.int64)
    store = np.empty(np.max(np.diff(offsets)), dtype=np.int64)
    found = 0
    for event in range(offsets.size - 1):
        size, first = offsets[event + 1] - offsets[event], found
        for i in range(size):
            store[i] = offsets[event] + i
        n_free, seed = _keep_free(store[:size], usable, owner, energy, seed_threshold)
        while seed >= 0 and found - first < limits[0]:
            members[0], free = seed, store[:n_free]
            if algorithm == ISLAND:
                n = attach_island(members, free, column, row, energy, time, window)
            elif algorithm == RADIUS:
                n = attach_disc(members, free, column, row, time, window, reach)
            else:
                n = attach_box(members, free, column, row, time, window, reach)
            owner[members[:n]] = found
            whole[found, 0], whole[found, 1], whole[found, 2] = event, cell[seed], n
            real[found, 1] = time[seed]
            _sum(members[:n], cell, energy, place, real[found])
            found += 1
            n_free, seed = _keep_free(free, usable, owner, energy, seed_threshold)
    return found
