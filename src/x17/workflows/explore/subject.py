"""What is explored: a scan, or the results of a search with the limits its toys gave."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from x17.errors import InputError, Problem, UsageError, X17Error
from x17.report.files import INPUT
from x17.report.stored_results import StoredResults, read_results
from x17.scan import EnergyScan, datasets
from x17.workflows.explore.state import Choices
from x17.workflows.explore.toy_curve import ToyCurve
from x17.workflows.search_settings import SearchSettings, resolve_settings, settings_of

FloatArray = NDArray[np.float64]

_NEITHER = "neither a file nor"
"""What is said of a name that is no scan."""


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """A scan with the settings it is searched by.

    Attributes
    ----------
    scan : EnergyScan
        As it was loaded.
    settings : SearchSettings
    choices : Choices
        What the settings amount to: where the page begins.
    toys : ToyCurve or None
        Limits by toys that a folder of results holds.
    origin : str
        For the user: the file or folder.
    """

    scan: EnergyScan
    settings: SearchSettings
    choices: Choices
    toys: ToyCurve | None
    origin: str


def subject_of(scan: EnergyScan, origin: str) -> Subject:
    """A scan to be searched by the defaults.

    Parameters
    ----------
    scan : EnergyScan
    origin : str

    Returns
    -------
    Subject
    """
    return Subject(scan, resolve_settings(), Choices(), None, origin)


def open_subject(name: str) -> Subject:
    """Open what the user named.

    Parameters
    ----------
    name : str
        A folder of results, a shipped scan, or the CSV or TOML of one.

    Returns
    -------
    Subject

    Raises
    ------
    UsageError, InputError
        It cannot be used, or is of another version of x17.
    """
    folder = Path(name)
    # A folder that happens to be called as a shipped scan does not hide it, unless it holds results.
    shipped = name in datasets.names() and not (folder / "summary.json").is_file()
    if shipped or not _is_folder(folder):
        return subject_of(_load_scan(name), name)
    results = read_results(folder)
    settings = _settings(results)
    choices = Choices(boson=settings.model.boson)
    return Subject(results.scan, settings, choices, _stored_toys(results, settings, choices), name)


def _load_scan(name: str) -> EnergyScan:
    """Load a scan; what is nothing at all is told that a folder would do as well."""
    try:
        return EnergyScan.load(name)
    except UsageError as error:
        said = str(error)
        if _NEITHER not in said:
            raise
        raise UsageError(said.replace(_NEITHER, "neither a folder of results, a file, nor", 1)) from error


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # a name that no folder can have: whoever loads the scan says so
        return False


def _settings(results: StoredResults) -> SearchSettings:
    """The settings of stored results; those of a version that had other ones are refused."""
    document = results.summary.get("settings")
    version = results.provenance.get("version", "unknown")
    again = (
        f"These settings are not those of this version: the results are of x17 {version}. Make them anew: "
        f"x17 search {shlex.quote(str(results.folder / INPUT))} --out NEW_FOLDER"
    )
    if not isinstance(document, dict):
        raise InputError(str(results.folder), [Problem("no settings in summary.json")], again)
    try:
        settings = settings_of(document)
        settings.prepared(results.scan)
    except X17Error as error:
        problems = error.problems if isinstance(error, InputError) else [Problem(str(error))]
        raise InputError(str(results.folder), problems, again) from error
    return settings


def _stored_toys(results: StoredResults, settings: SearchSettings, choices: Choices) -> ToyCurve | None:
    rows = [row for row in results.limits if row["g_observed"] is not None and row["mass_mev"] is not None]
    if not rows:
        return None
    mass, limit = (
        np.array([row[key] for row in rows], dtype=np.float64) for key in ("mass_mev", "g_observed")
    )
    return ToyCurve(mass, limit, settings.limit.toys, choices)
