"""Levels of nuclei and the transitions between them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from x17.errors import UsageError
from x17.nuclear.data_table import optional_number, shipped_rows
from x17.nuclear.multipole import Multipole
from x17.nuclear.transitions.nuclei import nucleus_of


@dataclass(frozen=True, slots=True)
class Level:
    """A level of a nucleus.

    Attributes
    ----------
    nucleus : str
    energy_mev : float
        Above the ground state.
    spin : int
        J.
    parity : int
        +1 or −1.
    isospin : int
        T, or what is nearest to it in a mixed level.
    width_kev : float or None
        Full width at half maximum.
    reaction : str
        The reaction that makes it, empty where none of the table does.
    resonance_beam_mev : float or None
        Kinetic energy of the beam on resonance.
    source, note : str
    """

    nucleus: str
    energy_mev: float
    spin: int
    parity: int
    isospin: int
    width_kev: float | None
    reaction: str
    resonance_beam_mev: float | None
    source: str
    note: str

    @property
    def spin_parity(self) -> str:
        """J^P, as `1+`."""
        return f"{self.spin}{'+' if self.parity > 0 else '-'}"


@dataclass(frozen=True, slots=True)
class Transition:
    """A transition from an upper to a lower level.

    Attributes
    ----------
    upper, lower : Level
    multipole : Multipole or None
        The lowest; None where neither a photon nor a pair can do it.
    width_ev, width_err_ev : float or None
        Partial width: of photons, for E0 of pairs.
    source, note : str
    """

    upper: Level
    lower: Level
    multipole: Multipole | None
    width_ev: float | None
    width_err_ev: float | None
    source: str
    note: str

    @property
    def energy_mev(self) -> float:
        """Difference of the levels, MeV; the recoil takes some 20 keV of it."""
        return self.upper.energy_mev - self.lower.energy_mev


def _level(row: dict[str, str]) -> Level:
    return Level(
        row["nucleus"],
        float(row["energy_mev"]),
        int(row["spin"]),
        +1 if row["parity"] == "+" else -1,
        int(row["isospin"]),
        optional_number(row["width_kev"]),
        row["reaction"],
        optional_number(row["resonance_beam_mev"]),
        row["source"],
        row["note"],
    )


@cache
def _levels() -> tuple[Level, ...]:
    return tuple(_level(row) for row in shipped_rows("levels.csv"))


@cache
def _transitions() -> tuple[Transition, ...]:
    at = {(level.nucleus, level.energy_mev): level for level in _levels()}
    return tuple(
        Transition(
            at[row["nucleus"], float(row["upper_mev"])],
            at[row["nucleus"], float(row["lower_mev"])],
            Multipole(row["multipole"]) if row["multipole"] else None,
            optional_number(row["width_ev"]),
            optional_number(row["width_err_ev"]),
            row["source"],
            row["note"],
        )
        for row in shipped_rows("transitions.csv")
    )


def levels_of(nucleus: str) -> tuple[Level, ...]:
    """Levels of a nucleus, from the ground state up.

    Parameters
    ----------
    nucleus : str

    Returns
    -------
    tuple of Level

    Raises
    ------
    UsageError
        An unknown nucleus, or one without levels in the table.
    """
    nucleus_of(nucleus)
    found = [level for level in _levels() if level.nucleus == nucleus]
    if not found:
        known = sorted({level.nucleus for level in _levels()})
        raise UsageError(f"no levels of {nucleus} in the table; allowed: {', '.join(known)}")
    return tuple(sorted(found, key=lambda level: level.energy_mev))


def transitions_of(nucleus: str) -> tuple[Transition, ...]:
    """Transitions of a nucleus.

    Parameters
    ----------
    nucleus : str

    Returns
    -------
    tuple of Transition

    Raises
    ------
    UsageError
        An unknown nucleus, or one without levels in the table.
    """
    levels_of(nucleus)
    return tuple(item for item in _transitions() if item.upper.nucleus == nucleus)


def nearest_level(nucleus: str, energy_mev: float) -> Level:
    """The level closest in energy.

    Parameters
    ----------
    nucleus : str
    energy_mev : float

    Returns
    -------
    Level

    Raises
    ------
    UsageError
        An unknown nucleus, or one without levels in the table.
    """
    return min(levels_of(nucleus), key=lambda level: abs(level.energy_mev - energy_mev))
