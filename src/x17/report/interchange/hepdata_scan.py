"""A table of HEPData as a scan: which variable is which column, in which unit."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from x17.errors import InputError, Problem, UsageError
from x17.kinematics import sqrt_s_mev
from x17.report.interchange.hepdata_table import HepdataTable, HepdataVariable
from x17.scan import EnergyScan
from x17.scan.columns import BY_NAME, REQUIRED
from x17.scan.loading import NOTE_DEFAULTS, build_scan
from x17.scan.model_constants import ModelConstants
from x17.scan.table_text import csv_text

FloatArray = NDArray[np.float64]

BEAM_ENERGY = "beam_energy_mev"
"""May stand for the column sqrt_s_mev: total energy of the beam on electrons at rest."""

SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "sqrt_s_mev": (
        "sqrt s",
        "root s",
        "centre of mass energy",
        "center of mass energy",
        "cm energy",
        "e cm",
        "ecm",
    ),
    BEAM_ENERGY: ("beam energy", "positron energy", "positron beam energy", "e beam", "ebeam"),
    "n2": ("n 2", "number of events", "events", "candidates", "two cluster candidates", "counts", "yield"),
    "n_pot": ("n pot", "npot", "pot", "positrons on target", "number of positrons on target"),
    "background_per_pot": (
        "b",
        "background per pot",
        "expected background per positron",
        "background per positron",
        "expected yield per positron b",
    ),
    "signal_efficiency": (
        "signal efficiency",
        "efficiency",
        "signal acceptance",
        "acceptance",
        "acceptance times efficiency",
    ),
}
"""Headers, in small letters and without signs, that mean a column."""

_ERROR_COLUMNS = {
    "n2": "n2_err",
    "n_pot": "n_pot_err_raw",
    "background_per_pot": "background_err_raw",
    "signal_efficiency": "signal_efficiency_err",
}
_ENERGY_UNITS = {"mev": 1.0, "gev": 1e3, "kev": 1e-3}
_POWER = re.compile(r"^(?:x|\*|×|\\times)?\s*10\s*(?:\^|\*\*)?\s*\{?\s*([+-]?\d+)\s*\}?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnChoice:
    """What the user says about the columns.

    Attributes
    ----------
    headers : mapping of str to str
        Column of a scan table (or `beam_energy_mev`) to header of the file.
    values : mapping of str to float
        Columns that are one number at all points.

    Raises
    ------
    UsageError
        A column that a scan does not have, or one named twice.
    """

    headers: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in (*self.headers, *self.values):
            if name not in BY_NAME and name != BEAM_ENERGY:
                known = ", ".join((*BY_NAME, BEAM_ENERGY))
                raise UsageError(f"{name!r} is no column of a scan; known: {known}")
        if both := sorted(set(self.headers) & set(self.values)):
            raise UsageError(f"{both[0]} is given both as a column and as a value; give one")


def scan_of_table(
    table: HepdataTable,
    choice: ColumnChoice,
    name: str,
    source: str = "",
    metadata: tuple[str, bytes] | None = None,
) -> EnergyScan:
    """Make a scan of a table.

    Parameters
    ----------
    table : HepdataTable
    choice : ColumnChoice
    name, source : str
        Name and citation of the scan.
    metadata : (str, bytes), optional
        Name and content of the TOML that belongs to the table. Without it the constants are those of PADME
        Run III, which a note then says.

    Returns
    -------
    EnergyScan

    Raises
    ------
    InputError
        Columns that are missing or not understood, or values that a scan may not have.
    """
    found = match_columns(table, choice)
    problems: list[Problem] = []
    columns: dict[str, FloatArray] = {}
    notes: list[str] = []
    for column, variable in found.items():
        problems += [Problem("not a number", row, variable.header, word) for row, word in variable.words]
        scale = _scale(column, variable, problems)
        columns[column] = scale * np.array(variable.values)
        notes += variable.notes
        errors = scale * np.array(variable.errors)
        error_column = _ERROR_COLUMNS.get(column)
        if error_column and error_column not in found and np.isfinite(errors).any():
            columns[error_column] = np.where(np.isfinite(errors), errors, 0.0)
    rows = len(table.variables[0].values) if table.variables else 0
    columns |= {column: np.full(rows, value) for column, value in choice.values.items()}
    if BEAM_ENERGY in columns:
        energy = sqrt_s_mev(columns.pop(BEAM_ENERGY), ModelConstants().electron_mass_mev)
        columns.setdefault("sqrt_s_mev", energy)
    problems += _missing(table, columns)
    if problems:
        raise InputError(table.source, problems, _ADVICE)
    _check_complete(table, columns)
    if metadata is not None:
        text = csv_text({column: columns[column] for column in BY_NAME if column in columns})
        return build_scan(table.source, text.encode(), *metadata)
    notes = list(dict.fromkeys([*notes, NOTE_DEFAULTS]))
    try:
        return EnergyScan.from_columns(columns, name=name, source=source, notes=tuple(notes))
    except InputError as error:
        raise InputError(table.source, error.problems, error.advice) from error


_ADVICE = (
    "Say which is which with --column COLUMN=HEADER, or give one number for all points with "
    "--value COLUMN=NUMBER."
)


def match_columns(table: HepdataTable, choice: ColumnChoice) -> dict[str, HepdataVariable]:
    """Find the variable of each column: as chosen, as the file says, by its name, by a synonym.

    Parameters
    ----------
    table : HepdataTable
    choice : ColumnChoice

    Returns
    -------
    dict of str to HepdataVariable

    Raises
    ------
    InputError
        A chosen header that the table does not have, or two variables for one column.
    """
    by_header = {v.header: v for v in table.variables}
    found: dict[str, HepdataVariable] = {}
    for column, header in choice.headers.items():
        if header not in by_header:
            problem = Problem(
                "no variable of this name", column=column, value=header, allowed=_headers(table)
            )
            raise InputError(table.source, [problem])
        found[column] = by_header[header]
    chosen = {v.header for v in found.values()}
    for variable in table.variables:
        guess = _column_of(variable)
        if guess is None or variable.header in chosen or guess in choice.headers or guess in choice.values:
            continue
        if guess in found:
            what = f"{found[guess].header!r} and {variable.header!r} could both be it"
            raise InputError(table.source, [Problem(what, column=guess)], _ADVICE)
        found[guess] = variable
    return found


def missing_columns(found: Sequence[str]) -> list[str]:
    """Required columns that are not among those found.

    Parameters
    ----------
    found : sequence of str

    Returns
    -------
    list of str
    """
    have = set(found) | ({"sqrt_s_mev"} if BEAM_ENERGY in found else set())
    return [name for name in REQUIRED if name not in have]


def _column_of(variable: HepdataVariable) -> str | None:
    if variable.column in BY_NAME:
        return variable.column
    plain = " ".join(re.sub(r"[^a-z0-9]+", " ", variable.header.lower()).split())
    for column in (*BY_NAME, BEAM_ENERGY):
        if plain in (column.replace("_", " "), column.removesuffix("_mev").replace("_", " ")):
            return column
    return next((column for column, names in SYNONYMS.items() if plain in names), None)


def _scale(column: str, variable: HepdataVariable, problems: list[Problem]) -> float:
    """Factor from the unit of the file to that of the column."""
    unit = variable.units.strip()
    if column in ("sqrt_s_mev", BEAM_ENERGY):
        if unit.lower() not in _ENERGY_UNITS:
            allowed = "MeV, GeV or keV"
            problems.append(
                Problem(f"unit of {variable.header!r}", column=column, value=unit, allowed=allowed)
            )
            return 1.0
        return _ENERGY_UNITS[unit.lower()]
    if unit in ("", "1", "dimensionless"):
        return 1.0
    if unit in ("%", "percent"):
        return 0.01
    power = _POWER.match(unit)
    if power is None:
        allowed = "none, % or a power of ten such as 10^9"
        problems.append(Problem(f"unit of {variable.header!r}", column=column, value=unit, allowed=allowed))
        return 1.0
    return float(10.0 ** int(power.group(1)))


def _missing(table: HepdataTable, columns: Mapping[str, FloatArray]) -> list[Problem]:
    absent = missing_columns(tuple(columns))
    if not absent:
        return []
    what = f"no variable for {', '.join(absent)}; the table has {_headers(table)}"
    return [Problem(what)]


def _check_complete(table: HepdataTable, columns: Mapping[str, FloatArray]) -> None:
    """Refuse gaps where a scan may not have any."""
    problems = [
        Problem("no value", int(row) + 1, name)
        for name, values in columns.items()
        if not BY_NAME[name].may_be_empty
        for row in np.flatnonzero(np.isnan(values))
    ]
    if problems:
        raise InputError(table.source, problems)


def _headers(table: HepdataTable) -> str:
    return ", ".join(repr(v.header) for v in table.variables) or "no variables"
