"""Look at the installation and the machine: the function behind `x17 doctor`."""

from __future__ import annotations

import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import Any

import x17
from x17.errors import pip_command
from x17.workflows.installation import (
    FOR_DEVELOPERS,
    Extra,
    Library,
    extras_of,
    installed_libraries,
    is_recent,
)
from x17.workflows.self_test import SelfTest, run_self_test

PYTHON = ">=3.11"
LEAST_FREE = 200_000_000
"""Bytes that should be free where results go: a search writes 10 MB, toys and tests more."""

SELF_TEST_SENTENCE = "self-test: fits of the shipped scan (compiled first: once, some 15 s)"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at.

    Attributes
    ----------
    name, text : str
    state : {"ok", "note", "failed"}
        A note is for the user to know; only "failed" makes the core unusable.
    advice : str or None
        What to do about it.
    """

    name: str
    text: str
    state: str = "ok"
    advice: str | None = None


@dataclass(frozen=True, slots=True)
class Examination:
    """Everything that was looked at.

    Attributes
    ----------
    findings : tuple of Finding
    libraries : tuple of Library
        Of the core.
    extras : tuple of Extra
    self_test : SelfTest
    """

    findings: tuple[Finding, ...]
    libraries: tuple[Library, ...]
    extras: tuple[Extra, ...]
    self_test: SelfTest

    @property
    def sound(self) -> bool:
        """Whether the core works."""
        return self.self_test.passed and all(finding.state != "failed" for finding in self.findings)

    def document(self) -> dict[str, Any]:
        """Everything as a plain tree, for JSON and for the terminal.

        Returns
        -------
        dict
        """
        tested = self.self_test
        advised = [name for name in self.missing_extras if name not in FOR_DEVELOPERS]
        return {
            "sound": self.sound,
            "findings": [asdict(finding) for finding in self.findings],
            "libraries": [asdict(library) | {"fits": library.fits} for library in self.libraries],
            "self_test": {
                "passed": tested.passed,
                "failure": tested.failure,
                "seconds": tested.seconds,
                "first_fit_seconds": tested.first_fit_seconds,
                "compiled_now": tested.compiled_now,
                "fits_per_second": tested.fits_per_second,
                "comparisons": [asdict(row) | {"agrees": row.agrees} for row in tested.comparisons],
            },
            "extras": [
                {
                    "name": extra.name,
                    "installed": extra.installed,
                    "purpose": extra.purpose,
                    "command": extra.command,
                    "libraries": [asdict(library) | {"fits": library.fits} for library in extra.libraries],
                    "pip": None if extra.installed else pip_command(extra.name),
                }
                for extra in self.extras
            ],
            "pip_all": pip_command(*advised) if advised else None,
        }

    @property
    def missing_extras(self) -> tuple[str, ...]:
        """Extras of which a library is missing."""
        return tuple(extra.name for extra in self.extras if not extra.installed)


def examine(self_test: Callable[[], SelfTest] | None = None) -> Examination:
    """Look at the installation, the machine and the place where the user is, and run the self-test.

    Parameters
    ----------
    self_test : callable, optional
        Gives the result of a self-test in place of `run_self_test`.

    Returns
    -------
    Examination
    """
    try:
        libraries = installed_libraries()
    except PackageNotFoundError:
        libraries = {None: ()}
    core = libraries[None]
    tested = (self_test or run_self_test)()
    findings = (
        _package(bool(core)),
        _python(),
        _libraries(core),
        _cores(),
        _cache(tested),
        _results(Path("results")),
        _terminal(),
        _browser(),
    )
    return Examination(findings, core, extras_of(libraries), tested)


def _package(installed: bool) -> Finding:
    place = str(Path(x17.__file__).parent)
    if installed:
        return Finding("x17", f"{x17.__version__}  {place}")
    advice = f"Install it: {sys.executable} -m pip install --editable FOLDER"
    return Finding("x17", f"{x17.__version__}  {place}, used without being installed", "note", advice)


def _python() -> Finding:
    text = f"{platform.python_version()}  {sys.executable}"
    if is_recent(platform.python_version(), PYTHON):
        return Finding("Python", text)
    return Finding("Python", text, "failed", f"x17 needs Python {PYTHON}: make a new environment with one.")


def _libraries(core: tuple[Library, ...]) -> Finding:
    text = ", ".join(f"{library.name} {library.found or 'missing'}" for library in core)
    wrong = [f"{library.name} {library.wanted}" for library in core if not library.fits]
    if not wrong:
        return Finding(
            "libraries", text or "not known: the package has no metadata", "ok" if core else "note"
        )
    return Finding("libraries", text, "failed", f"Needed: {', '.join(wrong)}. Run: {pip_command()}")


def _cores() -> Finding:
    from x17.statistics.blocks import available_cores

    usable, there = available_cores(), os.cpu_count() or 1
    of_all = "" if usable == there else f" of {there}"
    threads = "1 thread" if usable == 1 else f"{usable} threads"
    return Finding("cores", f"{usable}{of_all}; commands use {threads} unless told --workers N")


def _cache(tested: SelfTest) -> Finding:
    advice = "Set NUMBA_CACHE_DIR to a folder you can write to."
    if tested.cache is None:
        return Finding("cache", "not known: the self-test did not get to the compiled code", "note", advice)
    if _can_write(tested.cache):
        return Finding("cache", f"{tested.cache}, can be written")
    text = f"{tested.cache} cannot be written: code is compiled anew each time"
    return Finding("cache", text, "note", advice)


def _results(folder: Path) -> Finding:
    place = next((p for p in (folder, *folder.absolute().parents) if p.is_dir()), Path("/"))
    where = f"{folder}/ here"
    if not _can_write(place):
        return Finding(
            "results", f"{where} cannot be written", "note", "Go to a folder of yours, or use --out DIR."
        )
    free = shutil.disk_usage(place).free
    text = f"{where} can be written, {free / 1e9:.1f} GB free"
    if free < LEAST_FREE:
        return Finding("results", text, "note", "Free some space, or use --out DIR on another disk.")
    return Finding("results", text)


def _can_write(folder: Path) -> bool:
    """Whether a file can be made there; permissions alone do not tell of read-only disks."""
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _terminal() -> Finding:
    encoding = sys.stdout.encoding or "unknown"
    text = f"{encoding}, {shutil.get_terminal_size().columns} columns"
    try:
        "χ² ± σ √ ε".encode(encoding)
    except (UnicodeEncodeError, LookupError):
        advice = "Signs such as χ² are replaced by '?'; set PYTHONIOENCODING=utf-8."
        return Finding("terminal", text, "note", advice)
    return Finding("terminal", text)


def _browser() -> Finding:
    named = os.environ.get("X17_CHROMIUM")
    found = named or shutil.which("chromium")
    if found is None:
        return Finding("browser", "no Chromium; only tests of the pages use it, and skip (X17_CHROMIUM)")
    if named and shutil.which(named) is None:
        return Finding(
            "browser", f"X17_CHROMIUM={named} is no program", "note", "Set it to a Chromium, or unset it."
        )
    return Finding("browser", f"{found}, for tests of the pages")
