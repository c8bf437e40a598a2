"""The global significance of the Run III excess, and the published number that does not come out.

Published (arXiv:2505.24797, some 300 pseudo-experiments): 3.9 +1.5 -1.1 % in 16.6 to 17.2 MeV, and
2.2 +1.2 -0.8 % in 16.85 +- 0.12 MeV. Recomputed before x17 existed, with 1,000: about 10 %, and 9.5(9) % by
the deepest Q.
"""

import numpy as np
import pytest

from x17.statistics.data_sets import DataSets
from x17.statistics.ensembles import Ensemble
from x17.statistics.experiment_set import ExperimentSet
from x17.statistics.global_p import GlobalP
from x17.statistics.model import ScanModel
from x17.statistics.signal_scan import SignalScan, scan_signal
from x17.statistics.significance import Significance, significance
from x17.statistics.toy_set import InMemory

MASSES = np.round(np.arange(16.22, 17.721, 0.02), 9)
N = 10_000


def pseudo_experiments(model: ScanModel, ensemble: Ensemble) -> SignalScan:
    wanted = ExperimentSet(ensemble=ensemble, masses=tuple(MASSES), seed=1)
    (arrays,) = InMemory(2)(model, [wanted], N)
    return wanted.signal_scan(arrays)


@pytest.fixture(scope="module")
def toys(model: ScanModel) -> SignalScan:
    return pseudo_experiments(model, Ensemble.PUBLISHED)


@pytest.fixture(scope="module")
def observed_scan(model: ScanModel, data: DataSets) -> SignalScan:
    return scan_signal(model, data, MASSES)


@pytest.fixture(scope="module")
def result(observed_scan: SignalScan, toys: SignalScan) -> Significance:
    return significance(observed_scan, toys, 0.90, (16.6, 17.2))


def named(result: Significance, name: str) -> GlobalP:
    return next(d for d in result.definitions if d.statistic.value == name)


def half_interval(p: GlobalP) -> float:
    low, high = p.fraction.interval()
    return 0.5 * (high - low)


def test_deepest_q_agrees_with_the_recomputed_value(result: Significance) -> None:
    p = named(result, "min-q")
    assert p.observed == pytest.approx(-5.188, abs=0.002)
    assert p.fraction.value == pytest.approx(0.095, abs=3 * np.hypot(0.009, half_interval(p)))


def test_local_p_is_the_published_one(result: Significance) -> None:
    """Published 0.010, recomputed 0.012 to 0.013; five binomial errors."""
    assert result.local.limit is not None
    assert result.local.limit.value == pytest.approx(0.0115, abs=5 * np.sqrt(0.0115 / N))


def test_published_deviation_is_twice_the_published_p(result: Significance) -> None:
    """With 100,000: d = 2.30 and 9 %; what the 3.9 % depends on: docs/explanation/global-significance.md."""
    p = named(result, "published-deviation")
    assert p.mass_mev == 16.9
    # The band's upper half, known to 1.5 % with 10,000: three times that.
    assert p.observed == pytest.approx(2.30, rel=0.045)
    assert p.fraction.value == pytest.approx(0.090, abs=3 * half_interval(p))
    low, _ = p.fraction.interval()
    assert low > 0.054  # the upper end of the published interval


def test_smaller_window(observed_scan: SignalScan, toys: SignalScan) -> None:
    """Published 2.2 +1.2 -0.8 %; the three definitions agree on 4 %."""
    narrow = significance(observed_scan, toys, 0.90, (16.73, 16.97))
    for p in narrow.definitions:
        assert p.fraction.value == pytest.approx(0.040, abs=3 * half_interval(p))


def test_median_expected_limits(toys: SignalScan) -> None:
    """Published medians of 300 pseudo-experiments, within the 5 % to which they are known."""
    median = np.median(toys.limits(0.90), axis=0)
    for mass, published in ((16.44, 4.77e-4), (16.84, 3.72e-4), (17.20, 3.83e-4)):
        assert median[np.argmin(np.abs(MASSES - mass))] == pytest.approx(published, rel=0.05)


@pytest.mark.full
def test_published_band_is_as_wide_as_one_with_fixed_centres(model: ScanModel, toys: SignalScan) -> None:
    """The distance of the +2 sigma edge near 16.9 MeV is published as 1.44e-4 and 1.50e-4.

    Drawn centres give 1.57e-4, centres at the truth 1.47e-4, each to 1.5 % with 10,000; 300 know it to 8 %,
    so that the published width does not tell the two apart.
    """
    at = [int(np.argmin(np.abs(MASSES - mass))) for mass in (16.88, 16.92)]
    for ensemble, expected in ((Ensemble.PUBLISHED, 1.57e-4), (Ensemble.RECENTRED, 1.47e-4)):
        sample = toys if ensemble is Ensemble.PUBLISHED else pseudo_experiments(model, ensemble)
        edges = np.quantile(sample.limits(0.90)[:, at], [0.5, 0.97725], axis=0)
        np.testing.assert_allclose(edges[1] - edges[0], expected, rtol=0.045)
        np.testing.assert_allclose(np.mean(edges[1] - edges[0]), 1.47e-4, rtol=0.12)
