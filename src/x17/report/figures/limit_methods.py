"""Limits by every method against the mass."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from x17.report.figures.coupling_axis import log_couplings
from x17.report.figures.gaps import FloatArray, isolated, with_gaps
from x17.report.figures.labels import COUPLING_LABEL, COUPLING_SCALE, MASS_LABEL
from x17.report.figures.limit_points import draw_limit_points
from x17.report.figures.method_looks import METHOD_STYLES
from x17.report.method_names import CALCULATION_NAMES, METHOD_NAMES, best_calculations
from x17.report.number_text import confidence
from x17.report.style import house_style, legend_above, minor_ticks, new_figure
from x17.statistics.limit_methods import Calculation, LimitName
from x17.statistics.limit_table import LimitTable

FEW = 8
"""Up to so many masses limits are points side by side: lines between them would say nothing."""

_THICKEST, _THINNEST = 3.2, 1.2
"""Widths of the first and of the last line: where they coincide all can be seen."""

_MASKED = {LimitName.PCL: LimitName.CLSB, LimitName.PCL_STANDARD: LimitName.CLSB}
"""Limits that are drawn only where they differ from another."""


@house_style()
def draw_limit_methods(table: LimitTable, scan_name: str) -> Figure:
    """Upper limits by every method; intervals with their lower ends where those are above zero.

    Of many masses lines: a power-constrained limit is drawn where its constraint acts, elsewhere it is the
    CLs+b limit. A triangle on the axis is where every coupling is excluded.

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
    if table.masses.size <= FEW:
        draw_limit_points(axes, table)
    else:
        _draw_lines(axes, table)
    axes.set_xlabel(MASS_LABEL)
    axes.set_ylabel(COUPLING_LABEL)
    legend_above(figure, axes, scan_name, about=f": limits at {confidence(table.cl)}", columns=2)
    return figure


def _draw_lines(axes: Axes, table: LimitTable) -> None:
    chosen = best_calculations(table.columns)
    uppers = {name: _upper(table, name, calculation) for name, calculation in chosen}
    drawn = [upper[upper > 0.0] for upper in uppers.values()]
    lowest = log_couplings(axes, np.concatenate([np.zeros(0), *drawn]))
    for k, (name, calculation) in enumerate(chosen):
        upper, bare = uppers[name], uppers.get(_MASKED.get(name, name))
        if name in _MASKED and bare is not None:
            upper = np.where(upper > bare, upper, np.nan)
        width = _THICKEST + (_THINNEST - _THICKEST) * k / max(1, len(chosen) - 1)
        _draw_line(axes, table.masses, upper, name, calculation, width)
        excluded = upper == 0.0
        if excluded.any():
            color = METHOD_STYLES[name].color
            axes.plot(
                table.masses[excluded], np.full(excluded.sum(), lowest), "v", color=color, clip_on=False
            )
        _draw_lower(axes, table, name, calculation)
    minor_ticks(axes, y=False)


def _upper(table: LimitTable, name: LimitName, calculation: Calculation) -> FloatArray:
    column = {limit.mass_mev: limit.coupling for limit in table.column(name, calculation)}
    return with_gaps((column.get(mass) for mass in table.masses.tolist()), COUPLING_SCALE)


def _draw_line(
    axes: Axes, mass: FloatArray, upper: FloatArray, name: LimitName, calculation: Calculation, width: float
) -> None:
    look = METHOD_STYLES[name]
    label = f"{METHOD_NAMES[name]} ({CALCULATION_NAMES[calculation]})"
    shown = np.where(upper > 0.0, upper, np.nan)
    axes.plot(mass, shown, look.line, color=look.color, linewidth=width, label=label)
    alone = isolated(shown)
    if alone.any():
        axes.plot(mass[alone], shown[alone], look.marker, color=look.color, markersize=5.0)


def _draw_lower(axes: Axes, table: LimitTable, name: LimitName, calculation: Calculation) -> None:
    look = METHOD_STYLES[name]
    column = {limit.mass_mev: limit.lower for limit in table.column(name, calculation)}
    lower = with_gaps((column.get(mass) for mass in table.masses.tolist()), COUPLING_SCALE)
    known = np.where(lower > 0.0, lower, np.nan)
    if not np.isfinite(known).any():
        return
    axes.plot(
        table.masses, known, "-.", color=look.color, linewidth=1.2, label=f"{METHOD_NAMES[name]}, lower end"
    )
    alone = isolated(known)
    axes.plot(table.masses[alone], known[alone], "_", color=look.color, markersize=7.0)
