import math
from dataclasses import replace

import numpy as np
import pytest

from x17.apparatus.setup import Setup
from x17.errors import UsageError
from x17.reconstruction.angle_windows import AngleWindows
from x17.reconstruction.beam_line import BeamLine
from x17.reconstruction.pair_selection import select_pairs
from x17.reconstruction.pairs import Pairs
from x17.reconstruction.side_bands import SideBands, SubtractionStatus, count_pairs, subtraction_weights
from x17.simulation.sample import Process

from .pairs_by_hand import pairs_with
from .smeared import events_of, smeared_clusters


def background(rng: np.random.Generator, n: int) -> Pairs:
    """Triangles in both angles, independent of each other."""
    phi = math.pi + 1.4 * (rng.random(n) - rng.random(n))
    theta = math.pi - 0.05 + 0.5 * (rng.random(n) - rng.random(n))
    return pairs_with(phi, theta)


def test_a_background_that_factorises_is_found_with_its_error() -> None:
    rng = np.random.default_rng(1)
    signal = pairs_with(
        math.pi + 0.05 * rng.standard_normal(3000), math.pi + 0.03 * rng.standard_normal(3000)
    )
    many = background(np.random.default_rng(7), 1_000_000)
    expected = 1000.0 * AngleWindows().inside(many).mean()
    pulls = []
    for _ in range(200):
        under = background(rng, 1000)
        count = count_pairs(Pairs.concatenate([signal, under]))
        assert count.status is SubtractionStatus.SIDE_BANDS
        pulls.append((count.background - expected) / count.background_error)
    # 200 pulls: mean to 0.07, width to 0.05; four times each.
    assert np.mean(pulls) == pytest.approx(0.0, abs=0.28)
    assert np.std(pulls) == pytest.approx(1.0, abs=0.2)


def test_signal_alone_stays(setup: Setup) -> None:
    events = events_of(setup, Process.ELECTRONS, 20_000, 1)
    pairs = _selected(setup, Process.ELECTRONS, 20_000, 1)
    count = count_pairs(pairs)
    assert events.n_events > pairs.size > 3000
    # All of a smeared two-body sample lies in windows of 7 to 8 of its own widths.
    assert count.n_pairs == pairs.size
    assert count.background == 0.0
    assert count.factor == 1.0
    # No pair beside is a background known to one pair, not to none.
    assert count.background_error == pytest.approx(pairs.weight.mean())


@pytest.mark.parametrize(
    ("sqrt_s", "blocks"),
    [(16.9, 2), *(pytest.param(s, 12, marks=pytest.mark.full) for s in (16.4, 16.9, 17.4))],
)
def test_bremsstrahlung_is_found_without_bias(setup: Setup, sqrt_s: float, blocks: int) -> None:
    """The talk's error is 0.3 % of N₂; the largest bias that twelve blocks leave room for is less."""
    parts = [_selected(setup, Process.BREMSSTRAHLUNG, 100_000, seed, sqrt_s) for seed in range(blocks)]
    pairs = Pairs.concatenate(parts)
    pairs = replace(pairs, weight=pairs.weight * 1e10 / len(parts))
    count = count_pairs(pairs)
    n2 = 1e10 * _selected(setup, Process.ELECTRONS, 20_000, 9, sqrt_s).weight.sum()
    error = math.hypot(count.background_error, count.in_window_error)
    # A block stands for 2e9 positrons: 0.1 % of N₂ with twelve of them, 0.25 % with two.
    assert abs(count.n2) < 3.0 * error
    assert error < 0.0035 * n2 / math.sqrt(blocks)
    # 1 % of the two-body events in this acceptance; the talk has about 4 % in the data.
    assert 0.004 < count.in_window / n2 < 0.04


def test_accidentals_have_too_much_energy(setup: Setup) -> None:
    assert _selected(setup, Process.ACCIDENTAL, 20_000, 1).size == 0


def test_weights_add_up_to_what_is_left() -> None:
    rng = np.random.default_rng(3)
    pairs = Pairs.concatenate([pairs_with(np.full(500, 3.1)), background(rng, 2000)])
    pairs = replace(pairs, weight=0.5 + rng.random(pairs.size))
    count = count_pairs(pairs)
    assert subtraction_weights(pairs).sum() == pytest.approx(count.n2, rel=1e-12)
    assert count.factor == pytest.approx(count.n2 / count.in_window)


def test_few_pairs_away_give_a_flat_background_that_says_so() -> None:
    bands = SideBands()
    pairs = pairs_with(math.pi, [math.pi, math.pi - 0.4, math.pi + 0.4])
    count = count_pairs(pairs, bands)
    assert count.status is SubtractionStatus.FLAT
    # Window and side bands are equally wide.
    assert count.background == 2.0
    assert count.background_error == pytest.approx(math.hypot(math.sqrt(2.0), 2.0))
    assert count.n2_error == pytest.approx(math.hypot(1.0, count.background_error))


def test_nothing_is_nothing() -> None:
    count = count_pairs(pairs_with(np.zeros(0)))
    assert (count.n2, count.n2_error, count.factor, count.factor_error) == (0.0, 0.0, 1.0, 0.0)


def test_side_bands_lie_outside_the_windows() -> None:
    with pytest.raises(UsageError, match="side bands of sum_theta from 2 to 6 sigmas"):
        SideBands(sum_theta_inner=2.0)
    with pytest.raises(UsageError, match="side bands of delta_phi from 3 to 3 sigmas"):
        SideBands(delta_phi_outer=3.0)


def _selected(setup: Setup, process: Process, n: int, seed: int, sqrt_s: float = 16.9) -> Pairs:
    events = events_of(setup, process, n, seed, sqrt_s)
    clusters, _ = smeared_clusters(setup, events, seed + 100)
    zeros = np.zeros(events.n_events, dtype=np.int64)
    return select_pairs(clusters, zeros, events.weight, [BeamLine.nominal(setup)], sqrt_s, setup)[0]
