"""`x17 limits` and `x17 coverage` in this process."""

import json
import sys
from pathlib import Path

import pytest

from x17.cli.main import main


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["x17", *arguments])
    with pytest.raises(SystemExit) as stop:
        main()
    return int(stop.value.code or 0)


def test_limits_of_one_mass(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, "limits", "--masses", "16.9", "--toys", "0") == 0
    out = capsys.readouterr().out
    assert "no toys; K published; seed 1" in out
    for name, value in (("CLs ", "5.529"), ("CLs+b", "5.524"), ("Rolke–López", "1.327 to 5.586")):
        (line,) = (line for line in out.splitlines() if line.startswith(name))
        assert value in line


def test_limits_as_one_document(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    options = ("--masses", "16.8:17:0.1", "--toys", "60", "--method", "cls,fc", "--json", "--cl", "0.95")
    assert run(monkeypatch, "limits", *options) == 0
    captured = capsys.readouterr()
    document = json.loads(captured.out)
    assert captured.err == ""
    assert {(row["method"], row["calculation"]) for row in document["limits"]} == {
        (method, calculation) for method in ("cls", "fc") for calculation in ("toys", "asymptotic")
    }
    assert len(document["limits"]) == 12
    assert document["cl"] == 0.95


def test_toys_of_a_bank_are_taken(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    bank, grid = ("--bank", str(tmp_path / "bank")), ("--couplings", "1e-4:9.775e-4:14")
    mass = ("--masses", "16.9:16.9:1")
    assert (
        run(monkeypatch, "toys", "generate", "--tested", "--best", "--toys", "300", *mass, *grid, *bank) == 0
    )
    stored = {path: path.stat().st_mtime_ns for path in (tmp_path / "bank").rglob("*.npz")}
    assert stored
    assert run(monkeypatch, "limits", "--toys", "300", *mass, *grid, *bank, "--json") == 0
    now = {path: path.stat().st_mtime_ns for path in (tmp_path / "bank").rglob("*.npz")}
    # Those of the grid as they were; CLs wanted a few couplings more than the coarse grid has.
    assert all(now[path] == made for path, made in stored.items())
    assert len(now) <= len(stored) + 2
    capsys.readouterr()


def test_coverage_as_one_document(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ("--couplings", "0,5e-4", "--toys", "200", "--method", "cls,clsb", "--json")
    assert run(monkeypatch, "coverage", *options) == 0
    captured = capsys.readouterr()
    document = json.loads(captured.out)
    assert captured.err == ""
    assert [row["g_ve"] for row in document["coverage"]] == [0.0, 0.0, 5e-4, 5e-4]
    assert document["n_toys"] == 200


def test_coverage_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    out = str(tmp_path / "coverage")
    options = ("--couplings", "4e-4", "--toys", "100", "--full-toys", "60", "--out", out)
    assert run(monkeypatch, "coverage", *options) == 0
    text = capsys.readouterr().out
    assert "coverage in per cent of 90 % CL limits at 16.90 MeV" in text
    assert text.rstrip().endswith(out)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ("limits", "--method", "cls,bayes"),
            "'bayes' is no method; allowed: cls, clsb, pcl, fc, rolke, stat",
        ),
        (("limits", "--masses", "16.9;17"), "--masses is '16.9;17'; allowed: LO:HI:STEP"),
        (("limits", "--ensemble", "hybrid"), "'published', 'recentred' or 'unconditional'"),
        (("limits", "--toys", "7"), "--toys is 7; allowed: 0 (asymptotic only) or 50 to 10000000"),
        (("limits", "--scheduler", "tcp://127.0.0.1:9"), "name one with --bank DIR"),
        (("limits", "--band-toys", "20"), "--band-toys is 20"),
        (("coverage", "--couplings", "0:8e-4:5"), "separated by commas, e.g. 0,2e-4,4e-4"),
        (("coverage", "--mass", "0"), "--mass is 0; allowed"),
        (("coverage", "--toys", "5"), "--toys is 5; allowed: 50"),
        (("coverage", "--full-toys", "5"), "--full-toys is 5; allowed: 0"),
        (("coverage", "--cl", "1.5"), "the confidence level is 1.5"),
    ],
)
def test_bad_input_is_one_message(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    message: str,
) -> None:
    assert run(monkeypatch, *arguments) == 2
    captured = capsys.readouterr()
    assert message in captured.err
    assert captured.err.startswith("x17: ")
    assert captured.out == ""
