"""Reading the bytes of a scan's CSV: header, rows, cells; every problem with its line."""

import csv
import difflib
import re
from dataclasses import dataclass

import numpy as np

from x17.errors import InputError, Problem
from x17.scan.columns import BY_NAME, LARGEST, REQUIRED, AnyArray, Column, fill_defaults
from x17.scan.table_checks import Table, shorten

ADVICE = (
    "A scan table is a UTF-8 text with commas between columns and points in numbers; its columns are in "
    "docs/reference/scan-files.md, and lines that start with # are comments."
)
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+([eE][+-]?\d+)?", re.ASCII)
_NOT_FINITE = {"nan", "inf", "infinity"}
_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}
_LONGEST_NUMBER = 400


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    cells: tuple[str, ...]


def parse_table(source: str, content: bytes) -> tuple[Table, list[Problem]]:
    """Read a scan table from the bytes of its file.

    Parameters
    ----------
    source : str
        The file, as the user named it.
    content : bytes
        UTF-8, with or without a byte order mark; any line ends.

    Returns
    -------
    Table
        The columns with their defaults, NaN (or 0 in a whole-number column) where a cell is unreadable.
    list of Problem
        The unreadable cells and rows, by line; the table is not to be used unless the list is empty.

    Raises
    ------
    InputError
        When the file as a whole cannot be read: not text, no header, wrong separator or wrong columns.
    """
    header, rows, problems = _split(source, content)
    names = _column_names(source, header, rows)
    full = []
    for row in rows:
        if len(row.cells) == len(names):
            full.append(row)
        else:
            problems.append(_wrong_width(row, len(names)))
    texts = {name: tuple(row.cells[i] for row in full) for i, name in enumerate(names)}
    lines = tuple(row.line for row in full)
    columns: dict[str, AnyArray] = {}
    unreadable = {}
    for name, cells in texts.items():
        column = BY_NAME[name]
        read = [_read_cell(column, cell) for cell in cells]
        bad = np.array([isinstance(value, str) for value in read], dtype=bool)
        filler = 0.0 if column.integer else np.nan
        columns[name] = np.array([filler if isinstance(value, str) else value for value in read])
        unreadable[name] = bad
        for line, cell, value in zip(lines, cells, read, strict=True):
            if isinstance(value, str):
                problems.append(Problem(value, line, name, shorten(cell), column.allowed))
    if not rows:
        problems.append(Problem("no rows below the header"))
    problems += _orphan_errors(header, names)
    problems.sort(key=lambda p: p.line or 0)
    return Table(fill_defaults(columns), lines, texts, unreadable), problems


def _split(source: str, content: bytes) -> tuple[_Row, list[_Row], list[Problem]]:
    """Cut a file into its header and rows, leaving comments and blank lines out."""
    text = _decode(source, content)
    rows: list[_Row] = []
    problems: list[Problem] = []
    # Only real line ends count: str.splitlines would also cut at form feeds and shift the line numbers.
    for number, line in enumerate(re.split(r"\r\n|\n|\r", text), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        try:
            cells = next(csv.reader([line], strict=True))
        except csv.Error as error:
            problems.append(Problem(f"not a row of a CSV: {error}", number, None, shorten(line)))
            continue
        rows.append(_Row(number, tuple(cell.strip() for cell in cells)))
    if not rows:
        raise InputError(source, problems or [Problem("empty: no header and no rows")], ADVICE)
    return rows[0], rows[1:], problems


def _decode(source: str, content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = len(re.findall(rb"\r\n|\n|\r", content[: error.start])) + 1
        bad = f"byte 0x{content[error.start]:02x}"
        raise InputError(source, [Problem("not UTF-8 text", line, None, bad)], ADVICE) from error
    if "\0" in text:
        line = len(re.findall(r"\r\n|\n|\r", text[: text.index("\0")])) + 1
        raise InputError(source, [Problem("contains a NUL byte, so it is not a text", line)], ADVICE)
    return text


def _column_names(source: str, header: _Row, rows: list[_Row]) -> tuple[str, ...]:
    """Take the names of the columns from the header, or say all that is wrong with it."""
    joined = ",".join(header.cells)
    if len(header.cells) == 1 and (found := [s for s in _SEPARATORS if s in joined]):
        comma = any(_DECIMAL_COMMA.search(cell) for row in rows for cell in [",".join(row.cells)])
        hint = "; numbers seem to be written with decimal commas too" if comma else ""
        what = f"columns are separated by {_SEPARATORS[found[0]]}{hint}"
        raise InputError(source, [Problem(what, header.line, None, shorten(joined), "commas")], ADVICE)
    if all(_NUMBER.fullmatch(cell) for cell in header.cells):
        what = "the header is missing: the first line holds numbers"
        problem = Problem(what, header.line, None, shorten(joined), "a line with the names of the columns")
        raise InputError(source, [problem], ADVICE)
    names = header.cells
    problems = [_unknown(name, header.line) for name in dict.fromkeys(names) if name not in BY_NAME]
    for name in dict.fromkeys(names):
        if names.count(name) > 1 and name in BY_NAME:
            problems.append(Problem(f"column given {names.count(name)} times", header.line, name))
    for name in REQUIRED:
        if name not in names:
            problems.append(Problem("required column missing", header.line, name))
    if problems:
        raise InputError(source, problems, f"Known columns: {', '.join(BY_NAME)}.\n{ADVICE}")
    return names


def _unknown(name: str, line: int) -> Problem:
    close = difflib.get_close_matches(shorten(name), BY_NAME, n=1)
    what = f"unknown column; did you mean {close[0]}?" if close else "unknown column"
    return Problem(what, line, None, shorten(name))


def _orphan_errors(header: _Row, names: tuple[str, ...]) -> list[Problem]:
    """Report error columns whose value column is absent."""
    orphans = [BY_NAME[name] for name in names if BY_NAME[name].error_of not in (None, *names)]
    return [Problem(f"given without the column {c.error_of}", header.line, c.name) for c in orphans]


def _wrong_width(row: _Row, expected: int) -> Problem:
    what = f"{len(row.cells)} cells where the header has {expected}"
    return Problem(what, row.line, None, shorten(",".join(row.cells)), f"{expected} cells")


def _read_cell(column: Column, cell: str) -> float | str:
    """Value of a cell, or the sentence that says why it has none."""
    if not cell:
        return np.nan if column.may_be_empty else "empty cell"
    if not _NUMBER.fullmatch(cell) or len(cell) > _LONGEST_NUMBER:
        return _why_no_number(cell)
    value = float(cell)
    if abs(value) > LARGEST:
        return "too large"
    if column.integer and value != round(value):
        return "not a whole number"
    # Whole numbers are converted to int64 before they are checked, hence their range here.
    return "out of range" if column.integer and not column.low <= value <= column.high else value


def _why_no_number(cell: str) -> str:
    if cell.lower().lstrip("+-") in _NOT_FINITE:
        return "not a finite number"
    return "a decimal comma" if _DECIMAL_COMMA.fullmatch(cell) else "not a number"
