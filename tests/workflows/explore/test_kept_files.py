"""Files of a view are those that a search with its settings writes."""

import io
import json
import zipfile
from pathlib import Path, PurePosixPath

import numpy as np
import pytest

from x17.errors import UsageError, X17Error
from x17.scan import EnergyScan
from x17.scan.writing import write_scan
from x17.statistics.model_settings import KSource
from x17.theory.boson import SpinParity
from x17.workflows.explore import Choices, Subject, explore, open_subject, subject_of
from x17.workflows.explore.explored_scan import without_periods
from x17.workflows.explore.kept_files import EVERYTHING, FIGURES, FORMATS, TABLES, kept_file
from x17.workflows.export_results import export_results
from x17.workflows.export_source import ExportRequest, Format
from x17.workflows.search_results import search_to_folder
from x17.workflows.search_settings import resolve_settings

OPTIONS = {"search.masses": "16.5:17.1:0.2", "search.couplings": "1e-4:9e-4:6"}
CHOICES = Choices(
    boson=SpinParity.AXIAL_VECTOR,
    beam_spread=0.004,
    k_constraint=KSource.FREE,
    removed=("ageing",),
    left_out=(5, 17),
)
BEGINNING = {"png": b"\x89PNG\r\n\x1a\n", "svg": b"<?xml"}


@pytest.fixture(scope="module")
def subject() -> Subject:
    scan = EnergyScan.load("padme-run3")
    # Toys of the settings must not be made for a file that somebody waits for.
    return Subject(scan, resolve_settings(options=OPTIONS), Choices(), None, "padme-run3")


@pytest.fixture(scope="module")
def everything(subject: Subject) -> bytes:
    return kept_file(subject, CHOICES, EVERYTHING)


def test_tables_are_those_of_a_search(
    subject: Subject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("x17.report.figure_files.save_figures", lambda *_, **__: None)
    write_scan(without_periods(subject.scan, CHOICES.left_out), tmp_path / "fewer.csv")
    settings = resolve_settings(
        options={**OPTIONS, "limit.toys": 0, "model.boson": "A", "search.without": ["ageing"]},
        assignments=["model.beam_energy_spread=0.004", "model.k_constraint=free"],
    )
    search = search_to_folder(str(tmp_path / "fewer.csv"), settings, out=tmp_path / "out", quick=True)
    for name in TABLES:
        assert kept_file(subject, CHOICES, name) == (search.folder / name).read_bytes(), name
    assert len((search.folder / "scan.csv").read_text("utf-8").splitlines()) == 1 + 42 - 2


def test_tables_follow_the_choices(subject: Subject) -> None:
    assert kept_file(subject, Choices(), "limits.csv") != kept_file(subject, CHOICES, "limits.csv")
    settings = json.loads(kept_file(subject, CHOICES, "summary.json"))["settings"]
    assert settings["limit"]["toys"] == 0
    assert settings["model"]["beam_energy_spread"] == 0.004


def test_tables_have_the_masses_of_the_view(tmp_path: Path) -> None:
    """Also where a point at the end is left out, and the masses are those that the energies reach."""
    rows = "".join(f"{14.0 + 0.05 * i:.2f},25000,7e9,3.6e-6,0.09\n" for i in range(16))
    (tmp_path / "low.csv").write_text("sqrt_s_mev,n2,n_pot,background_per_pot,signal_efficiency\n" + rows)
    low = subject_of(EnergyScan.load(tmp_path / "low.csv"), "low.csv")
    choices = Choices(left_out=(0, 15))
    view = explore(low.scan, low.settings, choices)
    limits = np.genfromtxt(
        io.BytesIO(kept_file(low, choices, "limits.csv")), delimiter=",", skip_header=1, usecols=(0, 4)
    )
    np.testing.assert_allclose(limits[:, 0], view.q_map.masses, rtol=1e-9)
    np.testing.assert_allclose(limits[:, 1], view.limit, rtol=1e-8)


def assert_figure(name: str, content: bytes) -> None:
    assert content.startswith(BEGINNING[name.rpartition(".")[2]])
    assert len(content) > 10_000
    if name.endswith("svg"):
        assert content.rstrip().endswith(b"</svg>")
        assert b"<script" not in content


@pytest.mark.parametrize("name", ["observable.png", "local_p.svg"])
def test_a_figure_begins_as_such(subject: Subject, name: str) -> None:
    assert_figure(name, kept_file(subject, CHOICES, name))


def test_bounds_are_drawn_where_they_are_wanted(subject: Subject) -> None:
    with_bounds, without = (
        kept_file(subject, Choices(), "limit.svg", bounds=bounds) for bounds in (True, False)
    )
    assert with_bounds.count(b"<path") > without.count(b"<path")


def test_the_archive_is_one_folder(everything: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(everything)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        for name in names:
            if "/figures/" in name:
                assert_figure(name, archive.read(name))
    assert {PurePosixPath(name).parts[0] for name in names} == {"padme-run3-explored"}
    assert not any(".." in name or name.startswith("/") or "\\" in name for name in names)
    inside = {name.removeprefix("padme-run3-explored/") for name in names}
    assert {*TABLES, "report.html", "provenance.json", "input.csv", "input.toml"} <= inside
    assert {f"figures/{stem}.{ending}" for stem in FIGURES for ending in FORMATS} <= inside


def test_the_archive_can_be_explored_and_exported(
    subject: Subject, everything: bytes, tmp_path: Path
) -> None:
    with zipfile.ZipFile(io.BytesIO(everything)) as archive:
        archive.extractall(tmp_path)
    folder = tmp_path / "padme-run3-explored"
    again = open_subject(str(folder))
    assert again.toys is None
    assert again.choices == Choices(boson=SpinParity.AXIAL_VECTOR)
    assert len(again.scan) == len(subject.scan) - len(CHOICES.left_out)
    view, wanted = (
        explore(one.scan, one.settings, choices)
        for one, choices in ((again, again.choices), (subject, CHOICES))
    )
    np.testing.assert_allclose(view.limit, wanted.limit, rtol=1e-9)
    assert view.background.chi2[0] == pytest.approx(wanted.background.chi2[0], rel=1e-10)
    record = json.loads((folder / "provenance.json").read_text("utf-8"))
    assert record["command"] == "x17 explore"
    assert sorted(record["files"]) == sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    )
    run = export_results(folder, ExportRequest(format=Format.CSV, lossy=True), tmp_path / "exported")
    assert (run.place / "limits.csv").is_file()


@pytest.mark.parametrize(
    "name", ["", "limits", "limits.txt", "../summary.json", "limit.pdf", "limit.", ".png", "x" * 500, "\0"]
)
def test_other_names_are_refused_with_those_there_are(subject: Subject, name: str) -> None:
    with pytest.raises(
        UsageError, match=r"no file .*there are limits\.csv, .*observable\.png, .*results\.zip"
    ) as e:
        kept_file(subject, Choices(), name)
    assert len(str(e.value)) < 500


def test_choices_that_cannot_be_fitted_give_no_file(subject: Subject) -> None:
    periods = tuple(int(period) for period in subject.scan.search_points().period)
    for choices in (Choices(left_out=periods[12:]), Choices(left_out=(999,)), Choices(removed=("gravity",))):
        with pytest.raises(X17Error):
            kept_file(subject, choices, "limits.csv")
