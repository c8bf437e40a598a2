"""From a table of events with their hits to their clusters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from x17 import __version__
from x17.apparatus.setup import Setup
from x17.reconstruction.charged import SIMULATED_OFFSET_NS, with_tagger
from x17.reconstruction.cluster_file import PROGRAM, ReconstructedEvents
from x17.reconstruction.clustering import ClusteringSettings, find_clusters
from x17.reconstruction.clusters import Clusters
from x17.reconstruction.hits import Hits, tagger_hits_of_table, tracks_of_table
from x17.reconstruction.track_match import with_tracks
from x17.simulation.storage.event_table import EventTable


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconstructionSettings:
    """Choices on the way from hits to clusters.

    Attributes
    ----------
    clustering : ClusteringSettings
    tagger_offset_ns : float or None
        Delay of the tagger's hits behind their cluster; None for the window of the setup as it stands. See
        `x17.reconstruction.charged.match_window_ns`.
    leave_out : bool
        Whether hits that cannot be used are left out and counted as `hits_left_out` of the record; by
        default they are an error.
    """

    clustering: ClusteringSettings = field(default_factory=ClusteringSettings)
    tagger_offset_ns: float | None = SIMULATED_OFFSET_NS
    leave_out: bool = False


def reconstruct_events(
    table: EventTable,
    setup: Setup,
    settings: ReconstructionSettings | None = None,
    *,
    source: str = "table of events",
) -> ReconstructedEvents:
    """Find the clusters of events, and which of them are charged.

    Parameters
    ----------
    table : EventTable
        Of `x17 simulate` or of the reader of another format; the truth in it is not looked at.
    setup : Setup
    settings : ReconstructionSettings, optional
    source : str
        Name of the file, for messages.

    Returns
    -------
    ReconstructedEvents

    Raises
    ------
    InputError
        Hits that cannot be used, unless they are to be left out.
    """
    used = settings or ReconstructionSettings()
    calorimeter = setup.calorimeter
    hits = Hits.of_table(table, calorimeter, source=source, leave_out=used.leave_out)
    clusters = _charged(find_clusters(hits, calorimeter, used.clustering), table, setup, used, source)
    about = dict(table.about) | clusters_record(table.about, setup, used, hits.n_left_out)
    event, weight = table.scalars["event"], table.scalars["weight"]
    return ReconstructedEvents(about, event.astype(np.int64), weight.astype(np.float64), clusters)


def _charged(
    clusters: Clusters, table: EventTable, setup: Setup, settings: ReconstructionSettings, source: str
) -> Clusters:
    """Say which clusters are charged: by the tracker, or without one by the tagger."""
    if setup.tracker is not None:
        return with_tracks(clusters, tracks_of_table(table, source), setup.tracker, setup)
    return with_tagger(
        clusters, tagger_hits_of_table(table), setup.charged_tagger, offset_ns=settings.tagger_offset_ns
    )


def clusters_record(
    hits_about: Mapping[str, Any], setup: Setup, settings: ReconstructionSettings, hits_left_out: int
) -> dict[str, Any]:
    """Say what decides the clusters of given hits.

    Parameters
    ----------
    hits_about : mapping
        Record of the hits.
    setup : Setup
    settings : ReconstructionSettings
    hits_left_out : int

    Returns
    -------
    dict
        For JSON.
    """
    return {
        "program": PROGRAM,
        "version": __version__,
        "hits_program": hits_about.get("program"),
        "hits_version": hits_about.get("version"),
        "clustering": settings.clustering.resolved(setup.calorimeter).record(),
        "tagger_offset_ns": settings.tagger_offset_ns,
        "hits_left_out": hits_left_out,
    }
