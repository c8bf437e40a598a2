"""`x17 significance` and `x17 search --full` as a user runs them, in processes of their own."""

import json
from pathlib import Path

import pytest

from .test_search_command import FILES, files_in, x17

FEW = ("--masses", "16.7:17.1:0.1", "--set", "significance.toys=300", "--bank", "bank")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a bank of 500 pseudo-experiments."""
    folder = tmp_path_factory.mktemp("significance")
    done = x17("significance", *FEW, cwd=folder)
    assert done.returncode == 0, done.stderr
    assert "global, deepest Q" in done.stdout
    return folder


def test_json_is_one_document(place: Path) -> None:
    done = x17("significance", *FEW, "--window", "16.8:17", "--json", cwd=place)
    document = json.loads(done.stdout)
    assert done.stderr == ""
    assert document["window_mev"] == [16.8, 17.0]
    assert document["global"]["gross-vitells"]["n_toys"] == 300


def test_number_of_workers_does_not_matter(place: Path) -> None:
    one, two = (
        x17("significance", *FEW[:-1], name, "--workers", name, "--json", cwd=place).stdout for name in "12"
    )
    assert one == two == x17("significance", *FEW, "--json", cwd=place).stdout


def test_full_search_has_global_p_values_in_every_file(place: Path) -> None:
    quick = ("--quick", "--full", "--out", "full")
    done = x17("search", *FEW, *quick, cwd=place)
    assert done.returncode == 0, done.stderr
    assert "global p, 16.70 to 17.10 MeV" in done.stdout.replace("\n", " ")
    assert files_in(place / "full") == FILES | {"figures/global_p.png"}
    summary = json.loads((place / "full" / "summary.json").read_text())
    alone = json.loads(x17("significance", *FEW, "--json", cwd=place).stdout)
    assert summary["global_p"][0]["global"] == alone["global"]
    page = (place / "full" / "report.html").read_text()
    assert "Global significance" in page
    assert "published deviation" in page


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--window", "16:17"), "the window 16:17 MeV is not inside the masses searched"),
        (("--toys", "20"), "significance.toys is 20; allowed: 200 to 10000000"),
        (("--ensemble", "frequentist"), "'published', 'recentred' or 'unconditional'"),
        (("--k-constraint", "free", "--reuse-only"), "the bank has none"),
        (("--precision", "2"), "--precision is 2; allowed"),
        (("--scheduler", "tcp://127.0.0.1:9"), "tcp://127.0.0.1:9"),
    ],
)
def test_bad_input_is_one_message(place: Path, arguments: tuple[str, ...], message: str) -> None:
    given = [item for item in FEW if not (item == "--set" or item.startswith("significance.toys"))]
    toys = () if "--toys" in arguments else ("--toys", "300")
    done = x17("significance", *given, *toys, *arguments, cwd=place)
    assert done.returncode in (1, 2)
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
