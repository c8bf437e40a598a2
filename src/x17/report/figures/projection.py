"""The figures of a projection."""

from __future__ import annotations

from collections.abc import Callable

from matplotlib.figure import Figure

from x17.projection.projection import Projection
from x17.report.figures.projection_limits import draw_limiting, draw_saturation
from x17.report.figures.projection_power import draw_power_map
from x17.report.figures.projection_reach import draw_projected_reach


def projection_figures(projection: Projection) -> dict[str, Callable[[], Figure]]:
    """Functions that draw, by file stem.

    Parameters
    ----------
    projection : Projection

    Returns
    -------
    dict
        `limiting`, and where there is more than one mass and coupling `reach` and `power`; `saturation`.
    """
    figures: dict[str, Callable[[], Figure]] = {}
    if projection.reach.masses.size > 1:
        figures["reach"] = lambda: draw_projected_reach(projection)
        if projection.reach.couplings.size > 1:
            figures["power"] = lambda: draw_power_map(projection)
    figures["limiting"] = lambda: draw_limiting(projection)
    figures["saturation"] = lambda: draw_saturation(projection)
    return figures
