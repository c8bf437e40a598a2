"""The pulls of the points about the fits without and with a boson."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from x17.report.figures.labels import SQRT_S_LABEL, best_fit_label
from x17.report.figures.masked_window import shade_window
from x17.report.figures.point_looks import draw_parts
from x17.report.style import (
    GREY,
    PALE_GREEN,
    PALE_YELLOW,
    house_style,
    legend_above,
    minor_ticks,
    new_figure,
)
from x17.statistics.search_result import FloatArray, SearchResult

_SMALLEST_RANGE = 3.2


@house_style()
def draw_pulls(result: SearchResult) -> Figure:
    """(g_R − fit)/σ of every point, for the fit without a boson and for the best fit.

    Parameters
    ----------
    result : SearchResult

    Returns
    -------
    Figure
    """
    curves = result.curves
    figure = new_figure(4.9)
    upper, lower = figure.subplots(2, 1, sharex=True, sharey=True)
    background = (curves.g_r - curves.background) / curves.g_r_err
    best = (curves.g_r - curves.best_fit) / curves.g_r_err
    reach = max(_SMALLEST_RANGE, 1.1 * max(abs(background).max(), abs(best).max()))
    without = result.background
    title = rf"Fit without a boson: $\chi^2={without.chi2:.1f}$ for {without.n_points} points"
    _panel(upper, result, background, title)
    _panel(lower, result, best, rf"{best_fit_label(result)}: $\chi^2={result.best.chi2:.1f}$")
    upper.set_ylim(-reach, reach)
    minor_ticks(upper)
    lower.set_xlabel(SQRT_S_LABEL)
    figure.supylabel(r"Pull $(g_R - \mathrm{fit})\,/\,\sigma$ [standard deviations]", fontsize=10.0)
    legend_above(figure, upper, result.scan_name, first="Scan")
    return figure


def _panel(axes: Axes, result: SearchResult, pulls: FloatArray, title: str) -> None:
    points = result.points
    axes.axhspan(-2.0, 2.0, color=PALE_YELLOW, linewidth=0.0, zorder=0.1, label="±2σ")
    axes.axhspan(-1.0, 1.0, color=PALE_GREEN, linewidth=0.0, zorder=0.15, label="±1σ")
    shade_window(axes, result)
    axes.axhline(0.0, color=GREY, linewidth=0.8)
    draw_parts(axes, points.sqrt_s_mev, pulls, None, points.scan_part, result.sideband.masked)
    axes.set_title(title, loc="left")
    minor_ticks(axes)
