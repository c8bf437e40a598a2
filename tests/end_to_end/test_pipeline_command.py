"""`x17 reconstruct`, `expect`, `count` and `pipeline` as a user runs them, in processes of their own."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from x17.cli.main import main
from x17.scan import EnergyScan

from .test_search_command import x17


@pytest.fixture(scope="module")
def place(
    short_setup_file: Path, short_events: Path, short_expected: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Where a user is after `x17 simulate` and `x17 expect`."""
    folder = tmp_path_factory.mktemp("chain")
    shutil.copy(short_setup_file, folder / "short.toml")
    shutil.copytree(short_events, folder / "events")
    shutil.copytree(short_expected, folder / "expected")
    return folder


def run(place: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    done = x17(*arguments, cwd=place)
    assert done.returncode == 0, done.stderr
    return done


def test_step_by_step(place: Path) -> None:
    """From hits to a scan that `x17 search` takes; one file of one period is spoilt on the way."""
    bad = place / "events" / "period-52" / "ee-1-00000.parquet"
    bad.write_bytes(bad.read_bytes()[:-100])
    lost = x17("reconstruct", "events", "--setup", "short.toml", "--out", "clusters", cwd=place)
    assert lost.returncode == 2
    assert "227 samples reconstructed" in lost.stdout
    assert f"lost: ee-1: {bad.relative_to(place)}" in lost.stdout
    assert lost.stderr == ""
    expect = ("expect", "short.toml", "--positrons", "3e8", "--bosons", "3000", "--out", "expected")
    shown = run(place, *expect).stdout
    assert "period  √s [MeV]" in shown
    assert "0 samples made" in shown
    count = ("count", "clusters", "--setup", "short.toml", "--expected", "expected", "--out", "mine/scan.csv")
    counted = json.loads(run(place, *count, "--json", "--set", "scan.n_pot_err_added=0.004").stdout)
    assert counted["points"][0]["period"] == 53
    (left_out,) = counted["left_out"]
    assert left_out["period"] == 52
    assert "ee-1" in left_out["reason"]
    assert counted == json.loads((place / "mine" / "scan-counts.json").read_text())
    again = x17(*count, cwd=place)
    assert again.returncode == 2
    assert "mine/scan.csv: exists; name another file, or use --force" in again.stderr
    scan = EnergyScan.load(place / "mine" / "scan.csv")
    assert len(scan) == 18
    assert scan.constants.n_pot_err_added == 0.004
    searched = run(place, "search", "mine/scan.csv", "--toys", "0", "--quick", "--masses", "16.8:17:0.1")
    assert "14 of scan" in searched.stdout


@pytest.mark.full  # `make test` runs a whole pipeline of another experiment: test_your_experiment.py
def test_pipeline_finds_a_boson(place: Path) -> None:
    """g_ve = 5e-3 doubles the yield at its mass: far beyond what chance does to a hundred pairs a point."""
    command = (
        *("pipeline", "short.toml", "--inject", "16.9:5e-3", "--expected", "expected", "--out", "all"),
        *("--toys", "0", "--quick", "--set", "search.masses=16.7:17.1:0.02", "--set", "cuts.r_max_mm=260"),
    )
    document = json.loads(run(place, *command, "--json").stdout)
    assert document == json.loads((place / "all" / "pipeline.json").read_text())
    assert document["counts"]["settings"]["cuts"]["r_max_mm"] == 260.0
    points = document["counts"]["points"]
    assert len(points) == 19
    assert max(points, key=lambda point: point["g_r"])["sqrt_s_mev"] == pytest.approx(16.9, abs=0.05)
    assert document["search"]["best_fit"]["mass_mev"] == pytest.approx(16.9, abs=0.03)
    for name in ("scan.csv", "counts.json", "calibration/calibration.html", "search/report.html"):
        assert (place / "all" / name).is_file()
    other = x17(*command, "--seed", "2", cwd=place)
    assert other.returncode == 2
    assert "pipeline of another request" in other.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("reconstruct nowhere", "there is no such folder"),
        ("reconstruct nowhere --clustering none", "allowed: padme, island, radius"),
        ("expect short.toml --out e --periods 99", "no period 99"),
        ("expect short.toml --out e --periods 3:5", "numbers and ranges LO-HI"),
        ("expect nowhere --out e", "nowhere"),
        ("expect short.toml --out e --k-factor some", "allowed: none, published"),
        ("count nowhere --expected e --out scan.txt", "name a file that ends in .csv"),
        ("count nowhere --expected e --out scan.csv", "there is no such folder"),
        ("pipeline short.toml --out p --inject 17", "MASS:COUPLING"),
        ("pipeline short.toml --out p --periods 0-3", "a search needs 13"),
        ("pipeline short.toml --out p --conditions fine", "allowed: nominal, drawn"),
        ("pipeline short.toml --out p --expected nowhere", "x17 expect SETUP --periods 0-13,23-25,52-53"),
        ("pipeline short.toml --out p --set cuts.nope=1", "unknown setting"),
        ("pipeline short.toml --out p --set nope.nope=1", "nope"),
        ("pipeline short.toml --out p --set limit.cl=2", "confidence level is 2"),
    ],
)
def test_bad_input_is_one_sentence(
    short_setup_file: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: str,
    message: str,
) -> None:
    """In this process, as `main` runs it."""
    shutil.copy(short_setup_file, tmp_path / "short.toml")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["x17", *arguments.split()])
    with pytest.raises(SystemExit) as stop:
        main()
    assert stop.value.code == 2
    shown = capsys.readouterr()
    assert message in shown.err
    assert shown.out == ""
    assert [path.name for path in tmp_path.iterdir()] == ["short.toml"]
