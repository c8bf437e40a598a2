"""Tracks and clusters: matched by place, time and direction, each track once; the split of real showers."""

from dataclasses import replace

import numpy as np
import pytest

from x17.apparatus.setup import Setup
from x17.apparatus.tracker import Tracker
from x17.errors import InputError
from x17.reconstruction.clusters import Clusters
from x17.reconstruction.reconstruct import reconstruct_events
from x17.reconstruction.track_match import with_tracks
from x17.simulation.digitisation.tracker_hits import Tracks
from x17.simulation.sample import PlannedSample, Process, Sample
from x17.simulation.showers.library import ShowerLibrary
from x17.simulation.simulate import simulate_block
from x17.simulation.storage.event_table import EventTable, event_table

TRACKER = Tracker()
TIME = 100.0


def clusters_at(places: list[tuple[int, float, float]]) -> Clusters:
    event, x, y = (np.array(column) for column in zip(*places, strict=True))
    n = event.size
    whole, ones = np.zeros(n, dtype=np.int64), np.ones(n)
    return Clusters(
        3, event, whole, whole, 100.0 * ones, TIME * ones, x.astype(float), y.astype(float), whole
    )


def tracks_to(
    setup: Setup, places: list[tuple[int, float, float]], off: dict[str, float] | None = None
) -> Tracks:
    """Exact tracks from the spot to places at the depth of clusters; `off` moves a quantity of all."""
    event, x, y = (np.array(column) for column in zip(*places, strict=True))
    lever = setup.lever_arm_mm
    slope_x, slope_y = (x - setup.beam.center_x_mm) / lever, (y - setup.beam.center_y_mm) / lever
    on = TRACKER.gap_to_calorimeter_mm + setup.pair_cuts.cluster_depth_mm
    time = np.full(event.size, TIME - TRACKER.gap_to_calorimeter_mm / 299.792458)
    made = Tracks(event, x - on * slope_x, y - on * slope_y, slope_x, slope_y, time)
    return replace(made, **{name: getattr(made, name) + step for name, step in (off or {}).items()})


def ends(clusters: Clusters, tracks: Tracks, setup: Setup) -> list[int]:
    return with_tracks(clusters, tracks, TRACKER, setup).tagger_ends.tolist()


def test_a_track_marks_the_cluster_it_points_at(setup: Setup) -> None:
    clusters = clusters_at([(0, 100.0, 0.0), (0, -100.0, 0.0), (1, 100.0, 0.0), (2, 0.0, 150.0)])
    assert ends(clusters, tracks_to(setup, [(0, -100.0, 0.0), (2, 0.0, 150.0)]), setup) == [0, 1, 0, 1]


@pytest.mark.parametrize(
    ("name", "step"), [("x", 30.1), ("y", -30.1), ("time", 20.1), ("time", -20.1), ("slope_x", 0.0251)]
)
def test_too_far_late_or_oblique(setup: Setup, name: str, step: float) -> None:
    clusters = clusters_at([(0, 100.0, 0.0)])
    assert ends(clusters, tracks_to(setup, [(0, 100.0, 0.0)], {name: step}), setup) == [0]
    assert ends(clusters, tracks_to(setup, [(0, 100.0, 0.0)], {name: 0.8 * step}), setup) == [1]


def test_a_track_marks_the_nearest_cluster_alone(setup: Setup) -> None:
    clusters = clusters_at([(0, 100.0, 0.0), (0, 125.0, 0.0)])
    assert ends(clusters, tracks_to(setup, [(0, 110.0, 0.0)]), setup) == [1, 0]
    assert ends(clusters, tracks_to(setup, [(0, 110.0, 0.0), (0, 100.0, 5.0), (0, 95.0, 0.0)]), setup) == [
        2,
        0,
    ]


def test_no_tracks_and_no_clusters(setup: Setup) -> None:
    none = Tracks(np.zeros(0, dtype=np.int64), *(np.zeros(0) for _ in range(5)))
    assert ends(clusters_at([(1, 100.0, 0.0)]), none, setup) == [0]
    assert ends(clusters_at([(1, 100.0, 0.0)]).select(np.zeros(0, dtype=np.int64)), none, setup) == []


def table(setup: Setup, process: Process) -> EventTable:
    asked = Sample(process=process, beam_energy_mev=279.0, n_pot=5e8, fiducial_margin_mm=30.0, pile_up=False)
    made = simulate_block(setup, ShowerLibrary.load(), PlannedSample.draw(setup, asked, 4), 0)
    return event_table(made, setup, {"program": "x17 simulate", "version": "0"})


def test_showers_of_electrons_are_tracked_and_those_of_photons_are_not(setup: Setup) -> None:
    tracked = replace(setup, tracker=TRACKER)
    share = {}
    for process in (Process.ELECTRONS, Process.PHOTONS):
        clusters = reconstruct_events(table(tracked, process), tracked).clusters
        inside = clusters.select((np.hypot(clusters.x, clusters.y) < 250.0) & (clusters.energy > 60.0))
        share[process] = np.mean(inside.tagger_ends > 0)
        assert inside.size > 300
    # The efficiency of 0.98, less what leaves the windows; photons convert in 0.5 % of a radiation length.
    assert share[Process.ELECTRONS] == pytest.approx(0.98, abs=0.02)
    assert share[Process.PHOTONS] < 0.015


def test_events_without_tracks_are_refused(setup: Setup) -> None:
    with pytest.raises(InputError, match="has no tracks, but the setup has a tracker"):
        reconstruct_events(table(setup, Process.PHOTONS), replace(setup, tracker=TRACKER))
