"""The local p-value against the mass."""

from __future__ import annotations

import math

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from x17.report.figures.gaps import draw_line, with_gaps
from x17.report.figures.labels import MASS_LABEL
from x17.report.style import BLUE, GREY, VERMILLION, house_style, legend_above, minor_ticks, new_figure
from x17.statistics.search_result import SearchResult

_SMALLEST_P = 1e-300
"""Stands for a p-value that underflowed: a logarithmic axis has no zero."""


@house_style()
def draw_local_p(result: SearchResult) -> Figure:
    """One-sided local p from q0 against the mass, and the one from pseudo-experiments where it was made.

    Parameters
    ----------
    result : SearchResult

    Returns
    -------
    Figure
    """
    figure = new_figure(4.2)
    axes = figure.add_subplot()
    mass = np.array([point.mass_mev for point in result.limits])
    p = np.maximum(with_gaps(point.local_p for point in result.limits), _SMALLEST_P)
    axes.set_yscale("log")
    draw_line(axes, mass, p, color=BLUE, label="Asymptotic, from $q_0$")
    lowest = _draw_pseudo_experiments(axes, result)
    smallest = min(lowest, float(np.nanmin(p))) if np.isfinite(p).any() else lowest
    axes.set_ylim(min(5e-4, smallest / 4.0), 1.0)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    _significance_lines(axes)
    axes.set_xlabel(MASS_LABEL)
    axes.set_ylabel(r"Local $p$-value, one-sided [probability]")
    minor_ticks(axes, y=False)
    legend_above(figure, axes, result.scan_name)
    return figure


def _draw_pseudo_experiments(axes: Axes, result: SearchResult) -> float:
    """Draw p with its interval, or an arrow if none was as extreme, and return the lowest p drawn."""
    fraction = result.local_p.limit
    if fraction is None or fraction.n_toys == 0:
        return 1.0
    low, high = fraction.interval()
    mass = result.local_p.mass_mev
    label = f"Limits of {fraction.n_toys} pseudo-experiments"
    if fraction.successes == 0:
        axes.errorbar(mass, high, 0.5 * high, uplims=True, fmt="_", color=VERMILLION, label=label)
        return 0.5 * high
    value = fraction.value
    error = np.array([[value - low], [high - value]])
    axes.errorbar(mass, value, error, fmt="s", color=VERMILLION, capsize=3.0, label=label, zorder=3)
    return low


def _significance_lines(axes: Axes) -> None:
    """Dashed lines at whole standard deviations inside the axis."""
    bottom, _ = axes.get_ylim()
    for z in range(1, 39):
        p = 0.5 * math.erfc(z / math.sqrt(2.0))
        if p < bottom:
            return
        axes.axhline(p, color=GREY, linestyle=(0, (4, 3)), linewidth=0.8, zorder=0.5)
        axes.annotate(
            f"{z}σ",
            (1.0, p),
            xycoords=("axes fraction", "data"),
            xytext=(4.0, 0.0),
            textcoords="offset points",
            va="center",
            color=GREY,
            fontsize=9.0,
        )
