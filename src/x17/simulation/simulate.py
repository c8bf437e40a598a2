"""From a planned sample to digitised events, block by block."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.apparatus.setup import Setup
from x17.simulation.calorimeter_deposits import shower_deposits
from x17.simulation.digitisation.calorimeter_hits import CalorimeterHits, digitise
from x17.simulation.digitisation.tagger_hits import TaggerHits, tagger_hits
from x17.simulation.events import EventBatch, concatenate
from x17.simulation.generators.single_positrons import add_pile_up
from x17.simulation.sample import EVENTS_PER_BLOCK, PlannedSample
from x17.simulation.showers.library import ShowerLibrary
from x17.simulation.transport import to_calorimeter

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class SimulatedEvents:
    """Events with what the detectors see of them.

    Attributes
    ----------
    first : int
        Number of the first event in its sample.
    events : EventBatch
        The truth, of weight 1/positrons each; an event's own two particles, then those beside it.
    impact_x, impact_y : ndarray, shape (n_particles,)
        At the front face of the calorimeter, mm; NaN for particles that do not get there.
    hits : CalorimeterHits
    tagger : TaggerHits
    """

    first: int
    events: EventBatch
    impact_x: FloatArray
    impact_y: FloatArray
    hits: CalorimeterHits
    tagger: TaggerHits


def simulate_block(setup: Setup, library: ShowerLibrary, plan: PlannedSample, block: int) -> SimulatedEvents:
    """Simulate one block of a sample.

    A block has random numbers of its own: it is the same whichever other blocks are made, and where.

    Parameters
    ----------
    setup : Setup
    library : ShowerLibrary
    plan : PlannedSample
    block : int
        From 0 to `plan.n_blocks` − 1.

    Returns
    -------
    SimulatedEvents

    Raises
    ------
    UsageError
        There is no such block.
    """
    n, rng = plan.events_in(block), plan.block_stream(block)
    events = _generate(setup, plan, n, rng)
    if plan.sample.pile_up:
        events = add_pile_up(events, setup, plan.sample.beam_energy_mev, rng)
    return detect(setup, library, events, rng, first=block * EVENTS_PER_BLOCK)


def detect(
    setup: Setup, library: ShowerLibrary, events: EventBatch, rng: np.random.Generator, *, first: int = 0
) -> SimulatedEvents:
    """Bring events to the detectors and digitise what they leave there.

    Parameters
    ----------
    setup : Setup
    library : ShowerLibrary
    events : EventBatch
        From any generator.
    rng : numpy.random.Generator
    first : int
        Number of the first event.

    Returns
    -------
    SimulatedEvents
    """
    arrivals = to_calorimeter(events, setup)
    deposits = shower_deposits(events, arrivals, setup.calorimeter, library, rng)
    hits = digitise(deposits, setup.calorimeter, rng)
    tagger = tagger_hits(events, arrivals, setup.charged_tagger, rng)
    impact = np.full((2, events.pdg.size), np.nan)
    impact[:, arrivals.particle] = arrivals.x, arrivals.y
    return SimulatedEvents(first, events, impact[0], impact[1], hits, tagger)


def _generate(setup: Setup, plan: PlannedSample, n: int, rng: np.random.Generator) -> EventBatch:
    """Draw exactly `n` events of equal weight."""
    batches: list[EventBatch] = []
    missing = n
    while missing > 0:
        batch = plan.sample.generate(setup, missing, rng).unweighted(rng)
        batches.append(batch.select(np.arange(batch.n_events) < missing))
        missing -= batches[-1].n_events
    events = concatenate(batches, plan.sample.process.value)
    return events.with_weight(np.full(n, 1.0 / plan.sample.n_pot))
