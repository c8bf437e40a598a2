"""The map of Q(M, g), with the best fit and the observed limit on it."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke

from x17.report.figures.gaps import with_gaps
from x17.report.figures.labels import COUPLING_LABEL, COUPLING_SCALE, MASS_LABEL, best_fit_label
from x17.report.number_text import confidence
from x17.report.style import BLACK, BLUE, PALE_GREY, house_style, legend_above, minor_ticks, new_figure
from x17.statistics.search_result import FloatArray, QMap, SearchResult

_SMALLEST_RANGE = 4.0
_HALO = [withStroke(linewidth=4.0, foreground="white")]


@house_style()
def draw_q_map(result: SearchResult) -> Figure:
    """Q = χ²(with a boson) − χ²(without) on the grid, its contour one above the minimum, and the limit.

    Parameters
    ----------
    result : SearchResult

    Returns
    -------
    Figure
    """
    figure = new_figure(4.8)
    axes = figure.add_subplot()
    mesh = _draw_mesh(axes, result)
    bar = figure.colorbar(mesh, ax=axes, extend="max", pad=0.02)
    bar.set_label(r"$Q=\chi^2_\mathrm{with\ boson}-\chi^2_\mathrm{without}$ [dimensionless]")
    bar.minorticks_on()
    _draw_contour(axes, result)
    _draw_limit(axes, result)
    _draw_best_fit(axes, result)
    axes.set_xlabel(MASS_LABEL)
    axes.set_ylabel(COUPLING_LABEL)
    minor_ticks(axes)
    axes.set_axisbelow(False)
    legend_above(figure, axes, result.scan_name)
    return figure


def _cell_edges(centers: FloatArray) -> FloatArray:
    """Edges half-way between the centres; a single centre gets a cell of some width."""
    if centers.size == 1:
        return np.array([0.999, 1.001]) * float(centers[0])
    inner = 0.5 * (centers[:-1] + centers[1:])
    edges: FloatArray = np.concatenate(
        [[2.0 * centers[0] - inner[0]], inner, [2.0 * centers[-1] - inner[-1]]]
    )
    return edges


def _shown(grid: QMap) -> FloatArray:
    """Q with couplings along the first axis, NaN where the fit failed."""
    return np.where(grid.ok, grid.q, np.nan).T


def _draw_mesh(axes: Axes, result: SearchResult) -> QuadMesh:
    grid = result.q_map
    # White at Q = 0; clipped as far above as the minimum lies below: Q grows beyond 100 elsewhere.
    reach = max(_SMALLEST_RANGE, float(np.ceil(abs(result.best.q))))
    axes.set_facecolor(PALE_GREY)
    if not grid.ok.all():
        axes.plot([], [], "s", color=PALE_GREY, label="Fit failed")
    return axes.pcolormesh(
        _cell_edges(grid.masses),
        COUPLING_SCALE * _cell_edges(grid.couplings),
        _shown(grid),
        cmap="PuOr",
        vmin=-reach,
        vmax=reach,
        rasterized=True,  # thousands of cells as one picture: a vector of them would be slow to open
    )


def _draw_contour(axes: Axes, result: SearchResult) -> None:
    grid, level = result.q_map, result.best.q + 1.0
    q = _shown(grid)
    if min(q.shape) < 2 or not (np.any(q < level) and np.any(q > level)):
        return
    couplings, dashes = COUPLING_SCALE * grid.couplings, (0, (4, 2))
    axes.contour(grid.masses, couplings, q, levels=[level], colors=BLACK, linestyles=[dashes], linewidths=1.2)
    label = r"$Q = Q_\mathrm{min} + 1$"
    axes.add_line(Line2D([], [], color=BLACK, linestyle=dashes, linewidth=1.2, label=label))


def _draw_limit(axes: Axes, result: SearchResult) -> None:
    x_range, y_range = axes.get_xlim(), axes.get_ylim()
    mass = np.array([point.mass_mev for point in result.limits])
    toys = [point.toy.coupling if point.toy else None for point in result.limits]
    asymptotic = [point.asymptotic for point in result.limits]
    coupling, method = (toys, "toy CLs") if result.n_toys else (asymptotic, "asymptotic CLs")
    axes.plot(
        mass,
        with_gaps(coupling, COUPLING_SCALE),
        "-" if mass.size > 1 else "o",
        color=BLUE,
        path_effects=_HALO,
        label=f"Limit at {confidence(result.cl)}, {method}",
    )
    axes.set_xlim(x_range)
    axes.set_ylim(y_range)


def _draw_best_fit(axes: Axes, result: SearchResult) -> None:
    best = result.best
    coupling = COUPLING_SCALE * best.g_ve
    low, high = axes.get_ylim()
    inside = best.g_ve > 0.0 and low <= coupling <= high
    axes.plot(
        [best.mass_mev] if inside else [],
        [coupling] if inside else [],
        "*" if inside else "None",
        color=BLACK,
        markeredgecolor="white",
        markeredgewidth=0.8,
        markersize=13.0,
        label=best_fit_label(result) + ("" if inside or best.g_ve <= 0.0 else " (outside the grid)"),
    )
