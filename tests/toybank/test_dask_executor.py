"""A real scheduler and real workers on this machine, one of which is killed."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, Future
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from x17.errors import UsageError, X17Error
from x17.statistics.ensembles import Ensemble
from x17.statistics.experiment_set import ExperimentSet
from x17.statistics.model import ScanModel
from x17.toybank import ToyBank
from x17.toybank.dask_executor import _pass_on, dask_executor
from x17.toybank.fill import fill

pytest.importorskip("distributed")

TOYS = ExperimentSet(ensemble=Ensemble.PUBLISHED, masses=(16.6, 16.9, 17.2), seed=1)


@dataclass
class Cluster:
    """Processes of a dask cluster."""

    folder: Path
    stack: ExitStack
    address: str = ""
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, program: str, *arguments: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.{program}", "--no-dashboard", *arguments],
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.stack.callback(process.wait, 10)
        self.stack.callback(process.kill)
        self.processes.append(process)
        return process

    def start_scheduler(self) -> subprocess.Popen[bytes]:
        file = self.folder / "scheduler.json"
        process = self.start(
            "dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(file)
        )
        deadline = time.monotonic() + 30.0
        while not self.address:
            assert time.monotonic() < deadline
            assert process.poll() is None
            time.sleep(0.02)
            if file.exists() and file.read_text().rstrip().endswith("}"):
                self.address = json.loads(file.read_text())["address"]
        return process

    def start_worker(self) -> subprocess.Popen[bytes]:
        return self.start("dask_worker", self.address, "--nthreads", "1", "--no-nanny")


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    with ExitStack() as stack:
        started = Cluster(tmp_path, stack)
        started.start_scheduler()
        yield started


def wait_for_both(executor: Any) -> None:
    executor._client.wait_for_workers(2, timeout=30)


def test_a_killed_worker_changes_nothing(cluster: Cluster, tmp_path: Path, model: ScanModel) -> None:
    workers = [cluster.start_worker(), cluster.start_worker()]
    banks = [ToyBank(tmp_path / name) for name in ("serial", "cluster")]
    fill(banks[0], model, [TOYS], 20_000)
    killed: list[int] = []

    def kill_one(_: str, done: int, total: int) -> None:
        if done >= total // 4 and not killed:
            workers[0].kill()
            killed.append(done)

    with dask_executor(cluster.address, timeout=30.0) as executor:
        wait_for_both(executor)
        filled = fill(banks[1], model, [TOYS], 20_000, executor=executor, workers=2, progress=kill_one)
    assert killed[0] < 20_000
    assert filled.made == 20_000
    contents: list[dict[str, bytes]] = [{p.name: p.read_bytes() for p in bank.files()} for bank in banks]
    assert contents[0] == contents[1]


def test_the_loss_of_the_scheduler_says_what_is_safe(
    cluster: Cluster, bank: ToyBank, model: ScanModel
) -> None:
    cluster.start_worker()

    def kill(_: str, done: int, __: int) -> None:
        if done == 1000:
            cluster.processes[0].kill()

    with (
        pytest.raises(X17Error, match=r"the dask scheduler is gone\. \d+ of 500000 toys are safe in"),
        dask_executor(cluster.address, timeout=5.0) as executor,
    ):
        fill(bank, model, [TOYS], 500_000, executor=executor, progress=kill)
    assert len(list(bank.files())) >= 2


def test_a_scheduler_without_workers(cluster: Cluster) -> None:
    with (
        pytest.raises(X17Error, match=f"no workers; start some with `dask worker {cluster.address}`"),
        dask_executor(cluster.address, timeout=1.0),
    ):
        pass


def refused(address: str, timeout: float = 1.0) -> str:
    begin = time.monotonic()
    with pytest.raises(X17Error) as error, dask_executor(address, timeout=timeout):
        pass
    assert time.monotonic() - begin < 5.0
    return str(error.value)


def test_no_scheduler_there() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
        assert refused(address).startswith(f"--scheduler {address}: no dask scheduler answers there")


def test_something_that_is_no_scheduler() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        assert "no dask scheduler answers there" in refused(address)


@pytest.mark.parametrize("address", ["nonsense", "127.0.0.1:8786", "tcp://host", "tcp://host:port", ""])
def test_an_address_that_is_none(address: str) -> None:
    assert "allowed: tcp://HOST:PORT" in refused(address)


def test_without_dask_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UsageError, match=r"pip install .*\[dask\]"), dask_executor("tcp://127.0.0.1:1"):
        pass


def test_an_error_on_a_worker_is_passed_on(cluster: Cluster) -> None:
    cluster.start_worker()
    with dask_executor(cluster.address, timeout=30.0) as executor:
        assert executor.submit(len, "abc").result(timeout=30) == 3
        with pytest.raises(ValueError, match="invalid literal"):
            executor.submit(int, "abc").result(timeout=30)


class Remote:
    """A future of dask that ended with an error."""

    def __init__(self, error: BaseException) -> None:
        self.error = error

    def result(self) -> None:
        raise self.error


def outcome(error: BaseException) -> BaseException | None:
    local: Future[Any] = Future()
    _pass_on(local, Remote(error))
    return local.exception(timeout=0)


def test_what_became_of_the_workers_is_said_in_words() -> None:
    from distributed import KilledWorker

    killed = outcome(KilledWorker("block", SimpleNamespace(address="tcp://node7:1"), 3))  # type: ignore[arg-type]
    assert isinstance(killed, BrokenExecutor)
    assert "every worker that made it was lost (the last was tcp://node7:1)" in str(killed)
    lacking = outcome(ModuleNotFoundError("No module named 'x17'"))
    assert isinstance(lacking, BrokenExecutor)
    assert "(No module named 'x17'): install the same x17 there" in str(lacking)
    assert outcome(error := X17Error("the fit to the data failed")) is error


def test_what_is_cancelled_here_is_not_told() -> None:
    local: Future[Any] = Future()
    local.cancel()
    _pass_on(local, Remote(ValueError()))
    assert local.cancelled()


def test_other_versions_on_the_cluster_are_told(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    from distributed import versions

    cluster.start_worker()
    notes: list[str] = []
    with dask_executor(cluster.address, notes.append, timeout=30.0):
        assert notes == []  # there is a worker now, with the same versions
    own = versions.get_versions()
    other = own | {"packages": own["packages"] | {"numpy": "0.1"}}
    monkeypatch.setattr(versions, "get_versions", lambda *_, **__: other)
    with dask_executor(cluster.address, notes.append, timeout=30.0):
        pass
    assert len(notes) == 1
    assert "numpy" in notes[0]
    assert "0.1" in notes[0]
