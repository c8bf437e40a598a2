"""Global p-values over experiments without a boson: uniform, whatever the definition and the ensemble.

The experiments that stand for the data have another seed than the pseudo-experiments they are compared with.
"""

import numpy as np
import pytest
from scipy.stats import chisquare, ks_2samp

from x17.statistics.deviation import deviation
from x17.statistics.ensembles import Ensemble
from x17.statistics.expected_band import expected_band
from x17.statistics.experiment_set import ExperimentSet
from x17.statistics.global_p import local_p_by_rank
from x17.statistics.model import ScanModel
from x17.statistics.signal_scan import SignalScan
from x17.statistics.toy_set import InMemory
from x17.statistics.upcrossings import gross_vitells

MASSES = tuple(np.round(np.arange(16.6, 17.21, 0.04), 9))
N = 10_000


def experiments(model: ScanModel, ensemble: Ensemble, n: int, seed: int) -> SignalScan:
    wanted = ExperimentSet(ensemble=ensemble, masses=MASSES, seed=seed)
    (arrays,) = InMemory(2)(model, [wanted], n)
    return wanted.signal_scan(arrays)


@pytest.fixture(scope="module")
def samples(model: ScanModel) -> tuple[SignalScan, SignalScan]:
    """What stands for the data, and twice as many to compare with."""
    return experiments(model, Ensemble.PUBLISHED, N, 11), experiments(model, Ensemble.PUBLISHED, 2 * N, 12)


def check_uniform(data: np.ndarray, reference: np.ndarray) -> None:
    """The larger the statistic the more extreme; p is the share of the reference that reaches it."""
    assert ks_2samp(data, reference).pvalue > 1e-3
    ordered = np.sort(reference)
    p = (ordered.size - np.searchsorted(ordered, data, side="left")) / ordered.size
    counts, _ = np.histogram(p, bins=20, range=(0.0, 1.0 + 1e-12))
    # A bin fluctuates with its own number and with the reference's, which is twice as large: variance 1.5.
    assert chisquare(counts).statistic / 1.5 < 43.8  # chi2 of 19 degrees of freedom, P = 1e-3


def test_published_deviation_is_uniform(samples: tuple[SignalScan, SignalScan]) -> None:
    _, reference = samples
    band = expected_band(reference.masses, reference.limits(0.9)).limits
    check_uniform(*(deviation(s.limits(0.9), band[2], band[3], band[4]).max(axis=1) for s in samples))


def test_deepest_q_is_uniform(samples: tuple[SignalScan, SignalScan]) -> None:
    check_uniform(*(-s.excess_q.min(axis=1) for s in samples))


def test_largest_calibrated_z_is_uniform(samples: tuple[SignalScan, SignalScan]) -> None:
    _, reference = samples
    check_uniform(*(-local_p_by_rank(reference.signed_z, s.signed_z).min(axis=1) for s in samples))


def test_upcrossings_agree_with_counting_in_the_tail(samples: tuple[SignalScan, SignalScan]) -> None:
    data, reference = samples
    deepest = reference.excess_q.min(axis=1)
    for level in (4.0, 6.0):
        counted = np.mean(deepest <= -level)
        formula = gross_vitells(data.signed_z, level).p
        # Five binomial errors; the formula is an upper bound that the step of 0.04 MeV leaves 20 % above, and
        # q0 itself is 10 % conservative at 2 sigma.
        statistical = 5 * np.sqrt(counted / len(reference))
        assert counted - statistical < formula < 1.35 * counted + statistical


def test_definitions_find_the_same_experiments(samples: tuple[SignalScan, SignalScan]) -> None:
    """They rank nearly alike: choosing among them afterwards is worth little."""
    data, reference = samples
    band = expected_band(reference.masses, reference.limits(0.9)).limits
    d = deviation(data.limits(0.9), band[2], band[3], band[4]).max(axis=1)
    assert (
        np.corrcoef(np.argsort(np.argsort(d)), np.argsort(np.argsort(-data.excess_q.min(axis=1))))[0, 1]
        > 0.95
    )


@pytest.mark.parametrize(
    "ensemble",
    [
        Ensemble.PUBLISHED,
        *(pytest.param(other, marks=pytest.mark.full) for other in Ensemble if other != Ensemble.PUBLISHED),
    ],
)
def test_every_ensemble_is_uniform_in_itself(model: ScanModel, ensemble: Ensemble) -> None:
    data, reference = experiments(model, ensemble, 5000, 21), experiments(model, ensemble, 10_000, 22)
    check_uniform(-data.excess_q.min(axis=1), -reference.excess_q.min(axis=1))
