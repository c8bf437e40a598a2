"""From the target to the calorimeter: straight lines, a weak field, and what the bore lets through."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from x17.apparatus.aperture import inside_bore
from x17.apparatus.setup import Setup
from x17.simulation.events import ELECTRON, POSITRON, EventBatch
from x17.simulation.generators.beam_positrons import SPEED_OF_LIGHT_MM_NS

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

MEV_PER_TESLA_MM = 0.299792458
"""p = 0.29979 B R: MeV of transverse momentum for each T mm of path and unit charge."""


@dataclass(frozen=True, slots=True, eq=False)
class Arrivals:
    """Particles at the front face of the calorimeter, those that get there.

    Attributes
    ----------
    particle : ndarray of int, shape (n,)
        Which particle of the batch.
    x, y : ndarray, shape (n,)
        Place on the face, mm.
    slope_x, slope_y : ndarray, shape (n,)
        dx/dz and dy/dz there.
    time : ndarray, shape (n,)
        ns.
    """

    particle: IntArray
    x: FloatArray
    y: FloatArray
    slope_x: FloatArray
    slope_y: FloatArray
    time: FloatArray

    def select(self, kept: NDArray[np.bool_]) -> Arrivals:
        """Some of the arrivals.

        Parameters
        ----------
        kept : ndarray of bool, shape (n,)

        Returns
        -------
        Arrivals
        """
        return Arrivals(*(getattr(self, item.name)[kept] for item in fields(self)))


def charge_of(pdg: IntArray) -> FloatArray:
    """Electric charge of electrons, positrons and photons, in units of e.

    Parameters
    ----------
    pdg : ndarray of int

    Returns
    -------
    ndarray
    """
    return np.where(pdg == POSITRON, 1.0, 0.0) - np.where(pdg == ELECTRON, 1.0, 0.0)


def to_calorimeter(events: EventBatch, setup: Setup) -> Arrivals:
    """Follow every particle to the front face of the calorimeter.

    The field turns a particle of momentum p and charge q by q B L/p, all of it in the middle of its range:
    exact to the square of that angle. Particles that fly backwards, start behind the face or hit the bore are
    left out.

    Parameters
    ----------
    events : EventBatch
    setup : Setup

    Returns
    -------
    Arrivals
    """
    momentum, vertex = events.momentum, events.vertex
    face = setup.calorimeter.front_face_z_mm
    forward = (momentum[:, 2] > 0.0) & (vertex[:, 2] < face)
    pz = np.where(forward, momentum[:, 2], 1.0)
    slope_x, slope_y = momentum[:, 0] / pz, momentum[:, 1] / pz
    path = face - vertex[:, 2]
    passed = forward & inside_bore(setup.aperture, vertex[:, 0], vertex[:, 1], vertex[:, 2], slope_x, slope_y)
    kick_x, kick_y, lever = _kick(events, setup, pz)
    x = vertex[:, 0] + slope_x * path + kick_x * lever
    y = vertex[:, 1] + slope_y * path + kick_y * lever
    slope_x, slope_y = slope_x + kick_x, slope_y + kick_y
    speed = np.linalg.norm(momentum, axis=1) / events.energy * SPEED_OF_LIGHT_MM_NS
    time = events.time + path * np.sqrt(1.0 + slope_x**2 + slope_y**2) / speed
    kept = np.flatnonzero(passed)
    return Arrivals(kept, x[kept], y[kept], slope_x[kept], slope_y[kept], time[kept])


def _kick(events: EventBatch, setup: Setup, pz: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Change of the slopes in the field, and the distance over which it acts."""
    field = setup.residual_field
    start = np.maximum(events.vertex[:, 2], field.z_min_mm)
    length = np.maximum(field.z_max_mm - start, 0.0)
    turn = charge_of(events.pdg) * MEV_PER_TESLA_MM * length / pz
    lever = setup.calorimeter.front_face_z_mm - (start + 0.5 * length)
    # F = q v × B with v along z: a field along y pushes a positron to −x, one along x to +y.
    return -turn * field.by_t, turn * field.bx_t, lever
