"""Hits of the calorimeter: deposits merged in a crystal, with noise, thresholds and dead crystals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.apparatus.calorimeter import Calorimeter
from x17.simulation.calorimeter_deposits import Deposits

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class CalorimeterHits:
    """Hits by event, then crystal, then time.

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


def digitise(deposits: Deposits, calorimeter: Calorimeter, rng: np.random.Generator) -> CalorimeterHits:
    """Turn deposits into hits.

    Deposits of a crystal that follow each other within the merging window are one hit, at their
    energy-weighted time. Energy is smeared by √(E/n + p²), time by its resolution; hits below threshold go,
    later hits of a crystal need more energy, and no crystal has more hits than it can hold.

    Parameters
    ----------
    deposits : Deposits
    calorimeter : Calorimeter
    rng : numpy.random.Generator

    Returns
    -------
    CalorimeterHits
    """
    event, cell, energy, time = _merge(deposits, calorimeter)
    normal = rng.standard_normal((2, event.size))
    energy = energy + calorimeter.hit_sigma_mev(energy) * normal[0]
    time = time + calorimeter.time_resolution_ns * normal[1]
    seen = (energy > calorimeter.hit_threshold_mev) & ~calorimeter.cells.dead[cell]
    event, cell, energy, time = event[seen], cell[seen], energy[seen], time[seen]
    number = _number_in_crystal(event, cell)
    kept = (number == 0) | (energy > calorimeter.later_hit_threshold_mev)
    event, cell, energy, time = event[kept], cell[kept], energy[kept], time[kept]
    held = _number_in_crystal(event, cell) < calorimeter.hits_per_bunch
    return CalorimeterHits(event[held], cell[held], energy[held], time[held])


def _merge(deposits: Deposits, calorimeter: Calorimeter) -> tuple[IntArray, IntArray, FloatArray, FloatArray]:
    """Sum what comes together in a crystal; sorted by event, crystal and time."""
    order = np.lexsort((deposits.time, deposits.cell, deposits.event))
    event, cell, time = deposits.event[order], deposits.cell[order], deposits.time[order]
    energy = deposits.energy[order]
    if event.size == 0:
        return event, cell, energy, time
    new = np.ones(event.size, dtype=np.bool_)
    new[1:] = (
        (event[1:] != event[:-1])
        | (cell[1:] != cell[:-1])
        | (time[1:] - time[:-1] > calorimeter.merge_window_ns)
    )
    first = np.flatnonzero(new)
    total = np.add.reduceat(energy, first)
    return event[first], cell[first], total, np.add.reduceat(energy * time, first) / total


def _number_in_crystal(event: IntArray, cell: IntArray) -> IntArray:
    """How many hits of the same crystal and event come before; the hits are sorted."""
    if event.size == 0:
        return event
    new = np.ones(event.size, dtype=np.bool_)
    new[1:] = (event[1:] != event[:-1]) | (cell[1:] != cell[:-1])
    place = np.arange(event.size)
    return np.asarray(place - np.maximum.accumulate(np.where(new, place, 0)))
