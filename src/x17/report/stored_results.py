"""Results of a search read back from the folder that `x17 search` wrote."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from x17.errors import InputError, Problem, UsageError
from x17.report.files import INPUT, PROVENANCE
from x17.report.tables import LIKELIHOOD_COLUMNS, LIMIT_COLUMNS, SCAN_COLUMNS
from x17.scan import EnergyScan

Row = dict[str, float | None]

ADVICE = "Name a folder that `x17 search` wrote, or make one: x17 search --out DIR"
_TABLES = {"limits.csv": LIMIT_COLUMNS, "likelihood.csv": LIKELIHOOD_COLUMNS, "scan.csv": SCAN_COLUMNS}
_TEXT_COLUMNS = ("notes",)


@dataclass(frozen=True, slots=True, eq=False)
class StoredResults:
    """What a folder of results holds.

    Attributes
    ----------
    folder : Path
    summary, provenance : dict
        Content of `summary.json` and `provenance.json`.
    limits, likelihood, curves : tuple of dict
        Rows of `limits.csv`, `likelihood.csv` and `scan.csv`: column to value, None where the cell is empty.
    scan : EnergyScan
        The scan that was searched, as it was loaded.
    """

    folder: Path
    summary: dict[str, Any]
    provenance: dict[str, Any]
    limits: tuple[Row, ...]
    likelihood: tuple[Row, ...]
    curves: tuple[Row, ...]
    scan: EnergyScan


def read_results(folder: Path) -> StoredResults:
    """Read a folder of results.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    StoredResults

    Raises
    ------
    UsageError
        No such folder, or not one of results.
    InputError
        Files that are missing, cannot be read, or do not belong together; all at once.
    """
    _check_folder(folder)
    problems: list[Problem] = []
    documents = {name: _document(folder, name, problems) for name in ("summary.json", PROVENANCE)}
    tables = {name: _table(folder, name, columns, problems) for name, columns in _TABLES.items()}
    scan_missing = [
        name for name in (INPUT, str(Path(INPUT).with_suffix(".toml"))) if not (folder / name).is_file()
    ]
    problems += [Problem("file missing", column=name) for name in scan_missing]
    if problems:
        raise InputError(str(folder), problems, ADVICE)
    scan = EnergyScan.load(folder / INPUT)
    recorded = documents[PROVENANCE].get("input_sha256")
    if recorded != scan.digest:
        what = f"{INPUT} is not the scan that was searched: its SHA-256 differs from that in {PROVENANCE}"
        raise InputError(str(folder), [Problem(what, value=scan.digest, allowed=str(recorded))], ADVICE)
    return StoredResults(
        folder=folder,
        summary=documents["summary.json"],
        provenance=documents[PROVENANCE],
        limits=tables["limits.csv"],
        likelihood=tables["likelihood.csv"],
        curves=tables["scan.csv"],
        scan=scan,
    )


def _check_folder(folder: Path) -> None:
    if not folder.exists():
        raise UsageError(f"{folder}: there is no such folder. {ADVICE}")
    if not folder.is_dir():
        raise UsageError(f"{folder}: is a file, not a folder of results. {ADVICE}")
    if not (folder / PROVENANCE).is_file() or not (folder / "summary.json").is_file():
        made_by = _command_of(folder)
        raise UsageError(
            f"{folder}: holds no results of a search (no summary.json with its {PROVENANCE})"
            f"{made_by and f', but what `{made_by}` wrote'}. {ADVICE}"
        )


def _command_of(folder: Path) -> str:
    """The command that left its record in a folder; empty if there is none."""
    try:
        document = json.loads((folder / PROVENANCE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ""
    return str(document.get("command", "")) if isinstance(document, dict) else ""


def _document(folder: Path, name: str, problems: list[Problem]) -> dict[str, Any]:
    try:
        document = json.loads((folder / name).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        problems.append(Problem(f"cannot be read ({str(error)[:80]})", column=name))
        return {}
    if not isinstance(document, dict):
        problems.append(Problem("not a JSON object", column=name))
        return {}
    return document


def _table(folder: Path, name: str, columns: tuple[str, ...], problems: list[Problem]) -> tuple[Row, ...]:
    try:
        text = (folder / name).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        what = "file missing" if isinstance(error, FileNotFoundError) else f"cannot be read ({error})"
        problems.append(Problem(what, column=name))
        return ()
    reader = csv.DictReader(io.StringIO(text))
    if tuple(reader.fieldnames or ()) != columns:
        found = ",".join(reader.fieldnames or ())
        problems.append(Problem("other columns than a search writes", column=name, value=found[:80]))
        return ()
    rows: list[Row] = []
    for line, cells in enumerate(reader, start=2):
        try:
            rows.append(
                {
                    key: float(cells[key]) if cells[key] else None
                    for key in columns
                    if key not in _TEXT_COLUMNS
                }
            )
        except (TypeError, ValueError):
            problems.append(Problem(f"{name}: a cell that is no number", line))
    return tuple(rows)
