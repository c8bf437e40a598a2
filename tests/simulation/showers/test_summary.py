"""Summaries of showers, on showers whose numbers are known."""

import json

import numpy as np
import pytest

from x17.simulation.showers.summary import IMPACT_BINS, WIDTHS, ShowerSummary, summarise


def cross(n: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """60 % in the middle, 8 % in each neighbour by side, 0.5 % at each corner, 1 % on the 7 × 7's rim."""
    fractions = np.zeros((n, 11, 11))
    fractions[:, 4:7, 4:7] = 0.005
    fractions[:, 5, 5] = 0.6
    for r, c in ((4, 5), (6, 5), (5, 4), (5, 6)):
        fractions[:, r, c] = 0.08
    fractions[:, 2, 5] = 0.01
    axis = np.zeros((n, 4))
    axis[:, :2] = np.random.default_rng(seed).uniform(-10.0, 10.0, (n, 2))
    return fractions, axis


def test_sums_of_a_known_pattern() -> None:
    fractions, axis = cross(500)
    # Correlations need something that varies: a gain for each cell of each shower.
    fractions *= 1.0 + 1e-6 * np.random.default_rng(2).standard_normal(fractions.shape)
    summary = summarise(fractions, axis, 20.0)
    np.testing.assert_allclose([summary.median(w) for w in WIDTHS], [0.6, 0.94, 0.94, 0.95], atol=1e-5)
    np.testing.assert_allclose(summary.mean, [0.6, 0.94, 0.94, 0.95], atol=1e-5)
    assert summary.total_mean == pytest.approx(0.95, abs=1e-5)
    # The centroid is always at 0: the difference is minus the impact, uniform over ±10 mm.
    assert summary.position_rms_mm == pytest.approx(10.0 / np.sqrt(3.0), rel=0.03)
    assert summary.position_core_mm == pytest.approx(6.83, rel=0.05)
    middles = (np.arange(IMPACT_BINS) + 0.5) * 10.0 / IMPACT_BINS
    np.testing.assert_allclose(summary.offset_mm, -middles, atol=0.2)


def test_the_brightest_cell_is_followed() -> None:
    """The same shower one cell to the right and two up, its axis with it: the same summary."""
    fractions, axis = cross(300)
    fractions = fractions * (1.0 + 0.01 * np.random.default_rng(2).standard_normal(fractions.shape))
    here = summarise(fractions, axis, 20.0)
    moved = axis + np.array([20.0, 40.0, 0.0, 0.0])
    there = summarise(np.roll(fractions, (2, 1), axis=(1, 2)), moved, 20.0)
    np.testing.assert_allclose(there.quantiles, here.quantiles, rtol=1e-12)
    np.testing.assert_allclose(there.correlation, here.correlation, atol=1e-9)
    np.testing.assert_allclose(there.offset_mm, here.offset_mm, rtol=1e-9)
    assert there.position_rms_mm == pytest.approx(here.position_rms_mm, rel=1e-9)


def test_showers_are_mirrored_towards_the_axis() -> None:
    """Energy shared with the neighbour on the side of the axis: the correlation stands at its right."""
    fractions, axis = cross(2000)
    shared = np.random.default_rng(3).uniform(0.0, 0.1, 2000)
    side = np.where(axis[:, 0] > 0.0, 6, 4)
    fractions[np.arange(2000), 5, 5] -= shared
    fractions[np.arange(2000), 5, side] += shared
    fractions *= 1.0 + 1e-3 * np.random.default_rng(4).standard_normal(fractions.shape)
    correlation = summarise(fractions, axis, 20.0).correlation
    middle, right, left = 4, 5, 3
    assert correlation[middle, right] < -0.99
    assert abs(correlation[middle, left]) < 0.1


def test_a_shower_without_energy_has_no_position() -> None:
    fractions, axis = cross(100)
    fractions *= 1.0 + 0.01 * np.random.default_rng(5).standard_normal(fractions.shape)
    fractions[3:6] = 0.0
    summary = summarise(fractions, axis, 20.0)
    assert np.isfinite(summary.position_rms_mm)
    assert summary.quantiles[0, 0] < 0.1


def test_json_and_back() -> None:
    fractions, axis = cross(100)
    fractions *= 1.0 + 0.01 * np.random.default_rng(6).standard_normal(fractions.shape)
    summary = summarise(fractions, axis, 20.0)
    back = ShowerSummary.of(json.loads(json.dumps(summary.rounded() | {"pdg": 11})))
    np.testing.assert_allclose(back.correlation, summary.correlation, rtol=1e-4)
    assert back.core(5) == pytest.approx(summary.core(5), rel=0.01)
    assert back.median(3) == pytest.approx(summary.median(3), rel=1e-4)
