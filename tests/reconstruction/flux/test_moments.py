import math

import numpy as np
import pytest

from x17.reconstruction.flux.moments import Moments


def test_moments_are_those_of_the_values_whatever_the_blocks() -> None:
    values = 5.0 + np.random.default_rng(1).standard_normal(1000)
    whole = Moments.of(values)
    parts = Moments.of(values[:300]) + Moments.of(values[300:])
    for found in (whole, parts):
        # Rounding of sums of squares: 1000 · 25 · 1e-16 over a variance of 1.
        assert found.mean == pytest.approx(values.mean(), rel=1e-13)
        assert found.variance == pytest.approx(values.var(ddof=1), rel=1e-11)
        assert found.mean_err == pytest.approx(values.std(ddof=1) / math.sqrt(1000), rel=1e-11)


def test_values_that_are_not_finite_are_left_out() -> None:
    assert Moments.of(np.array([1.0, np.nan, 3.0, np.inf])) == Moments(2, 4.0, 10.0)


def test_of_nothing_and_of_one_there_is_no_error() -> None:
    assert math.isnan(Moments().mean)
    assert math.isnan(Moments(1, 2.0, 4.0).mean_err)
    assert Moments(1, 2.0, 4.0).mean == 2.0


def test_equal_values_have_no_variance() -> None:
    # Rounding of 0.07, either way, and never below 0.
    assert 0.0 <= Moments.of(np.full(7, 0.1)).variance < 1e-17
