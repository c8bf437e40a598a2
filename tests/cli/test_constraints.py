"""`x17 constraints` in this process."""

import json
import sys
from pathlib import Path

import pytest

from x17.cli.main import main

TOML = """label = "mine"
reference = "a thesis"
confidence = "95 % CL"
bosons = ["V"]
read_at_source = true
origin = "its table 3"
assumptions = "none"

[curve]
coupling = "g_ve"
"""


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["x17", *arguments])
    with pytest.raises(SystemExit) as stop:
        main()
    return int(stop.value.code or 0)


def document(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: str
) -> dict[str, object]:
    assert run(monkeypatch, "constraints", *arguments, "--json") == 0
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small search, with the bounds in its figure."""
    from x17.workflows.search_results import search_to_folder
    from x17.workflows.search_settings import resolve_settings

    settings = resolve_settings(
        options={"search.masses": "16.8:17:0.1", "search.couplings": "1e-4:9e-4:5"}, quick=True
    )
    folder = tmp_path_factory.mktemp("constraints") / "search"
    search_to_folder("padme-run3", settings, out=folder, quick=True, constraints=True)
    return folder


def test_table(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    found = document(monkeypatch, capsys, "table", "--mass", "16.9", "--boson", "V")
    rows = {row["key"]: row for row in found["bounds"]}  # type: ignore[attr-defined]
    assert rows["na64"]["excluded"][0]["g_ve_low"] == pytest.approx(3.60e-5, rel=2e-3)
    assert run(monkeypatch, "constraints", "table", "--boson", "P") == 0
    assert "QCD axion" in capsys.readouterr().out


def test_allowed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, "constraints", "allowed", "--mass", "16.9", "--boson", "V") == 0
    assert "1.97e-4 to 4.26e-4" in capsys.readouterr().out
    narrowed = document(
        monkeypatch, capsys, "allowed", "--proton-coupling", "1", "--with", "g2-electron-2023-rb"
    )
    gap = narrowed["allowed"][-1]  # type: ignore[index]
    assert gap["closed_above_by"] == ["na48"]


def test_own_results_close_where_they_are_strongest(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], results: Path
) -> None:
    arguments = ("allowed", "--results", str(results), "--without", "g2-electron-rb", "--mass")
    above = [
        document(monkeypatch, capsys, *arguments, mass)["allowed"][-1]["closed_above_by"]  # type: ignore[index]
        for mass in ("16.8", "16.9")
    ]
    # At 16.9 MeV the scan has its excess, and caesium is stronger.
    assert above == [["padme-run3"], ["g2-electron-cs"]]
    silent = document(monkeypatch, capsys, "allowed", "--results", str(results), "--boson", "A")["silent"]
    assert silent["padme-run3"] == "holds for V only"  # type: ignore[index]


def test_the_report_says_whose_lines_they_are(results: Path) -> None:
    assert "what other experiments exclude" in (results / "report.html").read_text("utf-8")


def test_plot(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], results: Path, tmp_path: Path
) -> None:
    out = tmp_path / "plane.svg"
    assert run(monkeypatch, "constraints", "plot", "--results", str(results), "-o", str(out)) == 0
    assert capsys.readouterr().out == f"{out}\n"
    assert out.read_text("utf-8").startswith("<?xml")


def test_a_bound_of_ones_own(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "mine.toml").write_text(TOML, encoding="utf-8")
    (tmp_path / "mine.csv").write_text("mass_mev,low\n16,3e-4\n18,3e-4\n", encoding="utf-8")
    found = document(monkeypatch, capsys, "allowed", "--add", str(tmp_path / "mine.toml"))
    assert found["allowed"][-1]["closed_above_by"] == ["mine"]  # type: ignore[index]
    (tmp_path / "mine.csv").write_text("mass_mev,low\n16,x\n15,-1\n", encoding="utf-8")
    assert run(monkeypatch, "constraints", "allowed", "--add", str(tmp_path / "mine.toml")) == 2
    error = capsys.readouterr().err
    assert "3 problems" in error
    assert "line 2, column low: mine.csv: not a number (found 'x')" in error


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (("allowed", "--boson", "T"), "--boson 'T'; allowed: V, A, S, P"),
        (("allowed", "--mass", "0.5"), "allowed: above 2 m_e"),
        (("table", "--with", "na65"), "there is no bound 'na65'"),
        (("table", "--results", "nowhere"), "there is no such folder"),
        (("table", "--proton-coupling", "nan"), "allowed: finite"),
        (("plot", "-o", "x.pdf"), "ends in .png or .svg"),
        (("plot", "-o", "no/x.png"), "there is no folder"),
        (("plot", "-o", "x.png", "--couplings", "1:0"), "allowed: LO:HI"),
        (("plot", "-o", "x.png", "--masses", "17:17:1"), "LO below HI"),
        (("plot", "-o", "x.png", "--masses", "0.5:17:0.5"), "above 2 m_e"),
    ],
)
def test_bad_options(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    arguments: tuple[str, ...],
    part: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(monkeypatch, "constraints", *arguments) == 2
    assert part in capsys.readouterr().err
