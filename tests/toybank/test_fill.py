import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from x17.errors import UsageError, X17Error
from x17.statistics.experiment_set import ExperimentSet
from x17.statistics.model import ScanModel
from x17.statistics.toy_set import Arrays, InMemory
from x17.toybank import ToyBank
from x17.toybank.bank import NotStored
from x17.toybank.fill import IN_FLIGHT, fill, make_block


def content(bank: ToyBank) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in bank.files()}


def test_toys_do_not_depend_on_where_they_are_made(
    tmp_path: Path,
    model: ScanModel,
    experiments: ExperimentSet,
    same_arrays: Callable[[Arrays, Arrays], bool],
) -> None:
    banks = [ToyBank(tmp_path / name) for name in ("one", "two", "processes")]
    fill(banks[0], model, [experiments], 3000)
    fill(banks[1], model, [experiments], 3000, workers=2)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        fill(banks[2], model, [experiments], 3000, executor=pool, workers=2)
    assert content(banks[0]) == content(banks[1]) == content(banks[2])
    (memory,) = InMemory()(model, [experiments], 2900)
    assert same_arrays(banks[0].read(model, experiments, 2900), memory)


def test_more_toys_later_leave_the_earlier_ones_alone(bank: ToyBank, model: ScanModel, dice: Any) -> None:
    first = fill(bank, model, [dice()], 25)
    assert (first.found, first.made) == (0, 30)
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in bank.files()}
    second = fill(bank, model, [dice()], 60)
    assert (second.found, second.made) == (30, 30)
    assert before.items() <= {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in bank.files()}.items()
    assert fill(bank, model, [dice()], 60).made == 0


def test_progress_counts_toys_of_all_sets(bank: ToyBank, model: ScanModel, dice: Any) -> None:
    fill(bank, model, [dice()], 20)
    calls: list[tuple[str, int, int]] = []
    filled = fill(bank, model, [dice(), dice(seed=2)], 40, progress=lambda *c: calls.append(c))
    assert calls == [("2 sets of toys", done, 80) for done in range(20, 81, 10)]
    assert filled.failures == {"no_descent": 1}  # block 0 of the first set was there


def test_blocks_can_be_shared_out(bank: ToyBank, model: ScanModel, dice: Any) -> None:
    assert fill(bank, model, [dice()], 50, blocks=range(2, 4)).made == 20
    assert bank.missing(model, dice(), range(5)) == [0, 1, 4]
    with pytest.raises(UsageError, match="are blocks 0 to 4 of 10 toys"):
        fill(bank, model, [dice()], 50, blocks=range(4, 6))


class Inline(Executor):
    """Keeps what is submitted, and does the oldest when it has to wait no longer."""

    def __init__(self) -> None:
        self.most = 0
        self.waiting: list[tuple[Future[Any], Callable[[], Any]]] = []

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.waiting.append((future, lambda: fn(*args, **kwargs)))
        self.most = max(self.most, len(self.waiting))
        return future

    def work(self) -> None:
        future, call = self.waiting.pop(0)
        if future.set_running_or_notify_cancel():
            future.set_result(call())


def test_few_blocks_are_in_flight(
    bank: ToyBank, model: ScanModel, dice: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool = Inline()

    def wait(waiting: dict[Future[Any], Any], **_: object) -> tuple[set[Future[Any]], None]:
        pool.work()
        return {future for future in waiting if future.done()}, None

    monkeypatch.setitem(fill.__globals__, "wait", wait)
    assert fill(bank, model, [dice()], 1000, executor=pool, workers=2).made == 1000
    assert pool.most == 2 * IN_FLIGHT


@dataclass(frozen=True, slots=True)
class FailsAt:
    """A set whose block of one number raises."""

    number: int
    error: BaseException
    toys_per_block: int = 10

    def inputs(self) -> dict[str, object]:
        return {"kind": "fails"}

    def describe(self) -> str:
        return "toys that fail"

    def make(self, _: ScanModel, block: int) -> dict[str, Any]:
        if block == self.number:
            raise self.error
        return {"status": np.zeros(10, dtype=np.int8)}


def test_an_error_in_a_block_is_passed_on_and_the_others_are_safe(bank: ToyBank, model: ScanModel) -> None:
    toys = FailsAt(3, X17Error("the fit to the data failed"))
    with pytest.raises(X17Error, match="the fit to the data failed"):
        fill(bank, model, [toys], 1000)
    made = len(list(bank.files()))
    assert 3 <= made <= 3 + IN_FLIGHT
    assert fill(bank, model, [FailsAt(-1, X17Error())], 1000).found == 10 * made


def test_dead_workers_are_reported_with_what_is_safe(bank: ToyBank, model: ScanModel, dice: Any) -> None:
    fill(bank, model, [dice()], 20)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        pool.submit(os._exit, 9)
        with pytest.raises(X17Error, match=r"20 of 40 toys are safe in .*the same command goes on"):
            fill(bank, model, [dice()], 40, executor=pool)


def test_a_worker_with_another_version_is_refused(model: ScanModel, dice: Any) -> None:
    with pytest.raises(X17Error, match="install the same x17 on the workers"):
        make_block(model, dice(), 0, version=-1)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (OSError(28, "No space left on device"), "the disk is full"),
        (OSError(122, "Disk quota exceeded"), "the disk is full"),
        (OSError(30, "Read-only file system"), r"cannot be written \(Read-only file system\)"),
    ],
)
def test_a_full_disk_says_what_is_safe_and_loses_nothing(
    bank: ToyBank, model: ScanModel, dice: Any, monkeypatch: pytest.MonkeyPatch, error: OSError, reason: str
) -> None:
    replace, calls = os.replace, []

    def fails_later(source: Any, target: Any, **names: Any) -> None:
        calls.append(target)
        if len(calls) > 4:  # bank.json and three blocks
            raise error
        replace(source, target, **names)

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", fails_later)
        with pytest.raises(NotStored, match=rf"{reason}\. 30 of 100 toys are safe .* same command goes on"):
            fill(bank, model, [dice()], 100)
    assert list(bank.folder.glob("*/.*")) == []
    assert fill(bank, model, [dice()], 100).found == 30


def test_a_file_size_limit_of_the_system_is_a_full_disk(tmp_path: Path) -> None:
    code = textwrap.dedent(
        """
        import resource, sys
        from x17.scan import EnergyScan
        from x17.statistics.ensembles import Ensemble
        from x17.statistics.experiment_set import ExperimentSet
        from x17.statistics.model import ScanModel
        from x17.toybank import ToyBank
        from x17.toybank.fill import fill
        model = ScanModel.build(EnergyScan.load("padme-run3"))
        toys = ExperimentSet(ensemble=Ensemble.PUBLISHED, masses=(16.9,), seed=1)
        bank = ToyBank(sys.argv[1])
        fill(bank, model, [toys], 500)
        resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))
        fill(bank, model, [toys], 1000)
        """
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "bank")],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert "the disk is full. 500 of 1000 toys are safe" in done.stderr
    assert len(list(ToyBank(tmp_path / "bank").files())) == 1
    assert list((tmp_path / "bank").glob("*/.*")) == []


def test_an_interrupt_says_what_is_safe(bank: ToyBank, model: ScanModel) -> None:
    with pytest.raises(KeyboardInterrupt, match=r"\d+ of 1000 toys are safe in .*the same command goes on"):
        fill(bank, model, [FailsAt(3, KeyboardInterrupt())], 1000)
    assert 3 <= len(list(bank.files())) <= 3 + IN_FLIGHT
