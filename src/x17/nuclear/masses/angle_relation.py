"""The smallest opening angle as a function of the boson's mass, row by row and for batches of masses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from x17.constants import ELECTRON_MASS_MEV
from x17.nuclear.masses.measurement import Measurement
from x17.nuclear.transitions.reactions import reaction_of

FloatArray = NDArray[np.float64]

_NEWTON_STEPS = 8
"""From 2 asin(m/E_x), which is within 0.05° of the exact angle, three steps reach the rounding error."""


@dataclass(frozen=True, slots=True, eq=False)
class AngleRelation:
    """θ_min(m) of n measurements.

    cos²(θ_min/2) = (W² − m²)/(W² − 4 m_e²) for the pair that shares the boson's energy W equally, with
    W = (M*² + m² − M²)/(2 M*) and M* = M + E_x. With `exact` off W = E_x and m_e = 0, which gives
    θ_min = 2 asin(m/E_x) as in PRD 108 (2023) 015009.

    Attributes
    ----------
    excitation : ndarray, shape (n,)
        E_x, MeV; of several beam energies the plain mean.
    product_mass : ndarray, shape (n,)
        M of the nucleus in its ground state, MeV.
    exact : bool
        With recoil and electron mass.
    """

    excitation: FloatArray
    product_mass: FloatArray
    exact: bool = True

    @classmethod
    def of(cls, rows: Sequence[Measurement], *, exact: bool = True) -> AngleRelation:
        """The relation of each row.

        Parameters
        ----------
        rows : sequence of Measurement
        exact : bool

        Returns
        -------
        AngleRelation
        """
        reactions = [reaction_of(row.target) for row in rows]
        excitation = [
            float(np.mean(reaction.excitation_mev(np.array(row.beam_energies_kev) / 1000.0)))
            for reaction, row in zip(reactions, rows, strict=True)
        ]
        product = [reaction.product.mass_mev for reaction in reactions]
        return cls(np.array(excitation), np.array(product), exact)

    @property
    def largest_mass(self) -> float:
        """The mass above which one of the transitions makes no boson, MeV."""
        return float(self.excitation.min())

    def angles(self, mass: ArrayLike) -> FloatArray:
        """θ_min of every row.

        Parameters
        ----------
        mass : array_like, shape S
            At most `largest_mass`, MeV.

        Returns
        -------
        ndarray, shape S + (n,)
            rad.
        """
        return self.row_angles(np.asarray(mass)[..., None])

    def row_angles(self, mass: FloatArray) -> FloatArray:
        """θ_min of every row at a mass of its own.

        Parameters
        ----------
        mass : ndarray, shape S + (n,)
            At most the excitation energy of the row, MeV.

        Returns
        -------
        ndarray, shape S + (n,)
            rad.
        """
        return np.asarray(2.0 * np.arccos(np.sqrt(self._cos2(mass)[0])))

    def slopes(self, mass: ArrayLike) -> FloatArray:
        """dθ_min/dm of every row.

        Parameters
        ----------
        mass : array_like, shape S
            Below `largest_mass`, MeV.

        Returns
        -------
        ndarray, shape S + (n,)
            rad/MeV.
        """
        return self.row_slopes(np.asarray(mass)[..., None])

    def row_slopes(self, mass: FloatArray) -> FloatArray:
        """dθ_min/dm of every row at a mass of its own.

        Parameters
        ----------
        mass : ndarray, shape S + (n,)
            Below the excitation energy of the row, MeV.

        Returns
        -------
        ndarray, shape S + (n,)
            rad/MeV.
        """
        cos2, derivative = self._cos2(mass)
        # θ = 2 acos √x, so dθ/dx = −1/√(x (1 − x)).
        return np.asarray(-derivative / np.sqrt(cos2 * (1.0 - cos2)))

    def masses(self, angle: FloatArray) -> FloatArray:
        """Mass of each row whose θ_min is its angle.

        Parameters
        ----------
        angle : ndarray, shape S + (n,)
            rad, below π.

        Returns
        -------
        ndarray, shape S + (n,)
            MeV.
        """
        mass = np.asarray(self.excitation * np.sin(0.5 * angle))
        for _ in range(_NEWTON_STEPS if self.exact else 0):
            cos2, derivative = self._cos2(mass)
            mass = np.minimum(mass + (np.cos(0.5 * angle) ** 2 - cos2) / derivative, self.excitation)
        return mass

    def _cos2(self, mass: FloatArray) -> tuple[FloatArray, FloatArray]:
        """cos²(θ_min/2) and its derivative by the mass, both with a trailing axis of rows."""
        if not self.exact:
            w2 = np.square(self.excitation)
            return np.maximum(1.0 - mass**2 / w2, 0.0), -2.0 * mass / w2
        excited = self.product_mass + self.excitation
        # M*² − M² = E_x (M* + M), without the difference of two large numbers.
        energy = (self.excitation * (excited + self.product_mass) + mass**2) / (2.0 * excited)
        top, bottom = energy**2 - mass**2, energy**2 - 4.0 * ELECTRON_MASS_MEV**2
        d_energy2 = 2.0 * energy * mass / excited
        derivative = ((d_energy2 - 2.0 * mass) * bottom - top * d_energy2) / bottom**2
        return np.clip(top / bottom, 0.0, 1.0), derivative
