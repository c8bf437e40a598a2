"""The mean of correlated measurements against closed forms."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from x17.errors import UsageError
from x17.nuclear.masses.covariance import common_covariance
from x17.nuclear.masses.weighted_mean import group_chi2, weighted_mean

VALUES = np.array([16.70, 16.94, 17.03])
STAT = np.array([0.35, 0.12, 0.11])
SYST = np.array([0.5, 0.21, 0.20])
ONE_LABORATORY = np.zeros(3, dtype=np.int64)


def test_independent_errors_weigh_by_their_inverse_squares() -> None:
    mean = weighted_mean(VALUES, common_covariance(STAT, SYST, ONE_LABORATORY, 0.0))
    precision = 1.0 / (STAT**2 + SYST**2)
    assert mean.value == pytest.approx((precision @ VALUES) / precision.sum(), rel=1e-14)
    assert mean.error == pytest.approx(precision.sum() ** -0.5, rel=1e-12)
    assert mean.chi2 == pytest.approx(float(precision @ (VALUES - mean.value) ** 2), rel=1e-10)


def test_an_error_common_to_all_adds_to_the_mean_and_moves_nothing() -> None:
    # One systematic error, the same for all and fully common: the statistical mean, with it added.
    common = np.full(3, 0.2)
    mean = weighted_mean(VALUES, common_covariance(STAT, common, ONE_LABORATORY, 1.0))
    alone = weighted_mean(VALUES, np.diag(STAT**2))
    assert mean.value == pytest.approx(float(alone.value), rel=1e-13)
    assert mean.chi2 == pytest.approx(float(alone.chi2), rel=1e-9)
    assert mean.error == pytest.approx(np.hypot(alone.error, 0.2), rel=1e-12)


@given(
    st.floats(0.05, 0.5),
    st.floats(0.05, 0.5),
    st.floats(0.01, 0.5),
    st.floats(0.01, 0.5),
    st.floats(0.0, 1.0),
)
def test_two_measurements(a: float, b: float, sa: float, sb: float, rho: float) -> None:
    """Closed form of two correlated measurements; w1 < 0 once the covariance exceeds the smaller variance."""
    covariance = common_covariance(np.array([a, b]), np.array([sa, sb]), ONE_LABORATORY[:2], rho)
    v1, v2, c = covariance[0, 0], covariance[1, 1], covariance[0, 1]
    mean = weighted_mean(np.array([16.8, 17.0]), covariance)
    w1 = (v2 - c) / (v1 + v2 - 2.0 * c)
    assert mean.weights[0] == pytest.approx(w1, abs=1e-9)
    assert mean.error**2 == pytest.approx((v1 * v2 - c**2) / (v1 + v2 - 2.0 * c), rel=1e-8)
    assert (mean.weights[0] < -1e-12) == (c > v2 * (1.0 + 1e-10)) or abs(c / v2 - 1.0) < 1e-9


def test_toys_are_treated_like_single_sets() -> None:
    covariance = common_covariance(STAT, SYST, ONE_LABORATORY, 0.5)
    batch = np.array([VALUES, VALUES[::-1], VALUES + 0.1])
    together = weighted_mean(batch, covariance)
    for k, values in enumerate(batch):
        one = weighted_mean(values, covariance)
        assert together.value[k] == pytest.approx(float(one.value), rel=1e-14)
        assert together.chi2[k] == pytest.approx(float(one.chi2), rel=1e-12)


def test_laboratories_share_nothing_unless_told() -> None:
    laboratory = np.array([0, 0, 1])
    covariance = common_covariance(STAT, SYST, laboratory, 1.0)
    assert covariance[0, 1] == pytest.approx(0.5 * 0.21)
    assert covariance[0, 2] == covariance[1, 2] == 0.0
    assert common_covariance(STAT, SYST, laboratory, 1.0, 0.5)[0, 2] == pytest.approx(0.5 * 0.5 * 0.20)


@pytest.mark.parametrize(("rho", "across"), [(1.2, 0.0), (-0.1, 0.0), (0.3, 0.4), (np.nan, 0.0)])
def test_impossible_correlations_are_refused(rho: float, across: float) -> None:
    with pytest.raises(UsageError, match="allowed: 0"):
        common_covariance(STAT, SYST, ONE_LABORATORY, rho, across)


def test_groups_of_one_take_all_of_chi2() -> None:
    covariance = common_covariance(STAT, SYST, ONE_LABORATORY, 0.4)
    chi2, ndf = group_chi2(VALUES, covariance, np.arange(3))
    assert (chi2, ndf) == (pytest.approx(float(weighted_mean(VALUES, covariance).chi2)), 2)
    chi2, ndf = group_chi2(VALUES, covariance, ONE_LABORATORY)
    assert (chi2, ndf) == (pytest.approx(0.0, abs=1e-12), 0)


def test_uncorrelated_groups_compare_their_means() -> None:
    """Without correlations the χ² between groups is that of the groups' own means."""
    values, variance, group = (
        np.array([1.0, 1.4, 2.0, 2.2]),
        np.array([1.0, 2.0, 0.5, 1.5]),
        np.array([0, 0, 1, 1]),
    )
    means, errors = [], []
    for g in (0, 1):
        one = weighted_mean(values[group == g], np.diag(variance[group == g]))
        means.append(float(one.value))
        errors.append(one.error)
    expected = (means[0] - means[1]) ** 2 / (errors[0] ** 2 + errors[1] ** 2)
    assert group_chi2(values, np.diag(variance), group)[0] == pytest.approx(expected, rel=1e-12)
