"""Counts of a period and what they are made of."""

import math
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from x17.apparatus.setup import Setup
from x17.reconstruction.counting import (
    count_period,
    share_of_samples,
    table_of_counts,
    two_body_count,
    two_body_weights,
)
from x17.reconstruction.cut_flow import CutFlow
from x17.reconstruction.pairs import Pairs
from x17.reconstruction.period_counts import CountStatus, PeriodCounts
from x17.reconstruction.period_selection import PeriodEvents, PeriodSelection, PeriodSettings
from x17.reconstruction.tags import Tags

from .pairs_by_hand import pairs_with

WIDTH_PHI, WIDTH_THETA = 0.1105, 0.0932


@pytest.fixture(scope="module")
def settings(setup: Setup) -> PeriodSettings:
    return PeriodSettings.of(setup)


def some_pairs() -> Pairs:
    """100 in the windows; 12 in the side of θ₁ + θ₂, 30 away in Δφ, and 60 in both."""
    phi = math.pi + np.array([*np.zeros(112), *np.full(90, 5.0 * WIDTH_PHI)])
    inside, side = np.zeros, np.full
    theta = [*inside(100), *side(12, 4.0 * WIDTH_THETA), *inside(30), *side(60, 4.0 * WIDTH_THETA)]
    return pairs_with(delta_phi=phi, sum_theta=math.pi + np.array(theta))


def selection(pairs: Pairs, n_events: int = 202) -> PeriodSelection:
    nothing = Tags(*(np.zeros(0, dtype=bool if "found" in n else float) for n in Tags.__slots__))
    flow = CutFlow(("all",), np.array([n_events]), np.array([float(n_events)]))
    parts = {"pairs": pairs, "tags": nothing, "cut_flow": flow}
    return cast(PeriodSelection, SimpleNamespace(**parts))


def test_the_background_factorises(settings: PeriodSettings) -> None:
    """12 · 30/60 = 6 of the 100 are bremsstrahlung."""
    count = two_body_count(some_pairs(), settings)
    assert (count.in_window, count.n_pairs) == (100.0, 100)
    assert count.background == pytest.approx(6.0, rel=1e-12)
    assert count.n2 == pytest.approx(94.0, rel=1e-12)
    weights = two_body_weights(some_pairs(), settings)
    assert weights.sum() == pytest.approx(94.0, rel=1e-12)
    plain = replace(settings, subtract=False)
    count = two_body_count(some_pairs(), plain)
    assert (count.n2, count.n2_error, count.factor, count.factor_error) == (100.0, 10.0, 1.0, 0.0)
    assert two_body_weights(some_pairs(), plain).sum() == 100.0


def test_shares_add_up_to_the_count(settings: PeriodSettings) -> None:
    sample = np.arange(202) % 3
    shares = share_of_samples(some_pairs(), sample, settings)
    assert shares.shape == (3,)
    assert shares.sum() == pytest.approx(94.0, rel=1e-12)
    weights = two_body_weights(some_pairs(), settings)
    np.testing.assert_allclose(shares, [weights[sample == k].sum() for k in range(3)], rtol=1e-12)
    none = some_pairs().select(np.zeros(0, dtype=np.int64))
    assert share_of_samples(none, np.zeros(0, dtype=np.int64), settings).tolist() == []


def test_a_period(settings: PeriodSettings) -> None:
    row = count_period(7, selection(some_pairs()), settings)
    assert (row.period, row.status) == (7, CountStatus.GOOD)
    assert row.classes.tolist() == pytest.approx([94.0, 0.0, 0.0])
    assert row.energy_sum.n == 100
    table = table_of_counts([row], [(9, CountStatus.BAD_FILE), (3, CountStatus.NO_EVENTS)])
    assert table.period.tolist() == [3, 7, 9]
    assert table.status.tolist() == [CountStatus.NO_EVENTS, CountStatus.GOOD, CountStatus.BAD_FILE]
    assert table.usable.tolist() == [False, True, False]
    assert table.n2.tolist() == pytest.approx([0.0, 94.0, 0.0])
    assert table.n2_raw.tolist() == [0.0, 100.0, 0.0]
    assert table.brems_subtraction.tolist() == pytest.approx([1.0, 0.94, 1.0])
    # Without tags there is no efficiency, not one of 0.
    assert np.isnan(table.tag_and_probe).all()
    assert np.isnan(table.tag_and_probe_err).all()
    assert table.n_ee.tolist() == pytest.approx([0.0, 94.0, 0.0])
    assert table.select(table.usable).period.tolist() == [7]


def test_nothing_to_count(settings: PeriodSettings) -> None:
    none = some_pairs().select(np.zeros(0, dtype=np.int64))
    assert count_period(1, selection(none, 0), settings).status is CountStatus.NO_EVENTS
    assert count_period(1, selection(none, 5), settings).status is CountStatus.NO_CANDIDATES
    outside = some_pairs().select(np.arange(100, 202))
    assert count_period(1, selection(outside), settings).status is CountStatus.NO_CANDIDATES


@pytest.mark.parametrize("status", list(CountStatus))
def test_every_status_has_a_sentence(status: CountStatus) -> None:
    assert status.sentence
    assert not status.sentence.endswith(".")


def test_no_periods() -> None:
    table = table_of_counts([])
    assert isinstance(table, PeriodCounts)
    assert table.period.size == 0


def test_events_of_samples_and_runs() -> None:
    assert PeriodEvents.empty().n_events == 0
    from x17.reconstruction.clusters import Clusters

    numbers = np.array([0, 0, 1, 3, 3, 3])
    values: dict[str, Any] = {name: np.arange(6.0) for name in ("energy", "time", "x", "y")}
    clusters = Clusters(
        n_events=4,
        event=numbers,
        seed=np.arange(6),
        n_hits=np.ones(6, int),
        tagger_ends=np.zeros(6, int),
        **values,
    )
    events = PeriodEvents(clusters, np.array([0, 1, 1, 0]), np.arange(4.0), np.array([0, 1, 2, 1]))
    some = events.of_samples([1])
    assert some.n_events == 2
    assert some.clusters.event.tolist() == [0, 1, 1, 1]
    assert some.clusters.energy.tolist() == [2.0, 3.0, 4.0, 5.0]
    assert some.run.tolist() == [1, 0]
    assert some.weight.tolist() == [1.0, 3.0]
    assert some.sample.tolist() == [1, 1]
    assert events.of_samples([]).n_events == 0
