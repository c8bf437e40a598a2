"""`x17 doctor`: what it prints, and its exit code."""

import json
import sys
from pathlib import Path

import pytest

from x17.cli.main import main
from x17.workflows.self_test import Comparison, SelfTest


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["x17", "doctor", *arguments])
    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit) as stop:
        main()
    return int(stop.value.code or 0)


def another_number() -> SelfTest:
    row = Comparison("χ² without a boson", "", 40.80994, 41.0, 1e-4, 5)
    return SelfTest((row,), 14.0, 13.0, True, 2e5, Path.cwd(), None)


@pytest.fixture(autouse=True)
def place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def test_all_of_it_fits_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run(monkeypatch) == 0
    out = capsys.readouterr().out
    assert out.startswith("x17 works here.")
    assert "self-test" in out
    assert "40.80994 (known: 40.80994)" in out
    lines = [line.rstrip() for line in out.splitlines()]
    assert len(lines) <= 45
    assert all(len(line) <= 80 for line in lines if "pip install" not in line)
    assert "Next: x17 search" in lines[-1]
    assert list(tmp_path.iterdir()) == []


def test_json_is_one_document(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, "--json") == 0
    captured = capsys.readouterr()
    document = json.loads(captured.out)
    assert captured.err == ""
    assert document["sound"] is True
    assert document["self_test"]["passed"] is True
    assert {"x17", "Python", "cores", "cache", "results"} <= {row["name"] for row in document["findings"]}
    assert {"root", "simulation"} <= {row["name"] for row in document["extras"]}


def test_other_numbers_are_said_to_differ_and_end_with_exit_code_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("x17.workflows.doctor.run_self_test", another_number)
    assert run(monkeypatch) == 1
    out = capsys.readouterr().out
    assert out.startswith("x17 does not work here")
    assert "known: 41.00000; DIFFERS" in out
    assert "of which 13.0 s to compile" in out
    assert run(monkeypatch, "--json") == 1
    assert json.loads(capsys.readouterr().out)["sound"] is False
