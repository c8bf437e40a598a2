import numpy as np
import pytest
from scipy.special import ndtr, ndtri

from x17.statistics.bounded_gaussian import bounded_critical, bounded_density, bounded_interval


@pytest.mark.parametrize(
    ("x", "cl", "lower", "upper"),
    [
        (-3.0, 0.6827, 0.00, 0.04),
        (-3.0, 0.90, 0.00, 0.26),
        (-3.0, 0.95, 0.00, 0.42),
        (-3.0, 0.99, 0.00, 0.80),
        (0.0, 0.90, 0.00, 1.64),
        (0.0, 0.95, 0.00, 1.96),
        (2.6, 0.90, 1.02, 4.24),
    ],
)
def test_intervals_of_feldman_and_cousins(x: float, cl: float, lower: float, upper: float) -> None:
    """Table X of physics/9711021, which has two decimals, some of them cut rather than rounded."""
    found = bounded_interval(x, cl)
    assert found.lower == pytest.approx(lower, abs=0.006)
    assert found.upper == pytest.approx(upper, abs=0.006)


def by_ranking(mean: float, cl: float) -> tuple[float, float]:
    """The accepted x from the construction itself: cells ranked by likelihood ratio until CL is reached."""
    x = np.linspace(-12.0, 12.0, 240_001)
    probability = np.diff(ndtr(x - mean))
    center = 0.5 * (x[1:] + x[:-1])
    log_ratio = -0.5 * (center - mean) ** 2 + 0.5 * np.minimum(center, 0.0) ** 2
    order = np.argsort(-log_ratio, kind="stable")
    accepted = order[: np.searchsorted(np.cumsum(probability[order]), cl) + 1]
    return float(center[accepted].min()), float(center[accepted].max())


@pytest.mark.parametrize("mean", [0.3, 1.0, 1.5, 2.2])
def test_critical_value_is_that_of_the_ranking(mean: float) -> None:
    low, high = by_ranking(mean, 0.90)
    root = float(np.sqrt(bounded_critical(mean, 0.90)))
    # The cells are 1e-4 wide.
    assert mean + root == pytest.approx(high, abs=3e-4)
    edge = mean - root if root < mean else (mean**2 - root**2) / (2 * mean)
    assert edge == pytest.approx(low, abs=3e-4)


def test_critical_value_at_the_ends() -> None:
    assert bounded_critical(0.0, 0.90) == pytest.approx(ndtri(0.90) ** 2, rel=1e-9)
    assert bounded_critical(np.array([1.7, 5.0]), 0.90) == pytest.approx(ndtri(0.95) ** 2, rel=1e-12)
    assert (np.diff(bounded_critical(np.linspace(0.0, 1.6, 50), 0.90)) >= 0.0).all()


@pytest.mark.parametrize("mean", [0.0, 0.02, 0.6, 1.3, 2.5])
def test_density_is_the_share_of_experiments_about_the_critical_value(mean: float) -> None:
    x = np.random.default_rng(2).normal(mean, 1.0, 400_000)
    t = (x - mean) ** 2 - np.minimum(x, 0.0) ** 2
    critical, width = float(bounded_critical(mean, 0.90)), 0.2
    share = np.mean(np.abs(t - critical) < 0.5 * width) / width
    # 5,000 of them lie so near: 1.4 %; the density bends by as much over the width.
    assert bounded_density(mean, 0.90) == pytest.approx(share, rel=0.05)


@pytest.mark.parametrize("mean", [0.0, 0.5, 1.2, 1.64, 3.0])
def test_coverage_is_exact(mean: float) -> None:
    x = np.random.default_rng(1).normal(mean, 1.0, 200_000)
    # 0.0007 is one binomial standard deviation.
    assert np.mean(bounded_interval(x, 0.90).contains(mean)) == pytest.approx(0.90, abs=0.0021)


def test_ends_rise_without_a_gap() -> None:
    x = np.linspace(-6.0, 8.0, 1401)
    found = bounded_interval(x, 0.90)
    for end in (found.lower, found.upper):
        steps = np.diff(end)
        assert (steps >= 0.0).all()
        # Where the lower end leaves zero it does so like a root.
        assert steps.max() < 0.03
