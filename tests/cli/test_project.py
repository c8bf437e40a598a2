"""`x17 project` in this process."""

import json
import sys
from pathlib import Path

import pytest

from x17.cli.main import main


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["x17", "project", *arguments])
    with pytest.raises(SystemExit) as stop:
        main()
    return int(stop.value.code or 0)


def test_text(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run(monkeypatch, "padme-run3", "--statistics", "4", "--step", "half", "--out", str(out)) == 0
    text = capsys.readouterr().out
    assert "padme-run3, × 4, half step: what to expect" in text
    assert "is below the spread of the beam, 0.7 MeV" in " ".join(text.split())
    assert "What limits the run at 16.90 MeV" in text
    assert str(out) in "".join(text.split("\n"))
    assert (out / "report.html").is_file()


def test_one_document(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    options = (
        "--energies",
        "265:299:14",
        "--positrons",
        "4e11",
        "--boson",
        "P",
        "--combine",
        "none",
        "--json",
    )
    assert run(monkeypatch, "padme-run3", *options) == 0
    captured = capsys.readouterr()
    document = json.loads(captured.out)
    assert captured.err == ""
    assert document["boson"] == "P"
    assert document["run"]["points"] == 14
    assert document["combined"] is None
    assert document["saturation"]["floor"] < document["saturation"]["limit"][-1]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--energies", "150:299:12", "--positrons", "2e11"), "the beam cannot have 150 MeV"),
        (("--energies", "265:299:12", "--positrons", "1e8"), "a point needs 100"),
        (("--systematics", "nowhere.toml"), "allowed: padme-run3, none, or a TOML file"),
    ],
)
def test_bad_input(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    options: tuple[str, ...],
    message: str,
) -> None:
    assert run(monkeypatch, "padme-run3", *options) == 2
    assert message in capsys.readouterr().err
