"""The kernel's exact derivatives against differences, and its linear algebra against NumPy's."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import minimize

from x17.scan import EnergyScan
from x17.statistics.data_sets import DataSets, from_counts
from x17.statistics.kernel.chi2 import chi2_lanes
from x17.statistics.kernel.expectation import voigt_lanes
from x17.statistics.kernel.layout import GAUSSIAN, LANES, POISSON, Inputs, Scratch
from x17.statistics.kernel.newton import newton_step_lanes
from x17.statistics.kernel.terms import profile_count
from x17.statistics.model import SIGNAL_INDEX, ScanModel
from x17.statistics.model_settings import BackgroundModel, CountTerm, LineShapeKind, ModelSettings
from x17.statistics.profile_fit import fit_free_signal
from x17.theory.lineshape import voigt_profile

FloatArray = np.ndarray


def inputs_of(model: ScanModel, data: DataSets, monkeypatch: pytest.MonkeyPatch) -> Inputs:
    """What the kernel is given for a fit with free signal."""
    given: list[Inputs] = []

    def stub(*arguments: object) -> None:
        given.extend(a for a in arguments if isinstance(a, Inputs))
        status = next(a for a in arguments if getattr(a, "dtype", None) == np.int8)
        status[:] = 0

    with monkeypatch.context() as patch:
        patch.setattr("x17.statistics.kernel.fit.fit_many", stub)
        fit_free_signal(model, data, 16.88)
    return given[0]


def evaluate(inputs: Inputs, theta: FloatArray, e_res: float) -> tuple[FloatArray, FloatArray, FloatArray]:
    """χ², half gradient and half Hessian of `LANES` parameter vectors, shape (LANES, n_parameters)."""
    n, n_free = theta.shape[1], inputs.free.size
    chi2, gradient = np.empty(LANES), np.empty((n_free, LANES))
    hessian = np.empty((n_free, n_free, LANES))
    sizes = {
        "columns": (n, LANES),
        "shape": (3, LANES),
        "point": (4, LANES),
        "work": (8, LANES),
        "polynomials": (4, 16),
    }
    chi2_lanes(
        np.ascontiguousarray(theta.T),
        np.full(LANES, e_res),
        np.zeros(LANES, dtype=np.int64),
        inputs,
        True,
        chi2,
        gradient,
        hessian,
        Scratch(*(np.zeros(sizes[name]) for name in Scratch._fields)),
    )
    return chi2, gradient, hessian


@pytest.mark.parametrize("term", CountTerm)
@pytest.mark.parametrize("background", BackgroundModel)
@pytest.mark.parametrize("line_shape", LineShapeKind)
def test_gradient_is_that_of_chi2(
    scan: EnergyScan,
    term: CountTerm,
    background: BackgroundModel,
    line_shape: LineShapeKind,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model = ScanModel.build(
        scan, ModelSettings(count_term=term, background=background, lineshape=line_shape, flux_slope_err=0.01)
    )
    # Errors of the efficiency thirty times as large: in Run III they move the expectation by 1e-6 only.
    model = replace(model, efficiency_err=30 * model.efficiency_err)
    points = model.points
    data = from_counts(model, points.n2, points.n_pot, points.background_per_pot)
    inputs = inputs_of(model, data, monkeypatch)
    free = inputs.free
    rng = np.random.default_rng(5)
    widths = np.sqrt(np.diag(model.covariance))
    widths[SIGNAL_INDEX] = 1e-7
    point = model.centers + widths * rng.standard_normal(widths.size)
    point[SIGNAL_INDEX] = 4e-7
    # Lanes 2k and 2k + 1 lie 1e-3 of a width above and below in parameter k; the last lane in the middle.
    theta, step = np.tile(point, (LANES, 1)), 1e-3 * widths
    for k, index in enumerate(free):
        theta[2 * k, index] += step[index]
        theta[2 * k + 1, index] -= step[index]
    chi2, gradient, _ = evaluate(inputs, theta, float(model.resonance_energy(16.88)))
    for k, index in enumerate(free):
        difference = (chi2[2 * k] - chi2[2 * k + 1]) / 4.0  # half of χ², over two steps
        # Third derivatives times the step squared, and rounding of χ² = 100 over the step: below 1e-8 each.
        assert gradient[k, -1] * step[index] == pytest.approx(difference, abs=2e-8, rel=1e-6)


def test_hessian_of_the_neyman_term_is_that_of_gauss_and_newton(
    model: ScanModel, data: DataSets, monkeypatch: pytest.MonkeyPatch
) -> None:
    inputs = inputs_of(model, data, monkeypatch)
    free = inputs.free
    assert free.tolist() == [*range(7), SIGNAL_INDEX]
    point = model.centers.copy()
    point[SIGNAL_INDEX] = 4e-7
    _, _, hessian = evaluate(inputs, np.tile(point, (LANES, 1)), float(model.resonance_energy(16.88)))
    widths = np.sqrt(np.diag(model.covariance))
    widths[SIGNAL_INDEX] = 1e-7
    columns = []
    for index in free:
        shifted = np.tile(point, (2, 1))
        shifted[:, index] += np.array([1e-4, -1e-4]) * widths[index]
        above, below = model.expected_g_r(shifted, np.full(2, 16.88))
        columns.append((above - below) / 2e-4)  # per width
    jacobian, width = np.stack(columns, axis=1), widths[free]
    expected = jacobian.T @ (data.second[0][:, None] * jacobian)
    expected += model.precision[np.ix_(free, free)] * np.outer(width, width)
    lower = np.tril_indices(free.size)
    found = hessian[:, :, 0] * np.outer(width, width)
    np.testing.assert_allclose(found[lower], expected[lower], rtol=1e-6, atol=1e-7)


def test_line_shape_and_its_derivatives() -> None:
    energy, e_res = 281.0, np.linspace(265.0, 295.0, LANES)
    gamma, b = 1.72, 0.0025

    def profile(gamma: float, b: float) -> FloatArray:
        return voigt_profile(energy - e_res, b * e_res, gamma)

    theta = np.zeros((8, LANES))
    theta[3], theta[4] = gamma, b
    out, work = np.empty((3, LANES)), np.empty((8, LANES))
    voigt_lanes(energy, e_res, theta, out, work)
    np.testing.assert_allclose(out[0], profile(gamma, b), rtol=1e-11)
    # Central differences: second order in the step, 1e-5 of the width, over rounding of 1e-16/1e-5.
    in_gamma = (profile(gamma + 1e-5, b) - profile(gamma - 1e-5, b)) / 2e-5
    in_b = (profile(gamma, b + 1e-8) - profile(gamma, b - 1e-8)) / 2e-8
    np.testing.assert_allclose(out[1], in_gamma, rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(out[2], in_b, rtol=1e-6, atol=1e-6)
    theta[4] = -b  # even in b
    mirrored = np.empty((3, LANES))
    voigt_lanes(energy, e_res, theta, mirrored, work)
    np.testing.assert_array_equal(mirrored[:2], out[:2])
    np.testing.assert_array_equal(mirrored[2], -out[2])


def test_newton_step_is_that_of_a_dense_solver() -> None:
    rng, n = np.random.default_rng(1), 6
    roots = rng.standard_normal((LANES, n, n))
    matrices = roots @ roots.transpose(0, 2, 1) + 0.1 * np.eye(n)
    matrices[3] -= 5.0 * np.eye(n)  # no longer positive definite
    gradients = rng.standard_normal((LANES, n))
    step, decrease, usable = np.empty((n, LANES)), np.empty(LANES), np.empty(LANES)
    factor = np.ascontiguousarray(matrices.transpose(1, 2, 0))
    newton_step_lanes(np.ascontiguousarray(gradients.T), factor, step, decrease, usable)
    assert np.flatnonzero(usable == 0.0).tolist() == [3]
    good = np.arange(LANES) != 3
    expected = -np.linalg.solve(matrices[good], gradients[good][..., None])[..., 0]
    # Condition numbers reach 1e3.
    np.testing.assert_allclose(step.T[good], expected, rtol=1e-9, atol=1e-10)
    promised = -np.sum(expected * gradients[good], axis=1)
    np.testing.assert_allclose(decrease[good], promised, rtol=1e-10)
    variance = np.linalg.inv(matrices[good])[:, -1, -1]
    np.testing.assert_allclose(factor[-1, -1][good] ** 2, variance, rtol=1e-10)
    assert np.isfinite(step).all()


@pytest.mark.parametrize("term", [GAUSSIAN, POISSON])
@pytest.mark.parametrize(
    ("n", "mu", "rate_variance", "h", "eff_err"),
    [
        (25_000.0, 25_400.0, 3e-5, 0.02, 0.01),  # as in Run III
        (25_000.0, 24_300.0, 3e-5, 0.0, 0.01),
        (9.0, 14.0, 0.04, 0.8, 0.3),  # small counts, large errors
        (100.0, 100.0, 0.0, 0.1, 0.0),  # no nuisances
    ],
)
def test_count_profiled_over_its_own_nuisances(
    term: int, n: float, mu: float, rate_variance: float, h: float, eff_err: float
) -> None:
    def chi2(x: FloatArray, log_mu: float = 0.0) -> float:
        rate, efficiency = x
        expected = mu * np.exp(log_mu + np.sqrt(rate_variance) * rate)
        expected *= (1 + h * (1 + eff_err * efficiency)) / (1 + h)
        count = 2 * (expected - n + n * np.log(n / expected)) if term == POISSON else (n - expected) ** 2 / n
        return float(count + rate**2 + efficiency**2)

    def smallest(log_mu: float) -> float:
        fit = minimize(chi2, np.zeros(2), args=(log_mu,), method="BFGS", options={"gtol": 1e-9})
        return float(fit.fun)

    value, half_slope, fisher, boost = profile_count(term, n, mu, rate_variance, h, eff_err)
    assert value == pytest.approx(smallest(0.0), rel=1e-8, abs=1e-9)
    # By the envelope theorem the slope in ln μ is that of the profiled term; differences of BFGS minima.
    step = 1e-3 / np.sqrt(n)
    difference = (smallest(step) - smallest(-step)) / (4 * step)
    assert half_slope == pytest.approx(difference, rel=1e-3, abs=1e-3 * np.sqrt(n))
    assert fisher > 0.0
    assert (boost == 1.0) == (eff_err == 0.0 or h == 0.0)
