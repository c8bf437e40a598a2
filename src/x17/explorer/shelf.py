"""Scans that visitors dropped on the page: kept in memory while the server runs, read and never executed."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from pathlib import PurePath

from x17.errors import InputError, Problem
from x17.scan.loading import LARGEST_FILE, build_scan
from x17.workflows.explore import ExploredScan, Subject, explore, subject_of

CAPACITY = 32
"""Scans that are kept; the one unused for longest goes first."""

MOST_POINTS = 1000
"""Points of a scan that a page follows: a second for each choice, and everybody else waits for it."""


class Shelf:
    """Scans by the first letters of their SHA-256."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[Subject, ExploredScan]] = OrderedDict()

    def put(self, files: Sequence[tuple[str, bytes]]) -> str:
        """Validate and keep a scan.

        Parameters
        ----------
        files : sequence of (str, bytes)
            Names and contents: a CSV, and the TOML with its metadata if there is one.

        Returns
        -------
        str
            Its name on the shelf.

        Raises
        ------
        InputError, UsageError
            As the command line says it.
        """
        table, metadata = _sorted(files)
        scan = build_scan(*table) if metadata is None else build_scan(*table, *metadata)
        if len(scan) > MOST_POINTS:
            advice = "Search it on the command line: x17 search FILE.csv"
            problem = Problem(f"{len(scan)} points; the page follows at most {MOST_POINTS}")
            raise InputError(table[0], [problem], advice)
        subject = subject_of(scan, table[0])
        fitted = explore(scan, subject.settings, subject.choices)
        name = scan.digest[:12]
        self._kept[name] = (subject, fitted)
        self._kept.move_to_end(name)
        while len(self._kept) > CAPACITY:
            self._kept.popitem(last=False)
        return name

    def get(self, name: str) -> tuple[Subject, ExploredScan] | None:
        """A scan and its fits.

        Parameters
        ----------
        name : str

        Returns
        -------
        (Subject, ExploredScan) or None
            None if it is not kept any more.
        """
        if name in self._kept:
            self._kept.move_to_end(name)
        return self._kept.get(name)


def _sorted(
    files: Sequence[tuple[str, bytes]],
) -> tuple[tuple[str, bytes], tuple[str, bytes] | None]:
    """The table and its metadata."""
    advice = "Drop one CSV, or a CSV together with its TOML."
    named = [(PurePath(name).name[:120] or "scan.csv", content) for name, content in files]
    for name, content in named:
        if len(content) > LARGEST_FILE:
            raise InputError(name, [Problem(f"larger than {LARGEST_FILE // 1_000_000} MB")], advice)
    tables = [item for item in named if not item[0].lower().endswith(".toml")]
    others = [item for item in named if item[0].lower().endswith(".toml")]
    if len(tables) != 1 or len(others) > 1:
        names = ", ".join(name for name, _ in named) or "nothing"
        raise InputError(names, [Problem(f"{len(tables)} tables and {len(others)} TOML files")], advice)
    return tables[0], others[0] if others else None
