"""Impacts against closed forms, another minimiser, and fits built anew."""

from dataclasses import replace

import numpy as np
import pytest
from iminuit import Minuit

from x17.errors import X17Error
from x17.scan import EnergyScan
from x17.statistics.data_sets import DataSets, observed
from x17.statistics.impacts import Impact, Impacts, nuisance_impacts
from x17.statistics.model import ScanModel
from x17.statistics.model_settings import KSource, ModelSettings
from x17.statistics.profile_fit import fit_free_signal

from .conftest import reference_expectation, unit_steps

MASS = 16.9


@pytest.fixture(scope="module")
def impacts(model: ScanModel, data: DataSets) -> Impacts:
    return nuisance_impacts(model, data, MASS)


def named(impacts: Impacts, name: str) -> Impact:
    return next(item for item in impacts.nuisances if item.name == name)


def test_every_nuisance_is_there_and_ranked(impacts: Impacts, model: ScanModel) -> None:
    assert {item.name for item in impacts.nuisances} == set(model.nuisance_names)
    sizes = [item.size for item in impacts.nuisances]
    assert sizes == sorted(sizes, reverse=True)
    assert impacts.nuisances[0].name == "P0"


def test_the_area_scales_the_signal_and_does_nothing_else(impacts: Impacts) -> None:
    # u A is what the data fix: Δu = u (A/(A ± σ) − 1), Q does not change. The fit stops within 1e-8 in χ².
    area = named(impacts, "A")
    expected = [impacts.signal * (13.56 / (13.56 + step) - 1.0) for step in (-0.18, 0.18)]
    assert area.after == pytest.approx(expected, rel=1e-3)
    assert area.before == pytest.approx(area.after, rel=1e-3)
    assert area.q_after == pytest.approx((0.0, 0.0), abs=1e-6)
    assert area.pull == pytest.approx(0.0, abs=1e-6)


def test_impacts_are_correlation_times_error(impacts: Impacts, model: ScanModel, data: DataSets) -> None:
    """Δu = ρ σ_u for a Gaussian likelihood, with ρ from iminuit's HESSE on formulas written out."""
    steps = unit_steps(model)

    def chi2(unit: np.ndarray) -> float:
        theta = model.centers.copy()
        theta[model.free] += unit[:-1] * steps
        theta[7] = 1e-7 * unit[-1]
        distance = theta - data.centers[0]
        distance[7] = 0.0
        residual = data.first[0] - reference_expectation(model, theta, MASS)
        return float(np.sum(data.second[0] * residual**2) + distance @ model.precision @ distance)

    minuit = Minuit(chi2, np.append(np.zeros(model.free.size), 2.0))
    minuit.errordef = Minuit.LEAST_SQUARES
    minuit.migrad()
    minuit.hesse()
    assert minuit.covariance is not None
    covariance = np.array(minuit.covariance)
    sigma = np.sqrt(np.diag(covariance))
    # The kernel's Hessian is that of Gauss and Newton: it leaves out second derivatives, here 2 %.
    assert impacts.error == pytest.approx(1e-7 * sigma[-1], rel=0.02)
    for k, name in enumerate(model.nuisance_names):
        item = named(impacts, name)
        linear = 1e-7 * covariance[k, -1] / sigma[k]
        # Smaller ones are less linear; what matters is their size against the error of u.
        tolerance = 0.01 * impacts.error
        assert 0.5 * (item.after[1] - item.after[0]) == pytest.approx(linear, abs=tolerance), name


@pytest.mark.parametrize("side", [-1, 1])
def test_holding_b_is_a_fit_with_b_fixed(scan: EnergyScan, impacts: Impacts, side: int) -> None:
    value = 0.0005 * side + named(impacts, "b").value
    other = replace(scan, constants=replace(scan.constants, beam_energy_spread=value))
    fixed = ScanModel.build(other, ModelSettings(fixed=("b",)))
    u = float(fit_free_signal(fixed, observed(fixed), MASS).signal[0])
    before = named(impacts, "b").before
    assert before is not None
    assert u - impacts.signal == pytest.approx(before[(side + 1) // 2], abs=1e-4 * impacts.error)


def test_errors_without_nuisances_are_smaller(impacts: Impacts) -> None:
    assert 0.8 < impacts.statistics_error / impacts.error < 1.0
    # Independent nuisances add in quadrature to what the points leave: linear to a few per cent.
    total = impacts.statistics_error**2 + sum(item.size**2 for item in impacts.nuisances)
    assert np.sqrt(total) == pytest.approx(impacts.error, rel=0.03)


def test_what_has_no_constraint_has_no_impact_before(scan: EnergyScan) -> None:
    free = ScanModel.build(scan, ModelSettings(k_constraint=KSource.FREE))
    k = named(nuisance_impacts(free, observed(free), MASS), "P0")
    assert k.width is None
    assert k.pull is None
    assert k.before is None
    assert all(np.isfinite(k.after))


def test_no_nuisances_at_all(scan: EnergyScan) -> None:
    bare = ScanModel.build(scan, ModelSettings(statistics_only=True))
    found = nuisance_impacts(bare, observed(bare), MASS)
    assert found.nuisances == ()
    assert found.statistics_error == pytest.approx(found.error)


def test_a_failed_fit_is_an_error_with_a_sentence(model: ScanModel, data: DataSets) -> None:
    broken = DataSets(data.first, np.full_like(data.second, np.nan), data.centers)
    with pytest.raises(X17Error, match="the fit with a boson failed"):
        nuisance_impacts(model, broken, MASS)
