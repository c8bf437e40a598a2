"""Reading tables of HEPData, of any experiment: headers, units, values with errors."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from x17.errors import InputError, Problem
from x17.report.interchange.hepdata import COLUMN, MISSING, yaml_library

_PERCENT = re.compile(r"^\s*([+-]?[0-9.eE+-]+)\s*%\s*$")
LARGEST_FILE = 8_000_000


@dataclass(frozen=True, slots=True)
class HepdataVariable:
    """A variable of a table.

    Attributes
    ----------
    header : str
    units : str
        Empty if there are none.
    column : str
        The column of a scan table, where the file names one.
    values, errors : tuple of float
        Errors added in quadrature, asymmetric ones averaged; NaN where nothing is given.
    words : tuple of (int, str)
        Cells that are no numbers: row from 1, and what stands there.
    notes : tuple of str
        What was done to the numbers, at most once each.
    """

    header: str
    units: str
    column: str
    values: tuple[float, ...]
    errors: tuple[float, ...]
    words: tuple[tuple[int, str], ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HepdataTable:
    """A table.

    Attributes
    ----------
    name : str
        As in the submission; the file for a table alone.
    source : str
        The file.
    variables : tuple of HepdataVariable
        The independent ones first.
    """

    name: str
    source: str
    variables: tuple[HepdataVariable, ...]


def read_documents(path: Path) -> list[dict[str, Any]]:
    """Read all documents of a YAML file.

    Parameters
    ----------
    path : Path

    Returns
    -------
    list of dict

    Raises
    ------
    UsageError
        PyYAML is not installed.
    InputError
        Not a YAML of objects, or too large.
    """
    yaml = yaml_library()
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise InputError(str(path), [Problem(f"larger than {LARGEST_FILE // 1_000_000} MB")])
        documents = list(yaml.safe_load_all(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise InputError(str(path), [Problem(f"cannot be read: {error.strerror}")]) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        problem = Problem(f"not a YAML ({' '.join(str(error).split())[:120]})")
        raise InputError(str(path), [problem]) from error
    found = [document for document in documents if document is not None]
    if not found or not all(isinstance(document, dict) for document in found):
        raise InputError(str(path), [Problem("not a table or a submission of HEPData")])
    return found


def is_table(document: Mapping[str, Any]) -> bool:
    """Whether a document is a table, not an entry of a submission.

    Parameters
    ----------
    document : mapping

    Returns
    -------
    bool
    """
    return "independent_variables" in document or "dependent_variables" in document


def parse_table(document: Mapping[str, Any], name: str, source: str) -> HepdataTable:
    """Take a table apart.

    Parameters
    ----------
    document : mapping
    name, source : str

    Returns
    -------
    HepdataTable

    Raises
    ------
    InputError
        Not a table, or columns of different length.
    """
    try:
        variables = tuple(
            _variable(item)
            for group in ("independent_variables", "dependent_variables")
            for item in document.get(group) or []
        )
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        what = f"not a table of HEPData ({type(error).__name__}: {str(error)[:80]})"
        raise InputError(source, [Problem(what)]) from error
    if len({len(v.values) for v in variables}) > 1:
        found = ", ".join(f"{v.header}: {len(v.values)}" for v in variables)
        raise InputError(source, [Problem("variables of different length", value=found[:120])])
    return HepdataTable(name, source, variables)


def _variable(item: Mapping[str, Any]) -> HepdataVariable:
    qualifiers = {str(q["name"]): str(q["value"]) for q in item.get("qualifiers") or []}
    column = _Column(str(item["header"]["name"]))
    cells = [column.cell(row, cell) for row, cell in enumerate(item["values"], start=1)]
    return HepdataVariable(
        header=column.header,
        units=str(item["header"].get("units") or ""),
        column=qualifiers.get(COLUMN, ""),
        values=tuple(value for value, _ in cells),
        errors=tuple(error for _, error in cells),
        words=tuple(column.words),
        notes=tuple(column.notes),
    )


class _Column:
    """Reads the cells of one variable, and keeps what there is to say about them."""

    def __init__(self, header: str) -> None:
        self.header = header
        self.words: list[tuple[int, str]] = []
        self.notes: dict[str, None] = {}

    def cell(self, row: int, cell: Mapping[str, Any]) -> tuple[float, float]:
        """Value, or the middle of a bin, and all errors in quadrature; NaN for what is not given."""
        if "value" in cell:
            value = self._number(row, cell["value"])
        else:
            self.notes[f"{self.header}: the middle of each bin was taken."] = None
            value = 0.5 * (self._number(row, cell["low"]) + self._number(row, cell["high"]))
        parts = cell.get("errors") or []
        if len(parts) > 1:
            self.notes[f"{self.header}: errors of several sources were added in quadrature."] = None
        sizes = [self._error(row, part, value) for part in parts]
        return value, math.hypot(*sizes) if sizes else math.nan

    def _error(self, row: int, part: Mapping[str, Any], value: float) -> float:
        if "symerror" in part:
            return self._size(row, part["symerror"], value)
        minus, plus = (self._size(row, part["asymerror"][key], value) for key in ("minus", "plus"))
        if not math.isclose(minus, plus, rel_tol=1e-9):
            self.notes[f"{self.header}: asymmetric errors were averaged."] = None
        return 0.5 * (minus + plus)

    def _size(self, row: int, raw: object, value: float) -> float:
        relative = _PERCENT.match(raw) if isinstance(raw, str) else None
        if relative is not None:
            return abs(self._number(row, relative.group(1)) * 0.01 * value)
        return abs(self._number(row, raw))

    def _number(self, row: int, raw: object) -> float:
        if isinstance(raw, str) and raw.strip() in (MISSING, ""):
            return math.nan
        if isinstance(raw, int | float | str):
            try:
                return float(raw)
            except (ValueError, OverflowError):
                pass
        self.words.append((row, str(raw)[:40]))
        return math.nan
