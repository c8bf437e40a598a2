"""Capture of a proton or neutron: which energy it leaves in the nucleus."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from x17.errors import UsageError
from x17.nuclear.data_table import shipped_rows
from x17.nuclear.transitions.nuclei import Nucleus, nucleus_of

FloatArray = NDArray[np.float64]

LARGEST_BEAM_ENERGY_MEV = 100.0
"""Above it no capture to a single level is what a beam does."""


@dataclass(frozen=True, slots=True)
class Reaction:
    """Projectile + target at rest → excited product.

    Attributes
    ----------
    name : str
        As on the command line.
    projectile, target, product : Nucleus
    source, note : str
        An experiment that uses or proposes it.
    """

    name: str
    projectile: Nucleus
    target: Nucleus
    product: Nucleus
    source: str
    note: str

    @property
    def q_value_mev(self) -> float:
        """Q = m_projectile + m_target − m_product, MeV."""
        return self.projectile.mass_mev + self.target.mass_mev - self.product.mass_mev

    def excitation_mev(self, beam_energy: ArrayLike) -> FloatArray:
        """Excitation energy of the product for a kinetic energy of the projectile.

        E_x = √((m_p + m_t)² + 2 m_t T) − m_f, close to Q + T m_t/(m_p + m_t).

        Parameters
        ----------
        beam_energy : array_like
            T in the laboratory, MeV.

        Returns
        -------
        ndarray
            MeV, the shape of `beam_energy`.

        Raises
        ------
        UsageError
            A negative energy, or one above `LARGEST_BEAM_ENERGY_MEV`.
        """
        kinetic = np.asarray(beam_energy, dtype=np.float64)
        if not np.all((kinetic >= 0.0) & (kinetic <= LARGEST_BEAM_ENERGY_MEV)):
            raise UsageError(
                f"a beam energy of {float(np.min(kinetic)):g} MeV on {self.target.name}; "
                f"allowed: a kinetic energy of 0 to {LARGEST_BEAM_ENERGY_MEV:g} MeV"
            )
        at_rest = self.projectile.mass_mev + self.target.mass_mev
        return np.asarray(np.sqrt(at_rest**2 + 2.0 * self.target.mass_mev * kinetic) - self.product.mass_mev)

    def beam_energy_mev(self, excitation: ArrayLike) -> FloatArray:
        """Kinetic energy of the projectile that excites the product; the inverse of `excitation_mev`.

        Parameters
        ----------
        excitation : array_like
            E_x, MeV.

        Returns
        -------
        ndarray
            MeV; negative below the Q value, where no beam leads.
        """
        mass = self.product.mass_mev + np.asarray(excitation, dtype=np.float64)
        at_rest = self.projectile.mass_mev + self.target.mass_mev
        return np.asarray((mass**2 - at_rest**2) / (2.0 * self.target.mass_mev))


def _reactions() -> dict[str, Reaction]:
    return {
        row["name"]: Reaction(
            row["name"],
            nucleus_of(row["projectile"]),
            nucleus_of(row["target"]),
            nucleus_of(row["product"]),
            row["source"],
            row["note"],
        )
        for row in shipped_rows("reactions.csv")
    }


REACTIONS = _reactions()
"""By the name of the command line."""


def reaction_of(name: str) -> Reaction:
    """A reaction by its name.

    Parameters
    ----------
    name : str
        `7Li`, `3H`, `11B` (protons) or `n3He`.

    Returns
    -------
    Reaction

    Raises
    ------
    UsageError
        An unknown target.
    """
    if name not in REACTIONS:
        raise UsageError(f"unknown target {name!r}; allowed: {', '.join(REACTIONS)}")
    return REACTIONS[name]
