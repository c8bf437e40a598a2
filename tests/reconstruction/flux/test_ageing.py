import numpy as np
import pytest

from x17.errors import UsageError
from x17.reconstruction.flux.ageing import combine_slopes, fit_ageing

U = np.linspace(-0.5, 0.5, 41)


def test_points_on_a_line_give_it_back() -> None:
    found = fit_ageing(U, 0.4221 * (1.0 + 0.095 * U), 1e-3)
    # Rounding.
    assert found.constant == pytest.approx(0.4221, rel=1e-12)
    assert found.slope == pytest.approx(0.095, rel=1e-10)
    # Nothing beyond the given errors.
    assert found.scatter == 0.0
    # Var(gradient) = σ²/Σu²; the constant's own error adds slope² · 1/n · σ².
    gradient = 1e-3 / 0.4221 / np.sqrt((U**2).sum())
    assert found.slope_err == pytest.approx(np.hypot(gradient, 0.095 * 1e-3 / 0.4221 / np.sqrt(41)), rel=1e-9)


def test_weights_are_those_of_numpy() -> None:
    rng = np.random.default_rng(1)
    err = rng.uniform(0.01, 0.05, U.size)
    y = 2.0 * (1.0 + 0.1 * U) + 0.5 * err * rng.standard_normal(U.size)
    found = fit_ageing(U, y, err)
    (b, a), covariance = np.polyfit(U, y, 1, w=1.0 / err, cov="unscaled")
    # Points scatter by half their errors, so that the errors are left as they are.
    assert found.scatter == 0.0
    assert (found.constant, found.slope) == pytest.approx((a, b / a), rel=1e-10)
    gradient = np.array([1.0 / a, -b / a**2])
    assert found.slope_err**2 == pytest.approx(gradient @ covariance @ gradient, rel=1e-9)


def test_the_scatter_makes_chi2_its_degrees_of_freedom() -> None:
    rng = np.random.default_rng(2)
    err = rng.uniform(0.001, 0.02, U.size)
    y = 1.0 + 0.1 * U + 0.02 * rng.standard_normal(U.size)
    found = fit_ageing(U, y, err)
    assert found.scatter > 0.0
    residual = y - found.constant * (1.0 + found.slope * U)
    # Converged to 1e-12.
    assert (residual**2 / (err**2 + found.scatter**2)).sum() == pytest.approx(39.0, rel=1e-9)


def test_points_without_errors_are_weighted_alike() -> None:
    rng = np.random.default_rng(3)
    y = 1.0 + 0.1 * U + 0.01 * rng.standard_normal(U.size)
    found = fit_ageing(U, y, 0.0)
    (b, a), covariance = np.polyfit(U, y, 1, cov=True)
    # numpy scales with n − 2 too; 1e-9 stands in for no error.
    assert (found.constant, found.slope) == pytest.approx((a, b / a), rel=1e-9)
    gradient = np.array([1.0 / a, -b / a**2])
    assert found.slope_err**2 == pytest.approx(gradient @ covariance @ gradient, rel=1e-6)


def test_a_batch_is_its_fits_one_by_one() -> None:
    rng = np.random.default_rng(4)
    y = 0.4 * (1.0 + 0.1 * U + 0.015 * rng.standard_normal((5, U.size)))
    whole = fit_ageing(U, y, 1e-3)
    for row in range(5):
        one = fit_ageing(U, y[row], 1e-3)
        # The steps of a batch end with its slowest.
        assert whole.slope[row] == pytest.approx(one.slope, rel=1e-9)
        assert whole.slope_err[row] == pytest.approx(one.slope_err, rel=1e-9)


@pytest.mark.parametrize("scatter", [0.0, 0.0013, 0.013])
def test_pulls_of_the_slope_are_normal(scatter: float) -> None:
    """Statistics alone, both alike, and the published 1.3 % of scatter."""
    rng, n = np.random.default_rng(5), 4000
    spread = np.hypot(0.001, scatter)
    y = 0.42 * (1.0 + 0.095 * U + spread * rng.standard_normal((n, U.size)))
    found = fit_ageing(U, y, 0.42 * 0.001)
    pull = (found.slope - 0.095) / found.slope_err
    # Mean to 1/√4000, four times; width to 1/√8000, four times, and Student's t of 39 degrees, +2.7 %.
    assert pull.mean() == pytest.approx(0.0, abs=0.064)
    assert pull.std() == pytest.approx(1.0, abs=0.045 + 0.027)


def test_the_published_scatter_gives_the_published_error() -> None:
    """0.4221(11) MeV and 0.095(7) of 41 points belong to a scatter of 1.3 to 1.7 %."""
    rng = np.random.default_rng(6)
    y = 0.4221 * (1.0 + 0.095 * U + 0.013 * rng.standard_normal((200, U.size)))
    found = fit_ageing(U, y, 1e-4)
    # 0.007 and 0.0011/0.4221 are given with one and two digits; a fit's scatter is known to 1/√78.
    assert found.slope_err.mean() == pytest.approx(0.007, rel=0.1)
    assert (found.constant_err / found.constant).mean() == pytest.approx(0.0011 / 0.4221, rel=0.3)


def test_slopes_are_averaged_with_their_weights() -> None:
    slope, err, chi2 = combine_slopes([0.095, 0.109], [0.007, 0.018])
    # Weights 20408.16 and 3086.42, so 2275.195/23494.58 and 1/√23494.58; the talk quotes 0.097(7).
    assert slope == pytest.approx(2275.195 / 23494.58, rel=1e-6)
    assert err == pytest.approx(23494.58**-0.5, rel=1e-6)
    assert chi2 == pytest.approx((0.014 / np.hypot(0.007, 0.018)) ** 2, rel=1e-12)


def test_what_slopes_share_does_not_average_out() -> None:
    errors = np.array([0.005, 0.004])
    shared = 0.003
    covariance = np.diag(errors**2 - shared**2) + shared**2
    inverse = np.linalg.inv(covariance)
    slope, err, _ = combine_slopes([0.09, 0.10], errors, shared)
    # The general formula of least squares with a covariance; rounding.
    assert slope == pytest.approx((inverse @ [0.09, 0.10]).sum() / inverse.sum(), rel=1e-10)
    assert err == pytest.approx(inverse.sum() ** -0.5, rel=1e-10)
    # All of the smaller error shared: the other slope has nothing to add.
    assert combine_slopes([0.09, 0.10], errors, 1.0)[:2] == pytest.approx((0.10, 0.004), rel=1e-6)


@pytest.mark.parametrize(
    ("u", "y", "match"),
    [
        ([0.0, 1.0], [1.0, 2.0], "at least three points"),
        ([0.0, 0.0, 0.0], [1.0, 2.0, 3.0], "two different doses"),
        ([0.0, 0.5, 1.0], [1.0, np.nan, 3.0], "finite"),
    ],
)
def test_what_makes_no_line_is_refused(u: list[float], y: list[float], match: str) -> None:
    with pytest.raises(UsageError, match=match):
        fit_ageing(u, y, 0.1)
