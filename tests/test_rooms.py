"""The house: imports go one way, and starting up is light."""

import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
HEAVY = ("scipy.stats", "scipy.optimize", "matplotlib", "pandas", "numba")


def test_rooms_import_only_from_rooms_to_their_left() -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from importlinter.cli import lint_imports_command; lint_imports_command()",
            "--no-cache",
        ],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 kept, 0 broken" in done.stdout


@pytest.mark.parametrize(
    "code",
    [
        "import x17",
        "import x17.cli.main",
        "import sys; sys.argv = ['x17', '--help']\nimport x17.cli.main\n"
        "try: x17.cli.main.main()\nexcept SystemExit: pass",
        "import x17.scan; x17.scan.EnergyScan.load('padme-run3')",
    ],
    ids=["import", "import of the command line", "--help", "loading a scan"],
)
def test_starting_up_loads_nothing_heavy(code: str) -> None:
    check = f"\nimport sys\nloaded = [m for m in {HEAVY} if m in sys.modules]\nassert not loaded, loaded"
    done = subprocess.run([sys.executable, "-c", code + check], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
