"""`x17 checks` as a user runs it, on a reduced set."""

import json
import subprocess
import sys
from pathlib import Path

import pytest


def x17(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    code = "import sys; from x17.cli.main import main; sys.argv[0] = 'x17'; main()"
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code, *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("checks")
    done = x17("checks", "--quick", "--only", "k-constant,parts,injected-boson", "--out", "c", cwd=place)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert "What moves most" in done.stdout
    assert "injected-boson was not made: no pseudo-experiments" in done.stdout
    assert "c/report.html" in done.stdout.splitlines()[-1]
    assert len(done.stdout.splitlines()) < 25
    return place


def test_everything_is_written(quick: Path) -> None:
    folder = quick / "c"
    record = json.loads((folder / "provenance.json").read_text())
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert set(record["files"]) == files
    assert {"report.html", "checks.json", "checks.csv", "figures/parts.png", "figures/impacts.png"} <= files
    assert not any(name.endswith(".svg") for name in files)
    assert "K constant instead of a line" in (folder / "report.html").read_text()
    document = json.loads((folder / "checks.json").read_text())
    assert document["checks"][0]["variations"][0]["best_fit"]["mass_mev"] == pytest.approx(16.893, abs=2e-3)


def test_other_results_are_not_overwritten(quick: Path) -> None:
    done = x17("checks", "--quick", "--only", "parts", "--out", "c", cwd=quick)
    assert done.returncode == 2
    assert "holds results of another input or of other options" in done.stderr


def test_json_alone_on_standard_output(quick: Path) -> None:
    done = x17("checks", "--quick", "--only", "conventions", "--json", cwd=quick)
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert [check["name"] for check in document["checks"]] == ["conventions"]
    assert (quick / "results" / "padme-run3-checks" / "report.html").is_file()


def test_every_variation_on_request(tmp_path: Path) -> None:
    done = x17("checks", "--quick", "--only", "k-constant,injected-boson", "--all", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "K constant, from its" in done.stdout
    assert "This check was not made (not applicable): no pseudo-experiments" in done.stdout


def test_the_list(tmp_path: Path) -> None:
    done = x17("checks", "--list", cwd=tmp_path)
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 14
    listed = json.loads(x17("checks", "--list", "--json", cwd=tmp_path).stdout)
    assert listed["checks"][0]["name"] == "k-constant"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--only", "nonsense"), "'nonsense' is no check"),
        (("--experiments", "3"), "--experiments is 3; allowed: 0 (none)"),
        (("--inject", "16.9"), "--inject is '16.9'"),
        (("--mass", "12"), "--mass is 12; allowed"),
        (("--toys", "3"), "--toys is 3; allowed"),
    ],
)
def test_bad_input_is_one_message(tmp_path: Path, arguments: tuple[str, ...], message: str) -> None:
    done = x17("checks", *arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert list(tmp_path.iterdir()) == []
