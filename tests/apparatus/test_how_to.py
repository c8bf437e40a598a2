"""The file of the how-to is a setup, and what the page says of it is so."""

import re
import textwrap
from pathlib import Path

import pytest

from x17.apparatus import Setup
from x17.apparatus.setup_file import parse_setup

PAGE = (Path(__file__).parents[2] / "docs/how-to/describe-your-apparatus.md").read_text("utf-8")


@pytest.fixture(scope="module")
def bench() -> Setup:
    (block,) = re.findall(r"^   ```toml\n(.*?)^   ```$", PAGE, re.MULTILINE | re.DOTALL)
    return parse_setup("bench.toml", textwrap.dedent(block).encode())


def test_cells(bench: Setup) -> None:
    cells = bench.calorimeter.cells
    assert len(cells) == 9 * 9 - 2 * (4 + 2) - 1  # four corners of three, and the hole
    assert cells.index_of(4, 4) == -1


def test_pairs_fit_between_the_radii(bench: Setup) -> None:
    r_min = bench.r_min_mm(bench.run_plan.sqrt_s_mev)
    hole, edge = 0.5 * bench.calorimeter.pitch_mm, 4.5 * bench.calorimeter.pitch_mm
    assert (r_min - bench.pair_cuts.margin_mm > hole).all()
    assert (r_min < bench.pair_cuts.r_max_mm).all()
    assert bench.pair_cuts.r_max_mm < edge
