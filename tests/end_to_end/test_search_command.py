"""`x17 search` as a user runs it, in a process of its own."""

import csv
import json
import random
import signal
import subprocess
import sys
import time
from html.parser import HTMLParser
from pathlib import Path

import pytest

from x17.scan import EnergyScan

X17 = [sys.executable, "-c", "from x17.cli.main import main; main()"]
FILES = {
    "summary.json",
    "limits.csv",
    "likelihood.csv",
    "scan.csv",
    "input.csv",
    "input.toml",
    "provenance.json",
    "report.html",
    *(
        f"figures/{name}.png"
        for name in ("observable", "pulls", "limit", "local_p", "q_map", "budget", "corrections")
    ),
}


def x17(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*X17, *arguments], cwd=cwd, capture_output=True, text=True, check=False, timeout=300
    )


def files_in(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("quick")
    done = x17("search", "--quick", cwd=place)
    assert done.returncode == 0, done.stderr
    assert "90 % CL limit at 16.90 MeV" in done.stdout
    return place / "results" / "padme-run3"


def test_quick_writes_everything_but_vector_figures(quick: Path) -> None:
    assert files_in(quick) == FILES
    assert [path.name for path in quick.parent.iterdir()] == ["padme-run3"]


def test_record_lists_the_files(quick: Path) -> None:
    record = json.loads((quick / "provenance.json").read_text())
    assert set(record["files"]) == FILES
    assert record["input_sha256"] == EnergyScan.load("padme-run3").digest


def test_report_needs_no_network(quick: Path) -> None:
    page = (quick / "report.html").read_text()
    sources: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, _: str, attrs: list[tuple[str, str | None]]) -> None:
            sources.extend(value or "" for name, value in attrs if name in ("src", "href", "data"))

    Reader().feed(page)
    assert all(source.startswith(("data:", "#")) or source in FILES for source in sources)
    assert "16.90 MeV" in page


def test_toys_do_not_depend_on_workers_or_on_the_grid(tmp_path: Path) -> None:
    common = ["search", "--couplings", "3e-4:8e-4:11", "--toys", "100", "--set", "limit.local_p_toys=200"]
    for name, masses, workers in (("one", "16.88:16.92:0.02", "1"), ("two", "16.90:16.92:0.02", "2")):
        done = x17(*common, "--masses", masses, "--workers", workers, "--out", name, "--quick", cwd=tmp_path)
        assert done.returncode == 0, done.stderr
    tables = [
        {
            row["mass_mev"]: row
            for row in csv.DictReader((tmp_path / name / "limits.csv").read_text().splitlines())
        }
        for name in ("one", "two")
    ]
    for mass in ("16.9", "16.92"):
        assert tables[0][mass] == tables[1][mass]
        assert tables[0][mass]["g_observed"]


def test_ctrl_c_exits_with_130_and_leaves_nothing(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [*X17, "search", "--toys", "20000", "--workers", "2"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    time.sleep(4.0)  # past the imports, far from the end of 2.4e8 fits
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "interrupted" in err
    assert "Traceback" not in err
    assert list(tmp_path.rglob("*.json")) == []


def mutated(text: str, rng: random.Random) -> bytes:
    """Damage a table in one of the ways that tables get damaged."""
    lines = text.splitlines()
    row = rng.randrange(1, len(lines))
    cells = lines[row].split(",")
    kind = rng.randrange(8)
    if kind == 0:
        cells[rng.randrange(len(cells))] = rng.choice(["", "abc", "nan", "inf", "-1", "0", "1e999", "1,5"])
        lines[row] = ",".join(cells)
    elif kind == 1:
        lines[row] = ",".join(cells[:-1])
    elif kind == 2:
        lines.insert(row, lines[row])
    elif kind == 3:
        lines = [line.replace(",", ";") for line in lines]
    elif kind == 4:
        lines = lines[: rng.randrange(1, 12)]
    elif kind == 5:
        lines[0] = lines[0].replace(rng.choice(lines[0].split(",")), rng.choice(["n2", "nonsense", ""]))
    elif kind == 6:
        data = bytearray("\n".join(lines).encode())
        for _ in range(rng.randrange(1, 20)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        return bytes(data)
    else:
        return text.encode()[: rng.randrange(len(text))]
    return "\n".join(lines).encode()


def test_damaged_tables_end_in_results_or_in_one_message(tmp_path: Path) -> None:
    text = EnergyScan.load("padme-run3").to_csv_text()
    rng = random.Random(17)
    codes = []
    for k in range(20):
        table = tmp_path / f"table{k}.csv"
        table.write_bytes(mutated(text, rng))
        done = x17(
            "search",
            table.name,
            "--masses",
            "16.8:17.0:0.1",
            "--couplings",
            "1e-4:9e-4:3",
            "--quick",
            cwd=tmp_path,
        )
        codes.append(done.returncode)
        assert done.returncode in (0, 2), done.stderr
        assert "Traceback" not in done.stderr
        folder = tmp_path / "results" / f"table{k}"
        if done.returncode == 0:
            # A damaged heading may leave no correction.
            assert files_in(folder) | {"figures/corrections.png"} == FILES
        else:
            assert table.name in done.stderr
            assert not folder.exists()
    assert codes.count(2) >= 10  # most of the damage is noticed; the rest was harmless


def test_example_runs(tmp_path: Path) -> None:
    example = Path(__file__).parents[2] / "examples" / "run3_limit.py"
    done = subprocess.run(
        [sys.executable, "-W", "error", str(example)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert "16.90 MeV" in done.stdout
    assert (tmp_path / "run3_limit.png").stat().st_size > 10_000
