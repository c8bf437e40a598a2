from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import chi2 as chi2_distribution

from x17.errors import UsageError
from x17.scan import EnergyScan, SearchPoints
from x17.scan.observable import g_r, g_r_err
from x17.statistics.sideband import fit_constant, fit_sideband


@pytest.fixture
def points(scan: EnergyScan) -> SearchPoints:
    return scan.search_points()


def with_observable(points: SearchPoints, y: np.ndarray) -> SearchPoints:
    """The same points with another g_R; counts change, relative errors hardly."""
    return replace(points, n2=y * points.n_pot * points.background_per_pot)


def test_the_window_covers_a_bump(points: SearchPoints) -> None:
    y = np.full(42, 1.0)
    y[20:30] += 0.05
    fit = fit_sideband(with_observable(points, y), 10, 16.92)
    assert np.flatnonzero(fit.masked).tolist() == list(range(20, 30))
    assert fit.line.constant == pytest.approx(1.0, abs=1e-12)
    assert fit.line.chi2 == pytest.approx(0.0, abs=1e-18)
    assert fit.ties == ()


def test_of_tied_windows_the_lowest_is_taken_and_the_others_are_listed(points: SearchPoints) -> None:
    fit = fit_sideband(with_observable(points, np.full(42, 1.0)), 10, 16.92)
    assert np.flatnonzero(fit.masked).tolist() == list(range(10))
    assert len(fit.ties) == 32  # all the others: nothing distinguishes them


def test_the_lowest_of_tied_windows_need_not_be_the_best(points: SearchPoints) -> None:
    """A window one point further up is better by less than 0.01 in chi2, one yet further by 0.02 worse."""
    error = g_r_err(points)
    y = np.full(42, 1.0)
    y[21:30] += 0.05
    # Covered by windows that start at 20 and 21; the first leaves point 30, the second point 20 outside.
    y[30] += 0.08 * error[30]
    y[20] += 0.02 * error[20]
    fit = fit_sideband(with_observable(points, y), 10, 16.92)
    assert np.flatnonzero(fit.masked).tolist() == list(range(20, 30))
    assert [start for start, _, _ in fit.ties] == [points.sqrt_s_mev[21]]
    assert fit.ties[0][2] < fit.line.chi2 < fit.ties[0][2] + 0.01
    # Twice the displacement costs four times as much, and the windows are no longer tied.
    y[30] += 0.08 * error[30]
    fit = fit_sideband(with_observable(points, y), 10, 16.92)
    assert np.flatnonzero(fit.masked).tolist() == list(range(21, 31))
    assert fit.ties == ()


def test_line_and_probability_are_those_of_the_points_outside(points: SearchPoints) -> None:
    fit = fit_sideband(points, 10, 16.92)
    outside = ~fit.masked
    y, sigma = g_r(points)[outside], g_r_err(points)[outside]
    slope, constant = np.polyfit(points.sqrt_s_mev[outside] - 16.92, y, 1, w=1 / sigma)
    assert fit.line.constant == pytest.approx(constant, rel=1e-10)
    assert fit.line.slope == pytest.approx(slope, rel=1e-8)
    assert fit.p_value == pytest.approx(chi2_distribution.sf(fit.line.chi2, 30), rel=1e-10)
    np.testing.assert_allclose(np.sum(fit.pulls**2), fit.line.chi2, rtol=1e-12)
    assert fit.masked_center_mev == pytest.approx(np.mean(fit.masked_mev))


def test_constant_is_the_weighted_mean() -> None:
    fit = fit_constant(np.array([1.0, 2.0]), np.array([1.0, 0.25]), 16.92)
    assert fit.constant == pytest.approx(1.8)
    assert fit.constant_err == pytest.approx(np.sqrt(0.2))
    assert (fit.slope, fit.slope_err, fit.ndf) == (0.0, 0.0, 1)
    assert fit.chi2 == pytest.approx(0.8)


@pytest.mark.parametrize("window", [0, -1, 40, 42, 100])
def test_windows_that_leave_too_little(points: SearchPoints, window: int) -> None:
    with pytest.raises(UsageError, match="window_size"):
        fit_sideband(points, window, 16.92)
