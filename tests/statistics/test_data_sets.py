import numpy as np
import pytest

from x17.scan import EnergyScan
from x17.scan.observable import g_r, g_r_err
from x17.statistics.data_sets import asimov, from_counts, observed
from x17.statistics.model import ScanModel
from x17.statistics.model_settings import CountTerm, ModelSettings
from x17.statistics.profile_fit import fit_background


def test_observed_data_are_the_observable_and_its_error(model: ScanModel) -> None:
    data = observed(model)
    assert len(data) == 1
    np.testing.assert_array_equal(data.first[0], g_r(model.points))
    np.testing.assert_allclose(data.second[0], 1 / g_r_err(model.points) ** 2, rtol=1e-14)
    np.testing.assert_array_equal(data.centers[0], model.centers)


def test_errors_of_flux_and_background_stay_absolute(model: ScanModel) -> None:
    points = model.points
    data = from_counts(model, points.n2, 2 * points.n_pot, points.background_per_pot)
    y = points.n2 / (2 * points.n_pot * points.background_per_pot)
    relative2 = (
        1 / points.n2
        + (points.n_pot_err / (2 * points.n_pot)) ** 2
        + (points.background_err / points.background_per_pot) ** 2
    )
    np.testing.assert_allclose(data.second[0], 1 / (y**2 * relative2), rtol=1e-14)


def test_arguments_broadcast_to_a_batch(model: ScanModel) -> None:
    points = model.points
    counts = points.n2 * np.linspace(0.9, 1.1, 4)[:, None]
    centers = np.tile(model.centers, (4, 1)) + 1e-3
    batch = from_counts(model, counts, points.n_pot, points.background_per_pot, centers)
    assert len(batch) == 4
    for k in range(4):
        alone = from_counts(model, counts[k], points.n_pot, points.background_per_pot, centers[k])
        for name in ("first", "second", "centers"):
            np.testing.assert_array_equal(getattr(batch, name)[k], getattr(alone, name)[0])
    # Fluxes may be what makes the batch, too.
    fluxes = points.n_pot * np.ones((3, 1))
    assert len(from_counts(model, points.n2, fluxes, points.background_per_pot)) == 3


@pytest.mark.parametrize("term", [CountTerm.GAUSSIAN, CountTerm.POISSON])
def test_count_terms_keep_counts_and_exposure(scan: EnergyScan, term: CountTerm) -> None:
    model = ScanModel.build(scan, ModelSettings(count_term=term))
    data = observed(model)
    np.testing.assert_array_equal(data.first[0], model.points.n2)
    np.testing.assert_array_equal(data.second[0], model.points.n_pot * model.points.background_per_pot)


@pytest.mark.parametrize("term", CountTerm)
def test_asimov_data_are_fitted_perfectly(scan: EnergyScan, term: CountTerm) -> None:
    model = ScanModel.build(scan, ModelSettings(count_term=term))
    truths = np.tile(model.centers, (2, 1))
    truths[1, 0] += 0.001  # off the centre: the constraint and the points share the difference
    fit = fit_background(model, asimov(model, model.expected_g_r(truths, np.full(2, 17.0))))
    assert fit.chi2[0] == pytest.approx(0.0, abs=1e-9)
    assert 0.0 < fit.chi2[1] < (0.001 / 0.0013) ** 2
    assert model.centers[0] < fit.parameters[1, 0] < truths[1, 0]


def test_data_are_copies(model: ScanModel) -> None:
    data = observed(model)
    data.first[:] = 0.0
    data.centers[:] = 0.0
    assert (model.points.n2 > 0.0).all()
    assert model.centers[0] > 1.0
