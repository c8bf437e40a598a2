"""The expectation between the energy points: the model's own at the points, the formula elsewhere."""

import numpy as np
import pytest
from scipy.special import wofz

from x17.scan import EnergyScan
from x17.statistics.data_sets import observed
from x17.statistics.model import SIGNAL_INDEX, ScanModel
from x17.statistics.model_curve import curve_energies, expected_curve
from x17.statistics.model_settings import BackgroundModel, LineShapeKind, ModelSettings
from x17.statistics.profile_fit import fit_fixed_signal
from x17.theory.boson import SpinParity

MASS, COUPLING = 16.9, 6e-4
SETTINGS = {
    "voigt": ModelSettings(),
    "computed": ModelSettings(lineshape=LineShapeKind.COMPUTED),
    "scalar": ModelSettings(boson=SpinParity.SCALAR),
    "flux slope": ModelSettings(flux_slope_err=0.02),
    "computed, flux slope, curves": ModelSettings(
        lineshape=LineShapeKind.COMPUTED, flux_slope_err=0.02, background=BackgroundModel.CURVE_PER_PART
    ),
}


def fitted(scan: EnergyScan, settings: ModelSettings) -> tuple[ScanModel, np.ndarray]:
    """A model, and its parameters as the data pull them for a boson: none is at its central value."""
    model = ScanModel.build(scan, settings)
    fit = fit_fixed_signal(model, observed(model), np.float64(MASS), np.float64(COUPLING**2))
    assert fit.ok.all()
    return model, fit.parameters[0]


@pytest.mark.parametrize("settings", SETTINGS.values(), ids=SETTINGS)
def test_at_the_points_it_is_the_models_own(scan: EnergyScan, settings: ModelSettings) -> None:
    model, theta = fitted(scan, settings)
    if model.templates.size:
        # A flux slope that is felt: without it the factor X would be one and nothing would be tested.
        assert np.ptp(np.exp(model.templates @ theta[SIGNAL_INDEX + 1 :])) > 1e-4
    at_points = expected_curve(model, theta, MASS, model.points.sqrt_s_mev)
    # Beam energy from √s and back: rounding of the argument, times the slope of the line.
    np.testing.assert_allclose(at_points, model.expected_g_r(theta, MASS), rtol=1e-12)


def test_between_the_points_it_is_the_formula(scan: EnergyScan) -> None:
    model, theta = fitted(scan, SETTINGS["voigt"])
    p0, p1, area, gamma, b, q0, q1, u = theta
    sqrt_s = np.linspace(16.3, 17.5, 57)
    m_e, binding = model.constants.electron_mass_mev, model.constants.binding_energy_mev
    energy = sqrt_s**2 / (2.0 * m_e) - m_e
    center = (MASS**2 - 2.0 * m_e**2) / (2.0 * (m_e + binding))
    sigma = b * center
    line = wofz((energy - center + 1j * gamma) / (sigma * np.sqrt(2.0))).real / (sigma * np.sqrt(2.0 * np.pi))
    d = sqrt_s - model.constants.center_sqrt_s_mev
    formula = (p0 + p1 * d) * (1.0 + u * area * line * (q0 + q1 * d))
    assert np.ptp(formula / (p0 + p1 * d)) > 0.01
    # The same closed form written twice; the Voigt profile is good to 1e-13.
    np.testing.assert_allclose(expected_curve(model, theta, MASS, sqrt_s), formula, rtol=1e-12)


def test_without_a_boson_it_is_a_line_and_the_mass_does_not_matter(scan: EnergyScan) -> None:
    model, theta = fitted(scan, SETTINGS["computed"])
    theta[SIGNAL_INDEX] = 0.0
    energies = curve_energies(model)
    curve = expected_curve(model, theta, MASS, energies)
    line = theta[0] + theta[1] * (energies - model.constants.center_sqrt_s_mev)
    np.testing.assert_allclose(curve, line, rtol=1e-14)
    np.testing.assert_array_equal(curve, expected_curve(model, theta, 17.3, energies))


def test_common_nuisances_run_straight_between_neighbours(scan: EnergyScan) -> None:
    model, theta = fitted(scan, SETTINGS["flux slope"])
    theta[SIGNAL_INDEX] = 0.0
    sqrt_s = model.points.sqrt_s_mev
    middle = 0.5 * (sqrt_s[1:] + sqrt_s[:-1])
    factor = np.exp(model.templates @ theta[SIGNAL_INDEX + 1 :])
    line = theta[0] + theta[1] * (middle - model.constants.center_sqrt_s_mev)
    expected = 0.5 * (factor[1:] + factor[:-1]) * line
    # The middle of two neighbours a few keV apart is known to some 1e-12 of their distance.
    np.testing.assert_allclose(expected_curve(model, theta, MASS, middle), expected, rtol=1e-10)


def test_energies_reach_a_little_beyond_the_points(scan: EnergyScan) -> None:
    model = ScanModel.build(scan)
    low, high = model.points.sqrt_s_mev[[0, -1]]
    energies = curve_energies(model, n=101, margin=0.05)
    assert energies.shape == (101,)
    np.testing.assert_allclose(np.diff(energies), 1.1 * (high - low) / 100.0, rtol=1e-9)
    assert energies[0] == pytest.approx(low - 0.05 * (high - low), rel=1e-14)
    assert curve_energies(model).size == 241
