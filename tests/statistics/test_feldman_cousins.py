import numpy as np
import pytest

from x17.statistics.bounded_gaussian import bounded_critical, bounded_interval
from x17.statistics.data_sets import DataSets
from x17.statistics.feldman_cousins import (
    CriticalCurve,
    critical_values,
    feldman_cousins_interval,
    fit_critical_curve,
    likelihood_ratio,
)
from x17.statistics.model import ScanModel
from x17.statistics.profile_fit import fit_background, q_statistic
from x17.statistics.toy_set import Arrays

SIGMA, CL = 0.86e-7, 0.90
GRID = np.linspace(1e-4, 7e-4, 24)


def gaussian_toys(truth: np.ndarray, tested: np.ndarray, n: int, rng: np.random.Generator) -> Arrays:
    """Toys with û Gaussian about the truth: Q is a parabola, and its minimum over g² ≥ 0 known."""
    u_hat = truth + SIGMA * rng.standard_normal((n, tested.size))
    q = ((u_hat - tested) ** 2 - u_hat**2) / SIGMA**2
    q_best = -(np.maximum(u_hat, 0.0) ** 2) / SIGMA**2
    return {"q": q, "q_best": q_best, "status": np.zeros(q.shape, dtype=np.int8)}


def curve_from(n: int, rng: np.random.Generator) -> CriticalCurve:
    u = GRID**2
    signal, background = gaussian_toys(u, u, n, rng), gaussian_toys(np.zeros_like(u), u, n, rng)
    return fit_critical_curve(critical_values(GRID, signal, background, CL), SIGMA, CL)


def interval(u_hat: float, curve: CriticalCurve) -> tuple[float, float, float, float]:
    best = max(u_hat, 0.0)
    lower, upper = feldman_cousins_interval(
        lambda u: ((u_hat - u) ** 2 - (u_hat - best) ** 2) / SIGMA**2, best, curve, 4e-6
    )
    assert upper is not None
    return lower.signal, lower.error, upper.signal, upper.error


@pytest.mark.parametrize("x", [-1.5, 0.0, 1.0, 2.3])
def test_gaussian_toys_give_the_bounded_gaussian_interval(x: float) -> None:
    rng, expected = np.random.default_rng(1), bounded_interval(x, CL)
    pulls_low, pulls_high = [], []
    for _ in range(150):
        lower, lower_error, upper, upper_error = interval(x * SIGMA, curve_from(500, rng))
        pulls_high.append((upper - float(expected.upper) * SIGMA) / upper_error)
        if expected.lower > 0.0:
            pulls_low.append((lower - float(expected.lower) * SIGMA) / lower_error)
        else:
            assert (lower, lower_error) == (0.0, 0.0)
    for pulls in (pulls_low, pulls_high):
        if pulls:
            # Mean and width of 150 pulls are known to 0.08 and 0.06; the quantile of 500 has
            # a bias of up to 0.2 of them.
            assert abs(np.mean(pulls)) < 0.4
            assert np.std(pulls) == pytest.approx(1.0, abs=0.25)


def test_many_toys_give_the_critical_values_themselves() -> None:
    curve = curve_from(20_000, np.random.default_rng(2))
    for u in (0.0, 1e-8, 1e-7, 3e-7):
        value, error = curve.at(u)
        assert error < 0.01 * value
        assert value == pytest.approx(float(bounded_critical(u / SIGMA, CL)), abs=4 * error)
    # Beyond the toys the ratio to the asymptotic shape stays.
    assert curve.at(6e-7)[0] == pytest.approx(curve.at(float(GRID[-1] ** 2))[0])


def test_failed_toys_and_couplings_without_toys_are_left_out() -> None:
    rng, u = np.random.default_rng(4), GRID[:3] ** 2
    signal, background = gaussian_toys(u, u, 100, rng), gaussian_toys(0 * u, u, 100, rng)
    signal["status"][:, 1] = 2
    signal["status"][:5, 0] = 1
    values = critical_values(GRID[:3], signal, background, CL)
    np.testing.assert_allclose(values.signal, [0.0, u[0], u[2]])
    assert values.n_failed == 105
    assert values.n_toys.tolist() == [300, 95, 100]  # background toys of all couplings serve for zero


def test_likelihood_ratio_of_the_data(model: ScanModel, data: DataSets) -> None:
    t, best = likelihood_ratio(model, data, 16.9)
    assert best == pytest.approx(4.417e-4**2, rel=2e-3)
    assert t(best) == pytest.approx(0.0, abs=1e-6)
    assert t(0.0) == pytest.approx(5.188, abs=0.01)  # −Q at the best fit
    q = float(q_statistic(model, data, 16.9, 6e-4).q[0])
    assert t(6e-4**2) - t(0.0) == pytest.approx(q, abs=1e-6)


def test_likelihood_ratio_of_a_deficit_starts_at_zero(model: ScanModel, data: DataSets) -> None:
    t, best = likelihood_ratio(model, data, 16.6)
    free = fit_background(model, data)
    assert best == 0.0
    assert t(0.0) == 0.0
    assert t(1e-7) == pytest.approx(float(q_statistic(model, data, 16.6, 1e-7**0.5).q[0]), abs=1e-9)
    assert free.ok.all()


def test_no_upper_end_below_the_largest_coupling() -> None:
    curve = curve_from(500, np.random.default_rng(5))
    lower, upper = feldman_cousins_interval(lambda u: ((2e-7 - u) / SIGMA) ** 2, 2e-7, curve, 2.5e-7)
    assert upper is None
    assert lower.signal > 0.0
