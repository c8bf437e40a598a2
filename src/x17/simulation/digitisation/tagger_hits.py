"""Hits of the charged-particle tagger: bars that charged particles cross, and photons that convert in one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.apparatus.charged_tagger import ChargedTagger
from x17.simulation.events import EventBatch
from x17.simulation.generators.beam_positrons import SPEED_OF_LIGHT_MM_NS
from x17.simulation.transport import Arrivals, charge_of

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

LEFT, RIGHT = -1, 1
"""Ends of the bars, at low and high x."""

PAIRS_PER_RADIATION_LENGTH = 7.0 / 9.0
"""A photon's mean free path for pair production is 9/7 of a radiation length (Particle Data Group)."""


@dataclass(frozen=True, slots=True, eq=False)
class TaggerHits:
    """Hits by event, then row, side and time; a bar read at both ends has a hit at each.

    Attributes
    ----------
    event : ndarray of int, shape (n,)
    row : ndarray of int, shape (n,)
        From 0 at the bottom.
    side : ndarray of int, shape (n,)
        −1 for the end at low x, +1 for the one at high x.
    time : ndarray, shape (n,)
        ns.
    """

    event: IntArray
    row: IntArray
    side: IntArray
    time: FloatArray


NO_HITS = TaggerHits(
    np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0)
)
"""Of an apparatus without a tagger."""


def tagger_hits(
    events: EventBatch, arrivals: Arrivals, tagger: ChargedTagger | None, rng: np.random.Generator
) -> TaggerHits:
    """Find the bars that particles on their way to the calorimeter light up.

    A charged particle does so always, a photon with probability 1 − exp(−7/9 t), t being the bar's thickness
    along its path in radiation lengths. A whole bar is seen at both ends, half a bar at its outer one. Hits
    of an end that follow each other within the merging window are one, at the first of their times, which is
    then smeared.

    Parameters
    ----------
    events : EventBatch
    arrivals : Arrivals
        At the front face of the calorimeter; the bars stand just before it.
    tagger : ChargedTagger or None
    rng : numpy.random.Generator

    Returns
    -------
    TaggerHits
        None of them without a tagger.
    """
    if tagger is None:
        return NO_HITS
    back = tagger.gap_to_calorimeter_mm + 0.5 * tagger.bar_thickness_mm
    x, y = arrivals.x - back * arrivals.slope_x, arrivals.y - back * arrivals.slope_y
    stretch = np.sqrt(1.0 + arrivals.slope_x**2 + arrivals.slope_y**2)
    time = arrivals.time - back * stretch / SPEED_OF_LIGHT_MM_NS
    converts = -np.expm1(-PAIRS_PER_RADIATION_LENGTH * tagger.radiation_lengths * stretch)
    charged = charge_of(events.pdg[arrivals.particle]) != 0.0
    seen = charged | (rng.random(x.size) < converts)
    row = tagger.row_at(y)
    split = np.isin(row, tagger.split_rows)
    half = 0.5 * tagger.bar_length_mm
    inner = np.where(split, half - tagger.half_bar_length_mm, 0.0)
    seen &= (row >= 0) & (np.abs(x) <= half) & (np.abs(x) >= inner)
    parts = [np.flatnonzero(seen & (~split | (np.sign(x) == side))) for side in (LEFT, RIGHT)]
    side = np.repeat([LEFT, RIGHT], [part.size for part in parts])
    which = np.concatenate(parts)
    event = events.event[arrivals.particle[which]]
    return _merge(TaggerHits(event, row[which], side, time[which]), tagger, rng)


def _merge(crossings: TaggerHits, tagger: ChargedTagger, rng: np.random.Generator) -> TaggerHits:
    """Keep the first of what comes together at one end."""
    order = np.lexsort((crossings.time, crossings.side, crossings.row, crossings.event))
    event, row = crossings.event[order], crossings.row[order]
    side, time = crossings.side[order], crossings.time[order]
    new = np.ones(event.size, dtype=np.bool_)
    new[1:] = np.diff(time) > tagger.merge_window_ns
    for column in (event, row, side):
        new[1:] |= column[1:] != column[:-1]
    first = np.flatnonzero(new)
    noise = tagger.time_noise_ns * rng.standard_normal(first.size)
    return TaggerHits(event[first], row[first], side[first], time[first] + noise)
