"""`x17 observables` in this process."""

import json
import sys

import pytest

from x17.cli.main import main


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["x17", "observables", *arguments])
    with pytest.raises(SystemExit) as stop:
        main()
    return int(stop.value.code or 0)


def test_table(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch) == 0
    out = capsys.readouterr().out
    lines = {line.split("  ")[0]: line for line in out.splitlines()}
    assert "0.88%" in lines["N_2cl/N_PoT"]
    assert "0.000373" in lines["all together"]


def test_document(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    options = ("padme-run4", "--tagging", "tracker", "--masses", "16.8:17:0.1", "--json")
    assert run(monkeypatch, *options, "--boson", "P", "--photon-share", "0.3") == 0
    captured = capsys.readouterr()
    document = json.loads(captured.out)
    assert captured.err == ""
    names = [row["name"] for row in document["observables"]]
    assert names == ["2cl", "ee", "gg", "ee/gg", "joint"]
    assert all(len(row["limit"]) == 3 for row in document["observables"])
    assert all(z > 1.0 for z in document["share_against_none_z"])
    assert document["fit"] is None


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("nowhere",), "neither a file nor a shipped scan"),
        (("--boson", "Q"), "allowed: V, A, S, P"),
        (("--photon-share", "0.3"), "no decay to two photons"),
        (("--photon-share", "2", "--boson", "P"), "allowed: 0 to 1"),
        (("--tagging", "nose"), "allowed: etag, tracker"),
        (("--efficiency", "1.2"), "allowed: shares from 0 to 1"),
        (("--coupling", "0"), "allowed: above 0"),
        (("--cl", "1"), "allowed: 0.5 or more"),
        (("--shared-error", "-1"), "allowed: 0 to 0.5"),
        (("--statistics", "0"), "allowed: 0.001"),
        (("--masses", "0.5"), "allowed: 1.1"),
        (("--classes", "nowhere.csv"), "no such file"),
    ],
    ids=str,
)
def test_bad_options_are_one_sentence(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    options: tuple[str, ...],
    message: str,
) -> None:
    assert run(monkeypatch, *options) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("x17: ")
    assert message in captured.err
