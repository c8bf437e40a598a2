"""Pairs judged cut by cut: the same verdict as the selection's compiled loop, and masses in closed form."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from x17.apparatus.loading import load_setup
from x17.reconstruction.beam_line import BeamLine
from x17.reconstruction.clusters import Clusters
from x17.reconstruction.cm_angles import Directions
from x17.reconstruction.pair_selection import (
    CUT_NAMES,
    SelectionSettings,
    cluster_directions,
    find_pairs,
)
from x17.reconstruction.pair_verdicts import PAIR_CUTS, SELECTION_CUTS, judge_pairs, pair_mass_mev

SETUP = load_setup("padme-run3")
SETTINGS = SelectionSettings.of(SETUP)
LINE = BeamLine.nominal(SETUP)


def clusters_of(rows: list[tuple[int, float, float, float, float]], n_events: int) -> Clusters:
    """Clusters from (event, radius, azimuth, energy, time)."""
    table = np.array(sorted(rows, key=lambda row: row[0]), dtype=float).reshape(-1, 5)
    zeros = np.zeros(len(rows), dtype=np.int64)
    scale = 1.0 + SETTINGS.cluster_depth_mm / SETUP.distance_mm
    x, y = (scale * table[:, 1] * f(table[:, 2]) for f in (np.cos, np.sin))
    return Clusters(
        n_events, table[:, 0].astype(np.int64), zeros, zeros + 5, table[:, 3], table[:, 4], x, y, zeros
    )


def seen(clusters: Clusters) -> Directions:
    run = np.zeros(clusters.n_events, dtype=np.int64)
    return cluster_directions(clusters, run, [LINE], SETUP, SETTINGS)


rows = st.tuples(
    st.integers(0, 3),
    st.floats(100.0, 320.0),
    st.one_of(st.floats(-0.9, 0.9), st.floats(math.pi - 0.9, math.pi + 0.9)),
    st.floats(20.0, 260.0),
    st.floats(100.0, 108.0),
)


@examples(max_examples=150, deadline=None)
@given(st.lists(rows, max_size=14), st.floats(14.4, 20.0))
def test_verdicts_are_those_of_the_selection(
    given_rows: list[tuple[int, float, float, float, float]], sqrt_s: float
) -> None:
    clusters = clusters_of(given_rows, 4)
    looked = seen(clusters)
    verdicts = judge_pairs(clusters, looked, sqrt_s, SETUP)
    passed, first, second = find_pairs(clusters, looked, sqrt_s, SETUP, SETTINGS.cuts)
    best = verdicts.best_of(4)
    per_event = np.bincount(clusters.event, minlength=4)
    np.testing.assert_array_equal(best >= 0, per_event >= 2)
    np.testing.assert_array_equal(verdicts.event.size, (per_event * (per_event - 1) // 2).sum())
    there = np.flatnonzero(best >= 0)
    np.testing.assert_array_equal(2 + verdicts.depth[best[there]], passed[there])
    chosen = there[passed[there] == len(CUT_NAMES)]
    np.testing.assert_array_equal(verdicts.selected[best[there]], passed[there] == len(CUT_NAMES))
    for event in chosen:
        pair = best[event]
        assert (verdicts.first[pair], verdicts.second[pair]) == (first[event], second[event])


def test_a_two_body_pair_passes_all_and_is_failed_by_each_cut_alone() -> None:
    """A back-to-back pair of 16.9 MeV at equal radii, spoilt in one way at a time."""
    sqrt_s = 16.9
    radius = SETUP.distance_mm * 2 * 0.51099895 / sqrt_s
    energy = float(SETUP.e_min_mev(sqrt_s) + SETUP.e_max_mev(sqrt_s)) / 2.0
    good = [(0, radius, 0.1, energy, 100.0), (0, radius, 0.1 + math.pi - 2 * math.pi, energy, 101.0)]
    spoils = {
        "in time": lambda e, r, a, t: (r, a, e, t + 9.0),
        "above E_min": lambda e, r, a, t: (r, a, 0.1 * e, t),
        "below E_max": lambda e, r, a, t: (r, a, 2.0 * e, t),
        "beyond R_min": lambda e, r, a, t: (0.6 * r, a, e, t),
        "azimuth": lambda e, r, a, t: (r, a + 0.75, e, t),
    }
    verdicts = judge_pairs(clusters := clusters_of(good, 1), seen(clusters), sqrt_s, SETUP)
    assert verdicts.passed.all()
    assert verdicts.counted.all()
    for name, spoil in spoils.items():
        _, r, a, e, t = good[1]
        changed = clusters_of([good[0], (0, *spoil(e, r, a, t))], 1)
        failed = judge_pairs(changed, seen(changed), sqrt_s, SETUP)
        out = [cut for cut, good_one in zip(PAIR_CUTS, failed.passed[0], strict=True) if not good_one]
        assert name in out
        assert set(out) & set(SELECTION_CUTS) == {name}
        assert not failed.selected.any()


@pytest.mark.parametrize("sqrt_s", [14.5, 16.9, 20.6])
@pytest.mark.parametrize("cosine", [0.0, 0.3, -0.6])
def test_the_mass_of_two_massless_products_is_that_of_the_centre_of_mass(
    sqrt_s: float, cosine: float
) -> None:
    boost = sqrt_s / (2.0 * 0.51099895)
    beta = math.sqrt(1.0 - boost**-2)
    c = np.array([cosine, -cosine])
    energy = 0.5 * sqrt_s * boost * (1.0 + beta * c)
    tan = np.sqrt(1.0 - c**2) / (boost * (c + beta))
    looked = Directions(tan, np.array([0.4, 0.4 - math.pi]))
    mass = pair_mass_mev(looked, energy, np.array([0]), np.array([1]))
    # Pure kinematics in double precision; 1 − β has lost 3 of its 16 digits.
    assert mass == pytest.approx([sqrt_s], rel=1e-12)
