"""From a planned sample to digitised events, block by block."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.apparatus.setup import Setup
from x17.simulation.calorimeter_deposits import shower_deposits
from x17.simulation.conditions import Conditions
from x17.simulation.digitisation.calorimeter_hits import CalorimeterHits, digitise
from x17.simulation.digitisation.tagger_hits import TaggerHits, tagger_hits
from x17.simulation.digitisation.tracker_hits import Tracks, tracks
from x17.simulation.events import EventBatch, concatenate
from x17.simulation.fiducial import near_selection
from x17.simulation.generators.single_positrons import add_pile_up
from x17.simulation.sample import EVENTS_PER_BLOCK, PlannedSample
from x17.simulation.showers.library import ShowerLibrary
from x17.simulation.transport import to_calorimeter

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class SimulatedEvents:
    """Events with what the detectors see of them.

    Attributes
    ----------
    number : ndarray of int, shape (n_events,)
        Of each event in its sample, rising; with gaps where events were not kept.
    events : EventBatch
        The truth, of weight 1/positrons each; an event's own two particles, then those beside it.
    impact_x, impact_y : ndarray, shape (n_particles,)
        At the front face of the calorimeter, mm; NaN for particles that do not get there.
    hits : CalorimeterHits
    tagger : TaggerHits
    tracks : Tracks or None
        None without a tracker.
    """

    number: IntArray
    events: EventBatch
    impact_x: FloatArray
    impact_y: FloatArray
    hits: CalorimeterHits
    tagger: TaggerHits
    tracks: Tracks | None = None


@dataclass(frozen=True, slots=True, eq=False)
class ClusterLoss:
    """Showers that the calorimeter loses at random.

    Attributes
    ----------
    probability : float
        For each particle that arrives.
    rng : numpy.random.Generator
        Of its own: what else is random does not depend on the losses.
    """

    probability: float
    rng: np.random.Generator

    def kept(self, n: int) -> NDArray[np.bool_]:
        """Draw which of `n` showers are seen.

        Parameters
        ----------
        n : int

        Returns
        -------
        ndarray of bool, shape (n,)
        """
        return self.rng.random(n) >= self.probability


def simulate_block(
    setup: Setup,
    library: ShowerLibrary,
    plan: PlannedSample,
    block: int,
    *,
    conditions: Conditions | None = None,
) -> SimulatedEvents:
    """Simulate one block of a sample.

    A block has random numbers of its own: it is the same whichever other blocks are made, and where.

    Parameters
    ----------
    setup : Setup
        As the analyst knows it.
    library : ShowerLibrary
    plan : PlannedSample
    block : int
        From 0 to `plan.n_blocks` − 1.
    conditions : Conditions, optional
        What is true in the run of the sample; by default what the setup says.

    Returns
    -------
    SimulatedEvents

    Raises
    ------
    UsageError
        There is no such block, or there are no conditions of the run.
    """
    sample, n, rng = plan.sample, plan.events_in(block), plan.block_stream(block)
    loss = None
    if conditions is not None:
        loss = ClusterLoss(conditions.of(sample.period).cluster_loss, plan.loss_stream(block))
        setup = conditions.setup_for(setup, sample.period, sample.run)
    events, number = _generate(setup, plan, n, rng), np.arange(n)
    if sample.fiducial_margin_mm is not None:
        near = near_selection(events, setup, sample.beam_energy_mev, sample.fiducial_margin_mm)
        events, number = events.select(near), number[near]
    if sample.pile_up:
        events = add_pile_up(events, setup, sample.beam_energy_mev, rng, window_ns=sample.pile_up_window_ns)
    return detect(setup, library, events, rng, number=block * EVENTS_PER_BLOCK + number, loss=loss)


def detect(
    setup: Setup,
    library: ShowerLibrary,
    events: EventBatch,
    rng: np.random.Generator,
    *,
    number: IntArray | None = None,
    loss: ClusterLoss | None = None,
) -> SimulatedEvents:
    """Bring events to the detectors and digitise what they leave there.

    Parameters
    ----------
    setup : Setup
    library : ShowerLibrary
    events : EventBatch
        From any generator.
    rng : numpy.random.Generator
    number : ndarray of int, shape (n_events,), optional
        Of the events; from 0 by default.
    loss : ClusterLoss, optional
        Showers that the calorimeter loses; none by default. Tagger and tracker see all particles.

    Returns
    -------
    SimulatedEvents
    """
    arrivals = to_calorimeter(events, setup)
    seen = arrivals if loss is None else arrivals.select(loss.kept(arrivals.particle.size))
    deposits = shower_deposits(events, seen, setup.calorimeter, library, rng)
    hits = digitise(deposits, setup.calorimeter, rng)
    tagger = tagger_hits(events, arrivals, setup.charged_tagger, rng)
    # Random numbers of its own: hits are the same with and without a tracker.
    found = tracks(events, arrivals, setup.tracker, rng.spawn(1)[0]) if setup.tracker else None
    impact = np.full((2, events.pdg.size), np.nan)
    impact[:, arrivals.particle] = arrivals.x, arrivals.y
    number = np.arange(events.n_events) if number is None else number
    return SimulatedEvents(number, events, impact[0], impact[1], hits, tagger, found)


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
