"""Energy that the single positrons of whole bunches leave in the calorimeter, without simulating showers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.apparatus.calorimeter import Calorimeter
from x17.apparatus.setup import Setup
from x17.simulation.generators.single_positrons import generate_singles, single_rate
from x17.simulation.transport import Arrivals, to_calorimeter

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

CONTAINMENT = 0.975
"""Mean share of a positron's energy in the 7 × 7 crystals about it: Geant4, 100 to 300 MeV."""

_DRAWS = 40_000
"""Positrons behind the share that hits a crystal: 0.2 %, and always the same ones."""


@dataclass(frozen=True, slots=True)
class SinglesInCalorimeter:
    """Scattered positrons in the crystals.

    Attributes
    ----------
    per_positron : float
        How many for each positron on target.
    energy_mev : float
        What each leaves in the crystals, on average.
    """

    per_positron: float
    energy_mev: float

    @classmethod
    def of(cls, setup: Setup, beam_energy_mev: float) -> SinglesInCalorimeter:
        """Find how many positrons hit crystals that work.

        Parameters
        ----------
        setup : Setup
            Its beam is where it truly is.
        beam_energy_mev : float
            Mean total energy, MeV.

        Returns
        -------
        SinglesInCalorimeter
            Elastic scattering alone: no radiation in the target, and no showers that leak in from outside.
        """
        singles = generate_singles(setup, beam_energy_mev, _DRAWS, np.random.default_rng(0))
        hit = np.count_nonzero(_on_crystal(to_calorimeter(singles, setup), setup.calorimeter)) / _DRAWS
        return cls(hit * single_rate(setup, beam_energy_mev), CONTAINMENT * beam_energy_mev)

    @property
    def mean_mev(self) -> float:
        """Energy for each positron on target, MeV: that of the published E_ECal/N_PoT, but for radiation."""
        return self.per_positron * self.energy_mev

    def draw(self, n_positrons: IntArray, rng: np.random.Generator) -> FloatArray:
        """Draw the energy of bunches.

        A Poisson number of positrons, all of the mean energy: their spread, 3 % each, would add 1e-3 to the
        variance.

        Parameters
        ----------
        n_positrons : ndarray of int, shape (n,)
            On target.
        rng : numpy.random.Generator

        Returns
        -------
        ndarray, shape (n,)
            MeV.
        """
        return np.asarray(self.energy_mev * rng.poisson(self.per_positron * n_positrons))


def _on_crystal(arrivals: Arrivals, calorimeter: Calorimeter) -> NDArray[np.bool_]:
    """Whether a particle meets the face of a crystal that works."""
    cells = calorimeter.cells
    column = np.rint((arrivals.x - cells.offset_x_mm) / cells.pitch_mm + 0.5 * (calorimeter.n_columns - 1))
    row = np.rint((arrivals.y - cells.offset_y_mm) / cells.pitch_mm + 0.5 * (calorimeter.n_rows - 1))
    cell = cells.index_of(column.astype(np.int64), row.astype(np.int64))
    return np.asarray((cell >= 0) & ~cells.dead[np.maximum(cell, 0)])
