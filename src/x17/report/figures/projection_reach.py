"""What a run is expected to exclude and to discover, against the mass."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from x17.projection.projection import Projection
from x17.projection.reach import DISCOVERY, EVIDENCE, MEDIAN, Reach
from x17.report.figures.gaps import draw_band, draw_line
from x17.report.figures.labels import COUPLING_LABEL, COUPLING_SCALE, MASS_LABEL
from x17.report.number_text import confidence
from x17.report.style import (
    BLACK,
    BLUE,
    GREEN,
    PURPLE,
    VERMILLION,
    YELLOW,
    house_style,
    legend_above,
    minor_ticks,
    new_figure,
)

_TALLEST = 12.0
"""Upper end of the axis at most, in 1e-4."""


@house_style()
def draw_projected_reach(projection: Projection) -> Figure:
    """Expected limit with its bands, and the couplings of which the median experiment sees 3σ and 5σ.

    Parameters
    ----------
    projection : Projection

    Returns
    -------
    Figure
    """
    figure = new_figure(4.8)
    axes = figure.add_subplot()
    reach = projection.reach
    bands = COUPLING_SCALE * reach.band
    draw_band(axes, reach.masses, bands[0], bands[4], color=YELLOW, label="Expected ±2σ")
    draw_band(axes, reach.masses, bands[1], bands[3], color=GREEN, label="Expected ±1σ")
    draw_line(axes, reach.masses, bands[MEDIAN], color=BLACK, style="-", label="Median limit")
    _draw_significance(axes, reach)
    shown = [bands[4], COUPLING_SCALE * reach.coupling_at(DISCOVERY)]
    if projection.combined:
        name, both = projection.combined.name, projection.combined.reach
        before = COUPLING_SCALE * projection.combined.done.median
        draw_line(axes, reach.masses, before, color=BLACK, style=":", label=f"{name} alone")
        after = COUPLING_SCALE * both.median
        draw_line(axes, reach.masses, after, color=PURPLE, style="--", label=f"with {name}")
        shown.append(before)
    if projection.boson_band is not None:
        with_boson = COUPLING_SCALE * projection.boson_band[MEDIAN]
        label = rf"Limit with {_boson(projection)} put in"
        draw_line(axes, reach.masses, with_boson, color=BLUE, style="-.", label=label)
        shown.append(with_boson)
    axes.set_xlabel(MASS_LABEL)
    axes.set_ylabel(COUPLING_LABEL)
    axes.set_ylim(0.0, min(_TALLEST, 1.06 * float(np.nanmax(np.concatenate(shown)))))
    minor_ticks(axes)
    about = f": limits at {confidence(reach.cl)}"
    legend_above(figure, axes, projection.scan.name, about=about, first="Median")
    return figure


def _draw_significance(axes: Axes, reach: Reach) -> None:
    for threshold, style in ((EVIDENCE, "-"), (DISCOVERY, "--")):
        found = COUPLING_SCALE * reach.coupling_at(threshold)
        label = rf"Median $Z = {threshold:g}$"
        draw_line(axes, reach.masses, found, color=VERMILLION, style=style, label=label)


def _boson(projection: Projection) -> str:
    mass, coupling = projection.settings.boson or (0.0, 0.0)
    return rf"{mass:g} MeV, ${COUPLING_SCALE * coupling:.3g}\times10^{{-4}}$"
