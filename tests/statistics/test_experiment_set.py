import pickle

import numpy as np
import pytest

from x17.scan import EnergyScan
from x17.statistics.data_sets import DataSets
from x17.statistics.ensembles import Ensemble, experiment_truth
from x17.statistics.experiment_set import EXPERIMENTS_PER_BLOCK, ExperimentSet
from x17.statistics.model import SIGNAL_INDEX, ScanModel
from x17.statistics.model_settings import KSource, ModelSettings
from x17.statistics.signal_scan import scan_signal

MASSES = (16.7, 16.9)


def background(**changes: object) -> ExperimentSet:
    return ExperimentSet(**({"ensemble": Ensemble.PUBLISHED, "masses": MASSES, "seed": 1} | changes))  # type: ignore[arg-type]


def test_a_block_depends_on_nothing_but_its_number(model: ScanModel) -> None:
    first, again = background().make(model, 3), background().make(pickle.loads(pickle.dumps(model)), 3)
    assert sorted(first) == ["error", "q", "signal", "status"]
    for name, values in first.items():
        assert values.shape == (EXPERIMENTS_PER_BLOCK, len(MASSES))
        np.testing.assert_array_equal(values, again[name])
    assert (first["q"] != background().make(model, 4)["q"]).all()


def test_arrays_are_the_signal_scan_of_the_counts(model: ScanModel) -> None:
    wanted = background()
    scan = wanted.signal_scan(wanted.make(model, 0))
    expected = scan_signal(model, wanted.counts(model, 0).data_sets(model), np.array(MASSES))
    for name in ("masses", "signal", "error", "q", "status"):
        np.testing.assert_array_equal(getattr(scan, name), getattr(expected, name))


def test_other_masses_and_other_treatments_of_k_see_the_same_fluctuations(
    scan: EnergyScan, model: ScanModel
) -> None:
    counts = background().counts(model, 0)
    np.testing.assert_array_equal(counts.n2, background(masses=(17.0,)).counts(model, 0).n2)
    free = ScanModel.build(scan, ModelSettings(k_constraint=KSource.FROM_SIDEBAND))
    other = background().counts(free, 0)
    np.testing.assert_array_equal(counts.n_pot, other.n_pot)
    pull, other_pull = (
        (c.n2 - mean) / np.sqrt(mean)
        for c, m in ((counts, model), (other, free))
        for mean in [m.expected_g_r(m.centers, 16.9) * m.points.n_pot * m.points.background_per_pot]
    )
    np.testing.assert_allclose(pull, other_pull, rtol=0, atol=1e-8)


@pytest.mark.parametrize("ensemble", list(Ensemble))
def test_toys_are_drawn_about_the_truth_of_the_ensemble(
    model: ScanModel, data: DataSets, ensemble: Ensemble
) -> None:
    wanted = background(ensemble=ensemble, truth_mass=16.9, truth_coupling=6e-4)
    truth = experiment_truth(model, data, ensemble, 16.9, 6e-4)
    assert truth.parameters[SIGNAL_INDEX] == pytest.approx(3.6e-7)
    expected = (
        model.expected_g_r(truth.parameters, 16.9) * model.points.n_pot * model.points.background_per_pot
    )
    pull = (wanted.counts(model, 0).n2 - expected) / np.sqrt(expected)
    # 500 x 42 standard normal numbers: five standard errors.
    assert pull.mean() == pytest.approx(0.0, abs=5 / np.sqrt(pull.size))
    assert pull.std() == pytest.approx(1.0, abs=5 / np.sqrt(2 * pull.size))


def test_everything_that_decides_the_toys_is_among_the_inputs() -> None:
    sets = [
        background(),
        background(ensemble=Ensemble.RECENTRED),
        background(masses=(16.7, 16.92)),
        background(seed=2),
        background(truth_mass=16.9, truth_coupling=5e-4),
        background(truth_mass=16.9, truth_coupling=6e-4),
        background(truth_mass=16.8, truth_coupling=6e-4),
    ]
    assert len({str(s.inputs()) for s in sets}) == len(sets)
    assert background().describe() == "pseudo-experiments without a boson"
    assert "16.9 MeV, g = 0.0005" in sets[4].describe()


def test_an_injected_boson_is_found(model: ScanModel) -> None:
    wanted = background(masses=(16.9,), truth_mass=16.9, truth_coupling=8e-4)
    scan = wanted.signal_scan(wanted.make(model, 0))
    pull = (scan.signal[:, 0] - 6.4e-7) / scan.error[:, 0]
    # 500 pulls: five standard errors of the mean, and the bias of the Neyman weights, 0.03.
    assert pull.mean() == pytest.approx(0.0, abs=5 / np.sqrt(500) + 0.03)
