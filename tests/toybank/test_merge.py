from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from x17.errors import UsageError
from x17.statistics.model import ScanModel
from x17.statistics.toy_set import Arrays
from x17.toybank import ToyBank
from x17.toybank.fill import fill
from x17.toybank.merge import MergeReport, largest_difference, merge


@pytest.fixture
def three(tmp_path: Path, model: ScanModel, dice: Any) -> list[ToyBank]:
    """Banks of blocks 0–1, 1–2 and 3–4."""
    banks = [ToyBank(tmp_path / name) for name in "abc"]
    for bank, blocks in zip(banks, (range(2), range(1, 3), range(3, 5)), strict=True):
        fill(bank, model, [dice()], 50, blocks=blocks)
    return banks


def test_merged_banks_are_the_bank_made_at_once(
    tmp_path: Path, three: list[ToyBank], model: ScanModel, dice: Any
) -> None:
    whole, merged = ToyBank(tmp_path / "whole"), ToyBank(tmp_path / "merged")
    fill(whole, model, [dice()], 50)
    assert merge(merged, three) == MergeReport(5, 1, 0, (), ())
    assert {p.name: p.read_bytes() for p in merged.files()} == {p.name: p.read_bytes() for p in whole.files()}
    assert merged.data() == whole.data()
    assert merge(merged, three) == MergeReport(0, 6, 0, (), ())


def changed(bank: ToyBank, model: ScanModel, toys: Any, change: Callable[[np.ndarray], np.ndarray]) -> None:
    """Store block 1 as another machine would have made it."""
    arrays = toys.make(model, 1)
    bank.store(model, toys, 1, {**arrays, "value": change(arrays["value"])})


def test_blocks_of_another_processor_are_counted_and_not_copied(
    three: list[ToyBank], model: ScanModel, dice: Any
) -> None:
    changed(three[1], model, dice(), lambda value: value * (1.0 + 1e-12))
    before = {p: p.read_bytes() for p in three[0].files()}
    assert merge(three[0], [three[1]]) == MergeReport(1, 0, 1, (), ())
    assert before.items() <= {p: p.read_bytes() for p in three[0].files()}.items()


@pytest.mark.parametrize(
    "change",
    [
        lambda value: value * (1.0 + 1e-7),
        lambda value: value[:-1],
        lambda value: value.astype(np.float32),
        lambda value: np.where(value == value[3, 1], np.nan, value),
    ],
    ids=["numbers", "shape", "type", "nan"],
)
def test_a_block_that_contradicts_is_refused_and_the_rest_is_copied(
    three: list[ToyBank], model: ScanModel, dice: Any, change: Callable[[np.ndarray], np.ndarray]
) -> None:
    changed(three[1], model, dice(), change)
    notes: list[str] = []
    report = merge(three[0], three[1:], notes.append)
    assert (report.copied, report.present, report.close, report.damaged) == (3, 0, 0, ())
    assert len(report.refused) == len(notes) == 1
    assert notes[0].startswith(report.refused[0])
    assert "differs from the block of that name" in notes[0]
    assert np.array_equal(
        three[0].read(model, dice(), 20)["value"][10:], dice().make(model, 1)["value"]
    )  # the bank's own stays


def test_damaged_blocks_are_left_out_or_replaced(three: list[ToyBank], model: ScanModel, dice: Any) -> None:
    own = next(p for p in three[0].files() if p.name in {q.name for q in three[1].files()})
    own.write_bytes(b"")
    theirs = next(three[2].files())
    theirs.write_bytes(theirs.read_bytes()[:-1])
    notes: list[str] = []
    report = merge(three[0], three[1:], notes.append)
    assert (report.copied, report.damaged) == (3, (str(theirs),))
    assert len(three[0].missing(model, dice(), range(5))) == 1
    assert sorted(note.rpartition("): ")[2] for note in notes) == ["left out", "replaced"]


def test_nothing_is_copied_if_a_source_is_no_bank(tmp_path: Path, three: list[ToyBank]) -> None:
    into = ToyBank(tmp_path / "into")
    absent = [ToyBank(tmp_path / "x"), ToyBank(tmp_path / "y")]
    with pytest.raises(UsageError, match=r"no toy bank: \S*x, \S*y;"):
        merge(into, [three[0], *absent])
    assert not into.folder.exists()


def test_banks_of_other_data_are_not_put_together(
    tmp_path: Path, three: list[ToyBank], model: ScanModel, dice: Any
) -> None:
    other = ToyBank(tmp_path / "other")
    points = replace(model.points, n_pot=model.points.n_pot * 1.01)
    fill(other, replace(model, points=points), [dice()], 10)
    into = ToyBank(tmp_path / "into")
    with pytest.raises(UsageError, match="other data"):
        merge(into, [three[0], other])
    assert not into.folder.exists()
    with pytest.raises(UsageError, match="other data"):
        merge(three[0], [other])
    assert len(list(three[0].files())) == 2


def test_differences_of_blocks() -> None:
    one: Arrays = {"x": np.array([1.0, 100.0, np.nan]), "k": np.array([1, 2], dtype=np.int8)}
    assert largest_difference(one, one) == 0.0
    assert largest_difference(one, {**one, "x": np.array([1.0, 101.0, np.nan])}) == pytest.approx(0.01)
    for other in (
        {**one, "k": np.array([1, 3], dtype=np.int8)},
        {**one, "x": np.array([np.nan, 100.0, 1.0])},
        {**one, "more": np.zeros(1)},
        {"x": one["x"]},
    ):
        assert largest_difference(one, other) == np.inf
