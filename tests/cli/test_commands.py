"""The command line in this process: what it prints, where, and with which exit code."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from x17.cli.main import main
from x17.scan import EnergyScan

QUICK = ["--masses", "16.8:17.0:0.1", "--couplings", "1e-4:9e-4:5", "--toys", "0", "--quick"]


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["x17", *arguments])
    with pytest.raises(SystemExit) as stop:
        main()
    return int(stop.value.code or 0)


def test_version(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, "--version") == 0
    assert capsys.readouterr().out.startswith("x17 0.")


def test_help_names_the_commands(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, "--help") == 0
    out = capsys.readouterr().out
    assert "search" in out
    assert "scan" in out


def test_scan_show_json_is_one_document(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "scan", "show", "--json") == 0
    assert json.loads(capsys.readouterr().out)["n_used"] == 42


def test_scan_show_without_a_correction(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "scan", "show", "--without", "ageing", "--json") == 0
    applied = {step["name"]: step["applied"] for step in json.loads(capsys.readouterr().out)["corrections"]}
    assert applied == {"brems_subtraction": True, "energy_loss": True, "ageing": False}
    assert run(monkeypatch, "scan", "show", "--without", "nothing") == 2
    assert "known: brems_subtraction" in capsys.readouterr().err


def test_scan_validate(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, "scan", "validate") == 0
    assert "52 points, 42 used" in capsys.readouterr().out
    assert run(monkeypatch, "scan", "validate", "--json") == 0
    assert json.loads(capsys.readouterr().out)["valid"] is True


def test_theory_commands_print_json(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    boson = ["--boson", "V", "--mass", "17", "--coupling", "1e-3"]
    for arguments, key in (
        (["width", *boson], "width_ev"),
        (["yield", *boson, "--energies", "274:292:2", "--spread", "0.005"], "yield_per_pot"),
        (["lineshape"], "half_width_mev"),
        (["cross-section", "--process", "gammagamma", "--sqrt-s", "16.9"], "value_ub"),
    ):
        assert run(monkeypatch, "theory", *arguments, "--json") == 0
        assert key in json.loads(capsys.readouterr().out)
        assert run(monkeypatch, "theory", *arguments) == 0
        assert key in capsys.readouterr().out
    assert run(monkeypatch, "theory", "width", "--mass", "1", "--coupling", "1e-3") == 2
    assert "above 2 m_e" in capsys.readouterr().err


def test_a_bad_table_is_answered_on_standard_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    table = tmp_path / "bad.csv"
    table.write_text("sqrt_s_mev,n2,n_pot,background_per_pot,signal_efficiency\n16.5,abc,1e9,3e-6,0.08\n")
    assert run(monkeypatch, "scan", "validate", str(table), "--json") == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "line 2, column n2" in captured.err
    assert "'abc'" in captured.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["search", "--bogus"],
        ["search", "no-such-scan"],
        ["search", "--masses", "17:16:0.1"],
        ["search", "--toys", "three"],
        ["search", "--set", "model.nope=1"],
        ["search", "--config", "no-such-file.toml"],
        ["search", "--workers", "0"],
        ["nonsense"],
    ],
)
def test_bad_usage_has_exit_code_2_and_prints_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, arguments: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(monkeypatch, *arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.strip()
    assert "Traceback" not in captured.err
    assert list(tmp_path.iterdir()) == []


def test_search_json_prints_the_summary_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    out = tmp_path / "results"
    assert run(monkeypatch, "search", *QUICK, "--out", str(out), "--json") == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed == json.loads((out / "summary.json").read_text())
    assert printed["settings"]["limit"]["toys"] == 0


def test_results_of_other_options_are_not_replaced_unless_forced(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    out = tmp_path / "results"
    assert run(monkeypatch, "search", *QUICK, "--out", str(out)) == 0
    assert run(monkeypatch, "search", *QUICK, "--out", str(out)) == 0  # the same again
    before = (out / "summary.json").read_bytes()
    assert run(monkeypatch, "search", *QUICK, "--cl", "0.95", "--out", str(out)) == 2
    assert "--force" in capsys.readouterr().err
    assert (out / "summary.json").read_bytes() == before
    assert run(monkeypatch, "search", *QUICK, "--cl", "0.95", "--out", str(out), "--force") == 0
    assert json.loads((out / "summary.json").read_text())["settings"]["limit"]["cl"] == 0.95


def test_a_csv_alone_says_where_its_constants_come_from(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    scan = EnergyScan.load("padme-run3")
    table = tmp_path / "mine.csv"
    table.write_text(scan.to_csv_text())
    monkeypatch.chdir(tmp_path)
    assert run(monkeypatch, "search", str(table), *QUICK) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "Model constants are those of PADME Run III" in out
    summary = json.loads(Path("results/mine/summary.json").read_text())
    assert summary["settings"]["model"]["k_constraint"] == "from-sideband"


def test_interrupt_has_exit_code_130(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("x17.workflows.search_results.search_by", interrupted)
    monkeypatch.chdir(tmp_path)
    assert run(monkeypatch, "search") == 130
    assert "interrupted" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_has_exit_code_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("x17.workflows.search_results.write_text", full)
    assert run(monkeypatch, "search", *QUICK, "--out", str(tmp_path / "results")) == 1
    assert "disk is full; nothing was changed" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_a_terminal_without_greek_letters_shows_question_marks(encoding: str, tmp_path: Path) -> None:
    code = "import sys; sys.argv = ['x17', 'scan', 'show']; from x17.cli.main import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONIOENCODING": encoding},
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"?s [MeV]" in done.stdout


@pytest.mark.parametrize(
    ("group", "key", "name"), [("scan", "scans", "padme-run3"), ("apparatus", "setups", "padme-run4")]
)
def test_what_ships_is_listed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], group: str, key: str, name: str
) -> None:
    assert run(monkeypatch, group, "list") == 0
    assert f"{name}: " in capsys.readouterr().out
    assert run(monkeypatch, group, "list", "--json") == 0
    assert name in [row["name"] for row in json.loads(capsys.readouterr().out)[key]]
