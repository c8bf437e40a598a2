"""The columns of a table of measurements: what a cell may hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from x17.nuclear.masses.measurement import Grade


class Kind(Enum):
    """What the text of a cell is read as."""

    TEXT = "a text"
    WORDS = "words separated by spaces"
    NUMBER = "a number"
    NUMBERS = "numbers separated by spaces"


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes
    ----------
    name : str
        Heading in the file and attribute of `Measurement`.
    kind : Kind
    low, high : float
        Smallest and largest number allowed, both included.
    required : bool
        Whether every row must have it.
    among : tuple of str
        The only texts allowed; empty if any is.
    error_of : str
        The column of which this is an error, which must then be given too.
    """

    name: str
    kind: Kind = Kind.TEXT
    low: float = 0.0
    high: float = 0.0
    required: bool = False
    among: tuple[str, ...] = ()
    error_of: str = ""

    @property
    def allowed(self) -> str:
        """What a cell may hold, as a phrase."""
        if self.among:
            return ", ".join(self.among)
        numbers = self.kind in (Kind.NUMBER, Kind.NUMBERS)
        phrase = self.kind.value + (f" from {self.low:g} to {self.high:g}" if numbers else "")
        return phrase if self.required else f"{phrase}, or an empty cell"


def _number(name: str, low: float, high: float, error_of: str = "") -> Column:
    return Column(name, Kind.NUMBER, low, high, error_of=error_of)


TARGETS = ("7Li", "3H", "11B", "n3He")
"""Targets whose excitation energies are known."""

COLUMNS: tuple[Column, ...] = (
    Column("key", required=True),
    Column("nucleus", required=True),
    Column("target", required=True, among=TARGETS),
    Column("beam_energies_kev", Kind.NUMBERS, 1e-3, 1e5, required=True),
    Column("experiment", required=True),
    Column("laboratory", required=True),
    # From the rest energy of a pair to what these transitions can give.
    _number("mass_mev", 1.03, 30.0),
    _number("mass_stat_mev", 1e-4, 10.0, "mass_mev"),
    _number("mass_syst_mev", 0.0, 10.0, "mass_mev"),
    _number("angle_deg", 1.0, 179.9),
    _number("angle_stat_deg", 1e-3, 90.0, "angle_deg"),
    _number("angle_syst_deg", 0.0, 90.0, "angle_deg"),
    _number("rate", 0.0, 1e6),
    _number("rate_err", 0.0, 1e6, "rate"),
    _number("rate_limit", 0.0, 1e6),
    Column("rate_meaning"),
    _number("hypothesis_p", 0.0, 1.0),
    Column("grade", required=True, among=tuple(Grade)),
    Column("replaced_by"),
    Column("sets", Kind.WORDS),
    Column("source", required=True),
    Column("note"),
)
"""All columns a table may have, in the order of the shipped one."""

BY_NAME: Mapping[str, Column] = {column.name: column for column in COLUMNS}
REQUIRED: tuple[str, ...] = tuple(column.name for column in COLUMNS if column.required)
NEEDED_ERRORS: tuple[tuple[str, str], ...] = (
    ("mass_mev", "mass_stat_mev"),
    ("angle_deg", "angle_stat_deg"),
)
"""A value of the first without one of the second has no weight in a fit."""
