from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.stats import chi2, norm

from x17.scan import EnergyScan
from x17.statistics.sideband import fit_sideband
from x17.statistics.sideband_criteria import SidebandSettings, check_sideband, gaussian_pull_probability


def test_after_a_failure_nothing_more_is_tested(scan: EnergyScan) -> None:
    points = scan.search_points()
    sideband = fit_sideband(points, 10, 16.92)
    for position, settings in enumerate(
        (
            SidebandSettings(min_chi2_probability=0.9),
            SidebandSettings(min_pull_probability=0.9),
            SidebandSettings(max_pull_slope_sigma=1e-6),
            SidebandSettings(expected_constant=1.2),
            SidebandSettings(expected_slope_per_mev=0.1),
        )
    ):
        criteria = check_sideband(points, sideband, settings)
        assert [c.passed for c in criteria] == [True] * position + [False] + [None] * (4 - position)
        assert all((c.value is None) == (c.passed is None) for c in criteria)


def test_passes_with_the_expected_trend_too(scan: EnergyScan) -> None:
    # Presentation of Run III: offset -2.3 %, slope -1.6 %/MeV from radiative corrections, tag and probe.
    settings = SidebandSettings(expected_constant=0.977, expected_slope_per_mev=-0.016)
    points = scan.search_points()
    assert all(c.passed for c in check_sideband(points, fit_sideband(points, 10, 16.92), settings))


def test_a_sloping_side_band_fails_the_fourth_criterion(scan: EnergyScan) -> None:
    points = scan.search_points()
    tilted = replace(points, n2=points.n2 * (1 + 0.05 * (points.sqrt_s_mev - 16.92)))
    criteria = check_sideband(tilted, fit_sideband(tilted, 10, 16.92))
    assert criteria[-1].passed is False
    assert criteria[-1].value == pytest.approx(0.05 - 0.0105, abs=2e-3)


def test_slope_of_the_pulls_is_in_units_of_its_error(scan: EnergyScan) -> None:
    points = scan.search_points()
    sideband = fit_sideband(points, 10, 16.92)
    outside = points.sqrt_s_mev[~sideband.masked]
    (slope, _), covariance = np.polyfit(outside - outside.mean(), sideband.pulls, 1, cov="unscaled")
    criterion = check_sideband(points, sideband)[2]
    assert criterion.value == pytest.approx(slope / np.sqrt(covariance[0, 0]), abs=1e-10)


def test_probability_of_the_pulls_is_that_of_a_binned_fit_written_out() -> None:
    pulls = np.random.default_rng(4).normal(0.1, 0.9, 32)
    edges = np.arange(np.floor(pulls.min() / 0.5) * 0.5, pulls.max() + 0.5, 0.5)
    counts = np.histogram(pulls, edges)[0]
    assert counts.sum() == 32
    filled = counts > 0

    def deviance(parameters: np.ndarray) -> float:
        cumulative = norm(parameters[0], np.exp(parameters[1])).cdf(edges[1:-1])
        expected = 32 * np.diff([0.0, *cumulative, 1.0])
        return float(2 * np.sum(counts[filled] * np.log(counts[filled] / expected[filled])))

    fit = minimize(deviance, [0.0, 0.0], method="BFGS")
    expected = chi2.sf(fit.fun, counts.size - 1 - 2)  # the total and two parameters are fitted
    # The package stops within 1e-4 of the minimum in the parameters.
    assert gaussian_pull_probability(pulls, 0.5) == pytest.approx(expected, rel=1e-5)


def test_gaussian_pulls_are_rejected_about_as_often_as_the_threshold_says() -> None:
    """Measured with 5,000 sets of 32: 6.1(3) % below 0.05, mean 0.45: bins with one pull are not Gaussian."""
    rng = np.random.default_rng(1)
    p = np.array([gaussian_pull_probability(rng.standard_normal(32), 0.5) for _ in range(600)])
    # 600 sets fix it to 1 %: four of these.
    assert np.mean(p < 0.05) == pytest.approx(0.061, abs=0.04)
    assert np.mean(p) == pytest.approx(0.45, abs=4 * 0.29 / np.sqrt(600))


@pytest.mark.parametrize(
    "pulls",
    [
        np.tile([-2.0, 2.0], 16) + np.linspace(-0.1, 0.1, 32),
        np.concatenate([np.zeros(28), [5.0, 5.1, -5.0, 5.2]]) + np.linspace(0, 0.3, 32),
    ],
    ids=["two peaks", "tails"],
)
def test_pulls_that_are_not_gaussian_are_noticed(pulls: np.ndarray) -> None:
    assert gaussian_pull_probability(pulls, 0.5) < 0.01


def test_few_pulls_in_one_bin_are_no_trouble() -> None:
    assert 0.0 <= gaussian_pull_probability(np.full(3, 0.1), 0.5) <= 1.0
