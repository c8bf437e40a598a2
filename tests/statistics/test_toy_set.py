import numpy as np
import pytest

from x17.statistics.coupling_set import CouplingSet, Hypothesis
from x17.statistics.ensembles import Ensemble
from x17.statistics.experiment_set import ExperimentSet
from x17.statistics.model import ScanModel
from x17.statistics.toy_set import SETS_PER_WORKER, InMemory, blocks_needed, join

EXPERIMENTS = ExperimentSet(ensemble=Ensemble.PUBLISHED, masses=(16.9,), seed=1)


def coupling_sets(n: int) -> list[CouplingSet]:
    return [
        CouplingSet(
            ensemble=Ensemble.PUBLISHED, hypothesis=Hypothesis.SIGNAL, mass=mass, couplings=(5e-4,), seed=1
        )
        for mass in np.linspace(16.5, 17.3, n).tolist()
    ]


@pytest.mark.parametrize(("toys", "blocks"), [(1, 1), (500, 1), (501, 2), (5000, 10)])
def test_blocks_that_hold_so_many_toys(toys: int, blocks: int) -> None:
    assert blocks_needed(EXPERIMENTS, toys) == blocks


def test_join_keeps_the_first_toys_in_order() -> None:
    parts = [{"q": np.arange(3.0) + 10 * k} for k in range(3)]
    np.testing.assert_array_equal(join(parts, 5)["q"], [0.0, 1.0, 2.0, 10.0, 11.0])


def test_more_toys_begin_with_the_same_toys(model: ScanModel) -> None:
    few, many = (next(InMemory()(model, [EXPERIMENTS], n)) for n in (300, 1200))
    for name, values in few.items():
        np.testing.assert_array_equal(values, many[name][:300])


def test_many_small_sets_on_two_threads_and_on_one(model: ScanModel) -> None:
    sets, told = coupling_sets(2 * SETS_PER_WORKER + 2), list[tuple[str, int, int]]()
    threads = list(InMemory(2, lambda *progress: told.append(progress))(model, sets, 300))
    assert len(threads) == len(sets)
    for one, other in zip(threads, InMemory()(model, sets, 300), strict=True):
        np.testing.assert_array_equal(one["q"], other["q"])
    assert told[-1] == ("10 sets of toys", 10, 10)
    assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)


def test_sets_of_several_blocks_are_kept_apart(model: ScanModel) -> None:
    sets = coupling_sets(3)
    together = list(InMemory(2)(model, sets, 3000))
    for toy_set, arrays in zip(sets, together, strict=True):
        (alone,) = InMemory()(model, [toy_set], 3000)
        np.testing.assert_array_equal(arrays["q"], alone["q"])
        assert arrays["q"].shape == (3000, 1)
