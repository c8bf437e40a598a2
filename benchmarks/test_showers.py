"""Speed of the shower library, and of Geant4 beside it in the same run where it is installed."""

import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from x17.simulation.showers import CrystalBlock, ShowerLibrary, ShowerPatches
from x17.simulation.showers.production.job import ShowerJob, run_job

SHOWERS = 50_000


@pytest.fixture(scope="module")
def library() -> ShowerLibrary:
    return ShowerLibrary.load()


def draw(library: ShowerLibrary, pdg: Any, energy: Any, n: int = SHOWERS) -> ShowerPatches:
    rng = np.random.default_rng(1)
    x, y = rng.uniform(-280.0, 280.0, (2, n))
    slope, azimuth = rng.uniform(0.026, 0.075, n), rng.uniform(0.0, 2.0 * np.pi, n)
    return library.sample(pdg, energy, x, y, slope * np.cos(azimuth), slope * np.sin(azimuth), rng)


def test_draw_showers_of_all_kinds(benchmark: Any, library: ShowerLibrary) -> None:
    rng = np.random.default_rng(2)
    pdg, energy = rng.choice([11, -11, 22], SHOWERS), rng.uniform(30.0, 420.0, SHOWERS)
    patches = benchmark(draw, library, pdg, energy)
    assert patches.energy_mev.sum() == pytest.approx(0.98 * energy.sum(), rel=0.01)
    rate = SHOWERS / benchmark.stats.stats.median
    benchmark.extra_info["showers_per_second"] = round(rate)
    print(f"\n{rate:,.0f} showers drawn per second")


def test_deposit_into_616_crystals(benchmark: Any, library: ShowerLibrary) -> None:
    """Events of twenty showers."""
    patches = draw(library, 11, np.full(SHOWERS, 200.0))
    cells, event = np.arange(29 * 29).reshape(29, 29), np.arange(SHOWERS) // 20
    out = benchmark(patches.deposit, event, SHOWERS // 20, cells, (14, 14))
    # Showers within five cells of the border lose what falls outside.
    assert 0.9 < out.sum() / patches.energy_mev.sum() <= 1.0 + 1e-6
    rate = SHOWERS / benchmark.stats.stats.median
    benchmark.extra_info["showers_per_second"] = round(rate)
    print(f"\n{rate:,.0f} showers deposited per second")


@pytest.mark.skipif(
    importlib.util.find_spec("geant4_pybind") is None,
    reason="geant4-pybind is not installed: pip install 'x17[geant4]'",
)
@pytest.mark.parametrize("energy", [100.0, 200.0, 300.0])
def test_against_geant4(benchmark: Any, library: ShowerLibrary, tmp_path: Path, energy: float) -> None:
    """The event loop of Geant4 alone, without its start; the same particle, energy and angles."""
    made = run_job(ShowerJob(11, energy, 2000, 3, 0.026, 0.075), CrystalBlock(), tmp_path)
    patches = benchmark(draw, library, 11, np.full(SHOWERS, energy))
    # 2000 showers know the mean to 0.1 %, their tails of leakage to 0.3 %.
    assert patches.energy_mev.sum(axis=(1, 2)).mean() == pytest.approx(
        made.energy_mev.sum(axis=(1, 2)).mean(), rel=0.005
    )
    ours = benchmark.stats.stats.median / SHOWERS
    benchmark.extra_info["geant4_over_ours"] = round(made.seconds_per_shower / ours)
    print(
        f"\n{energy:g} MeV: {1e6 * ours:.1f} µs drawn, {1e6 * made.seconds_per_shower:.0f} µs in Geant4: "
        f"{made.seconds_per_shower / ours:.0f} times"
    )
