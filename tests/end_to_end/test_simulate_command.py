"""`x17 simulate` and `x17 display` as a user runs them, in processes of their own."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from .test_search_command import x17

SMALL = ("simulate", "--period", "11", "--positrons", "2e7")


def test_simulate_and_display(tmp_path: Path) -> None:
    done = x17(*SMALL, "--inject", "16.9:5e-4:V", "--out", "events", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    samples = json.loads(done.stdout)["samples"]
    assert [row["process"] for row in samples] == ["ee", "gg", "X"]
    shown = x17(
        "display", "events/period-11/ee-00000.parquet", "--event", "3", "--out", "face.png", cwd=tmp_path
    )
    assert shown.stdout == "face.png\n", shown.stderr
    assert (tmp_path / "face.png").stat().st_size > 10_000


def test_a_killed_run_goes_on(tmp_path: Path) -> None:
    """Killed without warning after the first file; the second run keeps what is whole."""
    command = ["simulate", "--period", "11", "--positrons", "1e9", "--out", "killed", "--workers", "1"]
    started = subprocess.Popen(
        [sys.executable, "-c", "from x17.cli.main import main; main()", *command], cwd=tmp_path
    )
    folder = tmp_path / "killed" / "period-11"
    waited = time.monotonic() + 60.0
    while not list(folder.glob("ee-*.parquet")) and time.monotonic() < waited:
        time.sleep(0.02)
    started.send_signal(signal.SIGKILL)
    started.wait()
    n_whole = len(list(folder.glob("ee-*.parquet")))
    assert n_whole > 0
    again = x17(*command, cwd=tmp_path)
    assert again.returncode == 0, again.stderr
    assert "were there already" in again.stdout
    fresh = x17(*[word.replace("killed", "fresh") for word in command], cwd=tmp_path)
    assert fresh.returncode == 0, fresh.stderr
    for path in (tmp_path / "fresh" / "period-11").iterdir():
        assert (folder / path.name).read_bytes() == path.read_bytes()
    assert not list(folder.glob(".*"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--period", "99"), "it has 52, 53, 54"),
        ((), "one of --period N and --all"),
        (("--period", "1", "--all"), "one of --period N and --all"),
        (("--period", "1", "--inject", "17"), "MASS:COUPLING"),
        (("--period", "1", "--processes", "muons"), "bremsstrahlung"),
        (("--period", "1", "--positrons", "-1"), "allowed: 1 to 1e30"),
        (("--period", "1", "--positrons", "1e20"), "allowed: at most 1e+09"),
        (("--period", "1", "--format", "csv"), "parquet, root"),
        (("--period", "1", "--seed", "-1"), "0 or above"),
    ],
)
def test_bad_input_is_one_sentence(tmp_path: Path, arguments: tuple[str, ...], message: str) -> None:
    done = x17("simulate", *arguments, "--out", "events", cwd=tmp_path)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "events").exists()


def test_a_foreign_file_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "events" / "period-11"
    folder.mkdir(parents=True)
    (folder / "ee-00000.parquet").write_text("not ours")
    done = x17(*SMALL, "--out", "events", cwd=tmp_path)
    assert done.returncode == 2
    assert "no Parquet file" in done.stderr
    assert (folder / "ee-00000.parquet").read_text() == "not ours"
