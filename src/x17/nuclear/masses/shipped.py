"""The tables that ship with the package: measurements, and masses that others derived from several."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from x17.errors import UsageError
from x17.nuclear.masses.measurement import Grade, MeasurementTable
from x17.nuclear.masses.table_file import parse_measurements

SHIPPED = "x17-measurements"
"""Name of the shipped table."""


@dataclass(frozen=True, slots=True)
class ExternalMass:
    """A mass that others derived; shown beside a fit, never part of one.

    Attributes
    ----------
    key : str
    mass_mev, error_mev : float
        MeV.
    contains : tuple of str
        Among `nuclear` and `PADME`: what may not be combined with it again.
    inputs : str
    grade : Grade
    source, note : str
    """

    key: str
    mass_mev: float
    error_mev: float
    contains: tuple[str, ...]
    inputs: str
    grade: Grade
    source: str
    note: str


def load_measurements(name: str = SHIPPED) -> MeasurementTable:
    """Read the shipped table of measurements, or one of the user's.

    Parameters
    ----------
    name : str
        `x17-measurements`, or the path of a CSV.

    Returns
    -------
    MeasurementTable

    Raises
    ------
    UsageError
        The file cannot be read.
    InputError
        It is no such table; all problems at once.
    """
    if name == SHIPPED:
        return parse_measurements(SHIPPED, _data("x17_measurements.csv").encode())
    try:
        content = Path(name).read_bytes()
    except OSError as error:
        raise UsageError(
            f"{name}: cannot be read: {error.strerror}; name a CSV of measurements, or {SHIPPED}"
        ) from error
    return parse_measurements(name, content)


def external_masses() -> tuple[ExternalMass, ...]:
    """Masses that others derived from several measurements, in the order of the shipped file."""
    text = _data("external_masses.csv")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return tuple(
        ExternalMass(
            row["key"],
            float(row["mass_mev"]),
            float(row["error_mev"]),
            tuple(row["contains"].split()),
            row["inputs"],
            Grade(row["grade"]),
            row["source"],
            row["note"],
        )
        for row in csv.DictReader(lines)
    )


def _data(name: str) -> str:
    return files("x17.nuclear").joinpath("data", name).read_text(encoding="utf-8")
