"""`x17 export` and `x17 import` as a user runs them, in processes of their own."""

import json
from pathlib import Path

import pytest

from x17.scan import EnergyScan

from .test_search_command import files_in, x17


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export")
    done = x17("search", "--quick", "--masses", "16.8:17:0.1", "--out", "found", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder


def test_there_and_back(place: Path) -> None:
    done = x17("export", "found", "--to", "hs3", "--out", "hs3", cwd=place)
    assert done.returncode == 0, done.stderr
    assert "changes Q by at most" in done.stdout
    assert files_in(place / "hs3") == {"M16.80.json", "M16.90.json", "M17.00.json", "provenance.json"}
    assert x17("import", "found", "--out", "input.csv", cwd=place).returncode == 0
    assert (place / "input.csv").read_text() == (place / "found/input.csv").read_text()
    back = x17("import", "hs3/M16.90.json", "--out", "again.csv", "--json", cwd=place)
    assert back.returncode == 0, back.stderr
    assert json.loads(back.stdout)["n_used"] == 42
    assert EnergyScan.load(place / "again.csv") == EnergyScan.load("padme-run3")


def test_json_is_one_document(place: Path) -> None:
    done = x17("export", "found", "--to", "csv", "--out", "tables", "--json", cwd=place)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    document = json.loads(done.stdout)
    assert set(document["files"]) == files_in(place / "tables")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("export", "found", "--to", "xml", "--out", "o"), "allowed: hs3, pyhf, hepdata, root, csv"),
        (("export", ".", "--to", "csv", "--out", "o"), "holds no results of a search"),
        (("export", "nowhere", "--to", "csv", "--out", "o"), "there is no such folder"),
        (("import", "found/report.html", "--out", "o.csv"), ".html is not known"),
    ],
)
def test_bad_input_is_one_message(place: Path, arguments: tuple[str, ...], message: str) -> None:
    done = x17(*arguments, cwd=place)
    assert done.returncode == 2
    assert message in done.stderr.replace("\n", " ")
    assert "Traceback" not in done.stderr
    assert not (place / "o").exists()
