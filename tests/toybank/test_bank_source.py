from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from x17.errors import UsageError
from x17.scan import EnergyScan
from x17.statistics.ensembles import Ensemble
from x17.statistics.experiment_set import ExperimentSet
from x17.statistics.model import ScanModel
from x17.statistics.model_settings import KSource, ModelSettings
from x17.statistics.toy_set import Arrays, InMemory, ToySource
from x17.toybank import BankSource, ToyBank
from x17.toybank.fill import fill


def test_a_bank_gives_what_memory_gives(
    bank: ToyBank,
    model: ScanModel,
    experiments: ExperimentSet,
    same_arrays: Callable[[Arrays, Arrays], bool],
) -> None:
    sets = [experiments, replace(experiments, truth_mass=16.9, truth_coupling=5e-4)]
    sources: list[ToySource] = [InMemory(), BankSource(bank), BankSource(bank, reuse_only=True)]
    given = [list(source(model, sets, 700)) for source in sources]
    assert [len(arrays["q"]) for arrays in given[0]] == [700, 700]
    for other in given[1:]:
        assert all(same_arrays(a, b) for a, b in zip(given[0], other, strict=True))


def test_toys_are_made_once(bank: ToyBank, model: ScanModel, dice: Any) -> None:
    calls: list[int] = []
    source = BankSource(bank, progress=lambda _, done, __: calls.append(done))
    list(source(model, [dice()], 20))
    list(source(model, [dice()], 20))
    assert calls == [0, 10, 20, 20]


def refusal(bank: ToyBank, model: ScanModel, toy_set: Any, n_toys: int) -> str:
    with pytest.raises(UsageError) as error:
        list(BankSource(bank, reuse_only=True)(model, [toy_set], n_toys))
    return str(error.value)


def test_missing_toys_are_not_made_when_only_reuse_is_wanted(
    bank: ToyBank, model: ScanModel, dice: Any
) -> None:
    assert "it is empty" in refusal(bank, model, dice(), 10)
    assert not bank.folder.exists()
    fill(bank, model, [dice()], 30)
    assert "50 toys are needed of dice 1, the bank has 30" in refusal(bank, model, dice(), 50)
    assert len(list(bank.files())) == 3


def test_the_nearest_set_is_named_with_what_differs(
    bank: ToyBank, scan: EnergyScan, model: ScanModel, experiments: ExperimentSet
) -> None:
    fill(bank, model, [experiments], 500)
    message = refusal(bank, model, replace(experiments, seed=2), 500)
    assert "the bank has none: the nearest it holds are 500 toys of pseudo-experiments without" in message
    assert "with another seed: 1 there, 2 asked." in message
    message = refusal(bank, model, replace(experiments, ensemble=Ensemble.UNCONDITIONAL), 500)
    assert "with another ensemble: published there, unconditional asked." in message
    free = ScanModel.build(scan, ModelSettings(k_constraint=KSource.FREE))
    message = refusal(bank, free, experiments, 500)
    assert "with another model.k_constraint: published there, free asked." in message
    long = tuple(16.22 + 0.02 * k for k in range(76))
    message = refusal(bank, model, replace(experiments, masses=long), 500)
    assert "masses: [16.6, 16.9, 17.2] there, 76 values from 16.22 to 17.72 asked" in message
    shape = replace(model, centers=model.centers * 1.001)
    assert "another line shape or table of the scan" in refusal(bank, shape, experiments, 500)
