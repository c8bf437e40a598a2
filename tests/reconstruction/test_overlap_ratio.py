import numpy as np
import pytest

from x17.reconstruction.overlap_ratio import overlap_ratio


def test_the_error_of_a_part_is_binomial() -> None:
    part = np.repeat([1.0, 0.0], [300, 700])
    ratio, error = overlap_ratio(part, np.ones(1000))
    assert ratio == 0.3
    assert error == pytest.approx(np.sqrt(0.3 * 0.7 / 1000))


def test_the_same_sum_has_no_error() -> None:
    weight = np.random.default_rng(1).random(50)
    assert overlap_ratio(weight, weight) == (pytest.approx(1.0), pytest.approx(0.0, abs=1e-15))


def test_independent_sums_have_both_errors() -> None:
    one, other = np.repeat([1.0, 0.0], [400, 100]), np.repeat([0.0, 1.0], [400, 100])
    ratio, error = overlap_ratio(one, other)
    assert ratio == 4.0
    assert error == pytest.approx(4.0 * np.sqrt(1.0 / 400 + 1.0 / 100))


def test_the_error_is_the_spread_of_toys() -> None:
    rng = np.random.default_rng(2)
    ratios, errors = [], []
    for _ in range(800):
        n = rng.poisson(500)
        wide = rng.random(n) < 0.9
        narrow = wide & (rng.random(n) < 0.95)
        weight = 1.0 + rng.random(n)
        ratio, error = overlap_ratio(weight * narrow, weight * wide)
        ratios.append(ratio)
        errors.append(error)
    # The spread of 800 toys is known to 2.5 %; four times that.
    assert np.std(ratios) == pytest.approx(np.mean(errors), rel=0.1)


def test_nothing_below_is_not_a_number_that_looks_good() -> None:
    assert overlap_ratio(np.zeros(0), np.zeros(0)) == (1.0, float("inf"))
