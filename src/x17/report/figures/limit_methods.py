"""Limits by every method against the mass."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from x17.report.figures.gaps import draw_line, with_gaps
from x17.report.figures.labels import COUPLING_LABEL, COUPLING_SCALE, MASS_LABEL
from x17.report.method_names import CALCULATION_NAMES, METHOD_NAMES, best_calculations
from x17.report.number_text import confidence
from x17.report.style import (
    BLACK,
    BLUE,
    GREY,
    ORANGE,
    PURPLE,
    SKY_BLUE,
    VERMILLION,
    house_style,
    legend_above,
    minor_ticks,
    new_figure,
)
from x17.statistics.limit_methods import Calculation, LimitName
from x17.statistics.limit_table import LimitTable

METHOD_STYLES = {
    LimitName.CLS: (BLACK, "-"),
    LimitName.CLSB: (BLUE, "-"),
    LimitName.PCL: (SKY_BLUE, "--"),
    LimitName.PCL_STANDARD: (ORANGE, "--"),
    LimitName.FC: (VERMILLION, "-"),
    LimitName.ROLKE: (PURPLE, "-"),
    LimitName.STAT: (GREY, ":"),
}
"""Colour and line of each limit, in every figure."""

_LOWEST = 0.9
"""End of the axis, in 1e-4."""

_MASKED = {LimitName.PCL: LimitName.CLSB, LimitName.PCL_STANDARD: LimitName.CLSB}
"""Limits that are drawn only where they differ from another."""


@house_style()
def draw_limit_methods(table: LimitTable, scan_name: str) -> Figure:
    """Upper limits by every method; intervals with their lower ends where those are above zero.

    A power-constrained limit is drawn where its constraint acts: elsewhere it is the CLs+b limit. A triangle
    on the axis is where every coupling is excluded.

    Parameters
    ----------
    table : LimitTable
    scan_name : str

    Returns
    -------
    Figure
    """
    figure = new_figure(5.0)
    axes = figure.add_subplot()
    chosen = best_calculations(table.columns)
    calculations = dict(chosen)
    for name, calculation in chosen:
        _draw_method(axes, table, name, calculation, calculations)
    axes.set_xlabel(MASS_LABEL)
    axes.set_ylabel(COUPLING_LABEL)
    _coupling_axis(axes)
    minor_ticks(axes, y=False)
    legend_above(figure, axes, scan_name, about=f": limits at {confidence(table.cl)}", columns=2)
    return figure


def _coupling_axis(axes: Axes) -> None:
    """A logarithmic axis: limits beyond the ends of a scan are many times those inside."""
    axes.set_yscale("log")
    axes.set_ylim(bottom=_LOWEST)
    axes.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.yaxis.set_minor_locator(LogLocator(subs=(1.5, 3.0, 4.0, 6.0, 7.0, 8.0, 9.0)))
    axes.yaxis.set_minor_formatter(NullFormatter())


def _draw_method(
    axes: Axes,
    table: LimitTable,
    name: LimitName,
    calculation: Calculation,
    calculations: dict[LimitName, Calculation],
) -> None:
    color, style = METHOD_STYLES[name]
    column = {limit.mass_mev: limit for limit in table.column(name, calculation)}
    mass = table.masses
    limits = [column.get(m) for m in mass.tolist()]
    upper = with_gaps((limit.coupling if limit else None for limit in limits), COUPLING_SCALE)
    other = _MASKED.get(name)
    if other in calculations:
        below = {limit.mass_mev: limit.coupling for limit in table.column(other, calculations[other])}
        bare = with_gaps((below.get(m) for m in mass.tolist()), COUPLING_SCALE)
        upper = np.where(upper > bare, upper, np.nan)
    label = f"{METHOD_NAMES[name]} ({CALCULATION_NAMES[calculation]})"
    draw_line(axes, mass, upper, color=color, style=style, label=label)
    excluded = upper == 0.0
    if excluded.any():
        axes.plot(mass[excluded], np.full(excluded.sum(), _LOWEST), "v", color=color, clip_on=False)
    lower = with_gaps((limit.lower if limit else None for limit in limits), COUPLING_SCALE)
    if np.any(lower > 0.0):
        known = np.where(lower > 0.0, lower, np.nan)
        draw_line(axes, mass, known, color=color, style="-.", label=f"{METHOD_NAMES[name]}, lower end")
