"""Geant4 itself, where it is installed."""

import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest

from x17.errors import X17Error
from x17.simulation.showers import CrystalBlock
from x17.simulation.showers.production.job import ShowerJob, run_job
from x17.simulation.showers.summary import WIDTHS, ShowerSummary, summarise

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(
        importlib.util.find_spec("geant4_pybind") is None,
        reason="geant4-pybind is not installed: pip install 'x17[geant4]'",
    ),
]
REFERENCE = Path(__file__).parents[1] / "geant4_reference.json"


def test_fresh_showers_are_those_of_the_reference(tmp_path: Path) -> None:
    """4000 electrons of 160 MeV: medians and widths within five errors of 4000 showers."""
    wanted = next(p for p in json.loads(REFERENCE.read_text()) if (p["pdg"], p["energy_mev"]) == (11, 160.0))
    reference = ShowerSummary.of(wanted)
    block = CrystalBlock()
    raw = run_job(ShowerJob(11, 160.0, 4000, 99, *wanted["slopes"]), block, tmp_path)
    assert raw.geant4.startswith("geant4-11")
    fresh = summarise(raw.energy_mev / 160.0, raw.axis, block.pitch_mm)
    for width in WIDTHS[1:]:
        error = 1.25 * reference.core(width) / np.sqrt(4000.0)
        assert fresh.median(width) == pytest.approx(reference.median(width), rel=5.0 * error)
        assert fresh.core(width) == pytest.approx(reference.core(width), rel=0.1)
    assert fresh.position_rms_mm == pytest.approx(reference.position_rms_mm, rel=0.08)


def test_the_same_seed_gives_the_same_showers(tmp_path: Path) -> None:
    job, block = ShowerJob(22, 100.0, 50, 7, 0.03, 0.07), CrystalBlock()
    first, again = (run_job(job, block, tmp_path / name) for name in ("first", "again"))
    np.testing.assert_array_equal(first.energy_mev, again.energy_mev)
    other = run_job(ShowerJob(22, 100.0, 50, 8, 0.03, 0.07), block, tmp_path / "other")
    assert not np.array_equal(first.energy_mev, other.energy_mev)


def test_no_shower_has_more_energy_than_its_particle(tmp_path: Path) -> None:
    """A positron brings its mass and an electron's: T + 2 m = E + m."""
    raw = run_job(ShowerJob(-11, 40.0, 500, 9, 0.03, 0.07), CrystalBlock(), tmp_path)
    total = raw.energy_mev.sum(axis=(1, 2))
    assert 40.0 < total.max() < 40.0 + 0.512
    assert np.median(total) > 37.0


def test_what_geant4_says_last_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty data folder of the user's: Geant4 finds no tables and stops."""
    (tmp_path / "empty").mkdir()
    monkeypatch.setenv("GEANT4_DATA_DIR", str(tmp_path / "empty"))
    with pytest.raises(X17Error, match="Geant4 stopped"):
        run_job(ShowerJob(11, 100.0, 10, 7, 0.03, 0.07), CrystalBlock(), tmp_path)
