"""The figures of a search, one a module; each takes a result and only draws."""

from collections.abc import Callable

from matplotlib.figure import Figure

from x17.report.figures.global_p import draw_global_p
from x17.report.figures.limit import draw_limit
from x17.report.figures.local_p import draw_local_p
from x17.report.figures.observable import draw_observable
from x17.report.figures.pulls import draw_pulls
from x17.report.figures.q_map import draw_q_map
from x17.statistics.search_result import SearchResult

FIGURES: dict[str, Callable[[SearchResult], Figure]] = {
    "observable": draw_observable,
    "pulls": draw_pulls,
    "limit": draw_limit,
    "local_p": draw_local_p,
    "q_map": draw_q_map,
}
"""File stem to the function that draws it, in the order of a report."""


def figures_of(result: SearchResult) -> dict[str, Callable[[SearchResult], Figure]]:
    """The figures of a search: that of the global significance only if it has one.

    Parameters
    ----------
    result : SearchResult

    Returns
    -------
    dict
        File stem to the function that draws it, in the order of a report.
    """
    if not result.significance:
        return FIGURES
    return FIGURES | {"global_p": lambda full: draw_global_p(full.significance[0], full.scan_name)}


__all__ = [
    "FIGURES",
    "draw_global_p",
    "draw_limit",
    "draw_local_p",
    "draw_observable",
    "draw_pulls",
    "draw_q_map",
    "figures_of",
]
