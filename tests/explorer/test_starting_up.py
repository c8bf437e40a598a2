"""What is not needed is not loaded: the page's libraries come with the page, the fitter's with a fit."""

import subprocess
import sys

import pytest

HEAVY = ("scipy.stats", "scipy.optimize", "matplotlib", "pandas", "numba")
OF_THE_PAGE = ("nicegui", "fastapi", "starlette", "uvicorn", "contourpy")


@pytest.mark.parametrize(
    "code",
    [
        "import x17.workflows.explore",
        "import x17.explorer.server",
        "import sys; sys.argv = ['x17', 'explore', '--help']\nimport x17.cli.main\n"
        "try: x17.cli.main.main()\nexcept SystemExit as stop: assert not stop.code",
    ],
    ids=["the computation", "the server", "--help"],
)
def test_starting_up_loads_nothing_heavy(code: str) -> None:
    unwanted = (*HEAVY, *OF_THE_PAGE)
    check = f"\nimport sys\nloaded = [m for m in {unwanted} if m in sys.modules]\nassert not loaded, loaded"
    done = subprocess.run([sys.executable, "-c", code + check], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
