"""`x17 plan` in this process."""

import json
import sys

import pytest

from x17.cli.main import main


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["x17", "plan", *arguments])
    with pytest.raises(SystemExit) as stop:
        main()
    return int(stop.value.code or 0)


def test_a_schedule(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, "--positrons", "1e11", "--steps", "3", "--toys", "10", "--adaptive") == 0
    out = capsys.readouterr().out
    assert "3 points, 1.00e11 positrons in 204 h" in out
    assert "gain (bit)" in out
    assert "one adaptive campaign; in truth 16.90 MeV, g_ve = 4.40e-4" in out
    assert [line.split()[0] for line in out.splitlines()[-6:-3]] == ["adaptive", "schedule", "uniform"]


def test_one_document(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    options = ("--steps", "2", "--toys", "0", "--step", "quarter", "--criterion", "chance", "--json")
    assert run(monkeypatch, "--positrons", "1e11", *options) == 0
    captured = capsys.readouterr()
    document = json.loads(captured.out)
    assert captured.err == ""
    assert document["unit"] == "probability"
    assert sum(point["positrons"] for point in document["schedule"]) == 10**11
    assert document["comparison"] is None
    assert "below the spread of the beam" in document["warnings"][0]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--steps", "0"), "--steps is 0; allowed: 1 to"),
        (("--positrons", "1e9"), "a point needs 1e+09"),
        (("--energies", "10:20"), "--energies: the beam cannot have 10 MeV; allowed"),
        (("--energies", "290:280"), "--energies is '290:280'; allowed: 0 < LO ≤ HI"),
        (("--criterion", "luck"), "allowed: information, separation, chance"),
        (("--inject", "16.9"), "--inject is '16.9'; allowed: MASS:COUPLING"),
        (("--set", "model.count_term=poisson"), "a plan needs model.count_term = neyman"),
        (("--setup", "nowhere"), "neither a setup file nor a shipped setup"),
    ],
)
def test_one_clear_error(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    options: tuple[str, ...],
    message: str,
) -> None:
    assert run(monkeypatch, "--toys", "0", *options) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("x17: ")
    assert message in captured.err
