from dataclasses import replace

import numpy as np
import pytest

from x17.scan import EnergyScan
from x17.statistics.data_sets import DataSets
from x17.statistics.model import SIGNAL_INDEX, ScanModel
from x17.statistics.model_settings import CountTerm, ModelSettings
from x17.statistics.profile_fit import fit_background
from x17.statistics.toy_cls import toy_q
from x17.statistics.toys import Centers, ToyTruth, block_seeds, hybrid_toys, pseudo_experiments

N = 20_000


def test_toys_scatter_about_the_expectation_with_the_errors_of_the_points(model: ScanModel) -> None:
    points = model.points
    truth = model.centers.copy()
    truth[SIGNAL_INDEX] = 5e-4**2
    toys = hybrid_toys(model, truth, 16.9, N, np.random.default_rng(1))
    expected = model.expected_g_r(truth, 16.9)
    relative2 = (
        1 / (expected * points.n_pot * points.background_per_pot)
        + (points.n_pot_err / points.n_pot) ** 2
        + (points.background_err / points.background_per_pot) ** 2
    )
    # 42 means with an error of sigma/sqrt(N): 4.5 of them allow for the largest of 42; 1/P and 1/B shift the
    # mean by their relative variance, 4e-5.
    shift = (toys.first.mean(axis=0) / expected - 1) / np.sqrt(relative2 / N)
    assert np.abs(shift).max() < 4.5
    np.testing.assert_allclose(
        toys.first.std(axis=0) / expected, np.sqrt(relative2), rtol=0.025
    )  # 5/sqrt(2N)


def test_hybrid_toys_keep_the_centres_and_pseudo_experiments_move_them(model: ScanModel) -> None:
    rng = np.random.default_rng(2)
    assert (hybrid_toys(model, model.centers, 16.9, 5, rng).centers == model.centers).all()
    centers = pseudo_experiments(model, N, rng).centers
    covariance = np.cov(centers[:, model.free].T)
    expected = model.covariance[np.ix_(model.free, model.free)]
    errors = np.sqrt(np.diag(expected))
    # Correlations of N samples have errors of 1/sqrt(N) = 0.007.
    np.testing.assert_allclose(
        covariance / np.outer(errors, errors), expected / np.outer(errors, errors), atol=0.03
    )
    assert (centers[:, SIGNAL_INDEX] == 0.0).all()


def test_pulls_of_k_over_background_toys(model: ScanModel) -> None:
    """Without recentring the constraint holds K: the pulls of P0, P1 have RMS 0.51 (recomputed)."""
    rng = np.random.default_rng(3)
    widths = np.sqrt(np.diag(model.covariance))[:2]
    hybrid = fit_background(model, hybrid_toys(model, model.centers, 16.9, N, rng)).parameters[:, :2]
    rms = np.sqrt((((hybrid - model.centers[:2]) / widths) ** 2).mean(axis=0))
    np.testing.assert_allclose(rms, 0.51, atol=0.03)
    sampled = pseudo_experiments(model, N, rng)
    fitted = fit_background(model, sampled).parameters[:, :2]
    # Centres fluctuate about the truth: the fit is the average of two unbiased measurements of it.
    information = np.linalg.inv(model.covariance[:2, :2])
    design = np.stack([np.ones_like(model.offset), model.offset], axis=1)
    weight = 1 / (
        model.expected_g_r(model.centers, 16.9) ** 2 * (sampled.first.std(0) / sampled.first.mean(0)) ** 2
    )
    total = np.linalg.inv(information + design.T @ (weight[:, None] * design))
    np.testing.assert_allclose(fitted.std(axis=0), np.sqrt(np.diag(total)), rtol=0.025)


def test_poisson_toys_are_whole_numbers(scan: EnergyScan) -> None:
    model = ScanModel.build(scan, ModelSettings(count_term=CountTerm.POISSON))
    toys = hybrid_toys(model, model.centers, 16.9, 2000, np.random.default_rng(4))
    assert (toys.first == np.round(toys.first)).all()
    np.testing.assert_allclose(
        toys.first.var(axis=0) / toys.first.mean(axis=0), 1.0, atol=0.16
    )  # 5 sqrt(2/2000)


def test_small_counts_do_not_become_impossible(scan: EnergyScan) -> None:
    names = ("period", "scan_part", "sqrt_s_mev", "background_per_pot")
    columns = {name: scan.columns[name] for name in names}
    columns |= {"n2": np.full(len(scan), 2.0), "n_pot": np.full(len(scan), 6e5)}
    columns["signal_efficiency"] = 24_000 * scan.background_per_pot
    model = ScanModel.build(EnergyScan.from_columns(columns))
    toys = hybrid_toys(model, model.centers, 16.9, 1000, np.random.default_rng(5))
    assert np.isfinite(toys.first).all()
    assert (toys.first > 0).all()
    assert np.isfinite(toys.second).all()


@pytest.mark.parametrize("block", [10, 64])
def test_more_toys_begin_with_the_same_toys(block: int) -> None:
    few = [(n, rng.standard_normal(4)) for n, rng in block_seeds(1, (2, 3), 2 * block, block)]
    many = [(n, rng.standard_normal(4)) for n, rng in block_seeds(1, (2, 3), 5 * block + 3, block)]
    assert [n for n, _ in many] == [block] * 5 + [3]
    for (_, one), (_, other) in zip(few, many, strict=False):
        np.testing.assert_array_equal(one, other)


def test_streams_differ_by_seed_purpose_and_block() -> None:
    draws = {
        tuple(rng.standard_normal(2))
        for seed, key in ((1, (1, 2)), (2, (1, 2)), (1, (1, 3)), (1, (2, 2)))
        for _, rng in block_seeds(seed, key, 30, 10)
    }
    assert len(draws) == 12


@pytest.mark.parametrize("term", CountTerm)
@pytest.mark.parametrize("ensemble", ["hybrid", "pseudo"])
def test_a_longer_draw_begins_with_the_same_toys(scan: EnergyScan, term: CountTerm, ensemble: str) -> None:
    """Whatever the block: the last one is as a rule not full, and grows when toys are added."""
    model = ScanModel.build(scan, ModelSettings(count_term=term))

    def draw(n: int) -> DataSets:
        rng = np.random.default_rng(8)
        if ensemble == "hybrid":
            return hybrid_toys(model, model.centers, 16.9, n, rng)
        return pseudo_experiments(model, n, rng)

    many = draw(301)
    for n in (1, 2, 64, 300):
        few = draw(n)
        for name in ("first", "second", "centers"):
            assert getattr(few, name).tobytes() == getattr(many, name)[:n].tobytes()


def test_adding_toys_keeps_the_q_of_those_that_were_there(model: ScanModel) -> None:
    truth = ToyTruth(model.centers, 16.9, Centers.MEASURED)
    few, many = (toy_q(model, truth, 16.9, 5e-4, n, 3, (1, 2))[0] for n in (2300, 4100))
    assert few.tobytes() == many[:2300].tobytes()


def test_an_error_as_large_as_the_flux_leaves_the_flux_positive(model: ScanModel) -> None:
    points = model.points
    wild = replace(
        model,
        points=replace(points, n_pot_err=2 * points.n_pot, background_err=2 * points.background_per_pot),
    )
    toys = hybrid_toys(wild, model.centers, 16.9, 500, np.random.default_rng(5))
    assert (toys.first > 0.0).all()
    assert (toys.second > 0.0).all()


def test_the_signal_is_never_measured_beforehand(model: ScanModel) -> None:
    truth = model.centers.copy()
    truth[SIGNAL_INDEX] = 5e-4**2
    toys = pseudo_experiments(model, 3, np.random.default_rng(1), truth, 16.9)
    assert (toys.centers[:, SIGNAL_INDEX] == 0.0).all()
