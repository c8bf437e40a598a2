"""The chance of a run to see a boson, over mass and coupling."""

from __future__ import annotations

from typing import Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from x17.projection.projection import Projection
from x17.projection.reach import DISCOVERY, EVIDENCE, Reach
from x17.report.figures.labels import COUPLING_LABEL, COUPLING_SCALE, MASS_LABEL
from x17.report.style import BLACK, house_style, legend_above, minor_ticks, new_figure

_MARKER = "*"
_ABOVE = 1.4
_LINES: tuple[tuple[float, float, str, Literal["-", "--"]], ...] = (
    (EVIDENCE, 0.5, "white", "-"),
    (EVIDENCE, 0.9, "white", "--"),
    (DISCOVERY, 0.5, BLACK, "-"),
)
"""Significance, chance, colour and line of the contours."""


@house_style()
def draw_power_map(projection: Projection) -> Figure:
    """Probability of 3σ for every boson; contours where 3σ and 5σ have an even chance, and 90 %.

    Parameters
    ----------
    projection : Projection
        Together with the run that is done, if there is one: the right panel.

    Returns
    -------
    Figure
    """
    maps = [(projection.scan.name, projection.reach)]
    if projection.combined:
        maps.append((f"with {projection.combined.name}", projection.combined.reach))
    figure = new_figure(4.4)
    panels = figure.subplots(1, len(maps), sharey=True, squeeze=False)[0]
    for axes, (title, reach) in zip(panels, maps, strict=True):
        mesh = axes.pcolormesh(
            reach.masses,
            COUPLING_SCALE * reach.couplings,
            100.0 * reach.power(EVIDENCE).T,
            cmap="cividis",
            vmin=0.0,
            vmax=100.0,
            shading="nearest",
            rasterized=True,
        )
        axes.set_title("alone" if reach is projection.reach else title)
        _draw_contours(axes, reach)
        if projection.settings.boson:
            mass, coupling = projection.settings.boson
            axes.plot([mass], [COUPLING_SCALE * coupling], _MARKER, color="white", markersize=12.0)
        axes.set_xlabel(MASS_LABEL)
        axes.set_axisbelow(False)
        minor_ticks(axes)
    panels[0].set_ylabel(COUPLING_LABEL)
    panels[0].set_ylim(*_coupling_range(projection.reach))
    bar = figure.colorbar(mesh, ax=panels, pad=0.02)
    bar.set_label(r"Chance of $3\sigma$ [%]")
    legend_above(figure, panels[0], projection.scan.name, columns=3)
    return figure


def _coupling_range(reach: Reach) -> tuple[float, float]:
    """Couplings that are drawn: somewhat beyond what is surely seen, in units of 1e-4."""
    low, high = COUPLING_SCALE * reach.couplings[0], COUPLING_SCALE * reach.couplings[-1]
    found = COUPLING_SCALE * reach.coupling_at(DISCOVERY)
    known = found[np.isfinite(found)]
    return low, min(high, _ABOVE * float(known.max())) if known.size else high


def _draw_contours(axes: Axes, reach: Reach) -> None:
    for threshold, level, color, style in _LINES:
        power = reach.power(threshold)
        label = rf"{100 * level:.0f} % for ${threshold:g}\sigma$"
        shown = "#999999" if color == "white" else color
        axes.add_line(Line2D([], [], color=shown, linestyle=style, linewidth=1.4, label=label))
        if min(power.shape) > 1 and power.min() < level < power.max():
            axes.contour(
                reach.masses,
                COUPLING_SCALE * reach.couplings,
                power.T,
                levels=[level],
                colors=color,
                linestyles=style,
                linewidths=1.4,
            )
