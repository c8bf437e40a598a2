import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.special import ndtr

from x17.statistics.asymptotic import cls_limit, estimate_signal
from x17.statistics.data_sets import DataSets
from x17.statistics.model import ScanModel
from x17.statistics.toy_cls import ToyCLs, toy_cls
from x17.statistics.toy_limit import (
    LimitMethod,
    couplings_around,
    probit_crossing,
    probit_regression,
    tanh_crossing,
    toy_limit,
)

U_HAT, SIGMA = 1.95e-7, 0.86e-7


def true_cls(coupling: np.ndarray) -> np.ndarray:
    return ndtr((U_HAT - coupling**2) / SIGMA) / ndtr(U_HAT / SIGMA)


TRUE_LIMIT = float(brentq(lambda g: true_cls(g) - 0.1, 4e-4, 8e-4))


def invented(coupling: np.ndarray, n: int, rng: np.random.Generator) -> ToyCLs:
    """Binomial toys with exactly Gaussian P_S and P_B."""
    p_s, kept = ndtr((U_HAT - coupling**2) / SIGMA), np.full(coupling.size, ndtr(U_HAT / SIGMA))
    zero, full = np.zeros(coupling.size), np.full(coupling.size, n)
    return ToyCLs(
        np.full(coupling.size, 16.9),
        coupling,
        zero,
        full,
        rng.binomial(n, p_s),
        full,
        n - rng.binomial(n, kept),
        zero,
    )


def test_probit_regression_agrees_with_a_direct_maximum_of_the_likelihood() -> None:
    x = np.linspace(-1, 1, 7)
    trials = np.full(7, 400.0)
    successes = np.random.default_rng(0).binomial(400, ndtr(-0.8 - 0.9 * x)).astype(float)
    fitted = probit_regression(np.vander(x, 2, increasing=True), successes, trials)
    assert fitted is not None
    (a, b), covariance = fitted

    def log_likelihood(a: float, b: float) -> float:
        p = ndtr(a + b * x)
        return float(np.sum(successes * np.log(p) + (trials - successes) * np.log1p(-p)))

    best = log_likelihood(a, b)
    for da, db in ((1e-3, 0), (-1e-3, 0), (0, 1e-3), (0, -1e-3)):
        assert log_likelihood(a + da, b + db) < best
    # One standard deviation of the slope costs half a unit of ln L, once the constant follows.
    step = np.sqrt(covariance[1, 1])
    follow = covariance[0, 1] / covariance[1, 1] * step
    assert best - log_likelihood(a + follow, b + step) == pytest.approx(0.5, rel=0.05)


def test_crossing_is_unbiased_and_its_interval_covers() -> None:
    rng = np.random.default_rng(1)
    grid = np.linspace(4.4e-4, 6.8e-4, 10)
    pulls = []
    for _ in range(400):
        crossing = probit_crossing(invented(grid, 500, rng), 0.1)
        assert crossing is not None
        pulls.append((crossing[0] - TRUE_LIMIT**2) / crossing[1])
    # Mean and width of 400 pulls are known to 0.05 and 0.035.
    assert abs(np.mean(pulls)) < 0.2
    assert np.std(pulls) == pytest.approx(1.0, abs=0.12)


def test_points_without_a_single_toy_are_no_trouble() -> None:
    grid = np.linspace(4.4e-4, 9e-4, 12)
    crossing = probit_crossing(invented(grid, 60, np.random.default_rng(2)), 0.1)
    assert crossing is not None
    assert abs(crossing[0] - TRUE_LIMIT**2) < 4 * crossing[1]


def test_no_crossing_inside_the_points() -> None:
    rng = np.random.default_rng(3)
    assert probit_crossing(invented(np.linspace(1e-4, 3e-4, 8), 500, rng), 0.1) is None
    assert probit_crossing(invented(np.linspace(7e-4, 9e-4, 8), 500, rng), 0.1) is None


def test_tanh_crossing_of_an_exact_tanh() -> None:
    grid, n = np.linspace(1e-4, 1e-3, 40), 10**6
    shape = 0.5 * (1 - np.tanh((grid - 4.5e-4) / 1.2e-4))
    counts = [np.full(40, n), np.round(n * shape).astype(int), np.full(40, n), np.zeros(40), np.zeros(40)]
    crossing = tanh_crossing(ToyCLs(np.full(40, 16.9), grid, np.zeros(40), *counts), 0.1)
    assert crossing is not None
    assert crossing[0] == pytest.approx(4.5e-4 + 1.2e-4 * np.arctanh(0.8), rel=1e-4)


def test_tanh_of_too_few_points_is_no_limit() -> None:
    # Four points, two of them at zero: the form fits them in many ways and its covariance is infinite.
    grid = np.array([2e-4, 4e-4, 6e-4, 8e-4])
    full, zero = np.full(4, 50), np.zeros(4)
    points = ToyCLs(np.full(4, 16.5), grid, zero, full, np.array([50, 50, 0, 0]), full, zero, zero)
    assert tanh_crossing(points, 0.1) is None


def test_couplings_are_added_only_where_the_grid_does_not_surround_the_limit() -> None:
    grid = np.linspace(1e-4, 9.775e-4, 40)
    assert couplings_around(5e-4, grid, 2e-3).size == 0
    beyond = couplings_around(1.4e-3, grid, 2e-3)
    assert beyond.min() < 1.4e-3 < beyond.max() < 2e-3
    assert couplings_around(5e-4, np.array([5e-4]), 2e-3).size > 5
    assert couplings_around(1.9e-3, grid, 2e-3).max() == 2e-3


@pytest.mark.parametrize(("mass", "low", "high"), [(16.9, 5.4e-4, 5.9e-4), (16.24, 1.0e-3, 1.4e-3)])
def test_limit_inside_and_beyond_the_grid(
    model: ScanModel, data: DataSets, mass: float, low: float, high: float
) -> None:
    grid = toy_cls(model, data, mass, np.linspace(1e-4, 9.775e-4, 14), 300, seed=1, workers=2)
    estimate = estimate_signal(model, data, mass)
    guess = float(np.sqrt(cls_limit(estimate.signal[0], estimate.error[0], 0.9)))
    limit = toy_limit(model, data, grid, guess, 0.9, 300, seed=1, workers=2)
    assert limit.coupling is not None
    assert limit.low is not None
    assert limit.high is not None
    assert low < limit.low < limit.coupling < limit.high < high
    assert limit.reason == ""
    far_off = toy_limit(model, data, grid, 0.5 * guess, 0.9, 300, seed=1, workers=2)
    assert far_off.coupling == pytest.approx(
        limit.coupling, rel=0.06
    )  # a bad guess costs toys, not the limit


def test_no_limit_below_the_largest_coupling_is_said(model: ScanModel, data: DataSets) -> None:
    grid = toy_cls(model, data, 17.72, np.linspace(1e-4, 9e-4, 5), 100, seed=1)
    limit = toy_limit(model, data, grid, 2e-3, 0.9, 100, seed=1, max_coupling=1e-3)
    assert limit.coupling is None
    assert "no limit below g = 0.001" in limit.reason
    tanh = toy_limit(model, data, grid, 2e-3, 0.9, 100, seed=1, method=LimitMethod.TANH)
    assert tanh.coupling is None
    assert "does not cross" in tanh.reason


def test_the_tanh_crossing_scatters_by_its_error_and_lies_low() -> None:
    rng, grid, n = np.random.default_rng(6), np.linspace(2e-4, 7e-4, 20), 400
    shape = 0.5 * (1 - np.tanh((grid - 4.5e-4) / 1.5e-4))
    pulls = []
    for _ in range(200):
        above = rng.binomial(n, shape)
        counts = [np.full(20, n), above, np.full(20, n), np.zeros(20), np.zeros(20)]
        crossing = tanh_crossing(ToyCLs(np.full(20, 16.9), grid, np.zeros(20), *counts), 0.1)
        assert crossing is not None
        pulls.append((crossing[0] - (4.5e-4 + 1.5e-4 * np.arctanh(0.8))) / crossing[1])
    # Measured with 1,000: -0.42(3) and 1.04, here known to 0.07 and 0.05. Errors come from the observed
    # counts: a point that fluctuates down weighs more than it should, and the reading lies low.
    assert np.mean(pulls) == pytest.approx(-0.42, abs=0.3)
    assert np.std(pulls) == pytest.approx(1.0, abs=0.2)


def test_interval_of_the_tanh_limit_is_its_error(model: ScanModel, data: DataSets) -> None:
    points = toy_cls(model, data, 16.9, np.linspace(1e-4, 9.775e-4, 20), 200, seed=2, workers=2)
    crossing = tanh_crossing(points, 1 - 0.9)
    limit = toy_limit(model, data, points, 5.5e-4, 0.9, 200, seed=2, method=LimitMethod.TANH)
    assert crossing is not None
    assert limit.coupling == crossing[0]
    assert (limit.low, limit.high) == (crossing[0] - crossing[1], crossing[0] + crossing[1])
