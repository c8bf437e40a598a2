"""The compiled loops against plain Python on random hits, and what must hold for any hits."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from x17.apparatus import load_setup
from x17.reconstruction.clustering import Algorithm, ClusteringSettings, Containment, assign_hits
from x17.reconstruction.hits import Hits

from .referee import referee

CALORIMETER = load_setup("padme-run3").calorimeter
CELLS = CALORIMETER.cells
NEAR = np.flatnonzero((CELLS.column < 9) & (CELLS.row < 9))
"""A corner of the matrix with its rim and a dead crystal, small enough for clusters to meet."""

HIT = st.tuples(
    st.integers(0, 3),
    st.sampled_from(NEAR.tolist()),
    # Few values, for ties and thresholds, and any.
    st.sampled_from([0.5, 1.0, 2.0, 8.0, 15.0, 20.0]) | st.floats(0.0, 1500.0),
    st.sampled_from([0.0, 3.0, 6.0, 9.0]) | st.floats(0.0, 20.0),
)
CHOICES = st.builds(
    ClusteringSettings,
    algorithm=st.sampled_from(Algorithm),
    window_ns=st.sampled_from([0.0, 3.0, 6.0, 50.0]),
    reach_cells=st.integers(0, 2),
    radius_mm=st.sampled_from([0.0, 21.35, 50.0, 60.5]),
    hit_threshold_mev=st.sampled_from([None, 0.0, 5.0]),
)


def batch(flat: list[tuple[int, int, float, float]]) -> Hits:
    rows = sorted(flat, key=lambda hit: hit[0])
    event, cell = (np.array([hit[i] for hit in rows], dtype=np.int64) for i in (0, 1))
    energy, time = (np.array([hit[i] for hit in rows], dtype=float) for i in (2, 3))
    return Hits(4, event, cell, energy, time)


@settings(deadline=None, max_examples=300)
@given(st.lists(HIT, max_size=60), CHOICES)
def test_same_clusters(flat: list[tuple[int, int, float, float]], choice: ClusteringSettings) -> None:
    hits = batch(flat)
    wanted = referee(hits, CALORIMETER, choice)
    clusters, owner = assign_hits(hits, CALORIMETER, choice)
    assert clusters.event.tolist() == [found.seed.event for found in wanted]
    assert clusters.n_hits.tolist() == [len(found.members) for found in wanted]
    assert clusters.time.tolist() == [found.seed.time for found in wanted]
    np.testing.assert_allclose(clusters.energy, [found.energy for found in wanted], rtol=1e-12)
    np.testing.assert_allclose(clusters.x, [found.x for found in wanted], rtol=1e-12, atol=1e-9)
    np.testing.assert_allclose(clusters.y, [found.y for found in wanted], rtol=1e-12, atol=1e-9)
    assert np.bincount(owner[owner >= 0], minlength=clusters.size).tolist() == clusters.n_hits.tolist()


@pytest.mark.parametrize("algorithm", Algorithm)
def test_events_at_once_or_in_parts(algorithm: Algorithm) -> None:
    """To the last bit, wherever the batch is split."""
    rng = np.random.default_rng(1)
    event = np.sort(rng.integers(0, 200, 5000))
    cell, energy = rng.choice(NEAR, 5000), rng.exponential(10.0, 5000)
    time = rng.uniform(0.0, 250.0, 5000)
    choice = ClusteringSettings(algorithm=algorithm)
    whole, _ = assign_hits(Hits(200, event, cell, energy, time), CALORIMETER, choice)
    for split in (0, 1, 77, 200):
        parts = [
            assign_hits(Hits(n, event[k] - first, cell[k], energy[k], time[k]), CALORIMETER, choice)[0]
            for first, n, k in ((0, split, event < split), (split, 200 - split, event >= split))
        ]
        for name in ("seed", "n_hits", "energy", "time", "x", "y"):
            joined = np.concatenate([getattr(part, name) for part in parts])
            np.testing.assert_array_equal(joined, getattr(whole, name))
        joined = np.concatenate([parts[0].event, parts[1].event + split])
        np.testing.assert_array_equal(joined, whole.event)


@pytest.mark.parametrize("algorithm", Algorithm)
def test_no_hit_is_in_two_clusters_and_no_seed_is_left(algorithm: Algorithm) -> None:
    rng = np.random.default_rng(2)
    n = 3000
    hits = Hits(
        50,
        np.sort(rng.integers(0, 50, n)),
        rng.choice(np.flatnonzero(~CELLS.dead), n),
        rng.exponential(12.0, n),
        rng.uniform(0.0, 30.0, n),
    )
    choice = ClusteringSettings(algorithm=algorithm, containment=Containment.NONE)
    clusters, owner = assign_hits(hits, CALORIMETER, choice)
    sums = np.bincount(owner[owner >= 0], hits.energy[owner >= 0], minlength=clusters.size)
    np.testing.assert_allclose(sums, clusters.energy, rtol=1e-12)
    assert hits.energy[owner < 0].max() <= CALORIMETER.seed_threshold_mev
    # Seeds come in falling energy within an event.
    same = np.diff(clusters.event) == 0
    seed_energy = np.array([hits.energy[owner == c].max() for c in range(clusters.size)])
    assert np.all(np.diff(seed_energy)[same] <= 0.0)
