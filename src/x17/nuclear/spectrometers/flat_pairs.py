"""Pairs flat in energy and opening angle, and the weights that turn them into any internal pairs.

Wide angles are rare among internal pairs and are what a search is about: one flat sample, weighted, serves
all multipolarities with the same small error at all angles.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.constants import ELECTRON_MASS_MEV
from x17.nuclear.multipole import Multipole
from x17.nuclear.pair_angles.born import pair_density, require_transition
from x17.nuclear.pair_angles.coefficients import integral_above

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class FlatPairs:
    """A source of pairs flat in E₊ and in the opening angle.

    Attributes
    ----------
    energy_mev : float
        W, MeV.
    largest_asymmetry : float
        Of |E₊ − E₋|/W, above 0, at most 1; pairs beyond are not drawn.

    Raises
    ------
    UsageError
        Below 2 m_e.
    """

    energy_mev: float
    largest_asymmetry: float = 1.0

    def __post_init__(self) -> None:
        require_transition(self.energy_mev)

    @property
    def _range_mev(self) -> float:
        """Of the positron's energy, about W/2."""
        return min(self.largest_asymmetry * self.energy_mev, self.energy_mev - 2.0 * ELECTRON_MASS_MEV)

    def draw(self, n: int, rng: np.random.Generator) -> tuple[FloatArray, FloatArray]:
        """Pairs.

        Parameters
        ----------
        n : int
        rng : Generator

        Returns
        -------
        positron_energy, cos_theta : ndarray, shape (n,)
            MeV; cosine of the opening angle.
        """
        uniforms = rng.random((2, n))
        plus = 0.5 * self.energy_mev + self._range_mev * (uniforms[0] - 0.5)
        return plus, np.cos(math.pi * uniforms[1])

    def weights(self, multipole: Multipole, positron_energy: FloatArray, cos_theta: FloatArray) -> FloatArray:
        """Density of internal pairs over that of this source.

        The mean over the source is the share of internal pairs within the asymmetry.

        Parameters
        ----------
        multipole : Multipole
        positron_energy, cos_theta : ndarray, shape (n,)

        Returns
        -------
        ndarray, shape (n,)
        """
        density = pair_density(multipole, self.energy_mev, positron_energy, cos_theta)
        density /= integral_above(multipole, self.energy_mev)
        return np.asarray(density * math.pi * self._range_mev * np.sqrt(1.0 - cos_theta**2))
