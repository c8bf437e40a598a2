"""What tests of several rooms share: a data taking of nineteen short periods, and a browser."""

import os
import re
import shutil
import signal
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from x17.apparatus import Setup, load_setup

POSITRONS = 3e7
"""On target in each period: some hundred pairs, and three runs of 3333 bunches."""


def pytest_sessionstart() -> None:
    """A shell that runs the tests in the background has them, and all that they start, ignore Ctrl-C."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def short_setup_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """PADME Run III with fourteen searched periods, three below the resonance and two far over it."""
    periods = [(52, -2, "beam_energy_mev = 402.5"), (53, -2, "beam_energy_mev = 402.5")]
    periods += [(n, n % 2, f"sqrt_s_mev = {16.4 + 0.075 * n:.4f}") for n in range(14)]
    periods += [(23 + n, -1, f"sqrt_s_mev = {14.76 - 0.05 * n:.4f}") for n in range(3)]
    rows = [f"  {{ number = {n}, scan_part = {p}, {e}, n_pot = {POSITRONS:g} }}," for n, p, e in periods]
    text = (files("x17.apparatus") / "setups" / "padme-run3.toml").read_text("utf-8")
    text = text.replace('name = "padme-run3"', 'name = "short"')
    text = re.sub(r"^periods = \[.*", "\n".join(["periods = [", *rows, "]", ""]), text, flags=re.M | re.S)
    path = tmp_path_factory.mktemp("short") / "short.toml"
    path.write_text(text, "utf-8")
    return path


@pytest.fixture(scope="session")
def short_setup(short_setup_file: Path) -> Setup:
    return load_setup(str(short_setup_file))


@pytest.fixture(scope="session")
def short_data(short_setup: Setup, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Clusters and runs of all periods under drawn conditions, as `x17 pipeline` leaves them; seed 1."""
    from x17.statistics.blocks import silent
    from x17.workflows.pipeline import PipelineRequest, simulate_data

    folder = tmp_path_factory.mktemp("short-data") / "data"
    simulate_data(short_setup, PipelineRequest(), folder, 1, silent)
    return folder


@pytest.fixture(scope="session")
def short_expected(short_setup_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is expected of all periods, of ten times the positrons of the data and three thousand bosons."""
    from x17.workflows.expect import ExpectRequest, expect

    folder = tmp_path_factory.mktemp("short-expected") / "expected"
    expect(str(short_setup_file), ExpectRequest(positrons=10 * POSITRONS, bosons=3000), folder, workers=1)
    return folder


@pytest.fixture(scope="session")
def short_events(short_setup_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Hits and bunches of the same data, as `x17 simulate` leaves them."""
    from x17.simulation.sample import Process
    from x17.workflows.simulate import simulate
    from x17.workflows.simulation_request import SimulationRequest

    request = SimulationRequest(
        period=None,
        processes=(Process.ELECTRONS, Process.PHOTONS, Process.BREMSSTRAHLUNG, Process.ACCIDENTAL),
        pile_up_window_ns=30.0,
        fiducial_margin_mm=20.0,
        conditions="drawn",
        k_factor="published",
        bunches=True,
    )
    folder = tmp_path_factory.mktemp("short-events") / "events"
    simulate(str(short_setup_file), request, folder, workers=1)
    return folder


FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium of the system, driven by Playwright, whose own download is never used."""
    chromium = os.environ.get("X17_CHROMIUM") or shutil.which("chromium")
    if chromium is None or not Path(chromium).is_file():
        pytest.skip("needs Chromium: name it in X17_CHROMIUM or put `chromium` on the PATH")
    api = pytest.importorskip("playwright.sync_api", reason="needs playwright: pip install 'x17[test]'")
    with api.sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        try:
            yield launched
        finally:
            launched.close()
