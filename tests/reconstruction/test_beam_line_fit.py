from dataclasses import replace

import numpy as np
import pytest

from x17.apparatus.setup import Setup
from x17.errors import UsageError
from x17.reconstruction.beam_line import BeamLine
from x17.reconstruction.beam_line_fit import (
    BeamLineSettings,
    LineStatus,
    fit_beam_lines,
    lines_from_sums,
    momentum_sums,
    starting_lines,
)
from x17.reconstruction.clusters import Clusters
from x17.reconstruction.pair_selection import CLUSTER_DEPTH_MM
from x17.simulation.sample import Process

from .smeared import Smearing, events_of, smeared_clusters

SMEARING = Smearing(depth_mm=CLUSTER_DEPTH_MM)
TRUTH = ((1.5, -0.8, 0.9, -0.6), (-1.0, 0.5, -0.4, 1.1))
"""Spot, mm, and tilt, mrad, of two runs."""


@pytest.fixture(scope="module")
def two_runs(setup: Setup) -> tuple[Clusters, np.ndarray]:
    parts, runs = [], []
    for run, (x, y, tilt_x, tilt_y) in enumerate(TRUTH):
        beam = replace(setup.beam, center_x_mm=x, center_y_mm=y, tilt_x_mrad=tilt_x, tilt_y_mrad=tilt_y)
        moved = replace(setup, beam=beam)
        events = events_of(moved, Process.ELECTRONS, 50_000, 10 + run)
        parts.append(smeared_clusters(moved, events, 20 + run, SMEARING)[0])
        runs.append(np.full(events.n_events, run))
    return Clusters.concatenate(parts), np.concatenate(runs)


def test_the_line_of_each_run_is_found(setup: Setup, two_runs: tuple[Clusters, np.ndarray]) -> None:
    clusters, run = two_runs
    spots = [(x, y) for x, y, _, _ in TRUTH]
    fit = fit_beam_lines(clusters, run, np.ones(run.size), spots, 16.9, setup)
    assert fit.status == (LineStatus.FITTED, LineStatus.FITTED)
    assert np.all(fit.pairs > 3000)
    for i, (x, y, tilt_x, tilt_y) in enumerate(TRUTH):
        line = fit.lines[i]
        assert (line.target_x_mm, line.target_y_mm) == (x, y)
        path = setup.distance_mm
        # 10 mm an event over 4000 events; four times the error that the fit gives.
        assert line.cog_x_mm == pytest.approx(x + 1e-3 * tilt_x * path, abs=4.0 * fit.cog_x_error_mm[i])
        assert line.cog_y_mm == pytest.approx(y + 1e-3 * tilt_y * path, abs=4.0 * fit.cog_y_error_mm[i])
        assert 0.05 < fit.cog_x_error_mm[i] < 0.3


def test_the_scale_of_energies_does_not_matter(setup: Setup, two_runs: tuple[Clusters, np.ndarray]) -> None:
    clusters, run = two_runs
    lines = starting_lines([(0.0, 0.0)] * 2, setup)
    loose = BeamLineSettings(cuts=replace(setup.pair_cuts, e_min_factor=0.0, e_max_factor=0.1))
    sums = [
        momentum_sums(
            replace(clusters, energy=scale * clusters.energy),
            run,
            np.ones(run.size),
            lines,
            16.9,
            setup,
            loose,
        )
        for scale in (1.0, 1.03)
    ]
    np.testing.assert_array_equal(sums[0].pairs, sums[1].pairs)
    np.testing.assert_allclose(sums[0].slopes, sums[1].slopes, rtol=1e-12)


def test_sums_of_files_add_up(setup: Setup, two_runs: tuple[Clusters, np.ndarray]) -> None:
    clusters, run = two_runs
    lines = starting_lines([(0.0, 0.0)] * 2, setup)
    weight = np.where(run == 0, 1.0, 0.5)
    whole = momentum_sums(clusters, run, weight, lines, 16.9, setup)
    parts = [
        momentum_sums(
            clusters.select(np.flatnonzero(run[clusters.event] == i)), run, weight, lines, 16.9, setup
        )
        for i in (0, 1)
    ]
    both = parts[0] + parts[1]
    np.testing.assert_array_equal(both.pairs, whole.pairs)
    np.testing.assert_allclose(both.px, whole.px, rtol=1e-12)
    np.testing.assert_allclose(both.zz, whole.zz, rtol=1e-12)


def test_errors_are_the_spread_of_many_runs(setup: Setup) -> None:
    n_runs = 60
    events = events_of(setup, Process.ELECTRONS, 200_000, 30)
    clusters, _ = smeared_clusters(setup, events, 31, SMEARING)
    run = np.arange(events.n_events) % n_runs
    fit = fit_beam_lines(clusters, run, np.ones(run.size), [(0.0, 0.0)] * n_runs, 16.9, setup)
    pulls = np.array([line.cog_x_mm for line in fit.lines]) / fit.cog_x_error_mm
    # 60 pulls: mean to 0.13, width to 0.09; four times each. The truth is 0.
    assert pulls.mean() == pytest.approx(0.0, abs=0.52)
    assert pulls.std() == pytest.approx(1.0, abs=0.36)


def test_a_run_with_few_pairs_takes_the_mean_of_the_period(
    setup: Setup, two_runs: tuple[Clusters, np.ndarray]
) -> None:
    clusters, run = two_runs
    spots = [(0.0, 0.0), (0.0, 0.0), (1.0, float("nan"))]
    fit = fit_beam_lines(clusters, run, np.ones(run.size), spots, 16.9, setup)
    assert fit.status[2] is LineStatus.PERIOD
    assert fit.pairs[2] == 0
    between = sorted(fit.lines[i].cog_x_mm for i in (0, 1))
    assert between[0] < fit.lines[2].cog_x_mm < between[1]
    # A spot that was not measured is that of the setup.
    assert (fit.lines[2].target_x_mm, fit.lines[2].target_y_mm) == (0.0, 0.0)


def test_without_pairs_the_setup_stands_in(setup: Setup) -> None:
    none = np.zeros(0, dtype=np.int64)
    empty = Clusters(2, none, none, none, np.zeros(0), np.zeros(0), np.zeros(0), np.zeros(0), none)
    fit = fit_beam_lines(empty, np.array([0, 1]), np.ones(2), [(0.5, 0.0), (0.0, 0.0)], 16.9, setup)
    assert fit.status == (LineStatus.NOMINAL, LineStatus.NOMINAL)
    assert fit.lines[1] == BeamLine.nominal(setup)
    assert fit.lines[0].cog_x_mm == 0.5
    assert "beam axis of the setup" in fit.status[0].value
    assert np.all(fit.cog_x_error_mm == 0.0)


def test_a_cluster_beside_a_dead_crystal_is_not_used(
    setup: Setup, two_runs: tuple[Clusters, np.ndarray]
) -> None:
    clusters, run = two_runs
    lines = starting_lines([(0.0, 0.0)] * 2, setup)
    beside = replace(clusters, seed=np.full(clusters.size, setup.calorimeter.cells.index_of(23, 9)))
    sums = momentum_sums(beside, run, np.ones(run.size), lines, 16.9, setup)
    assert sums.pairs.tolist() == [0, 0]
    used = momentum_sums(
        beside, run, np.ones(run.size), lines, 16.9, setup, BeamLineSettings(dead_margin_cells=-1)
    )
    assert np.all(used.pairs > 3000)
    assert lines_from_sums(sums, [(0.0, 0.0)] * 2, setup, 30).status[0] is LineStatus.NOMINAL


def test_settings_are_checked() -> None:
    with pytest.raises(UsageError, match="at least 1 pairs; allowed"):
        BeamLineSettings(least_pairs=1)
