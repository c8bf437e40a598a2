"""The Compton profile of a light metal: the core of the atom, and valence electrons as a free gas.

In a metal the valence electrons are not those of the atom: they fill a Fermi sphere, and are several times
faster than in the free atom, whose profile is therefore too narrow and too high.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from x17.constants import AVOGADRO_PER_MOL
from x17.errors import UsageError
from x17.theory.compton import hydrogenic_1s, hydrogenic_n2
from x17.theory.target import Target

FloatArray = NDArray[np.float64]

BOHR_RADIUS_CM = 0.529177210903e-8

_CORES = {
    3: (1, 2.70, 0, 0.0),
    4: (2, 3.70, 0, 0.0),
    13: (3, 12.70, 8, 8.85),
}
"""Valence electrons, charge of the 1s, electrons with n = 2 and their charge, by Z: Slater's rules."""


@dataclass(frozen=True, slots=True)
class LightMetal:
    """Lithium, beryllium or aluminium.

    Attributes
    ----------
    atomic_number : int
    fermi_momentum : float
        p_F, a.u.
    name : str
    """

    atomic_number: int
    fermi_momentum: float
    name: str = "metal"

    @classmethod
    def of(cls, target: Target) -> LightMetal:
        """The metal of a target: p_F = (3π² n)^⅓ of its density of valence electrons.

        Parameters
        ----------
        target : Target

        Returns
        -------
        LightMetal

        Raises
        ------
        UsageError
            Another element.
        """
        if target.atomic_number not in _CORES:
            raise UsageError(
                "the Compton profile metal is one of lithium, beryllium and aluminium, but the target is of "
                f"{target.material}; known for it: rest, atom"
            )
        assert target.density_g_cm3 is not None
        atoms = target.density_g_cm3 * AVOGADRO_PER_MOL / target.molar_mass_g * BOHR_RADIUS_CM**3
        valence = _CORES[target.atomic_number][0]
        return cls(target.atomic_number, (3.0 * math.pi**2 * valence * atoms) ** (1.0 / 3.0))

    @property
    def electrons(self) -> float:
        """Z."""
        return float(self.atomic_number)

    def density(self, q: ArrayLike) -> FloatArray:
        """J(q), a.u.: ¾ n (p_F² − q²)/p_F³ inside the Fermi sphere for n valence electrons, and the core.

        Parameters
        ----------
        q : array_like
            a.u.

        Returns
        -------
        ndarray
        """
        momentum = np.asarray(q, dtype=np.float64)
        valence, inner_charge, outer, outer_charge = _CORES[self.atomic_number]
        inside = np.maximum(1.0 - np.square(momentum / self.fermi_momentum), 0.0)
        found = 0.75 * valence / self.fermi_momentum * inside + 2.0 * hydrogenic_1s(momentum, inner_charge)
        if outer:
            found = found + 2.0 * hydrogenic_n2(momentum, outer_charge, s_wave=True)
            found = found + (outer - 2.0) * hydrogenic_n2(momentum, outer_charge, s_wave=False)
        return np.asarray(found)
