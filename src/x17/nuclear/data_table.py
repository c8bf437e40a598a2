"""The tables of the nuclear room: CSV with a source and a note on every row."""

from __future__ import annotations

import csv
from importlib.resources import files

from x17.errors import InputError, Problem


def shipped_rows(name: str) -> list[dict[str, str]]:
    """Rows of a table that ships with the package.

    Parameters
    ----------
    name : str
        File in the room's data folder.

    Returns
    -------
    list of dict
        Column to cell, stripped.

    Raises
    ------
    InputError
        A row with more or fewer cells than the header, or without a source.
    """
    text = files("x17.nuclear").joinpath(f"data/{name}").read_text(encoding="utf-8")
    return parse_rows(name, text)


def parse_rows(name: str, text: str) -> list[dict[str, str]]:
    """Rows of a table; lines that start with # are comments.

    Parameters
    ----------
    name : str
        For messages.
    text : str

    Returns
    -------
    list of dict
        Column to cell, stripped.

    Raises
    ------
    InputError
        A row with more or fewer cells than the header, or without a source.
    """
    lines = [(n, line) for n, line in enumerate(text.splitlines(), 1) if line.strip() and line[0] != "#"]
    if not lines:
        raise InputError(name, [Problem("no header")])
    header, *table = csv.reader(line for _, line in lines)
    rows, problems = [], []
    for (number, _), cells in zip(lines[1:], table, strict=True):
        row = {column: cell.strip() for column, cell in zip(header, cells, strict=False)}
        if len(cells) != len(header):
            problems.append(Problem("cells in the row", number, None, str(len(cells)), str(len(header))))
        elif not row["source"]:
            problems.append(Problem("no source", number, "source"))
        rows.append(row)
    if problems:
        raise InputError(name, problems)
    return rows


def optional_number(cell: str) -> float | None:
    """The number in a cell, None in an empty one.

    Parameters
    ----------
    cell : str

    Returns
    -------
    float or None
    """
    return float(cell) if cell else None
