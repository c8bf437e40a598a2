"""The production with showers that are not Geant4's: what goes where."""

import json
from pathlib import Path

import numpy as np
import pytest

from x17.errors import UsageError
from x17.simulation.showers import CrystalBlock, ShowerLibrary
from x17.simulation.showers.library_file import CODE_SCALE, write_library
from x17.simulation.showers.production import job as job_module
from x17.simulation.showers.production.__main__ import main
from x17.simulation.showers.production.job import RawShowers, ShowerJob, run_job
from x17.simulation.showers.production.plan import ProductionPlan
from x17.simulation.showers.production.produce import make_library, make_reference
from x17.simulation.showers.summary import ShowerSummary

PLAN = ProductionPlan(
    particles=(11, 22),
    energies_mev=(50.0, 100.0, 200.0),
    showers=600,
    made_per_kept=2,
    reference_energies_mev=(80.0,),
    reference_showers=900,
    seed=5,
    block=CrystalBlock(cells=7),
)


def pretend(job: ShowerJob) -> RawShowers:
    """A cross of five cells; the share of the middle says which job it was."""
    rng = np.random.default_rng(job.seed)
    pitch, slope = PLAN.block.pitch_mm, rng.uniform(job.slope_min, job.slope_max, job.showers)
    axis = np.column_stack(
        [rng.uniform(-0.5 * pitch, 0.5 * pitch, (job.showers, 2)), slope, np.zeros(job.showers)]
    )
    energy = rng.uniform(0.9, 1.0, (job.showers, 7, 7)) * 0.001 * job.energy_mev
    energy[:, 3, 3] = (0.5 + 0.01 * job.seed) * job.energy_mev
    return RawShowers(axis, energy, 1e-3, "geant4-of-a-test")


def ignore(_job: ShowerJob, _raw: RawShowers) -> None:
    """No report."""


def test_every_job_has_a_seed_of_its_own() -> None:
    jobs = PLAN.library_jobs() + PLAN.reference_jobs()
    assert [job.seed for job in jobs] == list(range(5, 5 + 6 + 2))
    assert [(job.pdg, job.energy_mev) for job in jobs[:4]] == [
        (11, 50.0),
        (11, 100.0),
        (11, 200.0),
        (22, 50.0),
    ]
    assert (jobs[0].showers, jobs[-1].showers) == (1200, 900)


def test_kinetic_energy_is_what_the_gun_takes() -> None:
    assert ShowerJob(22, 100.0, 1, 1, 0.01, 0.1).kinetic_mev == 100.0
    assert ShowerJob(-11, 100.0, 1, 1, 0.01, 0.1).kinetic_mev == pytest.approx(99.489, abs=1e-3)


def test_a_library_holds_each_job_in_its_place(tmp_path: Path) -> None:
    stored = make_library(PLAN, pretend, ignore)
    assert stored.codes.shape == (2, 3, 600, 49)
    middle = (stored.codes[:, :, :, 24] / CODE_SCALE) ** 2
    expected = 0.5 + 0.01 * np.array([[5, 6, 7], [8, 9, 10]])
    # A step of the code is 0.002 √f.
    np.testing.assert_allclose(middle, expected[:, :, None] * np.ones(600), atol=2e-3)
    assert stored.origin["geant4"] == "geant4-of-a-test"
    assert stored.origin["block"]["cells"] == 7
    write_library(tmp_path / "showers.npz", stored)
    got = ShowerLibrary.load(tmp_path / "showers.npz").sample(
        22, 200.0, 0.0, 0.0, 0.05, 0.0, np.random.default_rng(1)
    )
    assert got.energy_mev[0, 3, 3] == pytest.approx(0.6 * 200.0, rel=0.005)


def test_a_reference_is_a_list_of_summaries() -> None:
    points = json.loads(json.dumps(make_reference(PLAN, pretend, ignore)))
    assert [(p["pdg"], p["energy_mev"], p["showers"]) for p in points] == [(11, 80.0, 900), (22, 80.0, 900)]
    assert points[0]["slopes"] == [0.026, 0.075]
    assert ShowerSummary.of(points[0]).median(1) == pytest.approx(0.61, rel=1e-3)


def test_the_command_makes_both_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(
        "x17.simulation.showers.production.__main__.geant4_runner", lambda _plan, _scratch: pretend
    )
    out, reference = tmp_path / "showers.npz", tmp_path / "reference.json"
    words = "--energies 50 100 --showers 600 --made-per-kept 1 --cells 7 --seed 5"
    words += " --reference-energies 70 --reference-showers 500"
    assert main([*words.split(), "--out", str(out), "--reference", str(reference)]) == 0
    assert ShowerLibrary.load(out).stored.codes.shape == (3, 2, 600, 49)
    assert len(json.loads(reference.read_text())) == 3
    printed = capsys.readouterr().out.splitlines()
    assert len(printed) == 3 * 2 + 3
    assert printed[0] == "e-        50 MeV: 600 showers, 1.00 ms each"


def test_nothing_to_make(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "--out FILE" in capsys.readouterr().err


def test_without_geant4_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job_module.importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(UsageError, match=r"pip install .*\[geant4\]'"):
        run_job(PLAN.library_jobs()[0], PLAN.block, tmp_path)
