import numpy as np
import pytest

from x17.statistics.asymptotic_check import AsymptoticCheck, toy_seed, validate_asymptotic
from x17.statistics.limit_settings import LimitSettings
from x17.statistics.model import ScanModel


def test_formula_and_toys_agree_where_toys_are_drawn_about_the_truth(model: ScanModel) -> None:
    settings = LimitSettings(toys=500, ensemble="unconditional", seed=2)
    check = validate_asymptotic(model, 16.9, settings, 60, workers=2)
    assert len(check) + check.n_failed == 60
    assert check.n_failed <= 3  # deficits of three sigma leave too few toys
    mean, error = check.mean
    # Both know the same û; 0.5(5) % measured with 60, within 1 % and three errors.
    assert abs(mean) < 0.01 + 3 * error
    assert error == pytest.approx(check.rms[0] / np.sqrt(len(check)))
    assert check.rms[0] < 2.0 * check.monte_carlo_rms


def test_hybrid_toys_lie_higher_than_the_formula(model: ScanModel) -> None:
    # Their û is low by 0.22σ of 1.64σ with a width of 0.95σ: limits are 2 to 4 % higher, as at the excess.
    check = validate_asymptotic(model, 16.9, LimitSettings(toys=500), 60, workers=2)
    mean, error = check.mean
    assert 0.01 - 3 * error < mean < 0.05 + 3 * error
    assert mean > 2 * error


def test_workers_do_not_matter_and_a_boson_can_be_put_in(model: ScanModel) -> None:
    settings = LimitSettings(toys=100)
    one, two = (
        validate_asymptotic(model, 16.9, settings, 6, coupling=8e-4, workers=workers) for workers in (1, 2)
    )
    np.testing.assert_array_equal(one.toys, two.toys)
    assert one.asymptotic.min() > 6e-4


def test_moments() -> None:
    check = AsymptoticCheck(
        np.array([1.0, 1.0, 2.0]), np.array([1.1, 0.9, 2.0]), np.array([0.1, 0.1, 0.2]), 2
    )
    np.testing.assert_allclose(check.difference, [0.1, -0.1, 0.0], atol=1e-12)
    assert check.mean == pytest.approx((0.0, 0.1 / np.sqrt(3)))
    assert check.rms == pytest.approx((0.1, 0.1 / np.sqrt(4)))
    assert check.monte_carlo_rms == pytest.approx(0.1)


def test_every_experiment_has_a_seed_of_its_own() -> None:
    seeds = {toy_seed(1, k) for k in range(1000)} | {toy_seed(2, k) for k in range(1000)}
    assert len(seeds) == 2000
    assert all(0 <= seed < 2**63 for seed in seeds)
