"""Pulls of the nuisances and their impacts on the signal."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from x17.report.style import (
    BLACK,
    BLUE,
    GREY,
    ORANGE,
    PALE_GREEN,
    house_style,
    legend_above,
    minor_ticks,
    new_figure,
)
from x17.statistics.impacts import Impact, Impacts

_ROW = 0.32
"""Height of a line, inches."""


@house_style()
def draw_impacts(impacts: Impacts, scan_name: str) -> Figure:
    """Impacts on ĝ² before and after the fit, and pulls, largest impact on top.

    Parameters
    ----------
    impacts : Impacts
    scan_name : str

    Returns
    -------
    Figure
    """
    rows = impacts.nuisances
    figure = new_figure(1.7 + _ROW * len(rows))
    left, right = figure.subplots(1, 2, sharey=True, width_ratios=(1.0, 1.6))
    left.axvspan(-1.0, 1.0, color=PALE_GREEN, linewidth=0.0, zorder=0.1)
    left.axvline(0.0, color=GREY, linewidth=0.8, zorder=0.2)
    for y, item in enumerate(rows):
        if item.pull is not None and item.width is not None:
            left.errorbar(
                item.pull,
                y,
                xerr=item.error / item.width,
                fmt="o",
                color=BLACK,
                markersize=3.5,
                elinewidth=1.0,
            )
        _bars(right, y, item, impacts.error)
    left.set_yticks(range(len(rows)), [item.name for item in rows])
    left.set_ylim(max(len(rows), 1) - 0.4, -0.6)
    left.set_xlim(-1.9, 1.9)
    left.set_xlabel("Pull [constraint widths]")
    right.axvline(0.0, color=GREY, linewidth=0.8)
    reach = max((abs(edge) for edge in right.get_xlim()), default=1.0)
    right.set_xlim(-reach, reach)
    right.set_xlabel(r"Impact $\Delta\hat g^2$ [errors of $\hat g^2$]")
    for axes in (left, right):
        axes.tick_params(axis="y", which="both", length=0)
        minor_ticks(axes, y=False)
    about = f": nuisances at {impacts.mass_mev:.3f} MeV"
    legend_above(figure, right, scan_name, about=about, first="Held", columns=2)
    return figure


def _bars(axes: Axes, y: int, item: Impact, error: float) -> None:
    """Filled: after the fit; outlined: before."""
    first = y == 0
    for k, (color, side) in enumerate(((BLUE, "below"), (ORANGE, "above"))):
        label = f"Held {side}, fitted error" if first else None
        axes.barh(y, item.after[k] / error, height=0.5, color=color, label=label)
        if item.before is not None:
            outline = f"Held {side}, width of constraint" if first else None
            axes.barh(
                y,
                item.before[k] / error,
                height=0.7,
                fill=False,
                edgecolor=color,
                linewidth=1.0,
                label=outline,
            )
