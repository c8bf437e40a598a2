import numpy as np
import pytest
from scipy.stats import multivariate_normal, norm

from x17.errors import UsageError
from x17.scan import EnergyScan
from x17.statistics.data_sets import observed
from x17.statistics.expanded_model import ExpandedModel
from x17.statistics.model import SIGNAL_INDEX, ScanModel
from x17.statistics.model_settings import BackgroundModel, CountTerm, KSource, ModelSettings
from x17.statistics.profile_fit import fit_background, q_statistic
from x17.statistics.q_difference import q_difference

MODELS = {
    "published": ModelSettings(),
    "free": ModelSettings(k_constraint=KSource.FREE),
    "common": ModelSettings(flux_slope_err=0.01, background=BackgroundModel.CURVE_PER_PART),
    "fixed": ModelSettings(fixed=("b", "Q1")),
}


@pytest.fixture(params=MODELS)
def any_model(request: pytest.FixtureRequest, scan: EnergyScan) -> ScanModel:
    return ScanModel.build(scan, MODELS[request.param])


def test_at_the_centre_it_is_the_model(any_model: ScanModel) -> None:
    theta = any_model.centers.copy()
    theta[SIGNAL_INDEX] = 2.5e-7
    expanded = ExpandedModel.build(any_model, 16.9)
    np.testing.assert_allclose(expanded.expected_g_r(theta), any_model.expected_g_r(theta, 16.9), rtol=1e-14)


def test_log_likelihood_is_a_product_of_gaussians(scan: EnergyScan) -> None:
    model = ScanModel.build(scan, MODELS["common"])
    expanded = ExpandedModel.build(model, 16.9)
    theta = model.centers.copy()
    theta[model.free] += 0.7 * np.sqrt(np.diag(model.covariance))[model.free]
    theta[SIGNAL_INDEX] = 3e-7
    kept = np.flatnonzero(np.diag(model.covariance))
    covariance = model.covariance[np.ix_(kept, kept)]
    # SciPy inverts the plain covariance, whose elements span 14 orders: units of the errors first.
    errors = np.sqrt(np.diag(covariance))
    prior = multivariate_normal(np.zeros(kept.size), covariance / np.outer(errors, errors))
    expected = norm.logpdf(expanded.g_r, expanded.expected_g_r(theta), expanded.weight**-0.5).sum()
    expected += prior.logpdf((theta - model.centers)[kept] / errors) - np.log(errors).sum()
    assert expanded.log_likelihood(theta) == pytest.approx(expected, abs=1e-9)


def test_derivatives(any_model: ScanModel) -> None:
    expanded = ExpandedModel.build(any_model, 16.9)
    theta = any_model.centers.copy()[None]
    theta[:, SIGNAL_INDEX] = 4e-7
    steps = 1e-4 * np.maximum(np.sqrt(np.diag(any_model.covariance)), 1e-3 * np.abs(theta[0]))
    slopes = expanded._slopes(theta)[0]
    for i in any_model.free:
        up, down = theta[0].copy(), theta[0].copy()
        up[i] += steps[i]
        down[i] -= steps[i]
        numerical = (expanded.expected_g_r(up) - expanded.expected_g_r(down)) / (2 * steps[i])
        scale = np.abs(numerical).max()
        # Rounding of g_R, 1e-16, over a step that moves it by 1e-7 or more; 1e-6 leaves room.
        np.testing.assert_allclose(slopes[:, i], numerical, atol=1e-6 * scale + 1e-12)


def test_without_a_boson_the_fit_is_that_of_the_full_model(any_model: ScanModel) -> None:
    fit = ExpandedModel.build(any_model, 16.9).profile([0.0])
    full = fit_background(any_model, observed(any_model))
    assert fit.converged.all()
    # Two minimisers that stop at 1e-8 and 1e-9.
    assert fit.chi2[0] == pytest.approx(full.chi2[0], abs=1e-8)


def test_q_changes_little_where_it_matters(model: ScanModel) -> None:
    masses, couplings = np.array([16.6, 16.9, 17.2]), np.linspace(1e-4, 9.775e-4, 14)
    by_mass = {mass: ExpandedModel.build(model, mass) for mass in masses.tolist()}
    change = q_difference(model, masses, couplings, lambda mass, signal: by_mass[mass].profile(signal))
    assert change.n_failed == 0
    np.testing.assert_allclose(
        change.full, q_statistic(model, observed(model), masses[:, None], couplings).q[0], atol=1e-12
    )
    # Measured: 5e-5 below Q = 0 and 1.5e-3 below 9 on the whole grid; third order in a 20 % error of b.
    assert change.largest_below(0.0) < 1e-4
    assert change.largest_below(9.0) < 3e-3
    assert change.largest >= change.at_mass(1).largest
    mass, coupling = change.place_of_largest
    assert mass in masses
    assert coupling in couplings


def test_fixed_line_shape_changes_nothing(scan: EnergyScan) -> None:
    model = ScanModel.build(scan, ModelSettings(fixed=("gamma", "b")))
    expanded = ExpandedModel.build(model, 16.9)
    change = q_difference(
        model, np.array([16.9]), np.array([3e-4, 6e-4]), lambda _, signal: expanded.profile(signal)
    )
    # What is left are the two fits' own tolerances, and Weideman's approximation in the kernel.
    assert change.largest < 1e-7


def test_count_terms_are_refused(scan: EnergyScan) -> None:
    model = ScanModel.build(scan, ModelSettings(count_term=CountTerm.POISSON))
    with pytest.raises(UsageError, match=r"count_term = poisson .* allowed: neyman"):
        ExpandedModel.build(model, 16.9)
