"""Which clusters a charged particle made: tracks before them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from x17.apparatus.setup import Setup
from x17.apparatus.tracker import Tracker
from x17.reconstruction.clusters import Clusters
from x17.simulation.digitisation.tracker_hits import Tracks
from x17.simulation.generators.beam_positrons import SPEED_OF_LIGHT_MM_NS

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


def with_tracks(clusters: Clusters, tracks: Tracks, tracker: Tracker, setup: Setup) -> Clusters:
    """Count for each cluster the tracks that point at it.

    A track goes to the nearest cluster of its event, taken on to the depth that clusters are given, if
    distance, time and direction allow; the direction is held to the line from the middle of the beam spot.

    Parameters
    ----------
    clusters : Clusters
    tracks : Tracks
        By event, those of the same batch.
    tracker : Tracker
    setup : Setup
        For target, calorimeter and the depth of clusters.

    Returns
    -------
    Clusters
        With the number of tracks, at most 2, in the place of the ends of a tagger's bars.
    """
    track, cluster = _same_event(tracks.event, clusters.event)
    on = tracker.gap_to_calorimeter_mm + setup.pair_cuts.cluster_depth_mm
    distance = np.hypot(
        tracks.x[track] + on * tracks.slope_x[track] - clusters.x[cluster],
        tracks.y[track] + on * tracks.slope_y[track] - clusters.y[cluster],
    )
    lever, slope = setup.lever_arm_mm, 1e-3 * tracker.match_angle_mrad
    off_x = tracks.slope_x[track] - (clusters.x[cluster] - setup.beam.center_x_mm) / lever
    off_y = tracks.slope_y[track] - (clusters.y[cluster] - setup.beam.center_y_mm) / lever
    # A cluster has the time at which its particle reaches the front face.
    late = tracks.time[track] + tracker.gap_to_calorimeter_mm / SPEED_OF_LIGHT_MM_NS - clusters.time[cluster]
    good = (distance <= tracker.match_distance_mm) & (np.abs(late) <= tracker.match_time_ns)
    good &= (np.abs(off_x) <= slope) & (np.abs(off_y) <= slope)
    matched = _nearest(track[good], cluster[good], distance[good])
    found = np.minimum(np.bincount(matched, minlength=clusters.size), 2)
    return replace(clusters, tagger_ends=found.astype(np.int64))


def _same_event(tracks: IntArray, clusters: IntArray) -> tuple[IntArray, IntArray]:
    """All pairs of a track and a cluster of one event; both are by event."""
    first, last = np.searchsorted(clusters, tracks), np.searchsorted(clusters, tracks, side="right")
    several = last - first
    track = np.repeat(np.arange(tracks.size), several)
    start = np.repeat(first - (np.cumsum(several) - several), several)
    return track, (np.arange(track.size) + start).astype(np.int64)


def _nearest(track: IntArray, cluster: IntArray, distance: FloatArray) -> IntArray:
    """The nearest cluster of each track that has one."""
    order = np.lexsort((distance, track))
    new = np.ones(order.size, dtype=np.bool_)
    new[1:] = np.diff(track[order]) != 0
    return cluster[order[new]]
