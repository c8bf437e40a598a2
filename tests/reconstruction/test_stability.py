from dataclasses import replace

import numpy as np
import pytest

from x17.apparatus.setup import Setup
from x17.errors import UsageError
from x17.reconstruction.beam_line import BeamLine
from x17.reconstruction.clusters import Clusters
from x17.reconstruction.pair_selection import SelectionSettings, select_pairs
from x17.reconstruction.pairs import Pairs
from x17.reconstruction.side_bands import count_pairs
from x17.reconstruction.stability import margin_stability, passing, r_max_stability, widest_cuts
from x17.simulation.sample import Process

from .pairs_by_hand import pairs_with
from .smeared import events_of, smeared_clusters


def selected(setup: Setup, clusters: Clusters, **cuts: object) -> Pairs:
    settings = SelectionSettings(cuts=replace(setup.pair_cuts, **cuts))
    zeros = np.zeros(clusters.n_events, dtype=np.int64)
    ones = np.ones(clusters.n_events)
    return select_pairs(clusters, zeros, ones, [BeamLine.nominal(setup)], 16.9, setup, settings)[0]


@pytest.fixture(scope="module")
def samples(setup: Setup) -> list[Clusters]:
    return [
        smeared_clusters(setup, events_of(setup, Process.ELECTRONS, n, seed), seed + 50)[0]
        for seed, n in ((1, 40_000), (2, 80_000))
    ]


@pytest.mark.parametrize("r_max", [230.0, 270.0, 300.0])
@pytest.mark.parametrize("margin", [0.5, 1.5, 2.5])
def test_narrow_cuts_on_wide_pairs_are_a_selection(
    setup: Setup, samples: list[Clusters], r_max: float, margin: float
) -> None:
    wide = widest_cuts(setup.pair_cuts)
    pairs = selected(setup, samples[0], r_max_mm=wide.r_max_mm, margin_cells=wide.margin_cells)
    cuts = replace(setup.pair_cuts, r_max_mm=r_max, margin_cells=margin)
    kept = pairs.select(passing(pairs, 16.9, setup, cuts))
    again = selected(setup, samples[0], r_max_mm=r_max, margin_cells=margin)
    np.testing.assert_array_equal(kept.event, again.event)


def test_data_follow_the_expectation_within_the_errors_of_nested_samples(
    setup: Setup, samples: list[Clusters]
) -> None:
    wide = widest_cuts(setup.pair_cuts)
    data, expected = (
        selected(setup, c, r_max_mm=wide.r_max_mm, margin_cells=wide.margin_cells) for c in samples
    )
    for vary in (r_max_stability, margin_stability):
        result = vary(data, expected, 16.9, setup, setup.pair_cuts)
        nominal = result.varied == (270.0 if vary is r_max_stability else 1.5)
        assert result.data[nominal] == 1.0
        assert result.data_error[nominal] == 0.0
        # The errors are those of the difference: far below 1/√N of the whole, 1.2 %, near the nominal cut.
        assert np.all(np.diff(result.data) >= 0.0)
        other = ~nominal & (result.data_error > 0.0)
        pulls = (result.double_ratio[other] - 1.0) / result.double_ratio_error[other]
        assert np.abs(pulls).max() < 4.0
        assert result.data_error[np.flatnonzero(nominal)[0] + 1] < 0.003


def test_the_ratio_is_that_of_two_counts(setup: Setup, samples: list[Clusters]) -> None:
    wide = widest_cuts(setup.pair_cuts)
    pairs = selected(setup, samples[0], r_max_mm=wide.r_max_mm, margin_cells=wide.margin_cells)
    result = r_max_stability(pairs, pairs, 16.9, setup, setup.pair_cuts, steps_mm=(250.0,))
    counts = [count_pairs(selected(setup, samples[0], r_max_mm=r)).n2 for r in (250.0, 270.0)]
    assert result.data[0] == pytest.approx(counts[0] / counts[1], rel=1e-12)


def test_cuts_that_leave_nothing_have_no_ratio(setup: Setup) -> None:
    """Below the radius at which both products are equal, D/γ, R_min is above R_max."""
    pairs = pairs_with(np.full(20, np.pi))
    result = r_max_stability(pairs, pairs, 16.9, setup, setup.pair_cuts, steps_mm=(180.0, 270.0))
    assert result.data[0] == 0.0
    assert result.double_ratio.tolist() == [1.0, 1.0]
    assert result.double_ratio_error.tolist() == [float("inf"), 0.0]


def test_no_pairs_are_refused(setup: Setup) -> None:
    none = pairs_with(np.zeros(0))
    with pytest.raises(UsageError, match="no pairs to vary cuts on"):
        r_max_stability(none, none, 16.9, setup, setup.pair_cuts)
