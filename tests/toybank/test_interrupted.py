"""A run that is killed in the middle, for real, and taken up again."""

import os
import re
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from x17.statistics.ensembles import Ensemble
from x17.statistics.experiment_set import ExperimentSet
from x17.statistics.model import ScanModel
from x17.statistics.toy_set import Arrays, InMemory
from x17.toybank import ToyBank
from x17.toybank.contents import contents
from x17.toybank.fill import fill

TOYS = ExperimentSet(ensemble=Ensemble.PUBLISHED, masses=tuple(16.4 + 0.02 * k for k in range(40)), seed=1)
N_TOYS = 4000
CODE = textwrap.dedent(
    """
    import sys
    from x17.scan import EnergyScan
    from x17.statistics.ensembles import Ensemble
    from x17.statistics.experiment_set import ExperimentSet
    from x17.statistics.model import ScanModel
    from x17.toybank import ToyBank
    from x17.toybank.fill import fill
    toys = ExperimentSet(
        ensemble=Ensemble.PUBLISHED, masses=tuple(16.4 + 0.02 * k for k in range(40)), seed=1
    )
    model = ScanModel.build(EnergyScan.load("padme-run3"))
    fill(ToyBank(sys.argv[1]), model, [toys], 1_000_000, workers=2)
    """
)
"""Makes the same toys, far more than the test waits for."""


@pytest.fixture
def running(bank: ToyBank) -> Iterator[subprocess.Popen[str]]:
    """A process that fills the bank, with its first two blocks there."""
    process = subprocess.Popen(
        [sys.executable, "-c", CODE, str(bank.folder)], stderr=subprocess.PIPE, text=True
    )
    with process:
        deadline = time.monotonic() + 60.0
        while len(list(bank.files())) < 2:
            assert process.poll() is None, process.stderr.read() if process.stderr else ""
            assert time.monotonic() < deadline
            time.sleep(0.002)
        yield process
        process.kill()


@pytest.mark.parametrize("stop", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_stopped_run_goes_on_to_the_same_toys(
    bank: ToyBank,
    model: ScanModel,
    running: subprocess.Popen[str],
    same_arrays: Callable[[Arrays, Arrays], bool],
    stop: signal.Signals,
) -> None:
    running.send_signal(stop)
    _, err = running.communicate(timeout=30)
    assert running.returncode == -stop
    held = contents(bank)
    assert held.damaged == ()
    safe = sum(stored.toys for stored in held.sets)
    assert safe >= 1000
    if stop == signal.SIGINT:
        told = re.search(rf"(\d+) of 1000000 toys are safe in {bank.folder}", err)
        assert told is not None
        # A block may be in place and not yet counted when the signal arrives.
        assert int(told[1]) in (safe, safe - TOYS.toys_per_block)
    before = {path: path.stat().st_mtime_ns for path in bank.files()}
    filled = fill(bank, model, [TOYS], max(N_TOYS, 2 * safe), workers=2)
    assert 0 < filled.found <= safe
    assert before.items() <= {path: path.stat().st_mtime_ns for path in bank.files()}.items()
    (whole,) = InMemory(2)(model, [TOYS], N_TOYS)
    assert same_arrays(bank.read(model, TOYS, N_TOYS), whole)


def test_two_runs_may_fill_one_bank_at_once(
    bank: ToyBank, model: ScanModel, running: subprocess.Popen[str]
) -> None:
    fill(bank, model, [TOYS], N_TOYS, workers=2)
    os.kill(running.pid, signal.SIGKILL)
    running.wait(timeout=30)
    assert contents(bank).damaged == ()
    assert bank.missing(model, TOYS, range(N_TOYS // TOYS.toys_per_block)) == []


def test_a_half_written_file_is_not_a_block(bank: ToyBank, model: ScanModel) -> None:
    fill(bank, model, [TOYS], 500)
    block = next(bank.files())
    half = Path(f"{block.parent}/.{block.name}.0123.part")
    half.write_bytes(block.read_bytes()[:1000])
    assert list(bank.files()) == [block]
    assert contents(bank).damaged == ()
