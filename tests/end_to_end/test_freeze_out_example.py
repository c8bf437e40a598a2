"""The worked example of freeze-out: it runs, and its numbers are the known ones."""

import runpy
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

EXAMPLE = Path(__file__).parents[2] / "examples" / "freeze_out.py"
PAGE = (EXAMPLE.parents[1] / "docs/explanation/freeze-out.md").read_text("utf-8")


def test_it_prints_what_the_page_says(tmp_path: Path) -> None:
    command = [sys.executable, "-W", "error", str(EXAMPLE)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "freeze_out.png").stat().st_size > 10_000
    for number in ("1.96e-26", "0.0056", "0.0079"):
        assert number in done.stdout
        assert number in PAGE


def test_against_the_approximation_by_hand() -> None:
    # E. W. Kolb and M. S. Turner, The Early Universe, 5.2: x_f for s waves, where the departure from
    # equilibrium c solves c (c + 2) = 1, then Ωh² = 1.07e9 x_f / (√g* M_P σv). It is known to be good to 5 %.
    example = runpy.run_path(str(EXAMPLE))
    mass, spins, g_star, sigma_v = 100.0, 2, 86.0, 2.2e-26 / example["CM3_PER_S"]
    strength = 0.038 * spins / np.sqrt(g_star) * example["PLANCK_MASS"] * mass * sigma_v
    x_f = np.log(strength) - 0.5 * np.log(np.log(strength))
    by_hand = 1.07e9 * x_f / (np.sqrt(g_star) * example["PLANCK_MASS"] * sigma_v)
    assert example["density"](mass, 2.2e-26, spins, g_star) == pytest.approx(by_hand, rel=0.05)
