"""A handful of simulated events on the face of the calorimeter, with what the selection says of each.

The events go the way of `x17 simulate`, their hits that of `x17 reconstruct`, and their clusters through the
selection of pairs, all in memory; about 30 ms once the library of showers is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from x17.apparatus import Setup, load_setup, two_body
from x17.kinematics import sqrt_s_mev
from x17.reconstruction.beam_line import BeamLine
from x17.reconstruction.clusters import Clusters
from x17.reconstruction.cut_flow import CutFlow
from x17.reconstruction.pair_selection import SelectionSettings, cluster_directions, select_pairs
from x17.reconstruction.pair_verdicts import PairVerdicts, judge_pairs
from x17.reconstruction.reconstruct import reconstruct_events
from x17.simulation.sample import PlannedSample, Process, Sample
from x17.simulation.showers.library import ShowerLibrary
from x17.simulation.simulate import simulate_block
from x17.simulation.storage.event_table import EventTable, event_table
from x17.theory.boson import Boson, SpinParity
from x17.workflows.explore_events.event import ExploredEvent, event_of
from x17.workflows.explore_events.state import EVENTS_MADE, EventsState

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

NEAR_MARGIN_MM = 20.0
"""About the selection, so that what just fails it is shown too."""
_MADE_WHEN_NEAR = 1500
"""A tenth to a half of them are near the selection."""
_RATE_KNOWN = (Process.ELECTRONS, Process.PHOTONS, Process.BOSON)


@dataclass(frozen=True, slots=True, kw_only=True)
class Circles:
    """What the selection draws on the face at one beam energy, and the energies that go with it.

    Attributes
    ----------
    beam_energy_mev, sqrt_s_mev : float
    center_x_mm, center_y_mm : float
        The beam axis in the plane of the circles.
    r_min_mm, r_max_mm, r_least_mm : float
        R_min, R_max, and R_min lowered by its margin, beyond which both clusters lie.
    e_least_mev, e_most_mev : float
        Between what the energies of both clusters lie.
    both_within : bool
        Whether both clusters lie within R_max; else one of them need not.
    """

    beam_energy_mev: float
    sqrt_s_mev: float
    center_x_mm: float
    center_y_mm: float
    r_min_mm: float
    r_max_mm: float
    r_least_mm: float
    e_least_mev: float
    e_most_mev: float
    both_within: bool

    @classmethod
    def of(cls, setup: Setup, beam_energy_mev: float) -> Circles:
        """The circles of a setup: R_min = (D/γ)²/R_max with γ = √s/(2 m_e).

        Parameters
        ----------
        setup : Setup
        beam_energy_mev : float
            Total energy, MeV.

        Returns
        -------
        Circles
        """
        cuts, sqrt_s = setup.pair_cuts, float(sqrt_s_mev(beam_energy_mev))
        r_min = float(setup.r_min_mm(sqrt_s))
        x, y = setup.axis_at_plane_mm
        return cls(
            beam_energy_mev=beam_energy_mev,
            sqrt_s_mev=sqrt_s,
            center_x_mm=x,
            center_y_mm=y,
            r_min_mm=r_min,
            r_max_mm=cuts.r_max_mm,
            r_least_mm=max(r_min - cuts.margin_mm, 0.0),
            e_least_mev=cuts.e_min_factor * float(setup.e_min_mev(sqrt_s)),
            e_most_mev=float(setup.e_max_mev(sqrt_s)) / cuts.e_max_factor,
            both_within=cuts.r_max_applies_to == "both",
        )


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ExploredEvents:
    """Simulated events, and what the selection makes of them.

    Attributes
    ----------
    state : EventsState
        That they were made of.
    setup : Setup
    circles : Circles
    made : int
        Events that were simulated until there were enough to show.
    rate_per_pot : float or None
        Of this kind, near the selection or not, per positron on target; None where it takes long to know.
    events : tuple of ExploredEvent
        May be empty: there are kinds of which none comes near.
    cut_flow : CutFlow
        Of these events.
    """

    state: EventsState
    setup: Setup
    circles: Circles
    made: int
    rate_per_pot: float | None
    events: tuple[ExploredEvent, ...]
    cut_flow: CutFlow

    @property
    def selected(self) -> IntArray:
        """Numbers of the events with a selected pair, counted from 1."""
        chosen = [one.number for one in self.events if one.pair is not None and one.pair.selected]
        return np.array(chosen, dtype=np.int64)

    @property
    def begin(self) -> int:
        """The event to look at first: the first that is selected, or else the first."""
        return int(self.selected[0]) if self.selected.size else 1

    @property
    def counted(self) -> int:
        """Events whose pair is also inside the windows of both angles."""
        return sum(one.pair is not None and one.pair.counted for one in self.events)


def energy_of(state: EventsState, setup: Setup) -> float:
    """Beam energy of a state, MeV.

    Parameters
    ----------
    state : EventsState
    setup : Setup

    Returns
    -------
    float
    """
    return setup.beam.energy_mev if state.energy is None else state.energy


def energy_range_mev(setup: Setup) -> tuple[float, float]:
    """Beam energies worth looking at: those of the run plan and of the beam, and a twentieth around them.

    Parameters
    ----------
    setup : Setup

    Returns
    -------
    low, high : float
        Whole MeV.
    """
    energies = np.append(setup.run_plan.beam_energy_mev, setup.beam.energy_mev)
    low, high = float(energies.min()), float(energies.max())
    return max(float(np.floor(0.95 * low)), 1.0), float(np.ceil(1.05 * high))


def explore_events(state: EventsState) -> ExploredEvents:
    """Simulate, reconstruct and select the events of a state.

    Parameters
    ----------
    state : EventsState

    Returns
    -------
    ExploredEvents
        The same for the same state.

    Raises
    ------
    UsageError, InputError
        A setup that cannot be used, or a boson that positrons of this energy never make.
    """
    setup = load_setup(state.setup)
    sample = _sample(state, setup)
    rate = sample.rate_per_pot(setup) if sample.process in _RATE_KNOWN else None
    made = _MADE_WHEN_NEAR if state.near else EVENTS_MADE
    plan = PlannedSample(sample=sample, seed=state.seed, rate_per_pot=rate or 0.0, n_events=made)
    table = event_table(simulate_block(setup, _library(), plan, 0), setup, {})
    number = table.scalars["event"]
    shown = min(table.n_events, EVENTS_MADE)
    clusters = _first_events(reconstruct_events(table, setup).clusters, shown)
    events, flow = _events(table, clusters, setup, energy_of(state, setup))
    return ExploredEvents(
        state=state.made_of,
        setup=setup,
        circles=Circles.of(setup, energy_of(state, setup)),
        made=int(number[shown - 1]) + 1 if 0 < shown == EVENTS_MADE else made,
        rate_per_pot=rate,
        events=events,
        cut_flow=flow,
    )


@lru_cache(maxsize=1)
def _library() -> ShowerLibrary:
    """The library of showers, half a second to read."""
    return ShowerLibrary.load()


def _sample(state: EventsState, setup: Setup) -> Sample:
    process = Process(state.kind)
    boson = None
    if process is Process.BOSON:
        mass = float(sqrt_s_mev(energy_of(state, setup))) if state.mass is None else state.mass
        boson = Boson(mass, SpinParity(state.letter), state.coupling)
    return Sample(
        process=process,
        beam_energy_mev=energy_of(state, setup),
        n_pot=1.0,
        boson=boson,
        pile_up=state.pile_up,
        fiducial_margin_mm=NEAR_MARGIN_MM if state.near else None,
    )


def _first_events(clusters: Clusters, n: int) -> Clusters:
    """Clusters of the first `n` events."""
    kept = clusters.select(clusters.event < n)
    return Clusters(n, *(getattr(kept, name) for name in Clusters.__slots__[1:]))


def _events(
    table: EventTable, clusters: Clusters, setup: Setup, beam_energy_mev: float
) -> tuple[tuple[ExploredEvent, ...], CutFlow]:
    """Select pairs, and put together what is to be shown of each event."""
    settings, lines = SelectionSettings.of(setup), [BeamLine.nominal(setup)]
    run, weight = np.zeros(clusters.n_events, dtype=np.int64), np.ones(clusters.n_events)
    sqrt_s = float(sqrt_s_mev(beam_energy_mev))
    _, flow = select_pairs(clusters, run, weight, lines, sqrt_s, setup, settings)
    seen = cluster_directions(clusters, run, lines, setup, settings)
    verdicts = judge_pairs(clusters, seen, sqrt_s, setup, settings)
    flow = flow.followed_by("both angles", weight[_counted_events(verdicts, clusters.n_events)])
    best = verdicts.best_of(clusters.n_events)
    partner = float(np.square(setup.distance_mm / two_body.gamma(sqrt_s)))
    events = tuple(
        event_of(row, table, clusters, seen, verdicts, int(best[row]), setup, partner)
        for row in range(clusters.n_events)
    )
    return events, flow


def _counted_events(verdicts: PairVerdicts, n_events: int) -> IntArray:
    best = verdicts.best_of(n_events)
    best = best[best >= 0]
    return verdicts.event[best[verdicts.counted[best]]]
