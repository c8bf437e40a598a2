"""Clusters that can be worked out by hand."""

from dataclasses import replace

import numpy as np
import pytest

from x17.apparatus.calorimeter import Calorimeter
from x17.reconstruction.clustering import (
    Algorithm,
    ClusteringSettings,
    Containment,
    assign_hits,
    find_clusters,
)
from x17.reconstruction.clustering.containment import contained_share

from .by_hand import hits_of

PITCH = 21.35
EACH = [ClusteringSettings(algorithm=a, containment=Containment.NONE) for a in Algorithm]
PADME = EACH[0]


@pytest.mark.parametrize("settings", EACH, ids=list(Algorithm))
def test_one_shower(calorimeter: Calorimeter, settings: ClusteringSettings) -> None:
    """100, 20 and 10 MeV: the centroid lies 20/130 of a pitch to the right and 10/130 below the seed."""
    hits = hits_of(calorimeter, [(20, 9, 10.0, 50.5), (20, 10, 100.0, 50.0), (21, 10, 20.0, 51.0)])
    clusters = find_clusters(hits, calorimeter, settings)
    assert (clusters.event.tolist(), clusters.n_hits.tolist()) == ([0], [3])
    seed = calorimeter.cells.index_of(20, 10)
    assert clusters.seed[0] == seed
    assert clusters.energy[0] == pytest.approx(130.0, rel=1e-12)
    assert clusters.time[0] == 50.0
    assert clusters.x[0] == pytest.approx(calorimeter.cells.x_mm[seed] + PITCH * 20.0 / 130.0, rel=1e-12)
    assert clusters.y[0] == pytest.approx(calorimeter.cells.y_mm[seed] - PITCH * 10.0 / 130.0, rel=1e-12)


def test_the_box_needs_no_connection_and_ends_after_two_cells(calorimeter: Calorimeter) -> None:
    hits = hits_of(calorimeter, [(20, 20, 100.0, 0.0), (22, 18, 5.0, 0.0), (23, 20, 5.0, 0.0)])
    assert assign_hits(hits, calorimeter, PADME)[1].tolist() == [0, 0, -1]
    assert assign_hits(hits, calorimeter, replace(PADME, reach_cells=3))[1].tolist() == [0, 0, 0]


def test_the_disc_ends_at_its_radius(calorimeter: Calorimeter) -> None:
    """(2, 1) cells are √5 pitches = 47.74 mm away, (2, 2) are 60.39 mm; a centre on the circle is in."""
    hits = hits_of(calorimeter, [(20, 20, 100.0, 0.0), (22, 19, 5.0, 0.0), (22, 18, 5.0, 0.0)])
    settings = EACH[2]
    assert assign_hits(hits, calorimeter, settings)[1].tolist() == [0, 0, -1]
    on_circle = replace(settings, radius_mm=PITCH * np.sqrt(8.0))
    assert assign_hits(hits, calorimeter, on_circle)[1].tolist() == [0, 0, 0]
    assert assign_hits(hits, calorimeter, replace(settings, radius_mm=0.0))[1].tolist() == [0, -1, -1]


def test_an_island_ends_where_energies_rise_and_at_corners(calorimeter: Calorimeter) -> None:
    """Downhill 100, 30, 5, then up to 12, which is below the seed threshold; 8 touches by a corner only."""
    hits = hits_of(
        calorimeter,
        [
            (20, 20, 100.0, 0.0),
            (21, 20, 30.0, 0.0),
            (22, 20, 5.0, 0.0),
            (23, 20, 12.0, 0.0),
            (19, 19, 8.0, 0.0),
        ],
    )
    assert assign_hits(hits, calorimeter, EACH[1])[1].tolist() == [0, 0, 0, -1, -1]


def test_equal_neighbours_do_not_make_an_island(calorimeter: Calorimeter) -> None:
    hits = hits_of(calorimeter, [(20, 20, 40.0, 0.0), (21, 20, 40.0, 0.0), (22, 20, 10.0, 0.0)])
    clusters, owner = assign_hits(hits, calorimeter, EACH[1])
    assert owner.tolist() == [0, 1, 1]
    assert clusters.energy.tolist() == [40.0, 50.0]


@pytest.mark.parametrize("settings", EACH, ids=list(Algorithm))
def test_of_equal_hits_the_first_is_the_seed(calorimeter: Calorimeter, settings: ClusteringSettings) -> None:
    hits = hits_of(calorimeter, [(20, 20, 20.0, 0.0), (5, 6, 20.0, 0.0)])
    assert find_clusters(hits, calorimeter, settings).seed.tolist() == hits.cell.tolist()


def test_two_overlapping_showers(calorimeter: Calorimeter) -> None:
    """Seeds three cells apart: the higher takes the shared cells, and the other what is left."""
    event = [(10, 20, 100.0, 0.0), (11, 20, 30.0, 0.0), (12, 20, 40.0, 0.0), (13, 20, 80.0, 0.0)]
    clusters, owner = assign_hits(hits_of(calorimeter, event), calorimeter, PADME)
    assert owner.tolist() == [0, 0, 0, 1]
    assert clusters.energy.tolist() == [170.0, 80.0]
    # The island follows the valley.
    clusters, owner = assign_hits(hits_of(calorimeter, event), calorimeter, EACH[1])
    assert owner.tolist() == [0, 0, 1, 1]
    assert clusters.energy.tolist() == [130.0, 120.0]


@pytest.mark.parametrize("settings", EACH, ids=list(Algorithm))
def test_the_window_in_time_is_open(calorimeter: Calorimeter, settings: ClusteringSettings) -> None:
    """6 ns away is out on both sides; the time of the seed counts, not of the hit beside."""
    times = (100.0, 94.0, 106.0, 105.99)
    event = [(20, 20, 100.0, times[0]), (21, 20, 9.0, times[1]), (19, 20, 8.0, times[2])]
    hits = hits_of(calorimeter, [*event, (20, 21, 7.0, times[3])])
    assert assign_hits(hits, calorimeter, settings)[1].tolist() == [0, -1, -1, 0]


@pytest.mark.parametrize("settings", EACH, ids=list(Algorithm))
def test_a_crystal_hit_twice_is_in_two_clusters(
    calorimeter: Calorimeter, settings: ClusteringSettings
) -> None:
    hits = hits_of(calorimeter, [(20, 20, 60.0, 10.0), (20, 20, 90.0, 60.0), (21, 20, 5.0, 61.0)])
    clusters, owner = assign_hits(hits, calorimeter, settings)
    assert owner.tolist() == [1, 0, 0]
    assert clusters.time.tolist() == [60.0, 10.0]
    assert clusters.seed[0] == clusters.seed[1]


def test_thresholds(calorimeter: Calorimeter) -> None:
    """A seed has more than 15 MeV, a hit 1 MeV or more; both can be chosen."""
    hits = hits_of(calorimeter, [(20, 20, 15.0, 0.0), (21, 20, 0.99, 0.0), (22, 20, 1.0, 0.0)])
    assert find_clusters(hits, calorimeter, PADME).size == 0
    lower = replace(PADME, seed_threshold_mev=14.0)
    assert find_clusters(hits, calorimeter, lower).energy.tolist() == [16.0]
    lowest = replace(lower, hit_threshold_mev=0.5)
    assert find_clusters(hits, calorimeter, lowest).energy[0] == pytest.approx(16.99, rel=1e-12)


def test_dead_crystals_are_not_used(calorimeter: Calorimeter) -> None:
    """(5, 5) is dead in Run III."""
    hits = hits_of(calorimeter, [(5, 5, 100.0, 0.0), (6, 5, 50.0, 0.0)])
    clusters, owner = assign_hits(hits, calorimeter, PADME)
    assert owner.tolist() == [-1, 0]
    assert clusters.seed[0] == calorimeter.cells.index_of(6, 5)


@pytest.mark.parametrize("settings", EACH, ids=list(Algorithm))
def test_at_the_rim_and_at_the_hole(calorimeter: Calorimeter, settings: ClusteringSettings) -> None:
    """Crystals at the first column and at the hole; nothing is taken from the other side of the matrix."""
    hits = hits_of(
        calorimeter,
        [(0, 14, 100.0, 0.0), (1, 14, 10.0, 0.0), (28, 14, 9.0, 0.0)],
        [(11, 14, 100.0, 0.0), (10, 14, 10.0, 0.0), (17, 14, 9.0, 0.0)],
    )
    clusters, owner = assign_hits(hits, calorimeter, settings)
    assert owner.tolist() == [0, 0, -1, 1, 1, -1]
    assert clusters.event.tolist() == [0, 1]


@pytest.mark.parametrize("settings", EACH, ids=list(Algorithm))
def test_events_without_hits(calorimeter: Calorimeter, settings: ClusteringSettings) -> None:
    seed = (20, 20, 100.0, 0.0)
    clusters = find_clusters(
        hits_of(calorimeter, [], [seed], [], [(20, 20, 3.0, 0.0)], [seed], []), calorimeter
    )
    assert clusters.n_events == 6
    assert clusters.event.tolist() == [1, 4]
    for nothing in (hits_of(calorimeter), hits_of(calorimeter, [], [])):
        assert find_clusters(nothing, calorimeter, settings).size == 0


def test_limits(calorimeter: Calorimeter) -> None:
    """Seeds beyond the most clusters, and hits beyond the most of one, stay unused."""
    event = [(20, 20 - i, 100.0 - i, 0.0) for i in range(5)]
    few = replace(PADME, max_hits=2)
    assert assign_hits(hits_of(calorimeter, event), calorimeter, few)[1].tolist() == [0, 0, 1, 1, 2]
    fewer = replace(few, max_clusters=2)
    hits = hits_of(calorimeter, event, event)
    assert assign_hits(hits, calorimeter, fewer)[1].tolist() == [0, 0, 1, 1, -1, 2, 2, 3, 3, -1]


def test_energy_is_divided_by_the_share_in_the_box(calorimeter: Calorimeter) -> None:
    hits = hits_of(calorimeter, [(20, 20, 150.0, 0.0), (21, 20, 50.0, 0.0)])
    two = find_clusters(hits, calorimeter).energy[0]
    three = find_clusters(hits, calorimeter, ClusteringSettings(reach_cells=3)).energy[0]
    # 0.915362 + 0.0393458 − 0.01801444 + 0.003664336 − 0.000272478 by hand, and likewise for ±3.
    assert two == pytest.approx(200.0 / 0.940085, rel=1e-6)
    assert three == pytest.approx(200.0 / 0.953705, rel=1e-6)


def test_the_share_above_a_gev_is_constant_and_joins_the_polynomial() -> None:
    for kind, above in ((Containment.BOX_2, 0.94), (Containment.BOX_3, 0.96)):
        below = contained_share(1000.0, kind)
        assert contained_share([1000.1, 5000.0], kind).tolist() == [above, above]
        # PADME's constants are rounded to a per cent.
        assert below == pytest.approx(above, abs=0.01)
    assert contained_share([1.0, 2000.0], Containment.NONE).tolist() == [1.0, 1.0]
