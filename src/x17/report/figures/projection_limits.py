"""What limits a run: its expected limit against statistics, and with each systematic error changed."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from x17.projection.projection import Projection
from x17.projection.saturation import Saturation
from x17.report.figures.labels import COUPLING_LABEL, COUPLING_SCALE
from x17.report.number_text import mass_text
from x17.report.style import (
    BLACK,
    BLUE,
    GREY,
    SKY_BLUE,
    VERMILLION,
    house_style,
    legend_above,
    minor_ticks,
    new_figure,
)


@house_style()
def draw_saturation(projection: Projection) -> Figure:
    """Median expected limit at one mass against the number of positrons, with the errors and without.

    Parameters
    ----------
    projection : Projection

    Returns
    -------
    Figure
    """
    found = projection.saturation
    figure = new_figure(3.9)
    axes = figure.add_subplot()
    axes.plot(found.statistics, COUPLING_SCALE * found.limit, "o-", color=BLUE, label="With all errors")
    label = r"Counts alone, $\propto$ positrons$^{-1/4}$"
    axes.plot(found.statistics, COUPLING_SCALE * found.counts_only, "--", color=BLACK, label=label)
    axes.axhline(
        COUPLING_SCALE * found.floor, color=VERMILLION, linestyle=":", label="Any number of positrons"
    )
    if found.saturates_at is not None and found.saturates_at >= 1.0:
        axes.axvline(found.saturates_at, color=GREY, linewidth=0.9, label="Within 10 % of that")
    _axes(axes, found)
    about = f": limit at {mass_text(found.mass_mev)} MeV"
    legend_above(figure, axes, projection.scan.name, about=about)
    return figure


def _axes(axes: Axes, found: Saturation) -> None:
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("Positrons, relative to this run")
    axes.set_ylabel(COUPLING_LABEL)
    axes.set_xlim(found.statistics[0] / 1.1, found.statistics[-1] * 1.1)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(LogLocator(subs=(1.0, 2.0, 3.0, 5.0)))
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axis.set_minor_formatter(NullFormatter())


@house_style()
def draw_limiting(projection: Projection) -> Figure:
    """Change of the expected limit with each group of errors halved and switched off.

    Parameters
    ----------
    projection : Projection

    Returns
    -------
    Figure
    """
    rows = projection.limiting
    first = rows[0].limit
    names = list(dict.fromkeys(row.group for row in rows if row.group is not None))
    labels = [*(name.value for name in names), "all"]
    figure = new_figure(0.32 * len(labels) + 1.9)
    axes = figure.add_subplot()
    for factor, color, label, height in ((0.0, SKY_BLUE, "Off", 0.7), (0.5, BLUE, "Halved", 0.36)):
        for place, name in enumerate([*names, None]):
            change = [
                100.0 * (row.limit / first - 1.0)
                for row in rows
                if row.group is name and row.factor == factor
            ]
            axes.barh([place] * len(change), change, height=height, color=color)
        axes.barh([0], [0.0], color=color, label=label)
    axes.axvline(0.0, color=BLACK, linewidth=0.8)
    axes.set_yticks(range(len(labels)), labels)
    axes.invert_yaxis()
    axes.tick_params(axis="y", length=0.0)
    axes.set_xlabel(r"Change of the expected limit on $g_{ve}$ [%]")
    minor_ticks(axes, y=False)
    about = f": errors at {mass_text(projection.settings.mass)} MeV"
    legend_above(figure, axes, projection.scan.name, about=about)
    return figure
