"""Energies of showers in the cells around each, and their sum over the cells of a calorimeter."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from x17.errors import UsageError


@dataclass(frozen=True, slots=True, eq=False)
class ShowerPatches:
    """Energies deposited by showers.

    Attributes
    ----------
    energy_mev : ndarray of float32 (n, rows, columns)
        Energy in each cell of the patch; rows along y, columns along x, the central cell in the middle.
    row, column : ndarray of int (n,)
        Central cell, counted from the cell whose centre is x = y = 0.
    """

    energy_mev: NDArray[np.float32]
    row: NDArray[np.int64]
    column: NDArray[np.int64]

    def deposit(
        self, event: ArrayLike, n_events: int, cell_number: ArrayLike, origin: tuple[int, int]
    ) -> NDArray[np.float64]:
        """Sum the showers of each event over the cells of a calorimeter.

        Parameters
        ----------
        event : array_like of int (n,)
            Event of each shower, from 0.
        n_events : int
            Number of events.
        cell_number : array_like of int (rows, columns)
            Number of the crystal at each place of the matrix, −1 where there is none: energy there is lost.
        origin : (int, int)
            Row and column, in `cell_number`, of the cell whose centre is x = y = 0.

        Returns
        -------
        ndarray (n_events, crystals)
            MeV; crystals are those numbered 0 to the largest number of `cell_number`.

        Raises
        ------
        UsageError
            If an event is not below `n_events`, or not one for each shower.
        """
        from x17.simulation.showers.kernel import add_patches

        events, numbers = np.asarray(event, dtype=np.int64), np.asarray(cell_number, dtype=np.int64)
        if events.shape != self.row.shape:
            raise UsageError(f"events given: {events.shape}; wanted one for each of {len(self.row)} showers")
        if events.size and (events.min() < 0 or events.max() >= n_events):
            raise UsageError(f"events from {events.min()} to {events.max()}; allowed: 0 to {n_events - 1}")
        out = np.zeros((n_events, int(numbers.max()) + 1))
        add_patches(self.energy_mev, self.row + origin[0], self.column + origin[1], events, numbers, out)
        return out
