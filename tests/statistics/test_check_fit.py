import numpy as np
import pytest

from x17.scan import EnergyScan
from x17.statistics.asymptotic import cls_limit
from x17.statistics.check_fit import (
    CheckFit,
    LimitRule,
    change_between,
    check_fit,
    rule_limits,
    tension,
)
from x17.statistics.model import ScanModel
from x17.statistics.model_settings import KShape, KSource, ModelSettings

MASSES = np.linspace(16.7, 17.1, 5)


@pytest.fixture(scope="module")
def unchanged(model: ScanModel) -> CheckFit:
    return check_fit(model, MASSES, 16.9, 0.9)


def test_the_published_configuration(unchanged: CheckFit) -> None:
    # Recomputed independently from the published table, to its own digits.
    assert unchanged.best.mass_mev == pytest.approx(16.900, abs=1e-3)
    assert unchanged.best.g_ve == pytest.approx(4.42e-4, abs=1e-6)
    assert unchanged.best.q == pytest.approx(-5.188, abs=1e-3)
    assert unchanged.z == pytest.approx(np.sqrt(5.188), abs=1e-3)
    assert unchanged.local_p == pytest.approx(0.0114, abs=2e-4)
    assert unchanged.reference_limit == pytest.approx(5.53e-4, abs=1e-6)
    assert unchanged.limits[2] == pytest.approx(unchanged.reference_limit, rel=1e-9)
    assert unchanged.k_constraint == "published"


def test_nothing_changed_is_no_change(unchanged: CheckFit) -> None:
    change = change_between(unchanged, unchanged)
    assert (change.mass_mev, change.g_ve, change.q, change.z, change.limit, change.signal_sigma) == (0.0,) * 6
    assert change.size == 0.0


def test_k_free_changes_what_it_is_known_to_change(scan: EnergyScan, unchanged: CheckFit) -> None:
    free = check_fit(ScanModel.build(scan, ModelSettings(k_constraint=KSource.FREE)), MASSES, 16.9, 0.9)
    change = change_between(free, unchanged)
    assert change.q == pytest.approx(5.188 - 5.030, abs=2e-3)  # both recomputed independently
    assert change.z == pytest.approx(np.sqrt(5.030) - np.sqrt(5.188), abs=1e-3)
    assert change.size == pytest.approx(abs(change.signal_sigma))


def test_a_constant_has_a_constant_side_band(scan: EnergyScan) -> None:
    settings = ModelSettings(k_shape=KShape.CONSTANT, k_constraint=KSource.FROM_SIDEBAND)
    fit = check_fit(ScanModel.build(scan, settings), MASSES, 16.9, 0.9)
    assert fit.sideband.line.slope == 0.0
    assert fit.sideband.line.constant == pytest.approx(1.01123, abs=1e-5)
    assert fit.sideband.p_value == pytest.approx(0.56, abs=0.005)


def test_limits_by_either_rule() -> None:
    signal, error = np.array([-3.0, 0.0, 2.0]), np.ones(3)
    np.testing.assert_allclose(
        rule_limits(signal, error, 0.9, LimitRule.CLS), np.sqrt(cls_limit(signal, error, 0.9))
    )
    # û + 1.2816 σ; below zero every coupling is excluded.
    expected = np.sqrt([0.0, 1.2815516, 3.2815516])
    np.testing.assert_allclose(rule_limits(signal, error, 0.9, LimitRule.CLSB), expected, rtol=1e-7)


def test_tension_is_a_difference_over_its_error(scan: EnergyScan, unchanged: CheckFit) -> None:
    free = check_fit(ScanModel.build(scan, ModelSettings(k_constraint=KSource.FREE)), MASSES, 16.9, 0.9)
    error = np.sqrt(unchanged.reference_error**2 + free.reference_error**2)
    expected = (unchanged.reference_signal - free.reference_signal) / error
    assert tension(unchanged, free) == pytest.approx(expected)
    assert tension(free, unchanged) == pytest.approx(-expected)
