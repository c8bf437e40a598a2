"""`x17 blind` as a user runs it, and every command that takes a scan on a sealed one: nothing of it shows."""

import base64
import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from x17.scan import EnergyScan
from x17.scan.observable import g_r

REPOSITORY = Path(__file__).parents[2]
X17 = [sys.executable, "-c", "from x17.cli.main import main; main()"]
FEW = ("--masses", "16.8:17.0:0.1")
COMMANDS = {
    "search": ("search", "{}", "--quick", *FEW, "--out", "search"),
    "significance": ("significance", "{}", *FEW, "--toys", "500", "--out", "significance"),
    "limits": ("limits", "{}", "--masses", "16.9", "--toys", "0", "--out", "limits"),
    "coverage": ("coverage", "{}", "--toys", "50", "--method", "cls", "--out", "coverage"),
    "toys generate": ("toys", "generate", "{}", *FEW, "--toys", "500"),
    "toys status": ("toys", "status", "{}"),
    "scan show": ("scan", "show", "{}"),
    "scan show --errors": ("scan", "show", "{}", "--errors"),
    "scan show --json": ("scan", "show", "{}", "--json"),
    "scan show --without": ("scan", "show", "{}", "--without", "ageing"),
    "scan validate": ("scan", "validate", "{}", "--json"),
    "blind power": ("blind", "power", "{}", "--toys", "200", "--out", "power"),
    "blind log": ("blind", "log", "{}"),
    "blind check": ("blind", "check", "{}", "--key-file", "key", "--out", "check"),
}
NO_COUNTS_NEEDED = (
    "scan show",
    "scan show --errors",
    "scan show --json",
    "scan validate",
    "blind power",
    "blind log",
)


def x17(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*X17, *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        stdin=subprocess.DEVNULL,
        env=os.environ | {"COLUMNS": "100"} | environment,
    )


def done(*arguments: str, cwd: Path, **environment: str) -> str:
    process = x17(*arguments, cwd=cwd, **environment)
    assert process.returncode == 0, process.stderr
    return process.stdout


def forms(value: float) -> Iterator[str]:
    """A number in the ways in which one might write it."""
    yield from (repr(value), f"{value:.1f}", f"{value:.2f}", f"{value:.8g}", f"{value:.7e}", value.hex())
    yield base64.b64encode(np.float64(value).tobytes()).decode()


def secrets(scan: EnergyScan, hidden: np.ndarray) -> list[str]:
    """Every sealed number in every form, long enough not to be met by chance."""
    observable = g_r(scan)
    numbers = [float(v) for values in (scan.n2, scan.n2_err, observable) for v in values[hidden]]
    assert scan.brems_subtraction_err is not None
    words = {form for number in numbers for form in forms(number)}
    return sorted(word for word in words if len(word) >= 7)


def everything_written(folder: Path) -> dict[str, str]:
    """All files but the key, as text."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != "key"]
    return {str(path.relative_to(folder)): path.read_bytes().decode("latin-1") for path in files}


@pytest.fixture(scope="module")
def rooms(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Two folders: with a window sealed, and with everything sealed."""
    made = {}
    for name, points in (("window", "16.76:16.99"), ("auto", "auto")):
        made[name] = tmp_path_factory.mktemp(name)
        done("blind", "seal", "padme-run3", "--points", points, "--key-file", "key", cwd=made[name])
    return made


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_runs_on_a_sealed_window_and_shows_nothing_of_it(
    rooms: dict[str, Path], command: str
) -> None:
    room = rooms["window"]
    out = done(*(part.format("padme-run3.sealed") for part in COMMANDS[command]), cwd=room)
    scan = EnergyScan.load("padme-run3")
    hidden = (scan.sqrt_s_mev >= 16.76) & (scan.sqrt_s_mev <= 16.99)
    texts = {"standard output": out, **everything_written(room)}
    found = [(word, name) for word in secrets(scan, hidden) for name, text in texts.items() if word in text]
    assert not found
    # Short forms as whole words, in what is meant to be read.
    short = {f"{v:.0f}" for v in scan.n2[hidden]}
    plain = (".json", ".csv", ".sealed", ".log", "output")
    readable = "\n".join(text for name, text in texts.items() if name.endswith(plain))
    assert not [word for word in short if re.search(rf"(?<![\w.]){word}(?!\w)", readable)]


def test_the_words_that_are_looked_for_would_be_found() -> None:
    scan = EnergyScan.load("padme-run3")
    words = secrets(scan, np.ones(len(scan), dtype=bool))
    assert sum(word in scan.to_csv_text() for word in words) >= 2 * len(scan)


@pytest.mark.parametrize("command", [name for name in COMMANDS if not name.startswith("blind check")])
def test_with_every_count_sealed_a_command_runs_or_says_why_not(rooms: dict[str, Path], command: str) -> None:
    room = rooms["auto"]
    process = x17(*(part.format("padme-run3.sealed") for part in COMMANDS[command]), cwd=room)
    if command in NO_COUNTS_NEEDED:
        assert process.returncode == 0, process.stderr
    else:
        assert process.returncode == 2
        assert "all 52 counts are sealed" in process.stderr
        assert "Traceback" not in process.stderr
    scan = EnergyScan.load("padme-run3")
    texts = {"output": process.stdout + process.stderr, **everything_written(room)}
    words = secrets(scan, np.ones(len(scan), dtype=bool))
    assert not [(word, name) for word in words for name, text in texts.items() if word in text]


def test_power_is_the_same_sealed_or_not(rooms: dict[str, Path]) -> None:
    few = ("--toys", "200", "--extra", "0,0.5", "--json")
    sealed = json.loads(done("blind", "power", "padme-run3.sealed", *few, cwd=rooms["auto"]))
    plain = json.loads(done("blind", "power", *few, cwd=rooms["auto"]))
    assert sealed["power"] == plain["power"]
    assert {row["accepted"] for row in plain["power"]} == {"chi2", "all-criteria", "mask-finds-boson"}


def test_a_passphrase_from_sealing_to_the_proof(tmp_path: Path) -> None:
    """With scrypt at its full cost, as a user has it."""
    EnergyScan.load("padme-run3").write(tmp_path / "mine.csv")
    phrase = {"X17_PASSPHRASE": "correct horse battery"}
    out = done("blind", "seal", "mine.csv", "--points", "auto", cwd=tmp_path, **phrase)
    assert "mine.sealed: 52 of 52 points sealed" in out
    assert "The counts are still open in mine.csv" in out
    (tmp_path / "mine.csv").rename(tmp_path / "kept.csv")
    (tmp_path / "mine.toml").rename(tmp_path / "kept.toml")
    wrong = x17("blind", "check", "mine.sealed", cwd=tmp_path, X17_PASSPHRASE="correct house battery")
    assert wrong.returncode == 2
    assert wrong.stderr == "x17: wrong passphrase: it is not the one that the scan was sealed with\n"
    (tmp_path / "words").write_text("correct horse battery\n")
    out = done("blind", "check", "mine.sealed", "--passphrase-file", "words", cwd=tmp_path)
    assert "padme-run3: all criteria hold" in out
    assert "masked 16.764 to 16.982 MeV" in out
    opened = json.loads(done("blind", "open", "mine.sealed", "--json", cwd=tmp_path, **phrase))
    assert opened["csv"] == "mine-opened.csv"
    assert (tmp_path / "mine-opened.csv").read_bytes() == (tmp_path / "kept.csv").read_bytes()
    assert (tmp_path / "mine-opened.toml").read_bytes() == (tmp_path / "kept.toml").read_bytes()
    out = done(
        "blind",
        "log",
        "mine.sealed",
        "--opened",
        "mine-opened.csv",
        "--hash",
        opened["log_head"],
        cwd=tmp_path,
    )
    assert "the opened scan and the settings are those that were sealed" in out


def test_exit_codes_and_override(tmp_path: Path) -> None:
    strict = ("--set", "sideband.min_chi2_probability=0.99")
    done("blind", "seal", "padme-run3", "--points", "auto", "--key-file", "key", *strict, cwd=tmp_path)
    key = ("padme-run3.sealed", "--key-file", "key")
    check = x17("blind", "check", *key, cwd=tmp_path)
    assert check.returncode == 1
    assert "Window, fit and values stay closed until all criteria hold." in check.stdout
    assert "0.7" not in check.stdout
    shut = x17("blind", "open", *key, cwd=tmp_path)
    assert shut.returncode == 1
    assert "not opened: criterion (i) chi2 probability failed" in shut.stderr
    out = done("blind", "open", *key, "--override", "asked for by the board", cwd=tmp_path)
    assert "opened all the same: asked for by the board" in out
    log = " ".join(done("blind", "log", *key, cwd=tmp_path).split())
    assert "override: asked for by the board" in log
    assert "signatures verified" in log


@pytest.mark.full  # `make test` runs the page without its search: tests/documentation
def test_the_how_to_page_works_as_printed(tmp_path: Path) -> None:
    text = (REPOSITORY / "docs" / "how-to" / "run-a-blind-analysis.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```(?:sh[^\n]*)?\n(.*?)^```$", text, flags=re.DOTALL | re.MULTILINE)
    commands = [line for block in blocks for line in block.splitlines() if line.startswith("x17 ")]
    assert len(commands) == 7
    outputs = []
    for command in commands:
        # The search of the page takes a minute: here fewer masses and no toys.
        quick = (
            ["--set", "search.masses=16.8:17.0:0.1", "--set", "limit.toys=0"] if " search " in command else []
        )
        out = done(*shlex.split(command)[1:], *quick, cwd=tmp_path)
        outputs.append([" ".join(line.split()) for line in out.splitlines()])
    (printed,) = (block for block in blocks if block.startswith("padme-run3: all criteria hold"))
    assert [" ".join(line.split()) for line in printed.splitlines()] == outputs[3]
    assert outputs[-1][-1] == "the opened scan and the settings are those that were sealed"


def test_options_of_the_reference_page_are_options(tmp_path: Path) -> None:
    text = (REPOSITORY / "docs" / "reference" / "commands.md").read_text(encoding="utf-8")
    section = text.split("## `x17 blind")[1].split("\n## ")[0]
    helps = [
        done("blind", name, "--help", cwd=tmp_path) for name in ("seal", "check", "open", "log", "power")
    ]
    assert {
        option for option in re.findall(r"--[a-z][a-z-]+", section) if option not in "".join(helps)
    } == set()


def test_no_key_and_nobody_to_ask(rooms: dict[str, Path]) -> None:
    process = x17("blind", "check", "padme-run3.sealed", cwd=rooms["auto"])
    assert process.returncode == 2
    assert "no key: standard input is not a terminal" in process.stderr


def test_the_key_is_readable_for_its_owner_alone(rooms: dict[str, Path]) -> None:
    assert (rooms["auto"] / "key").stat().st_mode & 0o777 == 0o600
