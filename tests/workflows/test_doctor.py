"""The installation looked at: what the metadata says, what fails, and what is only missing."""

import tomllib
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from x17.workflows import doctor, installation
from x17.workflows.doctor import examine
from x17.workflows.installation import PURPOSES, Extra, Library, installed_libraries, is_recent
from x17.workflows.self_test import Comparison, SelfTest, run_self_test

PROJECT = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def passing() -> SelfTest:
    return SelfTest((Comparison("χ²", "", 1.0, 1.0, 0.1, 3),), 1.0, 0.5, False, 1e5, Path.cwd(), None)


def test_the_self_test_finds_the_numbers_that_are_known() -> None:
    tested = run_self_test()
    assert tested.failure is None
    assert tested.passed
    assert [row.known for row in tested.comparisons] == [40.80994, 16.9005, 4.417]
    # Fits of any processor agree within 1e-9, so what is left is the rounding of the known numbers.
    assert all(abs(row.found - row.known) < 0.6 * 10**-row.digits for row in tested.comparisons)
    assert tested.fits_per_second > 1000.0
    assert tested.cache is not None
    assert tested.cache.is_dir()


def test_another_number_fails_the_self_test() -> None:
    row = Comparison("χ²", "", 40.81, 40.80994, 1e-5, 5)
    assert not SelfTest((row,), 1.0, 0.5, False, 1e5, None, None).passed


def test_a_broken_library_is_a_finding_and_no_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise OSError("libllvm.so: cannot open shared object file")

    monkeypatch.setattr("x17.statistics.profile_fit.fit_background", broken)
    monkeypatch.setattr("x17.scan.EnergyScan.load", broken)
    tested = run_self_test()
    assert not tested.passed
    assert tested.failure == "OSError: libllvm.so: cannot open shared object file"
    document = examine(lambda: tested).document()
    assert document["sound"] is False
    assert document["self_test"]["failure"] == tested.failure


def test_libraries_and_extras_are_those_of_the_metadata() -> None:
    found = installed_libraries()
    core = {library.name.lower(): library.wanted for library in found[None]}
    assert core == {
        line.split(">=")[0].lower(): ">=" + line.split(">=")[1] for line in PROJECT["dependencies"]
    }
    assert all(library.fits for library in found[None])
    root = {library.name: library.wanted for library in found["root"]}
    assert root == {"uproot": ">=5.7", "awkward": ">=2.6"}


def test_every_extra_of_the_project_says_what_it_is_for() -> None:
    assert set(PROJECT["optional-dependencies"]) <= set(PURPOSES)
    assert all(len(purpose) <= 26 and len(command) <= 29 for purpose, command in PURPOSES.values())


@pytest.mark.parametrize(
    ("found", "wanted", "fits"),
    [
        ("2.4.1", ">=2.0", True),
        ("2.0", ">=2.0.0", True),
        ("2.10", ">=2.9", True),
        ("1.26.4", ">=2.0", False),
        ("3.0rc1", ">=2.7", True),
        ("2025.1", ">=2025.1", True),
        ("0.1", "", True),
    ],
)
def test_versions_are_compared_as_numbers(found: str, wanted: str, fits: bool) -> None:
    assert is_recent(found, wanted) is fits


def test_a_missing_extra_is_no_failure_and_comes_with_its_command(monkeypatch: pytest.MonkeyPatch) -> None:
    extras = (
        Extra("root", "ROOT files", "--to root", (Library("uproot", ">=5.7", None),)),
        Extra("test", "tests", "make test", (Library("pytest", ">=8", None),)),
        Extra("blind", "sealed scans", "x17 blind", (Library("cryptography", ">=42", "50.0"),)),
    )
    monkeypatch.setattr(doctor, "extras_of", lambda _: extras)
    examination = examine(passing)
    assert examination.sound
    assert examination.missing_extras == ("root", "test")
    assert "[root]'" in examination.document()["pip_all"]
    rows = {row["name"]: row for row in examination.document()["extras"]}
    assert "[root]'" in rows["root"]["pip"]
    assert "[test]'" in rows["test"]["pip"]
    assert rows["blind"]["pip"] is None


def test_a_library_of_the_core_that_is_missing_or_old_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    core = (Library("numpy", ">=2.0", "1.26"), Library("numba", ">=0.61", None))
    monkeypatch.setattr(doctor, "installed_libraries", lambda: {None: core})
    examination = examine(passing)
    assert not examination.sound
    (finding,) = [f for f in examination.findings if f.state == "failed"]
    assert finding.name == "libraries"
    assert finding.advice is not None
    assert "numpy >=2.0, numba >=0.61" in finding.advice
    assert "-m pip install" in finding.advice


def test_used_from_a_folder_of_sources_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> None:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(installation, "distribution", absent)
    examination = examine(passing)
    assert examination.sound
    assert examination.findings[0].state == "note"
    assert "without being installed" in examination.findings[0].text


def test_a_folder_that_cannot_be_written_and_a_full_disk_are_notes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_can_write", lambda _: False)
    found = {finding.name: finding for finding in examine(passing).findings}
    assert (found["results"].state, found["cache"].state) == ("note", "note")
    assert "--out DIR" in str(found["results"].advice)
    assert "NUMBA_CACHE_DIR" in str(found["cache"].advice)
    monkeypatch.setattr(doctor, "_can_write", lambda _: True)
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 1_000_000})())
    found = {finding.name: finding for finding in examine(passing).findings}
    assert found["results"].state == "note"
    assert "0.0 GB free" in found["results"].text


def test_a_browser_that_is_named_but_is_none_is_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X17_CHROMIUM", "/no/such/chromium")
    found = {finding.name: finding for finding in examine(passing).findings}
    assert found["browser"].state == "note"
