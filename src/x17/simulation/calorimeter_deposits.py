"""Energy that arriving particles leave in the crystals, from the library of showers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.apparatus.calorimeter import Calorimeter
from x17.simulation.events import EventBatch
from x17.simulation.showers.library import ShowerLibrary
from x17.simulation.transport import Arrivals

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

LEAST_DEPOSIT_MEV = 0.1
"""Smaller deposits of one particle are left out, as the library itself does."""

REACH_MM = 60.0
"""Particles this far outside the matrix, or inside its hole, leave nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class Deposits:
    """Energy in crystals, one entry a particle and crystal.

    Attributes
    ----------
    event, cell : ndarray of int, shape (n,)
    energy : ndarray, shape (n,)
        MeV.
    time : ndarray, shape (n,)
        ns.
    """

    event: IntArray
    cell: IntArray
    energy: FloatArray
    time: FloatArray


def shower_deposits(
    events: EventBatch,
    arrivals: Arrivals,
    calorimeter: Calorimeter,
    library: ShowerLibrary,
    rng: np.random.Generator,
) -> Deposits:
    """Draw a shower for every particle that arrives near the crystals.

    Beyond the energies and slopes of the library the nearest shower is taken, its energy scaled to the
    particle's and its slope shortened: for soft photons and for particles at the rim.

    Parameters
    ----------
    events : EventBatch
    arrivals : Arrivals
    calorimeter : Calorimeter
    library : ShowerLibrary
    rng : numpy.random.Generator

    Returns
    -------
    Deposits
        What falls into the hole or outside the matrix is lost; dead crystals are among the cells.
    """
    cells, stored = calorimeter.cells, library.stored
    x = arrivals.x - (cells.offset_x_mm - 0.5 * (calorimeter.n_columns - 1) * cells.pitch_mm)
    y = arrivals.y - (cells.offset_y_mm - 0.5 * (calorimeter.n_rows - 1) * cells.pitch_mm)
    inside = np.ones(x.size, dtype=np.bool_)
    for place, size in ((x, calorimeter.n_columns), (y, calorimeter.n_rows)):
        inside &= (place > -REACH_MM) & (place < (size - 1) * cells.pitch_mm + REACH_MM)
    particle = arrivals.particle[inside]
    energy = events.energy[particle]
    within = np.clip(energy, stored.energies_mev[0], stored.energies_mev[-1])
    slope_x, slope_y = arrivals.slope_x[inside], arrivals.slope_y[inside]
    slope = np.maximum(np.hypot(slope_x, slope_y), 1e-9)
    turn = np.clip(slope, stored.slope_min, stored.slope_max) / slope
    patches = library.sample(
        events.pdg[particle], within, x[inside], y[inside], turn * slope_x, turn * slope_y, rng
    )
    deposit = patches.energy_mev * (energy / within)[:, None, None]
    shower, down, right = np.nonzero(deposit > LEAST_DEPOSIT_MEV)
    half = deposit.shape[1] // 2
    cell = cells.index_of(patches.column[shower] + right - half, patches.row[shower] + down - half)
    kept = cell >= 0
    shower, down, right = shower[kept], down[kept], right[kept]
    return Deposits(
        events.event[particle[shower]],
        cell[kept],
        deposit[shower, down, right].astype(np.float64),
        arrivals.time[inside][shower],
    )
