"""Simulated events to look at: the function behind the tab "Events" of `x17 explore`."""

from x17.workflows.explore_events.event import (
    CutInWords,
    ExploredEvent,
    ShownCluster,
    ShownPair,
    TrueParticle,
)
from x17.workflows.explore_events.events import (
    Circles,
    ExploredEvents,
    energy_of,
    energy_range_mev,
    explore_events,
)
from x17.workflows.explore_events.state import EVENTS_MADE, KINDS, LARGEST_SEED, MASSES_MEV, EventsState

__all__ = [
    "EVENTS_MADE",
    "KINDS",
    "LARGEST_SEED",
    "MASSES_MEV",
    "Circles",
    "CutInWords",
    "EventsState",
    "ExploredEvent",
    "ExploredEvents",
    "ShownCluster",
    "ShownPair",
    "TrueParticle",
    "energy_of",
    "energy_range_mev",
    "explore_events",
]
