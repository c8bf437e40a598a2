"""The page on other experiments: every command runs as printed, in order, and prints what the page says."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from x17.apparatus import load_setup
from x17.projection.yield_lines import lines_of_theory
from x17.scan import EnergyScan

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "your-experiment"
PAGE = (ROOT / "docs/how-to/your-own-experiment.md").read_text("utf-8")
README = (EXAMPLE / "README.md").read_text("utf-8")
READER = ROOT / "tests" / "documentation" / "reader.py"
FENCE = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def commands_of(block: str) -> list[str]:
    return block.replace("\\\n", " ").strip().splitlines()


@dataclass(frozen=True)
class Ran:
    """The folder in which the page was followed, and what its commands printed."""

    folder: Path
    printed: dict[str, str]


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    folder = tmp_path_factory.mktemp("copy") / "your-experiment"
    shutil.copytree(EXAMPLE, folder)
    lines = [
        line for info, block in FENCE.findall(PAGE) if info.startswith("sh") for line in commands_of(block)
    ]
    assert {line.split()[0] for line in lines} == {"x17"}
    blocks = [["sh", line, number] for number, line in enumerate(lines)]
    (folder / "blocks.json").write_text(json.dumps(blocks), "utf-8")
    done = subprocess.run(
        [sys.executable, str(READER), "blocks.json", "outputs.json"],
        cwd=folder,
        env={**os.environ, "COLUMNS": "80"},
        capture_output=True,
        text=True,
        check=False,
        timeout=400,
    )
    assert done.returncode == 0, done.stderr
    outputs = json.loads((folder / "outputs.json").read_text("utf-8"))
    printed = {" ".join(line.split()): outputs[str(number)] for number, line in enumerate(lines)}
    return Ran(folder, printed)


def test_the_page_goes_all_the_way(ran: Ran) -> None:
    names = {shlex.split(command)[1] for command in ran.printed}
    wanted = {"apparatus", "theory", "project", "plan", "simulate", "reconstruct", "expect", "pipeline"}
    assert wanted <= names
    for path in (
        "face.png",
        "event.png",
        "projected/report.html",
        "plan/plan.json",
        "run/search/report.html",
    ):
        assert (ran.folder / path).stat().st_size > 1000, path


def test_what_the_page_shows_is_what_comes_out(ran: Ran) -> None:
    """Line by line; `…` stands for what is left out."""
    everything = {line.rstrip() for text in ran.printed.values() for line in text.splitlines()}
    shown = [line for info, block in FENCE.findall(PAGE) if not info for line in block.splitlines()]
    assert len(shown) > 15
    missing = [line for line in shown if line != "…" and line.rstrip() not in everything]
    assert missing == []


def test_the_boson_put_in_is_found(ran: Ran) -> None:
    search = json.loads((ran.folder / "run/pipeline.json").read_text("utf-8"))["search"]
    best = search["best_fit"]
    # Five standard deviations were put in: the mass is known to some 10 keV, the coupling to a tenth.
    assert best["mass_mev"] == pytest.approx(11.4, abs=0.04)
    assert best["g_ve"] == pytest.approx(1.5e-3, abs=4e-4)


def test_the_scan_has_the_line_of_its_own_setup(ran: Ran) -> None:
    scan, setup = EnergyScan.load(ran.folder / "run/scan.csv"), load_setup(ran.folder / "low-energy.toml")
    constants = scan.constants
    assert constants.signal_yield_mev == pytest.approx(12.67, rel=1e-3)  # printed by theory lineshape
    assert constants.k_constraint is None
    middle = setup.run_plan.sqrt_s_mev
    assert constants.center_sqrt_s_mev == pytest.approx(0.5 * (middle.min() + middle.max()), abs=0.01)
    settings = json.loads((ran.folder / "run/pipeline.json").read_text("utf-8"))["search"]["settings"]
    low, high, step = (float(part) for part in settings["search"]["masses"].split(":"))
    assert (low, high) == pytest.approx((11.02, 11.68), abs=0.02)
    assert step == pytest.approx(0.02)


@pytest.mark.parametrize(
    ("name", "folder"), [("low-energy", "run/expected"), ("eleven-gev", "expected-eleven")]
)
def test_simulated_yields_are_three_quarters_of_the_ideal_ones(ran: Ran, name: str, folder: str) -> None:
    """Both lose the same within the radii, so that signal over background is that of the theory."""
    setup = load_setup(ran.folder / f"{name}.toml")
    rows = np.genfromtxt(ran.folder / folder / "expected.csv", delimiter=",", names=True)
    sqrt_s = rows["sqrt_s_mev"]
    lines = lines_of_theory(setup, sqrt_s, float(sqrt_s.mean()))
    background = (rows["background_per_pot"] / lines.background_per_pot(sqrt_s)).mean()
    efficiency = (rows["signal_efficiency"] / lines.signal_efficiency(sqrt_s)).mean()
    # 2 to 3 % of statistics a period in B, 6 % in the efficiency.
    assert background == pytest.approx(0.77, abs=0.05)
    assert efficiency == pytest.approx(0.77, abs=0.08)


def test_no_word_of_padme_in_what_is_printed_about_others(ran: Ran) -> None:
    """The errors of Run III beside a calibration are a comparison, and named as such; nothing else is."""
    for command, text in ran.printed.items():
        lines = [line for line in text.splitlines() if "PADME" in line or "padme" in line]
        allowed = "in PADME Run III)." if "pipeline" in command else None
        assert all(allowed and allowed in line for line in lines), (command, lines)


def test_the_readme_of_the_examples_has_commands_that_the_page_runs() -> None:
    listed = [line.strip() for line in README.splitlines() if line.startswith("    x17 ")]
    assert len(listed) == 4
    on_page = " ".join(PAGE.replace("\\\n", " ").split())
    for command in listed:
        # The page puts a boson into the pipeline besides.
        first, _, last = command.partition(" --quick")
        assert first in on_page, command
        assert "--quick" + last in on_page, command
