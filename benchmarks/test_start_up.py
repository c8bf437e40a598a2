"""From the command to its first word: what a user waits for."""

import subprocess
import sys

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

COMMANDS = {
    "python alone": "pass",
    "import x17": "import x17",
    "x17 --help": "import sys; sys.argv = ['x17', '--help']; from x17.cli.main import main; main()",
    "a scan loaded": "from x17.scan import EnergyScan; EnergyScan.load('padme-run3')",
    "the first fit": (
        "from x17.scan import EnergyScan\n"
        "from x17.statistics.model import ScanModel\n"
        "from x17.statistics.data_sets import observed\n"
        "from x17.statistics.profile_fit import fit_background\n"
        "model = ScanModel.build(EnergyScan.load('padme-run3'))\n"
        "assert fit_background(model, observed(model)).ok.all()"
    ),
}


@pytest.mark.parametrize("code", COMMANDS.values(), ids=COMMANDS.keys())
def test_start_up(benchmark: BenchmarkFixture, code: str) -> None:
    def run() -> subprocess.CompletedProcess[bytes]:
        return subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)

    run()  # fills the caches of bytecode and of the compiled kernel
    done = benchmark.pedantic(run, rounds=7, iterations=1)
    assert done.returncode == 0, done.stderr.decode()
