"""Points beside the resonance against closed forms."""

import numpy as np
import pytest

from x17.errors import UsageError
from x17.scan.validation import BesideResonance, chi2_probability, fit_constant, validate

SQRT_S = np.array([20.3, 20.3, 16.5, 17.0, 17.5, 17.55, 14.6, 14.7, 14.8])
SEARCHED = np.array([False, False, True, True, True, False, False, False, False])
ALL = np.ones(9, dtype=bool)


def test_a_mean_of_two_points() -> None:
    """Weights 1 and 1/4 of 10 and 15: mean 11, error √(4/5), χ² = 1 + 16/4."""
    found = fit_constant([10.0, 15.0], [1.0, 4.0])
    assert found.value == pytest.approx(11.0, rel=1e-15)
    assert found.error == pytest.approx(np.sqrt(0.8), rel=1e-15)
    assert (found.chi2, found.ndf) == (pytest.approx(5.0, rel=1e-14), 1)
    assert found.relative_rms == pytest.approx(np.sqrt(5.0), rel=1e-14)
    # P(χ² > 5) with one degree of freedom is twice the tail of a Gaussian beyond √5.
    assert found.p == pytest.approx(0.025347318677468, rel=1e-10)


def test_one_point_says_nothing_of_scatter() -> None:
    found = fit_constant([3.0], [0.25])
    assert (found.value, found.error, found.chi2, found.ndf) == (3.0, 0.5, 0.0, 0)
    assert (found.p, found.relative_rms) == (1.0, 0.0)


def test_chi2_with_two_degrees_of_freedom_is_an_exponential() -> None:
    assert chi2_probability(3.0, 2) == pytest.approx(np.exp(-1.5), rel=1e-13)


@pytest.mark.parametrize(
    ("values", "variance"), [([], []), ([1.0], [0.0]), ([1.0, 2.0], [1.0]), ([np.nan], [1.0])]
)
def test_a_mean_of_nothing_is_refused(values: list[float], variance: list[float]) -> None:
    with pytest.raises(UsageError, match="at least one point, finite values and positive variances"):
        fit_constant(values, variance)


def test_which_points_are_beside() -> None:
    """0.05 MeV above the last searched point is neither below nor over."""
    beside = BesideResonance.of(SQRT_S, SEARCHED)
    assert np.flatnonzero(beside.over).tolist() == [0, 1]
    assert np.flatnonzero(beside.below).tolist() == [6, 7, 8]
    nothing = BesideResonance.of(SQRT_S, np.zeros(9, dtype=bool))
    assert not (nothing.below | nothing.over).any()


def test_line_below_and_constant_over() -> None:
    ratio = np.where(SQRT_S < 15.0, 1.2 * (1.0 + 0.3 * (SQRT_S - 14.7)), 1.0)
    yields = np.array([4e-6, 6e-6, *np.ones(7)])
    beside = BesideResonance.of(SQRT_S, SEARCHED)
    found = validate(SQRT_S, ratio, np.full(9, 0.01), yields, np.full(9, 1e-12), beside, ALL)
    assert found.normalisation is not None
    assert found.normalisation.value == pytest.approx(1.2, rel=1e-14)
    assert found.normalisation.error == pytest.approx(0.1 / np.sqrt(3.0), rel=1e-14)
    assert found.below is not None
    # About the mean energy, after the scale: constant 1, slope 0.3, Var = σ²/1.2² over Σ(x − x̄)² = 0.02.
    assert found.below.constant == pytest.approx(1.0, rel=1e-13)
    assert found.below.slope == pytest.approx(0.3, rel=1e-12)
    assert found.below.slope_err == pytest.approx(0.1 / 1.2 / np.sqrt(0.02), rel=1e-12)
    assert (found.below.chi2, found.below.ndf) == (pytest.approx(0.0, abs=1e-20), 1)
    assert found.over is not None
    assert found.over.value == pytest.approx(5e-6, rel=1e-14)
    # Each a standard deviation from the mean.
    assert (found.over.chi2, found.over.ndf) == (pytest.approx(2.0, rel=1e-12), 1)


def test_points_that_cannot_be_used_are_not_fitted() -> None:
    beside = BesideResonance.of(SQRT_S, SEARCHED)
    ones = np.ones(9)
    usable = ~np.isin(np.arange(9), [0, 6])
    found = validate(SQRT_S, ones, ones, ones, ones, beside, usable)
    assert found.normalisation is not None
    assert found.normalisation.ndf == 1
    assert found.below is None
    assert found.over is None
    found = validate(SQRT_S, ones, ones, ones, ones, beside, SEARCHED)
    assert (found.normalisation, found.below, found.over) == (None, None, None)
