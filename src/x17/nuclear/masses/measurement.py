"""One measurement of the X17 in a nuclear transition, and a table of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from x17.errors import UsageError

DEFAULT_ROWS = "default"
"""Name of the selection by grade: A and B, without rows that another one replaces."""


class Grade(StrEnum):
    """How well the numbers of a row are known."""

    A = "A"
    """Read in the text or the abstract of the paper."""
    B = "B"
    """Stated by another source: used, with a warning."""
    C = "C"
    """From later literature, not read at the source: off by default."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """One row of the table; what was not given is None.

    Attributes
    ----------
    key : str
        Short name, unique in a table.
    nucleus, target : str
        The nucleus that decays, and what the beam hits, such as 8Be and 7Li.
    beam_energies_kev : tuple of float
        Energies of the beam, keV; several where one result stands for them all.
    experiment, laboratory : str
        Rows of one laboratory share systematic errors.
    mass_mev, mass_stat_mev, mass_syst_mev : float or None
        Mass with its statistical and systematic error, MeV.
    angle_deg, angle_stat_deg, angle_syst_deg : float or None
        Smallest opening angle of the pairs, CM, with its errors, degrees.
    rate, rate_err, rate_limit : float or None
        Rate with its error, or its upper limit.
    rate_meaning : str
        What the rate is relative to.
    hypothesis_p : float or None
        p-value that the measurement gives to the signal reported by others.
    grade : Grade
    replaced_by : str
        Key of the row that stands for the same data by default, or empty.
    sets : tuple of str
        Named selections the row belongs to.
    source, note : str
    line : int or None
        Line of the file.
    """

    key: str
    nucleus: str
    target: str
    beam_energies_kev: tuple[float, ...]
    experiment: str
    laboratory: str
    mass_mev: float | None = None
    mass_stat_mev: float | None = None
    mass_syst_mev: float | None = None
    angle_deg: float | None = None
    angle_stat_deg: float | None = None
    angle_syst_deg: float | None = None
    rate: float | None = None
    rate_err: float | None = None
    rate_limit: float | None = None
    rate_meaning: str = ""
    hypothesis_p: float | None = None
    grade: Grade = Grade.A
    replaced_by: str = ""
    sets: tuple[str, ...] = ()
    source: str = ""
    note: str = ""
    line: int | None = None

    @property
    def measures_mass(self) -> bool:
        """Whether a mass can be had of it, directly or from an angle."""
        return self.mass_mev is not None or self.angle_deg is not None


@dataclass(frozen=True, slots=True)
class MeasurementTable:
    """Measurements in the order of their file.

    Attributes
    ----------
    name : str
        Where they come from, as the user named it.
    rows : tuple of Measurement
    """

    name: str
    rows: tuple[Measurement, ...]

    @property
    def by_key(self) -> Mapping[str, Measurement]:
        """The rows by their keys."""
        return {row.key: row for row in self.rows}

    @property
    def set_names(self) -> tuple[str, ...]:
        """Named selections, `default` first."""
        return (DEFAULT_ROWS, *sorted({name for row in self.rows for name in row.sets}))

    def select(self, which: str = DEFAULT_ROWS) -> tuple[Measurement, ...]:
        """The rows of a selection that measure a mass, in the order of the table.

        Parameters
        ----------
        which : str
            `default`, a named selection, or keys separated by commas; `default` and keys combine, a key
            with a minus in front leaves a row out: `default,-be-hanoi`.

        Returns
        -------
        tuple of Measurement

        Raises
        ------
        UsageError
            An unknown name, a row without a mass, two rows on the same data, or no row at all.
        """
        keys: set[str] = set()
        for part in (part.strip() for part in which.split(",")):
            if part in self.set_names:
                keys |= self._named(part)
            elif part.removeprefix("-") in self.by_key:
                keys = keys - {part[1:]} if part.startswith("-") else keys | {part}
            else:
                raise UsageError(
                    f"--rows is {which!r}: {part!r} is neither a selection nor a row of {self.name}; "
                    f"selections: {', '.join(self.set_names)}; rows: {', '.join(self.by_key)}"
                )
        chosen = tuple(row for row in self.rows if row.key in keys)
        self._check(which, chosen)
        return chosen

    def _named(self, name: str) -> set[str]:
        if name != DEFAULT_ROWS:
            return {row.key for row in self.rows if name in row.sets}
        usable = {row.key for row in self.rows if row.measures_mass and row.grade is not Grade.C}
        return {key for key in usable if self.by_key[key].replaced_by not in usable}

    def _check(self, which: str, chosen: tuple[Measurement, ...]) -> None:
        if not chosen:
            raise UsageError(f"--rows is {which!r}: no row is left; `default` takes grades A and B")
        keys = {row.key for row in chosen}
        for row in chosen:
            if not row.measures_mass:
                raise UsageError(f"--rows is {which!r}: {row.key} is a limit on a rate and has no mass")
            if row.replaced_by in keys:
                raise UsageError(
                    f"--rows is {which!r}: {row.key} and {row.replaced_by} stand for the same data, which "
                    f"would count twice; leave one out, as in {which},-{row.replaced_by}"
                )
