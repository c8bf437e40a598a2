"""Reading the CSV of a bound: masses and the ends of what is excluded; every problem with its line."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from x17.constants import ELECTRON_MASS_MEV
from x17.constraints.curve import Curve
from x17.errors import Problem
from x17.scan.table_checks import shorten

COLUMNS = ("mass_mev", "low", "high", "source")
"""`source` is a text: where the row was read."""

ALLOWED = {
    "mass_mev": f"above 2 m_e = {2.0 * ELECTRON_MASS_MEV:.4f} and at most 1e6, rising",
    "low": "above 0 and at most 10",
    "high": "above 0 and at most 10, larger than low",
}
_RANGES = {"mass_mev": (2.0 * ELECTRON_MASS_MEV, 1e6), "low": (0.0, 10.0), "high": (0.0, 10.0)}


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    cells: Mapping[str, str]


def parse_curve(content: bytes, unit: float) -> tuple[Curve | None, list[Problem]]:
    """Read the CSV of a bound.

    Parameters
    ----------
    content : bytes
        UTF-8; a header of `COLUMNS`, `mass_mev` and at least one of `low` and `high` among them.
    unit : float
        What one unit of the file is in g: 1, or e for ε.

    Returns
    -------
    Curve or None
        None if there are problems.
    list of Problem
        All of them.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return None, [Problem("not UTF-8 text", line, None, f"byte 0x{content[error.start]:02x}")]
    header, rows, problems = _split(text)
    numeric = [name for name in COLUMNS[:3] if name in header]
    values = {name: [_number(row, name, problems) for row in rows] for name in numeric}
    problems += _order_problems(rows, values)
    if problems:
        return None, sorted(problems, key=lambda p: p.line or 0)
    columns = {name: np.array(column, dtype=np.float64) for name, column in values.items()}
    low, high = (unit * columns[name] if name in columns else None for name in ("low", "high"))
    return Curve(columns["mass_mev"], low, high), []


def _split(text: str) -> tuple[list[str], list[_Row], list[Problem]]:
    """Header, rows of the right width, and what is wrong with either."""
    lines: list[tuple[int, list[str]]] = []
    for number, line in enumerate(re.split(r"\r\n|\n|\r", text), start=1):
        if line.strip() and not line.lstrip().startswith("#"):
            try:
                lines.append((number, [cell.strip() for cell in next(csv.reader([line]))]))
            except csv.Error as error:  # a cell of more than 131072 characters
                return [], [], [Problem(f"not a row of a CSV: {error}", number, None, shorten(line))]
    if not lines:
        return [], [], [Problem("empty: no header and no rows")]
    (first, header), body = lines[0], lines[1:]
    problems = _header_problems(first, header)
    problems += [
        Problem(
            f"{len(cells)} cells where the header has {len(header)}",
            line,
            None,
            shorten(",".join(cells)),
            f"{len(header)} cells",
        )
        for line, cells in body
        if len(cells) != len(header)
    ]
    if not body:
        problems.append(Problem("no rows below the header", first))
    rows = [
        _Row(line, dict(zip(header, cells, strict=True))) for line, cells in body if len(cells) == len(header)
    ]
    return header, rows, problems


def _header_problems(line: int, header: list[str]) -> list[Problem]:
    problems = [
        Problem("unknown column", line, None, shorten(name), ", ".join(COLUMNS))
        for name in dict.fromkeys(header)
        if name not in COLUMNS
    ]
    problems += [
        Problem(f"column given {header.count(name)} times", line, name)
        for name in COLUMNS
        if header.count(name) > 1
    ]
    if "mass_mev" not in header:
        problems.append(Problem("required column missing", line, "mass_mev"))
    if "low" not in header and "high" not in header:
        problems.append(
            Problem("neither end of the excluded couplings", line, None, None, "low, high, or both")
        )
    return problems


def _number(row: _Row, name: str, problems: list[Problem]) -> float | None:
    """Value of a cell, or None after saying what is wrong with it."""
    cell = row.cells[name]
    try:
        value = float(cell)
    except ValueError:
        what = "not a number" if cell else "empty cell"
    else:
        smallest, largest = _RANGES[name]
        if math.isfinite(value) and smallest < value <= largest:
            return value
        what = "out of range" if math.isfinite(value) else "not a finite number"
    problems.append(Problem(what, row.line, name, shorten(cell), ALLOWED[name]))
    return None


def _order_problems(rows: list[_Row], values: Mapping[str, list[float | None]]) -> list[Problem]:
    """Masses that do not rise, and bands whose ends are the wrong way round."""
    problems = []
    before = 0.0
    for row, mass in zip(rows, values.get("mass_mev", []), strict=False):
        if mass is not None and mass <= before:
            problems.append(
                Problem(
                    "not above the mass before", row.line, "mass_mev", row.cells["mass_mev"], "rising masses"
                )
            )
        before = max(before, mass or 0.0)
    for row, low, high in zip(rows, values.get("low", []), values.get("high", []), strict=False):
        if low is not None and high is not None and low >= high:
            problems.append(
                Problem(
                    f"not above low = {row.cells['low']}",
                    row.line,
                    "high",
                    row.cells["high"],
                    ALLOWED["high"],
                )
            )
    return problems
