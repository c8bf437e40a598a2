"""Nuclei and their masses."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from x17.constants import ELECTRON_MASS_MEV
from x17.errors import UsageError
from x17.nuclear.data_table import shipped_rows

ATOMIC_MASS_UNIT_MEV = 931.49410242
"""1 u in MeV (CODATA 2018: 931.49410242(28))."""


@dataclass(frozen=True, slots=True)
class Nucleus:
    """A nucleus, or the neutron.

    Attributes
    ----------
    name : str
        Mass number and symbol, `8Be`; `n` for the neutron.
    atomic_number : int
        Z.
    atomic_mass_u : float
        Of the neutral atom, u.
    source, note : str
    """

    name: str
    atomic_number: int
    atomic_mass_u: float
    source: str
    note: str

    @property
    def mass_mev(self) -> float:
        """Mass of the bare nucleus in its ground state, MeV.

        Binding energies of the electrons are left out; a reaction changes them by less than 1 keV.
        """
        return self.atomic_mass_u * ATOMIC_MASS_UNIT_MEV - self.atomic_number * ELECTRON_MASS_MEV


@cache
def _nuclei() -> dict[str, Nucleus]:
    return {
        row["name"]: Nucleus(
            row["name"], int(row["atomic_number"]), float(row["mass_u"]), row["source"], row["note"]
        )
        for row in shipped_rows("nuclei.csv")
    }


def nucleus_of(name: str) -> Nucleus:
    """A nucleus of the table.

    Parameters
    ----------
    name : str

    Returns
    -------
    Nucleus

    Raises
    ------
    UsageError
        Not in the table.
    """
    if name not in _nuclei():
        raise UsageError(f"unknown nucleus {name!r}; allowed: {', '.join(_nuclei())}")
    return _nuclei()[name]
