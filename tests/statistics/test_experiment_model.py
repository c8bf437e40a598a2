import numpy as np
import pytest

from x17.statistics.data_sets import observed
from x17.statistics.ensembles import Ensemble, hypothesis_truth
from x17.statistics.experiment_model import experiment_model
from x17.statistics.experiment_set import ExperimentSet
from x17.statistics.model import ScanModel
from x17.statistics.profile_fit import fit_background
from x17.statistics.toys import draw_counts


def test_an_experiment_is_analysed_as_the_data_are(model: ScanModel) -> None:
    counts = ExperimentSet(ensemble=Ensemble.PUBLISHED, masses=(16.9,), seed=1).counts(model, 0)
    batch = counts.data_sets(model)
    one = experiment_model(model, counts, 7)
    data = observed(one)
    for name in ("first", "second", "centers"):
        np.testing.assert_array_equal(getattr(data, name)[0], getattr(batch, name)[7])
    # The fits start from other centres: the same to the rounding of a Newton step.
    alone, among = fit_background(one, data).chi2[0], fit_background(model, batch).chi2[7]
    assert alone == pytest.approx(among, rel=1e-12)


def test_its_toys_are_drawn_about_itself(model: ScanModel) -> None:
    counts = ExperimentSet(ensemble=Ensemble.PUBLISHED, masses=(16.9,), seed=1).counts(model, 0)
    one = experiment_model(model, counts, 7)
    truth = hypothesis_truth(one, observed(one), Ensemble.PUBLISHED, 16.9, 0.0)
    toys = draw_counts(one, truth, 4000, np.random.default_rng(1))
    np.testing.assert_array_equal(toys.centers, np.tile(counts.centers[7], (4000, 1)))
    # Means of 4,000 toys are known to 1.6 % of a standard deviation each; 42 of them within four.
    distance = (toys.n_pot.mean(axis=0) - counts.n_pot[7]) / model.points.n_pot_err
    assert np.abs(distance).max() < 4 / np.sqrt(4000)
