"""The observable g_R against √s, with the fits to it."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedFormatter, FixedLocator, MaxNLocator

from x17.report.figures.labels import SQRT_S_LABEL, best_fit_label
from x17.report.figures.masked_window import shade_window
from x17.report.figures.point_looks import draw_parts
from x17.report.style import BLACK, GREEN, house_style, legend_above, minor_ticks, new_figure
from x17.scan import SearchPoints
from x17.statistics.search_result import SearchResult


@house_style()
def draw_observable(result: SearchResult) -> Figure:
    """g_R of every point, open where it is masked, the side-band line and the fits with and without a boson.

    Parameters
    ----------
    result : SearchResult

    Returns
    -------
    Figure
    """
    points, curves = result.points, result.curves
    figure = new_figure(4.6)
    axes = figure.add_subplot()
    draw_parts(axes, points.sqrt_s_mev, curves.g_r, curves.g_r_err, points.scan_part, result.sideband.masked)
    shade_window(axes, result)
    axes.plot(points.sqrt_s_mev, curves.sideband, ":", color=BLACK, label="Side-band line $K(s)$", zorder=3)
    axes.plot(points.sqrt_s_mev, curves.background, "--", color=GREEN, label="Fit without a boson", zorder=3)
    axes.plot(points.sqrt_s_mev, curves.best_fit, "-", color=BLACK, label=best_fit_label(result), zorder=3)
    axes.set_xlabel(SQRT_S_LABEL)
    axes.set_ylabel(r"$g_R = N_2\,/\,(N_\mathrm{PoT}\,B)$ [dimensionless]")
    minor_ticks(axes)
    _beam_energy_axis(axes, points)
    legend_above(figure, axes, result.scan_name, first="Scan")
    return figure


def _beam_energy_axis(axes: Axes, points: SearchPoints) -> None:
    """Beam energies along the upper edge, at the √s that the points themselves pair them with."""
    low, high = float(points.beam_energy_mev[0]), float(points.beam_energy_mev[-1])
    upper = axes.secondary_xaxis("top")
    axes.tick_params(top=False, which="both")
    major = [float(energy) for energy in MaxNLocator(nbins=8).tick_values(low, high)]
    major = [energy for energy in major if low <= energy <= high]
    minor = np.linspace(major[0], major[-1], 5 * (len(major) - 1) + 1).tolist() if len(major) > 1 else []

    def at(energies: list[float]) -> FixedLocator:
        return FixedLocator(np.interp(energies, points.beam_energy_mev, points.sqrt_s_mev).tolist())

    upper.xaxis.set_major_locator(at(major))
    upper.xaxis.set_major_formatter(FixedFormatter([f"{energy:g}" for energy in major]))
    upper.xaxis.set_minor_locator(at(minor))
    upper.set_xlabel("Beam energy [MeV]")
