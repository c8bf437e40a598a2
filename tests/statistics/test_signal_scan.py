import numpy as np
import pytest

from x17.statistics.asymptotic import cls_limit, estimate_signal
from x17.statistics.data_sets import DataSets
from x17.statistics.fit_status import FitStatus
from x17.statistics.model import ScanModel
from x17.statistics.profile_fit import fit_background, fit_free_signal
from x17.statistics.signal_scan import SignalScan, scan_signal
from x17.statistics.toys import pseudo_experiments

MASSES = np.array([16.5, 16.9, 17.1])


@pytest.fixture(scope="module")
def toys(model: ScanModel) -> DataSets:
    return pseudo_experiments(model, 40, np.random.default_rng(1))


@pytest.fixture(scope="module")
def scan_of_toys(model: ScanModel, toys: DataSets) -> SignalScan:
    return scan_signal(model, toys, MASSES)


def test_q_is_the_gain_of_the_free_fit(model: ScanModel, toys: DataSets, scan_of_toys: SignalScan) -> None:
    free = fit_free_signal(model, toys, MASSES)
    expected = free.chi2 - fit_background(model, toys).chi2[:, None]
    np.testing.assert_allclose(scan_of_toys.q, expected, rtol=0, atol=1e-9)
    assert (scan_of_toys.q <= 1e-9).all()
    assert len(scan_of_toys) == 40
    assert scan_of_toys.complete.all()


def test_excess_q_is_the_bounded_fit(model: ScanModel, toys: DataSets, scan_of_toys: SignalScan) -> None:
    bounded = fit_free_signal(model, toys, MASSES, bounded=True)
    expected = bounded.chi2 - fit_background(model, toys).chi2[:, None]
    np.testing.assert_allclose(scan_of_toys.excess_q, expected, rtol=0, atol=1e-9)


def test_signed_z_is_close_to_signal_over_error(scan_of_toys: SignalScan) -> None:
    ratio = scan_of_toys.signal / scan_of_toys.error
    # Q is a parabola in u to a few per cent within two standard deviations.
    np.testing.assert_allclose(scan_of_toys.signed_z, ratio, rtol=0.1, atol=0.02)


def test_limits_are_asymptotic_cls(model: ScanModel, toys: DataSets, scan_of_toys: SignalScan) -> None:
    estimate = estimate_signal(model, toys, MASSES)
    expected = np.sqrt(cls_limit(estimate.signal, estimate.error, 0.9))
    np.testing.assert_array_equal(scan_of_toys.limits(0.9), expected)


def test_select_keeps_rows_and_columns(scan_of_toys: SignalScan) -> None:
    rows = np.arange(40) % 3 == 0
    part = scan_of_toys.select(rows, np.array([True, False, True]))
    np.testing.assert_array_equal(part.masses, MASSES[[0, 2]])
    np.testing.assert_array_equal(part.q, scan_of_toys.q[rows][:, [0, 2]])
    np.testing.assert_array_equal(part.error, scan_of_toys.error[rows][:, [0, 2]])


def test_a_failed_fit_makes_its_experiment_incomplete(scan_of_toys: SignalScan) -> None:
    status = scan_of_toys.status.copy()
    status[5, 1] = FitStatus.SINGULAR
    scan = SignalScan(MASSES, scan_of_toys.signal, scan_of_toys.error, scan_of_toys.q, status)
    assert not scan.complete[5]
    assert scan.complete.sum() == 39
