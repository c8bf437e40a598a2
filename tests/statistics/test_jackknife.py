import numpy as np
import pytest

from x17.statistics.jackknife import jackknife_variance


def test_variance_of_a_mean() -> None:
    values = np.random.default_rng(1).normal(size=10_000)
    estimates = [
        jackknife_variance(lambda kept, part=part: float(part[kept].mean()), part.size)
        for part in np.split(values, 10)
    ]
    # Each variance is known to 23 % (40 groups), the mean of ten to 7 %: four times that.
    assert np.mean(estimates) == pytest.approx(1e-3, rel=0.3)


def test_variance_of_a_quantile() -> None:
    """Deleting single values would give twice the variance of a median."""
    n, trials = 4000, 30
    rng = np.random.default_rng(2)
    estimates = []
    for _ in range(trials):
        values = rng.normal(size=n)
        estimates.append(jackknife_variance(lambda kept, v=values: float(np.median(v[kept])), n))
    # Variance of a median, 1/(4 n f(0)^2); 30 trials of 32 % each, times three.
    assert np.mean(estimates) == pytest.approx(np.pi / 2 / n, rel=0.2)


def test_groups_differ_by_one_toy_at_most_and_are_all_left_out_once() -> None:
    seen = []

    def estimate(kept: np.ndarray) -> float:
        seen.append(~kept)
        return 0.0

    assert jackknife_variance(estimate, 103) == 0.0
    left_out = np.array(seen)
    np.testing.assert_array_equal(left_out.sum(axis=0), 1)
    assert set(left_out.sum(axis=1)) <= {2, 3}
