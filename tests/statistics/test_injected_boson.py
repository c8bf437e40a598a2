import numpy as np
import pytest

from x17.statistics.data_sets import DataSets
from x17.statistics.ensembles import Ensemble
from x17.statistics.experiment_set import ExperimentSet
from x17.statistics.fit_status import FitStatus
from x17.statistics.injected_boson import InjectedBoson, injected_boson
from x17.statistics.model import ScanModel
from x17.statistics.signal_scan import SignalScan, scan_signal

MASSES = (16.6, 16.8, 16.9, 17.0, 17.2)
WINDOW = (16.6, 17.2)


@pytest.fixture(scope="module")
def observed_scan(model: ScanModel, data: DataSets) -> SignalScan:
    return scan_signal(model, data, np.array(MASSES))


def toys_with(model: ScanModel, coupling: float) -> SignalScan:
    wanted = ExperimentSet(
        ensemble=Ensemble.PUBLISHED,
        masses=MASSES,
        seed=1,
        truth_mass=16.9 if coupling else 0.0,
        truth_coupling=coupling,
    )
    return wanted.signal_scan(wanted.make(model, 0))


def compared(model: ScanModel, observed_scan: SignalScan, coupling: float) -> InjectedBoson:
    return injected_boson(observed_scan, toys_with(model, coupling), 0.9, WINDOW, (16.9, coupling))


def test_stronger_bosons_make_larger_excesses(model: ScanModel, observed_scan: SignalScan) -> None:
    shares = [compared(model, observed_scan, g).larger_excess.value for g in (2e-4, 4.4e-4, 7e-4)]
    assert shares == sorted(shares)
    # At the best fit the data's Q of -5.2 is exceeded by half, and by fluctuations elsewhere in the window.
    assert 0.5 < shares[1] < 0.8
    assert shares[2] > 0.99


def test_limits_rise_where_the_boson_is(model: ScanModel, observed_scan: SignalScan) -> None:
    median = compared(model, observed_scan, 6e-4).band.limits[2]
    assert np.argmax(median) == MASSES.index(16.9)
    assert median[MASSES.index(16.9)] > 6e-4


def test_failed_experiments_are_left_out(model: ScanModel, observed_scan: SignalScan) -> None:
    toys = toys_with(model, 5e-4)
    status = toys.status.copy()
    status[7, 2] = FitStatus.SINGULAR
    broken = SignalScan(toys.masses, toys.signal, toys.error, toys.q, status)
    result = injected_boson(observed_scan, broken, 0.9, WINDOW, (16.9, 5e-4))
    assert (result.larger_excess.n_toys, result.larger_excess.n_failed) == (499, 1)
    assert result.band.n_toys == 499
