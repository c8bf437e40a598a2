import numpy as np
import pytest

from x17.errors import UsageError, X17Error
from x17.statistics.data_sets import DataSets
from x17.statistics.ensembles import Ensemble
from x17.statistics.experiment_set import ExperimentSet
from x17.statistics.fit_status import FitStatus
from x17.statistics.model import ScanModel
from x17.statistics.signal_scan import SignalScan, scan_signal
from x17.statistics.significance import Significance, significance, window_columns
from x17.statistics.toy_set import InMemory

MASSES = np.round(np.arange(16.5, 17.31, 0.05), 9)


@pytest.fixture(scope="module")
def observed_scan(model: ScanModel, data: DataSets) -> SignalScan:
    return scan_signal(model, data, MASSES)


@pytest.fixture(scope="module")
def toys(model: ScanModel) -> SignalScan:
    wanted = ExperimentSet(ensemble=Ensemble.PUBLISHED, masses=tuple(MASSES), seed=1)
    (arrays,) = InMemory(2)(model, [wanted], 2000)
    return wanted.signal_scan(arrays)


@pytest.fixture(scope="module")
def result(observed_scan: SignalScan, toys: SignalScan) -> Significance:
    return significance(observed_scan, toys, 0.9)


def test_local_p_at_the_largest_excess(result: Significance) -> None:
    assert result.local.mass_mev == 16.9
    assert result.local.p_q0 == pytest.approx(0.0114, abs=1e-4)
    fraction = result.local.limit
    assert fraction is not None
    # 0.0119 from 10^4 pseudo-experiments; five binomial errors of 2,000.
    assert fraction.value == pytest.approx(0.0119, abs=5 * np.sqrt(0.0119 / 2000))


def test_maxima_are_those_of_the_likelihood(result: Significance, observed_scan: SignalScan) -> None:
    q = observed_scan.excess_q[0]
    first, *others = result.maxima
    assert (first.mass_mev, first.q) == (16.9, q.min())
    assert first.g_ve == pytest.approx(4.42e-4, rel=0.01)
    assert [m.q for m in result.maxima] == sorted(m.q for m in result.maxima)
    assert any(17.0 < m.mass_mev < 17.25 for m in others)
    for maximum in result.maxima:
        k = int(np.argmin(np.abs(MASSES - maximum.mass_mev)))
        assert maximum.q <= q[max(k - 1, 0) : k + 2].min()
        assert maximum.p_local < maximum.p_global.value
    p = [m.p_global.value for m in result.maxima]
    assert p == sorted(p)


def test_first_maximum_has_the_global_p_by_the_deepest_q(result: Significance) -> None:
    by_q = next(d for d in result.definitions if d.statistic.value == "min-q")
    assert by_q.fraction == result.maxima[0].p_global


def test_all_definitions_are_there_and_near_each_other(result: Significance) -> None:
    assert [d.statistic.value for d in result.definitions] == ["published-deviation", "min-q", "max-z"]
    values = [d.fraction.value for d in result.definitions] + [result.gross_vitells.p]
    # One sample, four definitions: they differ by what they rank, not by factors.
    assert max(values) / min(values) < 1.6
    assert min(values) > result.local.p_q0


def test_a_smaller_window_has_a_smaller_p(
    observed_scan: SignalScan, toys: SignalScan, result: Significance
) -> None:
    narrow = significance(observed_scan, toys, 0.9, (16.8, 17.0))
    assert narrow.window_mev == (16.8, 17.0)
    np.testing.assert_allclose(narrow.band.masses, [16.8, 16.85, 16.9, 16.95, 17.0])
    for inside, whole in zip(narrow.definitions, result.definitions, strict=True):
        assert inside.fraction.value < whole.fraction.value
    assert narrow.gross_vitells.p < result.gross_vitells.p


def test_failed_experiments_are_left_out_and_counted(observed_scan: SignalScan, toys: SignalScan) -> None:
    status = toys.status.copy()
    status[[3, 17, 40], [0, 5, 2]] = FitStatus.MAX_ITERATIONS
    broken = SignalScan(toys.masses, toys.signal, toys.error, toys.q, status)
    result = significance(observed_scan, broken, 0.9)
    assert (result.n_toys, result.n_failed) == (1997, 3)
    for definition in result.definitions:
        assert (definition.fraction.n_toys, definition.fraction.n_failed) == (1997, 3)
    assert result.gross_vitells.n_toys == 1997


@pytest.mark.parametrize("window", [(16.0, 17.0), (16.6, 18.0), (17.0, 16.8)])
def test_a_window_outside_the_masses_is_refused(window: tuple[float, float]) -> None:
    with pytest.raises(UsageError, match=r"is not inside the masses searched; allowed: .*16\.5 and 17\.3"):
        window_columns(MASSES, *window)


def test_a_window_between_two_masses_is_refused() -> None:
    with pytest.raises(UsageError, match="lies between two masses"):
        window_columns(MASSES, 16.61, 16.64)


def test_ends_of_the_window_are_included() -> None:
    inside = window_columns(MASSES, 16.6, 17.2)
    np.testing.assert_allclose(MASSES[inside][[0, -1]], [16.6, 17.2])


def test_too_few_toys_are_refused(observed_scan: SignalScan, toys: SignalScan) -> None:
    with pytest.raises(UsageError, match=r"150 pseudo-experiments are too few.*at least 200.*40000"):
        significance(observed_scan, toys.select(slice(0, 150), slice(None)), 0.9)


def test_a_failed_fit_to_the_data_is_an_error(observed_scan: SignalScan, toys: SignalScan) -> None:
    status = observed_scan.status.copy()
    status[0, 3] = FitStatus.NO_DESCENT
    broken = SignalScan(MASSES, observed_scan.signal, observed_scan.error, observed_scan.q, status)
    with pytest.raises(X17Error, match=r"a fit to the data in 16\.5:17\.3 MeV failed"):
        significance(broken, toys, 0.9)
