import numpy as np
import pytest

from x17.errors import X17Error
from x17.scan import EnergyScan
from x17.statistics.best_fit import background_fit, best_fit
from x17.statistics.data_sets import DataSets, asimov, observed
from x17.statistics.model import SIGNAL_INDEX, ScanModel
from x17.statistics.model_settings import KSource, ModelSettings
from x17.statistics.profile_fit import fit_fixed_signal, fit_free_signal


@pytest.fixture(scope="module")
def injected(model: ScanModel) -> DataSets:
    truth = model.centers.copy()
    truth[SIGNAL_INDEX] = 8e-4**2
    return asimov(model, model.expected_g_r(truth, 16.853))


def test_an_injected_boson_is_found(model: ScanModel, injected: DataSets) -> None:
    best = best_fit(model, injected, 16.3, 17.5)
    assert best.mass_mev == pytest.approx(16.853, abs=2e-5)
    assert best.g_ve == pytest.approx(8e-4, rel=1e-4)
    assert best.chi2 == pytest.approx(0.0, abs=1e-6)
    assert all(abs(n.pull or 0.0) < 1e-2 for n in best.nuisances)


def test_intervals_end_where_q_has_risen_by_one(model: ScanModel, injected: DataSets) -> None:
    best = best_fit(model, injected, 16.3, 17.5)
    for mass in best.mass_interval_mev:
        assert mass is not None
        assert fit_free_signal(model, injected, mass).chi2[0] - best.chi2 == pytest.approx(1.0, abs=1e-4)
    masses = np.linspace(16.7, 17.0, 3001)
    for coupling in best.g_ve_interval:
        assert coupling is not None
        profile = fit_fixed_signal(model, injected, masses, coupling**2).chi2.min()
        assert profile - best.chi2 == pytest.approx(1.0, abs=5e-3)  # the parabola between masses 5 keV apart
    low, high = best.g_ve_interval
    assert high is not None
    assert low < 8e-4 < high


def test_without_an_excess_the_coupling_is_zero(model: ScanModel) -> None:
    data = asimov(model, model.expected_g_r(model.centers, 16.9) * (1 - 0.02 * (np.arange(42) == 20)))
    best = best_fit(model, data, 16.84, 16.90)
    assert best.g_ve == 0.0
    assert best.q == pytest.approx(0.0, abs=1e-8)
    assert best.g_ve_interval[0] == 0.0


def test_bounds_outside_the_masses_are_unknown(model: ScanModel, injected: DataSets) -> None:
    best = best_fit(model, injected, 16.85, 16.86)
    assert best.mass_interval_mev == (None, None)


def test_a_single_mass_will_do(model: ScanModel, data: DataSets) -> None:
    assert best_fit(model, data, 16.9, 16.9).mass_mev == pytest.approx(16.9)


def test_a_fit_that_fails_is_an_error_with_advice(model: ScanModel, data: DataSets) -> None:
    broken = DataSets(np.full_like(data.first, np.nan), data.second, data.centers)
    with pytest.raises(X17Error, match="not finite"):
        background_fit(model, broken)
    with pytest.raises(X17Error, match="not finite"):
        best_fit(model, broken, 16.5, 17.0)


def test_pull_of_an_unconstrained_nuisance_is_unknown(scan: EnergyScan) -> None:
    free = ScanModel.build(scan, ModelSettings(k_constraint=KSource.FREE))
    nuisances = {n.name: n for n in background_fit(free, observed(free)).nuisances}
    assert nuisances["P0"].pull is None
    assert nuisances["A"].pull == 0.0
