"""Tracks that the tracker finds: charged particles, and photons that convert before it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.apparatus.tracker import Tracker
from x17.simulation.digitisation.tagger_hits import PAIRS_PER_RADIATION_LENGTH
from x17.simulation.events import EventBatch
from x17.simulation.generators.beam_positrons import SPEED_OF_LIGHT_MM_NS
from x17.simulation.transport import Arrivals, charge_of

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Tracks:
    """Tracks by event; arrays have shape (n,).

    Attributes
    ----------
    event : ndarray of int
    x, y : ndarray
        In the middle plane of the tracker, mm.
    slope_x, slope_y : ndarray
        dx/dz and dy/dz.
    time : ndarray
        There, ns.
    """

    event: IntArray
    x: FloatArray
    y: FloatArray
    slope_x: FloatArray
    slope_y: FloatArray
    time: FloatArray


def tracks(events: EventBatch, arrivals: Arrivals, tracker: Tracker, rng: np.random.Generator) -> Tracks:
    """Find the tracks of particles on their way to the calorimeter.

    Seen are charged particles with the tracker's efficiency, and photons with that times the probability
    1 − exp(−7/9 t) of a pair in t radiation lengths along their path, as one track of their direction.
    Place, slope and time are smeared with Gaussians.

    Parameters
    ----------
    events : EventBatch
    arrivals : Arrivals
        At the front face of the calorimeter; the tracker stands before it.
    tracker : Tracker
    rng : numpy.random.Generator
        Of its own, so that what else is random does not depend on the tracker.

    Returns
    -------
    Tracks
    """
    back = tracker.gap_to_calorimeter_mm
    x, y = arrivals.x - back * arrivals.slope_x, arrivals.y - back * arrivals.slope_y
    stretch = np.sqrt(1.0 + arrivals.slope_x**2 + arrivals.slope_y**2)
    converts = -np.expm1(-PAIRS_PER_RADIATION_LENGTH * tracker.radiation_lengths * stretch)
    charged = charge_of(events.pdg[arrivals.particle]) != 0.0
    chance = tracker.charged_efficiency * np.where(charged, 1.0, converts)
    seen = np.flatnonzero((rng.random(x.size) < chance) & tracker.covers(x, y))
    event = events.event[arrivals.particle[seen]]
    seen = seen[np.argsort(event, kind="stable")]
    noise = rng.standard_normal((5, seen.size))
    slope = 1e-3 * tracker.angle_resolution_mrad
    return Tracks(
        event=events.event[arrivals.particle[seen]],
        x=x[seen] + tracker.position_resolution_mm * noise[0],
        y=y[seen] + tracker.position_resolution_mm * noise[1],
        slope_x=arrivals.slope_x[seen] + slope * noise[2],
        slope_y=arrivals.slope_y[seen] + slope * noise[3],
        time=arrivals.time[seen]
        - back * stretch[seen] / SPEED_OF_LIGHT_MM_NS
        + tracker.time_resolution_ns * noise[4],
    )
