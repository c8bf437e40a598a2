"""The worked example of g − 2: it runs, and its numbers are those of its page and of an integral by hand."""

import re
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from x17.constraints.magnetic_moment import Lepton
from x17.theory.boson import SpinParity

EXAMPLE = Path(__file__).parents[2] / "examples" / "g_minus_2.py"
PAGE = (EXAMPLE.parents[1] / "docs/explanation/g-minus-2.md").read_text("utf-8").replace("−", "-")
ELECTRON, MUON = 0.51099895, 105.6583755


@pytest.fixture(scope="module")
def example() -> dict[str, Any]:
    """The names of the script."""
    return runpy.run_path(str(EXAMPLE))


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> str:
    place = tmp_path_factory.mktemp("moments")
    command = [sys.executable, "-W", "error", str(EXAMPLE)]
    done = subprocess.run(command, cwd=place, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    assert (place / "g_minus_2.png").stat().st_size > 10_000
    return done.stdout


def test_the_page_has_what_it_prints(printed: str) -> None:
    """Every a/g² to its four digits, and the moments at the best fit and at the limit."""
    table = re.findall(r"-?\d\.\d{3}e[+-]\d\d", "".join(printed.splitlines(keepends=True)[1:5]))
    assert len(table) == 8
    for number in table:
        assert number.replace("e-0", "e-").replace("e+00", "") in PAGE
    short = printed.replace("e-0", "e-")
    for number in ("1.49e-12", "2.44e-12", "1.68e-9", "2.51e-4", "5.40e-4"):
        assert number in short
        assert number in PAGE
    assert "+6.5σ" in printed
    assert "+3.4σ" in printed
    assert "+2.1σ" in printed


@pytest.mark.parametrize(("lepton", "mass"), [(Lepton.ELECTRON, ELECTRON), (Lepton.MUON, MUON)])
def test_a_vector_against_the_integral(example: dict[str, Any], lepton: Lepton, mass: float) -> None:
    # Gauss-Legendre with 400 points in x = 1 - u²: smooth, and exact far beyond the digits asked for.
    u, weight = np.polynomial.legendre.leggauss(400)
    u, weight = 0.5 * (u + 1.0), 0.5 * weight
    x, r = 1.0 - u**2, (example["MASS"] / mass) ** 2
    integral = np.sum(weight * 2.0 * u * 2.0 * x * u**4 / (u**4 + r * x))
    assert example["per_square"](SpinParity.VECTOR, lepton) == pytest.approx(
        integral / (8.0 * np.pi**2), rel=1e-8
    )


def test_the_heavy_limit_is_the_one_of_the_page() -> None:
    assert f"{ELECTRON**2 / (12.0 * np.pi**2 * 16.9**2):.3e}".replace("e-0", "e-") in PAGE


def test_the_other_sign_has_no_coupling(example: dict[str, Any]) -> None:
    assert np.isnan(example["coupling_of"](-1e-12, SpinParity.VECTOR, Lepton.ELECTRON))
    assert example["coupling_of"](7.615e-12, SpinParity.VECTOR, Lepton.ELECTRON) == pytest.approx(
        1e-3, rel=1e-3
    )
