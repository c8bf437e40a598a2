"""What can be named: a scan, or results with their settings and toys; all else is told what to do."""

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import x17
from x17.errors import InputError, UsageError, X17Error
from x17.scan import EnergyScan
from x17.statistics.model_settings import KSource
from x17.theory.boson import SpinParity
from x17.workflows.explore import Choices, Subject, explore, open_subject
from x17.workflows.search_results import search_to_folder
from x17.workflows.search_settings import resolve_settings

OPTIONS = {"search.masses": "16.5:17.1:0.2", "search.couplings": "1e-4:9e-4:6", "limit.local_p_toys": 100}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A search with toys, in which nothing is as by default."""
    settings = resolve_settings(
        quick=True,
        options={**OPTIONS, "limit.toys": 60, "model.boson": "A", "search.without": ["ageing"]},
        assignments=["model.beam_energy_spread=0.004", "model.k_constraint=free", "limit.cl=0.95"],
    )
    folder = tmp_path_factory.mktemp("subject") / "my results"
    with pytest.MonkeyPatch.context() as monkeypatch:
        # Figures are most of the time, and are not read back.
        monkeypatch.setattr("x17.report.figure_files.save_figures", lambda *_, **__: None)
        return search_to_folder("padme-run3", settings, out=folder, quick=True).folder


@pytest.fixture
def copy(results: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(results, tmp_path / "my results"))


def change(folder: Path, name: str, edit: Callable[[dict[str, Any]], object]) -> None:
    document = json.loads((folder / name).read_text("utf-8"))
    edit(document)
    (folder / name).write_text(json.dumps(document), "utf-8")


def refusal(name: object, kind: type[X17Error]) -> str:
    with pytest.raises(kind) as caught:
        open_subject(str(name))
    return str(caught.value)


def assert_bare(subject: Subject, scan: EnergyScan, origin: str) -> None:
    assert subject.scan == scan
    assert subject.settings == resolve_settings()
    assert subject.choices == Choices()
    assert subject.toys is None
    assert subject.origin == origin


def test_a_shipped_scan_is_searched_by_the_defaults() -> None:
    assert_bare(open_subject("padme-run3"), EnergyScan.load("padme-run3"), "padme-run3")


def test_a_csv_with_and_without_its_toml(tmp_path: Path) -> None:
    scan = EnergyScan.load("padme-run3")
    scan.write(tmp_path / "mine.csv")
    for name in ("mine.csv", "mine.toml"):
        assert_bare(open_subject(str(tmp_path / name)), scan, str(tmp_path / name))
    (tmp_path / "mine.toml").unlink()
    alone = open_subject(str(tmp_path / "mine.csv"))
    assert alone.scan.constants.k_constraint is None
    assert "Model constants are those of PADME Run III" in " ".join(alone.scan.notes)


def test_results_bring_their_settings_and_toys(results: Path) -> None:
    subject = open_subject(str(results))
    assert subject.scan == EnergyScan.load("padme-run3")
    assert subject.choices == Choices(boson=SpinParity.AXIAL_VECTOR)
    assert subject.settings.model.k_constraint is KSource.FREE
    assert subject.settings.search.without == ("ageing",)
    assert subject.settings.constants == {"beam_energy_spread": 0.004}
    assert subject.toys is not None
    assert subject.toys.n_toys == 60
    assert subject.toys.choices == subject.choices
    with (results / "limits.csv").open() as stream:
        rows = [row for row in csv.DictReader(stream) if row["g_observed"]]
    assert len(rows) >= 3
    assert subject.toys.mass_mev.tolist() == [float(row["mass_mev"]) for row in rows]
    assert subject.toys.g_limit.tolist() == [float(row["g_observed"]) for row in rows]


def test_fits_of_the_page_are_those_of_the_results(results: Path) -> None:
    subject = open_subject(str(results))
    view = explore(subject.scan, subject.settings, subject.choices)
    summary = json.loads((results / "summary.json").read_text("utf-8"))
    # Written in full.
    assert view.background.chi2[0] == pytest.approx(summary["background_fit"]["chi2"], rel=1e-12)
    with (results / "limits.csv").open() as stream:
        stored = [float(row["g_observed_asymptotic"]) for row in csv.DictReader(stream)]
    # Written with ten digits.
    np.testing.assert_allclose(view.limit, stored, rtol=1e-9)


def test_results_without_toys_have_no_curve(copy: Path) -> None:
    lines = (copy / "limits.csv").read_text("utf-8").splitlines()
    rows = [line.split(",") for line in lines[1:]]
    bare = [",".join([row[0], "", "", "", *row[4:]]) for row in rows]
    (copy / "limits.csv").write_text("\n".join([lines[0], *bare, ""]), "utf-8")
    assert open_subject(str(copy)).toys is None


def assert_says_what_to_do(text: str, folder: Path, version: str) -> None:
    assert str(folder) in text
    assert f"the results are of x17 {version}." in text
    assert text.splitlines()[-1].endswith(f"x17 search '{folder / 'input.csv'}' --out NEW_FOLDER")


def test_settings_that_this_version_does_not_know(copy: Path) -> None:
    def edit(summary: dict[str, Any]) -> None:
        summary["settings"]["model"]["wobble"] = 1
        summary["settings"]["forecast"] = {"rain": True}

    change(copy, "summary.json", edit)
    change(copy, "provenance.json", lambda record: record.update(version="0.0.1"))
    text = refusal(copy, InputError)
    assert_says_what_to_do(text, copy, "0.0.1")
    # Both at once.
    assert "model.wobble: unknown setting" in text
    assert "forecast.rain: unknown setting" in text


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda tree: tree["model"].update(k_constraint="guessed"), "model.k_constraint"),
        (lambda tree: tree["limit"].update(toys=-5), "-5"),
        (lambda tree: tree["search"].update(masses="30:31:0.1"), "far from every energy point"),
        (lambda tree: tree["search"].update(without=["gravity"]), "unknown correction 'gravity'"),
        (lambda tree: tree["model"].update(beam_energy_spread=-1.0), "beam_energy_spread"),
        (lambda tree: tree.update(model=[1, 2]), "model: not a table"),
    ],
    ids=["value", "number", "masses", "correction", "constant", "no table"],
)
def test_settings_that_this_version_cannot_take(
    copy: Path, edit: Callable[[dict[str, Any]], object], message: str
) -> None:
    change(copy, "summary.json", lambda summary: edit(summary["settings"]))
    text = refusal(copy, InputError)
    assert message in text
    assert_says_what_to_do(text, copy, x17.__version__)


@pytest.mark.parametrize("settings", [None, [], "all"])
def test_no_settings_at_all(copy: Path, settings: object) -> None:
    change(copy, "summary.json", lambda summary: summary.update(settings=settings))
    change(copy, "provenance.json", lambda record: record.pop("version"))
    text = refusal(copy, InputError)
    assert "no settings in summary.json" in text
    assert_says_what_to_do(text, copy, "unknown")


def test_a_table_of_settings_that_came_later_has_its_defaults(copy: Path) -> None:
    change(copy, "summary.json", lambda summary: summary["settings"].pop("limit"))
    subject = open_subject(str(copy))
    assert subject.settings.limit == resolve_settings().limit
    assert subject.toys is not None


def test_another_scan_in_the_folder_is_noticed(copy: Path) -> None:
    text = (copy / "input.csv").read_text("utf-8")
    (copy / "input.csv").write_text(text.replace("16.3863078", "16.3863079"), "utf-8")
    assert "is not the scan that was searched" in refusal(copy, InputError)


def test_files_that_are_missing_are_named_together(copy: Path) -> None:
    for name in ("limits.csv", "input.toml"):
        (copy / name).unlink()
    text = refusal(copy, InputError)
    assert "limits.csv: file missing" in text
    assert "input.toml: file missing" in text
    assert "`x17 search`" in text


def test_what_holds_no_results(tmp_path: Path) -> None:
    assert "holds no results of a search" in refusal(tmp_path, UsageError)
    assert "neither a folder of results, a file, nor a shipped scan; shipped scans: padme-run3" in refusal(
        tmp_path / "nothing", UsageError
    )
    for name in ("\0", "x" * 5000):
        assert "neither a folder of results, a file, nor a shipped scan" in refusal(name, UsageError)


def test_a_folder_called_as_a_shipped_scan_does_not_hide_it(
    results: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("padme-run3").mkdir()
    assert open_subject("padme-run3").toys is None
    assert "holds no results" in refusal("./padme-run3", UsageError)
    # One with results is what was meant: `x17 search` calls its folders by the scan.
    Path("padme-run3").rmdir()
    shutil.copytree(results, "padme-run3")
    assert open_subject("padme-run3").toys is not None
