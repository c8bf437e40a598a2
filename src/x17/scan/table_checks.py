"""What a scan table must satisfy, whoever made it: a file, the simulation or a Python script."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from x17.errors import Problem
from x17.scan.columns import BY_NAME, AnyArray, Column
from x17.scan.model_constants import ModelConstants
from x17.scan.selection import Selection

BoolArray = NDArray[np.bool_]

SAME_ENERGY_MEV = 1e-9
"""Two searched points closer in √s than this are one point given twice, MeV."""
SMALLEST_RATIO_ERR = 1e-9
"""Smallest relative error of ε_S/B: below, a straight line through it would be fitted to rounding errors."""
YIELD_RANGE = (1e-6, 1e6)
"""Allowed n2/(n_pot · background_per_pot), close to 1 by construction: outside, the units are wrong."""
_TEXT_SHOWN = 40


def shorten(text: str) -> str:
    """Cut a text that is too long for a message.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
        At most 41 characters, the last one "…" if something was cut.
    """
    return text if len(text) <= _TEXT_SHOWN else text[:_TEXT_SHOWN] + "…"


def shorten_list(text: str) -> str:
    """Cut a list of allowed values that is too long for a message.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
        At most 201 characters, the last one "…" if something was cut.
    """
    return text if len(text) <= 200 else text[:200] + "…"


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Columns under test, and where each row came from.

    Attributes
    ----------
    columns : mapping of str to ndarray, shape (n,)
        The table, NaN where a cell could not be read.
    lines : tuple of int or None
        Line of the file of each row; None for a table in memory.
    texts : mapping of str to tuple of str
        Cells as written; empty for a table in memory.
    unreadable : mapping of str to ndarray of bool, shape (n,)
        Cells already reported, which are not judged again.
    lost : int
        Rows of the file that could not be cut into cells, and so are missing here.
    """

    columns: Mapping[str, AnyArray]
    lines: tuple[int, ...] | None = None
    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unreadable: Mapping[str, BoolArray] = field(default_factory=dict)
    lost: int = 0

    @property
    def rows(self) -> int:
        """Number of rows."""
        return int(self.columns["sqrt_s_mev"].size)

    def readable(self, *names: str) -> BoolArray:
        """Rows in which all named columns could be read (shape (n,))."""
        bad = [self.unreadable[name] for name in names if name in self.unreadable]
        return ~np.any(bad, axis=0) if bad else np.ones(self.rows, dtype=bool)

    def problem(self, row: int, column: str, what: str, allowed: str) -> Problem:
        """Describe one bad cell."""
        if column in self.texts:
            value = shorten(self.texts[column][row])
        else:
            value = repr(self.columns[column][row].item()) if column in self.columns else ""
        if self.lines is None:
            return Problem(f"row {row + 1}: {what}", None, column, value, allowed)
        return Problem(what, self.lines[row], column, value, allowed)


def find_problems(table: Table, selection: Selection, constants: ModelConstants) -> list[Problem]:
    """Find everything wrong with a table.

    Parameters
    ----------
    table : Table
        Columns with their defaults filled in.
    selection : Selection
        The scan parts that are searched.
    constants : ModelConstants
        Gives the electron mass, the added errors and the number of points needed.

    Returns
    -------
    list of Problem
        Empty for a sound table.
    """
    with np.errstate(all="ignore"):  # bad cells may be NaN or huge here; each is reported by its own test
        problems = [
            *_out_of_range(table),
            *_below_threshold(table, constants.electron_mass_mev),
            *_repeated_periods(table),
            *_unknown_parts(table, selection),
            *_repeated_energies(table, selection),
            *_wrong_units(table),
            *_without_error(table, constants),
        ]
    return [*problems, *_too_few(table, selection, constants)]


def _out_of_range(table: Table) -> Iterator[Problem]:
    for name, values in table.columns.items():
        column = BY_NAME[name]
        numbers = np.asarray(values, dtype=np.float64)
        high = _upper_bound(table, column)
        bad = ~((numbers >= column.low) & (numbers <= high)) & table.readable(name)
        if column.may_be_empty:
            bad &= ~np.isnan(numbers)
        if column.error_of is not None and column.error_of in table.columns:
            # An error next to a value that is itself wrong cannot be judged, unless it is negative.
            parent = BY_NAME[column.error_of]
            value = np.asarray(table.columns[parent.name], dtype=np.float64)
            sound = table.readable(parent.name) & (value >= parent.low) & (value <= parent.high)
            bad &= sound | ~(numbers >= column.low)
        for row in np.flatnonzero(bad):
            yield table.problem(int(row), name, _range_sentence(float(numbers[row]), column), column.allowed)


def _upper_bound(table: Table, column: Column) -> NDArray[np.float64]:
    if column.error_of is not None and column.error_of in table.columns:
        return np.asarray(table.columns[column.error_of], dtype=np.float64)
    return np.full(table.rows, column.high)


def _range_sentence(value: float, column: Column) -> str:
    if not np.isfinite(value):
        return "not a finite number"
    if value < column.low:
        return "negative" if value < 0 else "zero" if value == 0 else "too small"
    return "larger than 100 % of its value" if column.error_of is not None else "too large"


def _below_threshold(table: Table, electron_mass: float) -> Iterator[Problem]:
    sqrt_s = table.columns["sqrt_s_mev"]
    low = BY_NAME["sqrt_s_mev"].low
    bad = table.readable("sqrt_s_mev") & (sqrt_s >= low) & ~(sqrt_s > 2 * electron_mass)
    for row in np.flatnonzero(bad):
        allowed = f"more than 2 m_e = {2 * electron_mass:g} MeV"
        yield table.problem(
            int(row), "sqrt_s_mev", "below the rest energy of a positron and an electron", allowed
        )


def _repeated_periods(table: Table) -> Iterator[Problem]:
    seen: dict[int, int] = {}
    for row in np.flatnonzero(table.readable("period")):
        first = seen.setdefault(int(table.columns["period"][row]), int(row))
        if first != row:
            what = f"period given twice, first {_where(table, first)}"
            yield table.problem(int(row), "period", what, "a number of its own for each row")


def _where(table: Table, row: int) -> str:
    return f"in row {row + 1}" if table.lines is None else f"in line {table.lines[row]}"


def _unknown_parts(table: Table, selection: Selection) -> Iterator[Problem]:
    parts = np.asarray(table.columns["scan_part"])
    bad = table.readable("scan_part") & ~np.isin(parts, np.array(selection.known_values, dtype=np.int64))
    allowed = "one of " + ", ".join(map(str, selection.known_values)) + " (the scan_parts of its TOML)"
    # Once for each value, not for each row: it is one mistake.
    for value, first in zip(*np.unique(parts[bad], return_index=True), strict=True):
        row = int(np.flatnonzero(bad)[first])
        count = int(np.count_nonzero(parts[bad] == value))
        what = f"a scan part that nothing describes, in {count} rows"
        yield table.problem(row, "scan_part", what, shorten_list(allowed))


def _searched(table: Table, selection: Selection) -> BoolArray:
    part = np.asarray(table.columns["scan_part"])
    return table.readable("scan_part") & np.isin(part, np.array(selection.used_values, dtype=np.int64))


def _repeated_energies(table: Table, selection: Selection) -> Iterator[Problem]:
    sqrt_s = table.columns["sqrt_s_mev"]
    usable = _searched(table, selection) & table.readable("sqrt_s_mev") & np.isfinite(sqrt_s)
    rows = np.flatnonzero(usable)
    rows = rows[np.argsort(sqrt_s[rows], kind="stable")]
    for first, second in pairwise(rows):
        if sqrt_s[second] - sqrt_s[first] <= SAME_ENERGY_MEV:
            what = f"energy of two searched points, first {_where(table, int(first))}"
            yield table.problem(int(second), "sqrt_s_mev", what, "searched points more than 1e-9 MeV apart")


def _wrong_units(table: Table) -> Iterator[Problem]:
    names = ("n2", "n_pot", "background_per_pot")
    sound = table.readable(*names)
    for name in names:
        column = BY_NAME[name]
        sound &= (table.columns[name] >= column.low) & (table.columns[name] <= column.high)
    n2, n_pot, background = (table.columns[name] for name in names)
    ratio = n2 / n_pot / background
    for row in np.flatnonzero(sound & ~((ratio >= YIELD_RANGE[0]) & (ratio <= YIELD_RANGE[1]))):
        what = f"n2 / (n_pot * background_per_pot) is {ratio[row]:.3g}, far from 1: are the units right?"
        yield table.problem(int(row), "background_per_pot", what, "a ratio from 1e-6 to 1e6")


def _without_error(table: Table, constants: ModelConstants) -> Iterator[Problem]:
    # g_R always has an error, that of its counts; the line through ε_S/B has none but these.
    if constants.background_err_added >= SMALLEST_RATIO_ERR:
        return
    names = ("signal_efficiency", "signal_efficiency_err", "background_per_pot", "background_err_raw")
    efficiency, efficiency_err, background, background_err = (table.columns[name] for name in names)
    relative = np.hypot(efficiency_err / efficiency, background_err / background)
    for row in np.flatnonzero(table.readable(*names)):
        if relative[row] < SMALLEST_RATIO_ERR:
            what = "the ratio of signal_efficiency to background_per_pot has no error"
            allowed = "an error of either column, or background_err_added above 0"
            yield table.problem(int(row), "signal_efficiency_err", what, allowed)


def _too_few(table: Table, selection: Selection, constants: ModelConstants) -> Iterator[Problem]:
    found, needed = int(_searched(table, selection).sum()), constants.points_needed
    # Rows that are reported as unreadable may well be searched once they are mended.
    pending = table.lost + int((~table.readable("scan_part")).sum())
    if found + pending < needed:
        parts = ", ".join(map(str, selection.used_values)) or "none"
        yield Problem(
            f"{found} points to search (scan_part {shorten_list(parts)}), "
            f"{needed} are needed: the masked window of {constants.window_size} and 3 beside it"
        )
