import numpy as np
import pytest
from scipy.stats import norm

from x17.statistics.upcrossings import count_upcrossings, gross_vitells


def test_count_by_hand() -> None:
    z = np.array([[0.0, 2.0, 3.0, 0.5, 1.0, -3.0, 1.5], [2.0, 1.0, 1.2, 2.0, 2.0, 2.0, 2.0]])
    # The first row rises through 1 three times; the second starts above and never falls below.
    np.testing.assert_array_equal(count_upcrossings(z, 1.0), [3, 0])
    np.testing.assert_array_equal(count_upcrossings(z, 4.0), [1, 1])


def test_a_deficit_is_no_crossing() -> None:
    z = np.array([[0.0, -3.0, 0.0, -3.0, 0.0]])
    assert count_upcrossings(z, 1.0)[0] == 0


def smooth_process(n: int, length: float, steps: int, seed: int) -> tuple[np.ndarray, float]:
    """Gaussian process on [0, 1] with correlation exp(-(x - y)²/2 length²), and its rate of crossing zero."""
    x = np.linspace(0.0, 1.0, steps)
    covariance = np.exp(-0.5 * ((x[:, None] - x) / length) ** 2)
    values, vectors = np.linalg.eigh(covariance)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    z = np.random.default_rng(seed).standard_normal((n, steps)) @ root.T
    return z, 1.0 / (2 * np.pi * length)


@pytest.mark.parametrize("level", [0.25, 1.0, 2.0])
def test_upcrossings_of_a_gaussian_process_are_those_of_rice(level: float) -> None:
    """⟨N(c)⟩ = L/(2π ℓ) exp(-c/2): S. O. Rice, Bell Syst. Tech. J. 24 (1945) 46."""
    z, rate = smooth_process(40_000, 0.05, 400, seed=1)
    counts = count_upcrossings(z, level)
    expected = rate * np.exp(-0.5 * level)
    # Steps of 1/20 of the correlation length miss less than 0.1 % of the crossings; five standard errors.
    error = 5 * counts.std() / np.sqrt(counts.size)
    assert counts.mean() == pytest.approx(expected, abs=error + 1e-3 * expected)


def test_global_p_of_a_gaussian_process() -> None:
    """The formula against the share of processes that reach the level."""
    z, rate = smooth_process(200_000, 0.05, 200, seed=2)
    observed = 3.5**2
    result = gross_vitells(z, observed)
    analytic = norm.sf(3.5) + rate * np.exp(-0.5 * observed)
    # Steps of a tenth of the correlation length miss 0.5 % of the crossings.
    assert result.p == pytest.approx(analytic, rel=0.01)
    assert result.p_low < result.p < result.p_high
    measured = np.mean(z.max(axis=1) >= 3.5)
    # 1,450 processes reach it: five binomial errors are 13 %; the steps hide another 2 % of the maxima.
    assert result.p == pytest.approx(measured, rel=0.15)


def test_error_is_that_of_the_mean_number_of_crossings() -> None:
    z, _ = smooth_process(10_000, 0.1, 100, seed=3)
    results = [gross_vitells(part, 9.0) for part in np.split(z, 20)]
    spread = np.std([r.p for r in results], ddof=1)
    quoted = np.mean([0.5 * (r.p_high - r.p_low) for r in results])
    # A spread from 20 values is known to 16 %: three times that.
    assert quoted == pytest.approx(spread, rel=0.5)
    assert results[0].n_toys == 500
