"""Closed forms and limits that the likelihood must obey, whatever the data."""

from dataclasses import replace

import numpy as np
import pytest

from x17.kinematics import beam_energy_mev
from x17.scan import EnergyScan
from x17.statistics.asymptotic import cls_limit, estimate_signal
from x17.statistics.data_sets import asimov, from_counts, observed
from x17.statistics.model import SIGNAL_INDEX, ScanModel
from x17.statistics.model_settings import KSource, ModelSettings
from x17.statistics.profile_fit import fit_background, fit_free_signal, q_statistic


def test_a_boson_that_does_not_couple_is_no_boson(model: ScanModel) -> None:
    data = observed(model)
    assert q_statistic(model, data, np.linspace(16.3, 17.5, 7), 0.0).q == pytest.approx(0.0, abs=1e-8)


def test_a_boson_out_of_reach_changes_nothing(model: ScanModel) -> None:
    # 1.5 MeV above the scan: only the Lorentzian tail is left, (gamma/40 MeV)^2 of the peak.
    q = q_statistic(model, observed(model), 19.0, 3e-4).q
    assert abs(float(q[0])) < 0.02


def test_without_nuisances_the_signal_is_a_weighted_mean(scan: EnergyScan) -> None:
    """The model is linear in u: u = sum w s r / sum w s^2, error 1/sqrt(sum w s^2)."""
    model = ScanModel.build(scan, ModelSettings(statistics_only=True))
    data = observed(model)
    background = model.scale(model.centers)
    signal = background * model.signal_yield(model.centers, 16.9)
    weight, residual = data.second[0], data.first[0] - background
    expected = np.sum(weight * signal * residual) / np.sum(weight * signal**2)
    fit = fit_free_signal(model, data, 16.9)
    assert fit.signal[0] == pytest.approx(expected, rel=1e-9)
    assert fit.last_err[0] == pytest.approx(1 / np.sqrt(np.sum(weight * signal**2)), rel=1e-9)
    estimate = estimate_signal(model, data, 16.9)
    assert estimate.error[0] == pytest.approx(fit.last_err[0], rel=1e-6)  # a parabola: both errors are one


def test_q_of_asimov_data_is_the_square_of_the_distance(scan: EnergyScan) -> None:
    model = ScanModel.build(scan, ModelSettings(statistics_only=True))
    truth = model.centers.copy()
    truth[SIGNAL_INDEX] = 5e-4**2
    data = asimov(model, model.expected_g_r(truth, 16.9))
    error = fit_free_signal(model, data, 16.9).last_err[0]
    for coupling in (2e-4, 5e-4, 8e-4):
        q = q_statistic(model, data, 16.9, coupling).q[0]
        expected = ((coupling**2 - 5e-4**2) / error) ** 2 - (5e-4**2 / error) ** 2
        assert q == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_four_times_the_data_halves_the_error_on_the_signal(scan: EnergyScan) -> None:
    model = ScanModel.build(scan, ModelSettings(statistics_only=True))
    points = model.points
    once = observed(model)
    more = from_counts(model, 4 * points.n2, 4 * points.n_pot, points.background_per_pot)
    errors = [fit_free_signal(model, d, 16.9).last_err[0] for d in (once, more)]
    assert errors[0] / errors[1] == pytest.approx(2.0, rel=1e-9)
    # The limit on g goes with the fourth root where the data are background-like.
    limits = [np.sqrt(cls_limit(0.0, error, 0.9)) for error in errors]
    assert limits[0] / limits[1] == pytest.approx(np.sqrt(2.0), rel=1e-9)


def test_an_overall_scale_goes_into_k_and_nowhere_else(scan: EnergyScan) -> None:
    free = ModelSettings(k_constraint=KSource.FREE)
    plain = ScanModel.build(scan, free)
    points = plain.points
    scaled = replace(plain, points=replace(points, background_per_pot=points.background_per_pot / 1.03))
    fits = [
        fit_free_signal(m, from_counts(m, points.n2, points.n_pot, m.points.background_per_pot), 16.9)
        for m in (plain, scaled)
    ]
    assert fits[1].parameters[0, 0] / fits[0].parameters[0, 0] == pytest.approx(1.03, rel=1e-4)
    # Errors of B are absolute and were not scaled: the weights move by 1e-2 of 3 %.
    assert fits[1].signal[0] == pytest.approx(fits[0].signal[0], rel=0.02)


def test_the_line_peaks_where_the_boson_resonates(model: ScanModel) -> None:
    energies = beam_energy_mev(model.points.sqrt_s_mev, 0.511)
    for mass in (16.6, 16.9, 17.2):
        nearest = np.argmin(np.abs(energies - float(model.resonance_energy(mass))))
        assert abs(int(np.argmax(model.signal_yield(model.centers, mass))) - int(nearest)) <= 1


def test_size_of_the_signal_in_the_data(model: ScanModel) -> None:
    # Recomputed for beam spread 0.25 %: the peak of g_R - K is 1.72 % at g = 5.6e-4 and 0.6 % at 3.3e-4.
    peak = model.signal_yield(model.centers, np.linspace(16.85, 16.95, 201)[:, None]).max()
    assert peak * 5.6e-4**2 == pytest.approx(0.0172, abs=2e-4)
    assert peak * 3.3e-4**2 == pytest.approx(0.006, abs=1e-4)


def test_background_fit_ignores_the_mass(model: ScanModel) -> None:
    data = observed(model)
    chi2 = fit_background(model, data).chi2[0]
    for mass in (16.4, 17.4):
        estimate = fit_free_signal(model, data, mass)
        assert estimate.chi2[0] <= chi2 + 1e-9
