"""Coverage of every method against the true coupling."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from x17.report.figures.labels import COUPLING_SCALE
from x17.report.figures.method_looks import METHOD_STYLES
from x17.report.method_names import CALCULATION_NAMES, METHOD_NAMES, best_calculations
from x17.report.number_text import confidence, mass_text
from x17.report.style import GREY, house_style, legend_above, minor_ticks, new_figure
from x17.statistics.coverage import CoveragePoint, CoverageTable
from x17.statistics.limit_methods import Calculation, LimitName


@house_style()
def draw_coverage(table: CoverageTable, scan_name: str) -> Figure:
    """Share of pseudo-experiments whose interval contains the truth, with binomial errors.

    The statistical limit is left out: it is no observed limit, and its coverage is one or zero.

    Parameters
    ----------
    table : CoverageTable
    scan_name : str

    Returns
    -------
    Figure
    """
    figure = new_figure(4.6)
    axes = figure.add_subplot()
    columns = [key for key in best_calculations(table.columns) if key[0] is not LimitName.STAT]
    couplings = np.array([point.coupling for point in table.points]) * COUPLING_SCALE
    step = np.ptp(couplings) / max(len(set(couplings.tolist())) - 1, 1) or 1.0
    lowest = table.cl
    for place, (name, calculation) in enumerate(columns):
        # Side by side, so that error bars at one coupling can be told apart.
        shift = 0.05 * step * (place - 0.5 * (len(columns) - 1))
        column = table.column(name, calculation)
        _draw_column(axes, column, name, calculation, shift)
        lowest = min([lowest, *(point.fraction.interval()[0] for point in column)])
    axes.axhline(table.cl, color=GREY, linestyle=(0, (4, 3)), linewidth=1.0, zorder=0.5)
    axes.annotate(
        f"{confidence(table.cl)}",
        (1.0, table.cl),
        xycoords=("axes fraction", "data"),
        xytext=(4.0, 0.0),
        textcoords="offset points",
        va="center",
        color=GREY,
        fontsize=9.0,
    )
    axes.set_ylim(max(lowest - 0.02, 0.0), 1.01)
    axes.set_xlabel(r"True coupling $g_{ve}$ [$10^{-4}$]")
    axes.set_ylabel("Coverage [share of pseudo-experiments]")
    minor_ticks(axes)
    legend_above(figure, axes, scan_name, about=f": coverage at {mass_text(table.mass_mev)} MeV")
    return figure


def _draw_column(
    axes: Axes, column: tuple[CoveragePoint, ...], name: LimitName, calculation: Calculation, shift: float
) -> None:
    look = METHOD_STYLES[name]
    value = np.array([point.fraction.value for point in column])
    low, high = np.array([point.fraction.interval() for point in column]).T
    axes.errorbar(
        np.array([point.coupling for point in column]) * COUPLING_SCALE + shift,
        value,
        [value - low, high - value],
        fmt="o",
        linestyle=look.line,
        linewidth=1.0,
        elinewidth=1.2,
        color=look.color,
        label=f"{METHOD_NAMES[name]} ({CALCULATION_NAMES[calculation]})",
    )
