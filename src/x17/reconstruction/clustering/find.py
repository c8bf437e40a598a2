"""Clusters of a batch of events by the algorithm that the settings name."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from x17.apparatus.calorimeter import Calorimeter
from x17.reconstruction.clustering.containment import Containment, contained_share
from x17.reconstruction.clustering.settings import Algorithm, ClusteringSettings
from x17.reconstruction.clusters import Clusters
from x17.reconstruction.hits import Hits

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_TOLERANCE = 1e-9
"""A centre on the circle itself is inside, whatever the last bit says."""


def find_clusters(
    hits: Hits, calorimeter: Calorimeter, settings: ClusteringSettings | None = None
) -> Clusters:
    """Find the clusters of every event.

    The highest unused hit above the seed threshold starts a cluster; the algorithm attaches unused hits to
    it; and so on until there is no seed. The time of a cluster is that of its seed, its place the linear
    energy-weighted mean of the centres of its crystals, its energy the sum of its hits divided by the
    contained share. Two hits of a crystal are two hits. Hits of dead crystals are not used.

    Parameters
    ----------
    hits : Hits
    calorimeter : Calorimeter
    settings : ClusteringSettings, optional
        PADME's by default.

    Returns
    -------
    Clusters
        `tagger_ends` are 0; see `x17.reconstruction.charged`.
    """
    return assign_hits(hits, calorimeter, settings)[0]


def assign_hits(
    hits: Hits, calorimeter: Calorimeter, settings: ClusteringSettings | None = None
) -> tuple[Clusters, IntArray]:
    """As `find_clusters`, and which cluster each hit belongs to.

    Parameters
    ----------
    hits : Hits
    calorimeter : Calorimeter
    settings : ClusteringSettings, optional

    Returns
    -------
    clusters : Clusters
    owner : ndarray of int, shape (n_hits,)
        Cluster of each hit, −1 for unused ones.
    """
    from x17.reconstruction.clustering.kernel import cluster_events

    used = (settings or ClusteringSettings()).resolved(calorimeter)
    assert used.seed_threshold_mev is not None
    assert used.hit_threshold_mev is not None
    assert used.containment is not None
    cells = calorimeter.cells
    usable = (hits.energy >= used.hit_threshold_mev) & (hits.energy > 0.0) & ~cells.dead[hits.cell]
    most = int(np.count_nonzero(usable & (hits.energy > used.seed_threshold_mev)))
    owner = np.full(hits.size, -1, dtype=np.int64)
    whole, real = np.empty((most, 3), dtype=np.int64), np.empty((most, 4))
    found = (
        0
        if most == 0
        else cluster_events(
            hits.offsets,
            hits.cell,
            hits.energy,
            hits.time,
            (cells.column, cells.row, cells.x_mm, cells.y_mm),
            usable,
            list(Algorithm).index(used.algorithm),
            used.seed_threshold_mev,
            used.window_ns,
            _reach(used, cells.pitch_mm),
            (used.max_clusters, used.max_hits),
            owner,
            whole,
            real,
        )
    )
    return _clusters(hits.n_events, whole[:found], real[:found], used.containment), owner


def _reach(settings: ClusteringSettings, pitch_mm: float) -> float:
    """Reach in units of the loop: crystals, or their square for a radius."""
    if settings.algorithm is Algorithm.RADIUS:
        return (settings.radius_mm / pitch_mm) ** 2 * (1.0 + _TOLERANCE)
    return float(settings.reach_cells)


def _clusters(n_events: int, whole: IntArray, real: FloatArray, containment: Containment) -> Clusters:
    event, seed, n_hits = (np.ascontiguousarray(column) for column in whole.T)
    total, time, x, y = (np.ascontiguousarray(column) for column in real.T)
    energy = total / contained_share(total, containment)
    return Clusters(n_events, event, seed, n_hits, energy, time, x, y, np.zeros_like(event))
