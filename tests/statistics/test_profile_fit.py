import threading
from dataclasses import replace

import numpy as np
import pytest
from iminuit import Minuit

from x17.scan import EnergyScan
from x17.scan.observable import g_r, g_r_err
from x17.statistics.data_sets import DataSets, asimov, from_counts, observed
from x17.statistics.fit_status import FitStatus
from x17.statistics.model import SIGNAL_INDEX, ScanModel
from x17.statistics.model_settings import (
    BackgroundModel,
    CountTerm,
    KShape,
    KSource,
    LineShapeKind,
    ModelSettings,
)
from x17.statistics.profile_fit import (
    fit_background,
    fit_fixed_signal,
    fit_free_signal,
    parameter_errors,
    q_statistic,
)
from x17.statistics.toys import hybrid_toys, pseudo_experiments
from x17.theory.boson import Boson
from x17.theory.compton import Diamond
from x17.theory.production import momentum_distribution, resonant_energy_mev

from .conftest import neyman_chi2, reference_expectation, unit_steps

REFEREE_TOLERANCE = 1e-6
"""χ² of the kernel against iminuit: far below what any statement depends on, far above rounding."""


def minuit_minimum(chi2, n: int) -> float:
    """Smallest χ² that iminuit finds from the centres; strategy 2, and again until it no longer improves."""
    fit = Minuit(lambda x: chi2(np.asarray(x)), np.zeros(n))
    fit.errordef, fit.strategy, fit.tol, fit.print_level = 1.0, 2, 1e-6, 0
    fit.errors = 0.3
    best = np.inf
    for _ in range(5):
        fit.migrad(ncall=20_000)
        if fit.fval > best - 1e-9:
            break
        best = fit.fval
    return float(min(best, fit.fval))


def test_two_hundred_random_fits_agree_with_iminuit(model: ScanModel) -> None:
    rng = np.random.default_rng(2022)
    truth = model.centers.copy()
    truth[SIGNAL_INDEX] = 4.4e-4**2
    toys = [
        hybrid_toys(model, truth, 16.9, 100, rng),
        pseudo_experiments(model, 100, rng),
    ]
    mass, coupling = rng.uniform(16.22, 17.72, 100), rng.uniform(0.0, 1e-3, 100)
    for sample in toys:
        fit = fit_fixed_signal(model, sample, mass, coupling**2, paired=True)
        assert fit.ok.all()
        for row in range(100):
            chi2 = neyman_chi2(model, sample, row, mass[row], coupling[row] ** 2)
            assert fit.chi2[row] == pytest.approx(minuit_minimum(chi2, 7), abs=REFEREE_TOLERANCE)


ALTERNATIVES = {
    "K from the side band": ModelSettings(k_constraint=KSource.FROM_SIDEBAND),
    "K free": ModelSettings(k_constraint=KSource.FREE),
    "K constant": ModelSettings(k_shape=KShape.CONSTANT, k_constraint=KSource.FROM_SIDEBAND),
    "B a curve per part": ModelSettings(background=BackgroundModel.CURVE_PER_PART),
    "flux slope": ModelSettings(flux_slope_err=0.01),
    "correlated flux": ModelSettings(correlated_flux_fraction=0.5),
    "correlated background": ModelSettings(correlated_background_fraction=1.0),
    "correlations": ModelSettings(correlations=(("A", "gamma", 0.4), ("gamma", "b", -0.6))),
    "fixed": ModelSettings(fixed=("gamma", "Q1")),
    "statistics only": ModelSettings(statistics_only=True),
}


@pytest.mark.parametrize("settings", ALTERNATIVES.values(), ids=ALTERNATIVES.keys())
def test_alternatives_agree_with_iminuit(scan: EnergyScan, settings: ModelSettings) -> None:
    model = ScanModel.build(scan, settings)
    data = observed(model)
    for mass, coupling in ((16.9, 4.4e-4), (16.6, 7e-4), (17.3, 2e-4)):
        fit = fit_fixed_signal(model, data, mass, coupling**2)
        assert fit.ok.all()
        reference = neyman_chi2(model, data, 0, mass, coupling**2)
        expected = minuit_minimum(reference, model.free.size) if model.free.size else reference(np.zeros(0))
        assert fit.chi2[0] == pytest.approx(expected, abs=REFEREE_TOLERANCE)
    assert fit_background(model, data).ok.all()


@pytest.mark.parametrize("term", [CountTerm.GAUSSIAN, CountTerm.POISSON])
def test_count_terms_agree_with_explicit_nuisances(scan: EnergyScan, term: CountTerm) -> None:
    """The referee carries two nuisances a point, rate and efficiency, minimised point by point by Newton."""
    model = ScanModel.build(scan, ModelSettings(count_term=term))
    data = observed(model)
    n, exposure = data.first[0], data.second[0]
    rate, eff = np.sqrt(model.rate_variance), model.efficiency_err
    scale = unit_steps(model)
    mass, coupling = 16.9, 6e-4

    def point_terms(background: np.ndarray, signal: np.ndarray, t: np.ndarray, e: np.ndarray) -> np.ndarray:
        mu = exposure * background * np.exp(rate * t) * (1 + signal * (1 + eff * e))
        poisson = term is CountTerm.POISSON
        return (2 * (mu - n + n * np.log(n / mu)) if poisson else (n - mu) ** 2 / n) + t**2 + e**2

    def profiled(background: np.ndarray, signal: np.ndarray) -> float:
        t, e, h = np.zeros_like(n), np.zeros_like(n), 1e-4
        for _ in range(30):  # Newton with numerical derivatives, coordinate by coordinate
            for which in (0, 1):
                values = [
                    point_terms(
                        background, signal, t + (h * k if which == 0 else 0), e + (h * k if which else 0)
                    )
                    for k in (-1, 0, 1)
                ]
                step = -0.5 * h * (values[2] - values[0]) / (values[2] - 2 * values[1] + values[0])
                t, e = (t + step, e) if which == 0 else (t, e + step)
        return float(point_terms(background, signal, t, e).sum())

    def chi2(unit: np.ndarray) -> float:
        theta = model.centers.copy()
        theta[model.free] += unit * scale
        distance = theta - model.centers
        background = reference_expectation(model, theta, mass)  # the signal is zero in theta
        theta[SIGNAL_INDEX] = coupling**2
        signal = reference_expectation(model, theta, mass) / background - 1
        return profiled(background, signal) + float(distance @ model.precision @ distance)

    fit = fit_fixed_signal(model, data, mass, coupling**2)
    assert fit.ok.all()
    # The referee's point nuisances are converged to 1e-6 by numerical derivatives, hence 1e-5.
    assert fit.chi2[0] == pytest.approx(minuit_minimum(chi2, 7), abs=1e-5)


def test_background_fit_is_weighted_least_squares_with_a_prior(model: ScanModel, data: DataSets) -> None:
    y, weight = g_r(model.points), 1 / g_r_err(model.points) ** 2
    design = np.stack([np.ones_like(y), model.offset], axis=1)
    prior, center = model.precision[:2, :2], model.centers[:2]
    best = np.linalg.solve(
        design.T @ (weight[:, None] * design) + prior, design.T @ (weight * y) + prior @ center
    )
    residual, distance = y - design @ best, best - center
    fit = fit_background(model, data)
    np.testing.assert_allclose(fit.parameters[0, :2], best, rtol=1e-12)
    expected = np.sum(weight * residual**2) + distance @ prior @ distance
    assert fit.chi2[0] == pytest.approx(expected, rel=1e-12)
    np.testing.assert_array_equal(fit.parameters[0, 2:7], model.centers[2:7])
    assert fit.iterations[0] == 1


def test_free_signal_is_the_minimum_over_fixed_signals(model: ScanModel, data: DataSets) -> None:
    free = fit_free_signal(model, data, 16.9)
    fine = free.signal[0] + np.linspace(-0.2, 0.2, 41) * free.last_err[0]
    fixed = fit_fixed_signal(model, data, 16.9, fine).chi2[0]
    assert fine[np.argmin(fixed)] == pytest.approx(free.signal[0])
    assert fixed.min() == pytest.approx(free.chi2[0], abs=1e-8)


def test_bounded_signal_is_zero_where_the_data_want_less(model: ScanModel, data: DataSets) -> None:
    masses = np.array([16.4, 16.65, 16.9])
    free, bounded = fit_free_signal(model, data, masses), fit_free_signal(model, data, masses, bounded=True)
    background = fit_background(model, data)
    negative = free.signal[0] < 0
    assert negative.tolist() == [True, True, False]
    assert (bounded.signal[0][negative] == 0.0).all()
    np.testing.assert_array_equal(bounded.chi2[0][negative], background.chi2[0])
    np.testing.assert_array_equal(bounded.chi2[0][~negative], free.chi2[0][~negative])


def test_shapes_follow_broadcasting(model: ScanModel) -> None:
    toys = pseudo_experiments(model, 3, np.random.default_rng(0))
    mass, coupling = np.linspace(16.5, 17.0, 4), np.linspace(1e-4, 5e-4, 5)
    assert fit_background(model, toys).chi2.shape == (3,)
    assert fit_fixed_signal(model, toys, 16.9, 1e-7).chi2.shape == (3,)
    batch = fit_fixed_signal(model, toys, mass[:, None], coupling**2)
    assert batch.chi2.shape == (3, 4, 5)
    assert batch.parameters.shape == (3, 4, 5, 8)
    assert fit_fixed_signal(model, toys, mass[:3], coupling[:3] ** 2, paired=True).chi2.shape == (3,)
    assert fit_free_signal(model, toys, mass).signal.shape == (3, 4)
    q = q_statistic(model, toys, mass[:, None], coupling)
    assert q.q.shape == (3, 4, 5)
    assert q.q[1, 2, 3] == q_statistic(model, toys, mass[2], coupling[3]).q[1]


@pytest.mark.parametrize("size", [1, 63, 64, 65, 200])
def test_a_fit_does_not_depend_on_the_fits_beside_it(model: ScanModel, size: int) -> None:
    toys = pseudo_experiments(model, 200, np.random.default_rng(5))
    mass = np.linspace(16.3, 17.6, 200)
    whole = fit_fixed_signal(model, toys, mass, np.full(200, 2e-7), paired=True)
    chosen = np.random.default_rng(6).permutation(200)[:size]
    part = DataSets(toys.first[chosen], toys.second[chosen], toys.centers[chosen])
    some = fit_fixed_signal(model, part, mass[chosen], np.full(size, 2e-7), paired=True)
    assert some.chi2.tobytes() == whole.chi2[chosen].tobytes()
    assert some.parameters.tobytes() == whole.parameters[chosen].tobytes()
    np.testing.assert_array_equal(some.iterations, whole.iterations[chosen])


def test_threads_give_the_same_bits(model: ScanModel) -> None:
    toys = pseudo_experiments(model, 500, np.random.default_rng(7))
    alone = fit_free_signal(model, toys, 16.9)
    found: list[bytes] = []
    threads = [
        threading.Thread(target=lambda: found.append(fit_free_signal(model, toys, 16.9).chi2.tobytes()))
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [alone.chi2.tobytes()] * 3


def test_errors_are_those_of_the_inverse_hessian(model: ScanModel, data: DataSets) -> None:
    fit = fit_free_signal(model, data, 16.9)
    errors = parameter_errors(model, data, 16.9, float(fit.signal[0]), signal_free=True)
    assert errors[SIGNAL_INDEX] == pytest.approx(fit.last_err[0], rel=1e-12)
    referee = Minuit(
        lambda x: neyman_chi2(model, data, 0, 16.9, x[7] * 1e-7)(np.asarray(x[:7])),
        np.append(np.zeros(7), fit.signal[0] * 1e7),
    )
    referee.errordef, referee.strategy = 1.0, 2
    referee.errors = 0.3
    referee.migrad(ncall=20_000)
    referee.hesse()
    expected = np.asarray(referee.errors) * np.append(unit_steps(model), 1e-7)
    # Fisher information against the full second derivative: they differ by the residuals, about 1 %.
    np.testing.assert_allclose(errors[:8], expected, rtol=0.02)


def test_asimov_data_have_their_truth_as_minimum(model: ScanModel) -> None:
    truth = model.centers.copy()
    truth[SIGNAL_INDEX] = 5e-4**2
    fit = fit_free_signal(model, asimov(model, model.expected_g_r(truth, 16.85)), 16.85)
    assert fit.chi2[0] == pytest.approx(0.0, abs=1e-10)
    np.testing.assert_allclose(fit.parameters[0], truth, rtol=1e-7)


@pytest.mark.parametrize(
    "settings",
    [
        ModelSettings(background=BackgroundModel.CURVE_PER_PART, flux_slope_err=0.05),
        ModelSettings(count_term=CountTerm.POISSON),
        ModelSettings(count_term=CountTerm.GAUSSIAN, correlated_flux_fraction=0.5),
    ],
    ids=["common nuisances", "poisson", "gaussian"],
)
def test_background_fit_is_the_fit_with_no_signal(scan: EnergyScan, settings: ModelSettings) -> None:
    """Where χ² is no quadratic form one step is not enough."""
    model = ScanModel.build(scan, settings)
    toys = pseudo_experiments(model, 20, np.random.default_rng(4))
    background, fixed = fit_background(model, toys), fit_fixed_signal(model, toys, 16.9, 0.0)
    np.testing.assert_allclose(background.chi2, fixed.chi2, rtol=0, atol=1e-8)
    # Far from the start the difference would show: K moved by thirty of its errors.
    far = replace(toys, centers=toys.centers + np.where(np.arange(toys.centers.shape[1]) == 0, 0.04, 0.0))
    background, fixed = fit_background(model, far), fit_fixed_signal(model, far, 16.9, 0.0)
    np.testing.assert_allclose(background.chi2, fixed.chi2, rtol=0, atol=1e-7)


class TestStatus:
    def test_data_that_are_not_finite(self, model: ScanModel, data: DataSets) -> None:
        first = data.first.copy()
        first[0, 3] = np.nan
        fit = fit_background(model, replace(data, first=first))
        assert fit.status.tolist() == [FitStatus.NOT_FINITE]

    def test_one_bad_data_set_does_not_harm_the_others(self, model: ScanModel) -> None:
        toys = pseudo_experiments(model, 70, np.random.default_rng(1))
        broken = toys.first.copy()
        broken[10, 0] = np.inf
        fit = fit_fixed_signal(model, replace(toys, first=broken), 16.9, 1e-7)
        good = fit_fixed_signal(model, toys, 16.9, 1e-7)
        assert np.flatnonzero(~fit.ok).tolist() == [10]
        others = np.arange(70) != 10
        assert fit.chi2[others].tobytes() == good.chi2[others].tobytes()

    def test_q_of_a_failed_fit_is_a_number_with_a_status(self, model: ScanModel) -> None:
        toys = pseudo_experiments(model, 4, np.random.default_rng(1))
        broken = toys.second.copy()
        broken[1, 0] = np.inf
        q = q_statistic(model, replace(toys, second=broken), np.array([16.6, 16.9]), 5e-4)
        assert q.status[1].tolist() == [FitStatus.NOT_FINITE] * 2
        assert np.isfinite(q.q).all()
        good = q_statistic(model, toys, np.array([16.6, 16.9]), 5e-4)
        np.testing.assert_array_equal(q.q[q.ok], good.q[q.ok])

    def test_parameters_that_nothing_determines(self, scan: EnergyScan) -> None:
        model = ScanModel.build(scan, ModelSettings(k_constraint=KSource.FREE))
        data = from_counts(model, model.points.n2, model.points.n_pot, model.points.background_per_pot)
        weightless = replace(data, second=np.zeros_like(data.second))
        assert fit_background(model, weightless).status.tolist() == [FitStatus.SINGULAR]

    def test_too_few_iterations(
        self, model: ScanModel, data: DataSets, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("x17.statistics.profile_fit.MAX_ITERATIONS", 1)
        assert fit_fixed_signal(model, data, 16.9, 3e-7).status.tolist() == [FitStatus.MAX_ITERATIONS]

    def test_a_minimum_beyond_the_boundary_of_the_width(self, model: ScanModel) -> None:
        # A line narrower than the points can tell, fitted with too large a signal and a free width.
        truth = model.centers.copy()
        truth[SIGNAL_INDEX], truth[3], truth[4] = 1e-3**2, 0.05, 0.001
        narrow = asimov(model, model.expected_g_r(truth, 16.9))
        precision = model.precision.copy()
        precision[3, 3] *= 1e-9
        fit = fit_fixed_signal(replace(model, precision=precision), narrow, 16.9, 1.5e-3**2)
        assert fit.status.tolist() == [FitStatus.NO_DESCENT]
        assert np.isfinite(fit.chi2[0])


def test_computed_line_agrees_with_iminuit_on_the_direct_convolution(scan: EnergyScan) -> None:
    """The referee convolves the electrons' momenta anew at every step, without the table."""
    model = ScanModel.build(scan, ModelSettings(lineshape=LineShapeKind.COMPUTED))
    data, points, scale = observed(model), model.points, unit_steps(model)
    mass, coupling = 16.9, 5.5e-4
    e_res = float(model.resonance_energy(mass))
    boson = Boson(17.0, "V", 1.0)
    rest = float(resonant_energy_mev(17.0, 0.0))

    def chi2(unit: np.ndarray) -> float:
        theta = model.centers.copy()
        theta[model.free] += unit * scale
        p0, p1, area, width, spread, q0, q1 = theta[:7]
        energy, share = momentum_distribution(boson, Diamond(float(width)))
        distance = points.beam_energy_mev[:, None] - e_res * energy / rest
        gauss = np.exp(-0.5 * (distance / (spread * e_res)) ** 2) / (spread * e_res * np.sqrt(2 * np.pi))
        line = gauss @ (share / share.sum())
        d = model.offset
        expected = (p0 + p1 * d) * (1 + coupling**2 * area * line * (q0 + q1 * d))
        penalty = (theta - model.centers) @ model.precision @ (theta - model.centers)
        return float(np.sum(data.second[0] * (data.first[0] - expected) ** 2) + penalty)

    fit = fit_fixed_signal(model, data, mass, coupling**2)
    assert fit.ok.all()
    # The table is good to 2e-5 of a signal whose χ² is about 10.
    assert fit.chi2[0] == pytest.approx(minuit_minimum(chi2, 7), abs=5e-4)


def test_leaving_the_table_of_the_computed_line_is_no_crash(scan: EnergyScan) -> None:
    model = ScanModel.build(scan, ModelSettings(lineshape=LineShapeKind.COMPUTED))
    toys = pseudo_experiments(model, 200, np.random.default_rng(3))
    fit = fit_fixed_signal(model, toys, 16.9, 2e-3**2)  # far from the data: nuisances are pulled hard
    assert np.isfinite(fit.chi2).all()
    assert set(np.unique(fit.status)) <= {FitStatus.CONVERGED, FitStatus.NO_DESCENT}
