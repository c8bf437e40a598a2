"""Which clusters a charged particle made: hits of the tagger's bars before them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from x17.apparatus.charged_tagger import ChargedTagger
from x17.reconstruction.clusters import Clusters
from x17.simulation.digitisation.tagger_hits import TaggerHits

IntArray = NDArray[np.int64]

SIMULATED_OFFSET_NS = 0.0
"""Simulated hits of the tagger carry the particle's own time, 0.05 ns before it reaches the crystals."""


def match_window_ns(tagger: ChargedTagger, offset_ns: float | None) -> tuple[float, float]:
    """Allowed times of tagger hits relative to their cluster.

    Parameters
    ----------
    tagger : ChargedTagger
        Its `match_time_min_ns` and `match_time_max_ns` hold the delay of the experiment's cables.
    offset_ns : float or None
        Delay of the hits at hand, in whose middle a window of the same width is put; None for hits with the
        delay of the experiment.

    Returns
    -------
    low, high : float
        ns. For PADME's 15 to 24 ns and no delay, −4.5 to 4.5.
    """
    low, high = tagger.match_time_min_ns, tagger.match_time_max_ns
    if offset_ns is None:
        return low, high
    half = 0.5 * (high - low)
    return offset_ns - half, offset_ns + half


def with_tagger(
    clusters: Clusters,
    hits: TaggerHits,
    tagger: ChargedTagger | None,
    *,
    offset_ns: float | None = SIMULATED_OFFSET_NS,
) -> Clusters:
    """Count for each cluster the ends of the bars before it that saw a charged particle with it.

    Looked at are the bar at the height of the cluster and its neighbour on the nearer edge: an end counts if
    there is a hit in the window at that end of either. Of a split row only the half on the cluster's side
    of the beam can. The centroid is taken as it is: the particle crossed the bars up to 5 mm nearer to the
    beam (60 mm before, at 75 mrad), which the neighbouring bar makes up for.

    Parameters
    ----------
    clusters : Clusters
    hits : TaggerHits
        By event, those of the same batch.
    tagger : ChargedTagger or None
        None for an apparatus without one.
    offset_ns : float or None
        See `match_window_ns`.

    Returns
    -------
    Clusters
        With `tagger_ends` of 0, 1 or 2; of 0 without a tagger.

    Notes
    -----
    The experiment reads each end with several sensors and wants more than two of them within 0.8 ns; a hit
    here is what they have become.
    """
    if tagger is None or clusters.size == 0 or hits.event.size == 0:
        return replace(clusters, tagger_ends=np.zeros(clusters.size, dtype=np.int64))
    from x17.reconstruction.charged_kernel import count_ends

    row = tagger.row_at(clusters.y)
    # Of two bars that share an edge nearer than half a bar, the other one.
    near = tagger.row_at(clusters.y + 0.5 * tagger.bar_height_mm)
    near = np.where(near == row, tagger.row_at(clusters.y - 0.5 * tagger.bar_height_mm), near)
    split = np.zeros(tagger.n_rows, dtype=np.bool_)
    split[list(tagger.split_rows)] = True
    first = np.searchsorted(hits.event, clusters.event)
    last = np.searchsorted(hits.event, clusters.event, side="right")
    ends = np.zeros(clusters.size, dtype=np.int64)
    count_ends(
        clusters.time,
        clusters.x,
        np.column_stack([row, near]),
        np.column_stack([first, last]),
        (hits.row, hits.side, hits.time),
        split,
        match_window_ns(tagger, offset_ns),
        ends,
    )
    return replace(clusters, tagger_ends=ends)
