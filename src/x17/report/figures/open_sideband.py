"""The side band of a sealed scan: the points that are open, and nothing of those that are not."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from x17.blinding.criteria import OpenSideband
from x17.report.figures.labels import SQRT_S_LABEL
from x17.report.style import (
    BLACK,
    BLUE,
    GREY,
    ORANGE,
    PALE_GREEN,
    PALE_YELLOW,
    PURPLE,
    VERMILLION,
    house_style,
    legend_above,
    minor_ticks,
    new_figure,
)

_MARKERS = (("o", BLUE), ("s", VERMILLION), ("^", PURPLE), ("D", ORANGE))
_BIN_WIDTH = 0.5


@house_style()
def draw_open_sideband(side: OpenSideband, scan_name: str) -> Figure:
    """g_R of the open points with the line K(s) and its one-sigma band.

    Parameters
    ----------
    side : OpenSideband
    scan_name : str

    Returns
    -------
    Figure
    """
    figure = new_figure(4.2)
    axes = figure.add_subplot()
    for k, part in enumerate(np.unique(side.scan_part)):
        here = side.scan_part == part
        marker, color = _MARKERS[k % len(_MARKERS)]
        axes.errorbar(
            side.sqrt_s_mev[here],
            side.g_r[here],
            side.g_r_err[here],
            fmt=marker,
            color=color,
            markersize=3.5,
            elinewidth=0.9,
            label=f"Open points, scan part {part}",
        )
    grid = np.linspace(side.sqrt_s_mev[0], side.sqrt_s_mev[-1], 200)
    slopes = np.stack([np.ones_like(grid), grid - side.line.center])
    error = np.sqrt(np.einsum("in,ij,jn->n", slopes, side.line.covariance, slopes))
    line = side.line(grid)
    axes.fill_between(grid, line - error, line + error, color=PALE_GREEN, linewidth=0.0, zorder=0.8)
    label = rf"$K(s)$: $\chi^2={side.line.chi2:.1f}/{side.line.ndf}$"
    axes.plot(grid, line, "-", color=BLACK, label=label)
    _shade(axes, side)
    axes.set_xlabel(SQRT_S_LABEL)
    axes.set_ylabel(r"$g_R = N_2\,/\,(N_\mathrm{PoT}\,B)$ [dimensionless]")
    minor_ticks(axes)
    legend_above(figure, axes, scan_name, about=": side band", first="Open")
    return figure


@house_style()
def draw_open_pulls(side: OpenSideband, scan_name: str) -> Figure:
    """Pulls of the open points against √s, and their histogram.

    Parameters
    ----------
    side : OpenSideband
    scan_name : str

    Returns
    -------
    Figure
    """
    figure = new_figure(3.8)
    left, right = figure.subplots(1, 2, sharey=True, width_ratios=(3.0, 1.0))
    reach = max(3.2, 1.1 * float(np.abs(side.pulls).max()))
    for axes in (left, right):
        axes.axhspan(-2.0, 2.0, color=PALE_YELLOW, linewidth=0.0, zorder=0.1)
        axes.axhspan(-1.0, 1.0, color=PALE_GREEN, linewidth=0.0, zorder=0.15)
        axes.axhline(0.0, color=GREY, linewidth=0.8)
    left.plot(side.sqrt_s_mev, side.pulls, "o", color=BLACK, markersize=3.5, label="Open points")
    _shade(left, side)
    edges = _BIN_WIDTH * np.arange(-np.ceil(reach / _BIN_WIDTH), np.ceil(reach / _BIN_WIDTH) + 1)
    right.hist(side.pulls, edges.tolist(), orientation="horizontal", histtype="step", color=BLACK)
    left.set_ylim(-reach, reach)
    left.set_xlabel(SQRT_S_LABEL)
    left.set_ylabel(r"Pull $(g_R - K)\,/\,\sigma$ [standard deviations]")
    right.set_xlabel("Points per bin")
    minor_ticks(left)
    legend_above(figure, left, scan_name, about=": pulls of the side band", first="Open")
    return figure


def _shade(axes: Axes, side: OpenSideband) -> None:
    low, high = side.masked_mev
    axes.axvspan(low, high, color=BLACK, alpha=0.12, linewidth=0.0, zorder=0.5, label="Masked")
