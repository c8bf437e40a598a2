import numpy as np
import pytest

from x17.errors import X17Error
from x17.scan import EnergyScan
from x17.statistics.data_sets import DataSets
from x17.statistics.ensembles import Ensemble, experiment_truth, hypothesis_truth
from x17.statistics.fit_status import FitStatus
from x17.statistics.model import SIGNAL_INDEX, ScanModel
from x17.statistics.model_settings import KSource, ModelSettings
from x17.statistics.profile_fit import FitBatch, fit_background, fit_fixed_signal
from x17.statistics.sideband import fit_sideband
from x17.statistics.toys import Centers, draw_counts

MASS, COUPLING = 16.9, 5e-4


@pytest.mark.parametrize(
    ("ensemble", "centers"),
    [
        (Ensemble.PUBLISHED, Centers.MEASURED),
        (Ensemble.RECENTRED, Centers.AT_TRUTH),
        (Ensemble.UNCONDITIONAL, Centers.DRAWN),
    ],
)
def test_tested_toys_are_drawn_about_the_conditional_fit(
    model: ScanModel, data: DataSets, ensemble: Ensemble, centers: Centers
) -> None:
    truth = hypothesis_truth(model, data, ensemble, MASS, COUPLING)
    fit = fit_fixed_signal(model, data, MASS, COUPLING**2)
    np.testing.assert_array_equal(truth.parameters, fit.parameters[0])
    assert truth.parameters[SIGNAL_INDEX] == COUPLING**2
    assert (truth.mass, truth.centers) == (MASS, centers)
    without = hypothesis_truth(model, data, ensemble, MASS, 0.0)
    np.testing.assert_array_equal(without.parameters, fit_background(model, data).parameters[0])


def test_published_pseudo_experiments_have_the_nominal_truth(model: ScanModel, data: DataSets) -> None:
    truth = experiment_truth(model, data, Ensemble.PUBLISHED, MASS, COUPLING)
    expected = model.centers.copy()
    expected[SIGNAL_INDEX] = COUPLING**2
    np.testing.assert_array_equal(truth.parameters, expected)
    assert truth.centers is Centers.DRAWN


@pytest.mark.parametrize("ensemble", [Ensemble.RECENTRED, Ensemble.UNCONDITIONAL])
def test_other_pseudo_experiments_have_the_conditional_fit(
    model: ScanModel, data: DataSets, ensemble: Ensemble
) -> None:
    truth = experiment_truth(model, data, ensemble, MASS, COUPLING)
    same = hypothesis_truth(model, data, ensemble, MASS, COUPLING)
    np.testing.assert_array_equal(truth.parameters, same.parameters)
    assert truth.centers is same.centers


def test_unconditional_toys_measure_their_own_side_band(scan: EnergyScan, data: DataSets) -> None:
    model = ScanModel.build(scan, ModelSettings(k_constraint=KSource.FROM_SIDEBAND))
    truth = experiment_truth(model, data, Ensemble.UNCONDITIONAL, MASS, 0.0)
    assert truth.centers is Centers.REMEASURED
    counts = draw_counts(model, truth, 30, np.random.default_rng(1))
    apart = draw_counts(
        model, experiment_truth(model, data, Ensemble.PUBLISHED, MASS, 0.0), 30, np.random.default_rng(1)
    )
    # The same random numbers: only K's centres are others, and those follow the toy's own points.
    assert (counts.centers[:, :2] != apart.centers[:, :2]).all()
    spread = np.sqrt(np.diag(model.covariance))
    np.testing.assert_allclose(
        counts.centers[:, 2:7], apart.centers[:, 2:7] + (truth.parameters - model.centers)[2:7]
    )
    assert np.abs(counts.centers[:, 0] - truth.parameters[0]).max() < 5 * spread[0]


def test_side_band_of_the_data_gives_the_centres_of_the_model(scan: EnergyScan) -> None:
    """A toy without fluctuations of its own is the scan itself."""
    model = ScanModel.build(scan, ModelSettings(k_constraint=KSource.FROM_SIDEBAND))
    line = fit_sideband(model.points, model.constants.window_size, model.constants.center_sqrt_s_mev).line
    np.testing.assert_allclose(model.centers[:2], [line.constant, line.slope])


def test_a_failed_fit_to_the_data_is_an_error(
    model: ScanModel, data: DataSets, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: object) -> FitBatch:
        return FitBatch(
            np.array([np.inf]),
            model.centers[None, :],
            np.ones(1),
            np.array([FitStatus.SINGULAR], dtype=np.int8),
            np.ones(1, dtype=np.int64),
        )

    monkeypatch.setattr("x17.statistics.ensembles.fit_fixed_signal", failing)
    with pytest.raises(X17Error, match=r"at M = 16.9 MeV, g = 0.0005.*failed: The data do not determine"):
        hypothesis_truth(model, data, Ensemble.PUBLISHED, MASS, COUPLING)
