"""Reading a table of measurements: every problem of the file at once, with line and column."""

from __future__ import annotations

import csv
import difflib
import math
import re
from collections.abc import Iterator
from typing import Any

from x17.errors import InputError, Problem
from x17.nuclear.masses.columns import BY_NAME, NEEDED_ERRORS, REQUIRED, Column, Kind
from x17.nuclear.masses.measurement import Grade, Measurement, MeasurementTable

ADVICE = (
    "A table of measurements is a UTF-8 CSV with commas between columns and points in numbers; its columns "
    "are in docs/how-to/combine-with-nuclear-data.md, and lines that start with # are comments."
)
_LONGEST_SHOWN = 40
_BREAK = re.compile(r"\r\n|\n|\r")

Cells = dict[str, str]


def parse_measurements(source: str, content: bytes) -> MeasurementTable:
    """Read a table of measurements from the bytes of its file.

    Parameters
    ----------
    source : str
        The file, as the user named it.
    content : bytes
        UTF-8, with or without a byte order mark; any line ends.

    Returns
    -------
    MeasurementTable

    Raises
    ------
    InputError
        All that is wrong with the file.
    """
    problems: list[Problem] = []
    lines = _lines(source, content, problems)
    if not lines:
        raise InputError(source, problems or [Problem("empty: no header and no rows")], ADVICE)
    (header_line, header), *body = lines
    problems += _header_problems(header_line, header)
    rows: list[Measurement] = []
    for number, cells in body:
        if len(cells) != len(header):
            what = f"{len(cells)} cells where the header has {len(header)}"
            problems.append(Problem(what, number, None, _short(",".join(cells)), f"{len(header)} cells"))
            continue
        named = {name: cell for name, cell in zip(header, cells, strict=True) if name in BY_NAME}
        values, found = _read_row(number, named)
        problems += found
        # A row with a bad cell is left out of what follows, where it would be reported again.
        if not found and set(REQUIRED) <= set(header):
            rows.append(Measurement(**values, line=number))
    problems += _table_problems(rows, every_key={cells.get("key", "") for cells in _named(header, body)})
    if not body:
        problems.append(Problem("no rows below the header", header_line))
    if problems:
        raise InputError(source, sorted(problems, key=lambda p: p.line or 0), ADVICE)
    return MeasurementTable(source, tuple(rows))


def _named(header: list[str], body: list[tuple[int, list[str]]]) -> Iterator[Cells]:
    for _, cells in body:
        yield dict(zip(header, cells, strict=False))


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…"


def _lines(source: str, content: bytes, problems: list[Problem]) -> list[tuple[int, list[str]]]:
    """Cells of every line that is neither blank nor a comment, with its number."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = len(re.findall(rb"\r\n|\n|\r", content[: error.start]))
        bad = Problem("not UTF-8 text", before + 1, None, f"byte 0x{content[error.start]:02x}")
        raise InputError(source, [bad], ADVICE) from error
    rows: list[tuple[int, list[str]]] = []
    for number, line in enumerate(_BREAK.split(text), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        try:
            rows.append((number, [cell.strip() for cell in next(csv.reader([line], strict=True))]))
        except csv.Error as error:
            problems.append(Problem(f"not a row of a CSV: {error}", number, None, _short(line)))
    return rows


def _header_problems(line: int, header: list[str]) -> list[Problem]:
    problems = []
    for name in dict.fromkeys(header):
        if name not in BY_NAME:
            close = difflib.get_close_matches(name.lower(), BY_NAME, n=1)
            what = f"unknown column; did you mean {close[0]}?" if close else "unknown column"
            problems.append(Problem(what, line, None, _short(name), ", ".join(BY_NAME)))
        elif header.count(name) > 1:
            problems.append(Problem(f"column given {header.count(name)} times", line, name))
    return problems + [
        Problem("required column missing", line, name) for name in REQUIRED if name not in header
    ]


def _read_row(line: int, cells: Cells) -> tuple[dict[str, Any], list[Problem]]:
    """Values of a row by the names of `Measurement`, and what is wrong with its cells."""
    values: dict[str, Any] = {}
    problems = []
    for name, cell in cells.items():
        value, what = _read_cell(BY_NAME[name], cell)
        values[name] = value
        if what:
            problems.append(Problem(what, line, name, _short(cell), BY_NAME[name].allowed))
    for name in values:
        parent = BY_NAME[name].error_of
        if parent and cells[name] and not cells.get(parent):
            problems.append(Problem(f"given without {parent}", line, name, _short(cells[name])))
    for name, error in NEEDED_ERRORS:
        if cells.get(name) and not cells.get(error):
            what = f"given without {error}, so that it has no weight in a fit"
            problems.append(Problem(what, line, name, _short(cells[name])))
    return values, problems


def _read_cell(column: Column, cell: str) -> tuple[Any, str]:
    """Value of a cell, and the sentence that says what is wrong with it or ""."""
    if not cell and column.required:
        return None, "empty cell"
    if column.kind is Kind.WORDS:
        return tuple(cell.split()), ""
    if column.kind is Kind.TEXT:
        if column.among and cell not in column.among:
            return None, "not among the allowed ones"
        return (Grade(cell) if column.name == "grade" else cell), ""
    return _read_numbers(column, cell) if cell else (None, "")


def _read_numbers(column: Column, cell: str) -> tuple[tuple[float, ...] | float | None, str]:
    several = column.kind is Kind.NUMBERS
    read = [_read_number(column, part) for part in (cell.split() if several else [cell])]
    bad = [what for _, what in read if what]
    if bad:
        return None, bad[0]
    return (tuple(number for number, _ in read) if several else read[0][0]), ""


def _read_number(column: Column, text: str) -> tuple[float, str]:
    try:
        number = float(text)
    except ValueError:
        decimal_comma = re.fullmatch(r"[+-]?\d+,\d+", text)
        return math.nan, "a decimal comma" if decimal_comma else "not a number"
    if not math.isfinite(number):
        return number, "not a finite number"
    return number, "" if column.low <= number <= column.high else "out of range"


def _table_problems(rows: list[Measurement], every_key: set[str]) -> Iterator[Problem]:
    """What is wrong between rows: keys given twice, replacements that are not there."""
    seen: dict[str, int | None] = {}
    for row in rows:
        if row.key in seen:
            yield Problem(f"key given twice, first in line {seen[row.key]}", row.line, "key", row.key)
        elif row.key.startswith("-") or "," in row.key:
            yield Problem(
                "a key is a word without commas and without a minus in front", row.line, "key", row.key
            )
        seen.setdefault(row.key, row.line)
        if row.replaced_by and row.replaced_by not in every_key - {row.key}:
            yield Problem("no other row has this key", row.line, "replaced_by", row.replaced_by)
        if row.rate is None and row.rate_limit is None and not row.measures_mass:
            yield Problem("neither a mass nor an angle nor a rate", row.line)
