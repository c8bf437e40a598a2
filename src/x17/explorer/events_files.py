"""Tables of the events shown, to be kept."""

from __future__ import annotations

from x17.report.tables import csv_text
from x17.workflows.explore_events import ExploredEvents

CLUSTER_COLUMNS = ("event", "x_mm", "y_mm", "energy_mev", "time_ns", "radius_mm", "charged")
CUT_COLUMNS = ("event", "cut", "found", "wanted", "passed")


def clusters_csv(explored: ExploredEvents) -> str:
    """The clusters of all events.

    Parameters
    ----------
    explored : ExploredEvents

    Returns
    -------
    str
        `CLUSTER_COLUMNS`; `radius_mm` from the beam line, `charged` 0 or 1.
    """
    return csv_text(
        CLUSTER_COLUMNS,
        (
            (event.number, one.x_mm, one.y_mm, one.energy_mev, one.time_ns, one.radius_mm, int(one.charged))
            for event in explored.events
            for one in event.clusters
        ),
    )


def cuts_csv(explored: ExploredEvents) -> str:
    """Every cut on the pair of every event.

    Parameters
    ----------
    explored : ExploredEvents

    Returns
    -------
    str
        `CUT_COLUMNS`; `found` and `wanted` in words with their units, `passed` 0 or 1.
    """
    return csv_text(
        CUT_COLUMNS,
        (
            (event.number, cut.name, cut.found, cut.wanted, int(cut.passed))
            for event in explored.events
            if event.pair is not None
            for cut in event.pair.cuts
        ),
    )
