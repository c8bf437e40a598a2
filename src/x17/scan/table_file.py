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
_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars", " ": "spaces"}
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
        What is wrong with the header, the rows and single cells; only if it is empty is the table one to
        use, but its readable cells can be judged in any case.

    Raises
    ------
    InputError
        When there is nothing to judge: not text, no header, no rows, or another separator.
    """
    header, rows, problems = _split(source, content)
    lost = len(problems)
    problems += _header_problems(source, header, rows)
    width = len(header.cells)
    full = [row for row in rows if len(row.cells) == width]
    problems += [_wrong_width(row, width) for row in rows if len(row.cells) != width]
    if not full:
        raise InputError(source, problems or [Problem("no rows below the header", header.line)], ADVICE)
    names = [name for name in dict.fromkeys(header.cells) if name in BY_NAME]
    texts = {name: tuple(row.cells[header.cells.index(name)] for row in full) for name in names}
    lines = tuple(row.line for row in full)
    # A missing column stands in as one that is unreadable, so that the others are judged all the same.
    columns: dict[str, AnyArray] = {name: np.full(len(full), np.nan) for name in REQUIRED}
    unreadable = {name: np.ones(len(full), dtype=bool) for name in REQUIRED}
    for name, cells in texts.items():
        columns[name], sentences = _read_column(BY_NAME[name], cells)
        unreadable[name] = np.array([bool(sentence) for sentence in sentences])
        for line, cell, sentence in zip(lines, cells, sentences, strict=True):
            if sentence:
                problems.append(Problem(sentence, line, name, shorten(cell), BY_NAME[name].allowed))
    return Table(fill_defaults(columns), lines, texts, unreadable, lost + len(rows) - len(full)), problems


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


def _header_problems(source: str, header: _Row, rows: list[_Row]) -> list[Problem]:
    """Say all that is wrong with the names of the columns; raise if they are no such names."""
    names, joined = header.cells, ",".join(header.cells)
    # Spaces count only between names of columns: a sentence is not a table with another separator.
    found = [s for s in _SEPARATORS if s in joined and (s != " " or set(joined.split()) & set(BY_NAME))]
    if len(names) == 1 and found:
        comma = any(_DECIMAL_COMMA.search(",".join(row.cells)) for row in rows)
        hint = "; numbers seem to be written with decimal commas too" if comma else ""
        what = f"columns are separated by {_SEPARATORS[found[0]]}{hint}"
        raise InputError(source, [Problem(what, header.line, None, shorten(joined), "commas")], ADVICE)
    if not set(names) & set(BY_NAME) and any(_NUMBER.fullmatch(name) for name in names):
        what = "the header is missing: the first line holds numbers"
        problem = Problem(what, header.line, None, shorten(joined), "a line with the names of the columns")
        raise InputError(source, [problem], ADVICE)
    unknown = [name for name in dict.fromkeys(names) if name not in BY_NAME]
    problems = [_unknown(name, header.line, listed=name == unknown[0]) for name in unknown]
    for name in BY_NAME:
        if names.count(name) > 1:
            problems.append(Problem(f"column given {names.count(name)} times", header.line, name))
        if name in REQUIRED and name not in names:
            problems.append(Problem("required column missing", header.line, name))
        if name in names and BY_NAME[name].error_of not in (None, *names):
            what = f"given without the column {BY_NAME[name].error_of}"
            problems.append(Problem(what, header.line, name))
    return problems


def _unknown(name: str, line: int, *, listed: bool) -> Problem:
    """Describe an unknown column; the known ones are listed once for a file."""
    close = difflib.get_close_matches(shorten(name).lower(), BY_NAME, n=1)
    what = f"unknown column; did you mean {close[0]}?" if close else "unknown column"
    return Problem(what, line, None, shorten(name), ", ".join(BY_NAME) if listed else None)


def _wrong_width(row: _Row, expected: int) -> Problem:
    what = f"{len(row.cells)} cells where the header has {expected}"
    what += "; is there a comma inside a number?" if len(row.cells) > expected else ""
    return Problem(what, row.line, None, shorten(",".join(row.cells)), f"{expected} cells")


def _read_column(column: Column, cells: tuple[str, ...]) -> tuple[AnyArray, list[str]]:
    """Values of a column (NaN or 0 where unreadable), and for each cell what is wrong with it or ""."""
    read = [_read_cell(column, cell) for cell in cells]
    filler = 0.0 if column.integer else np.nan
    values = np.array([filler if isinstance(value, str) else value for value in read])
    return values, [value if isinstance(value, str) else "" for value in read]


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
