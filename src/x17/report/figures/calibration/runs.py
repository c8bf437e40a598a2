"""Runs in the order of data taking: beam spot, centre of gravity, energy for each positron."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from x17.report.style import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PALE_GREEN,
    VERMILLION,
    house_style,
    minor_ticks,
    new_figure,
    printable,
)
from x17.scan.calibration import Calibration
from x17.scan.calibration_points import Measured
from x17.scan.calibration_runs import RunCalibration

_X: dict[str, Any] = {"fmt": "o", "color": BLUE, "markersize": 2.4, "elinewidth": 0.7, "label": "x"}
_Y: dict[str, Any] = {"fmt": "s", "color": ORANGE, "markersize": 2.2, "elinewidth": 0.7, "label": "y"}


@house_style()
def draw_runs(calibration: Calibration) -> Figure:
    """Three panels along the runs.

    Parameters
    ----------
    calibration : Calibration

    Returns
    -------
    Figure
    """
    runs = calibration.runs
    figure = new_figure(5.8)
    panels = figure.subplots(3, 1, sharex=True)
    _positions(panels[0], runs.target_x, runs.target_y, "Spot at the target\n[mm]")
    _positions(panels[1], runs.cog_x, runs.cog_y, "Centre of gravity\n[mm]")
    _quality(panels[2], runs)
    panels[2].set_xlabel("Run, in the order of data taking [number]")
    for axes in panels:
        axes.legend(
            loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=4, borderaxespad=0.1, columnspacing=1.4
        )
        minor_ticks(axes)
    figure.align_ylabels(list(panels))
    figure.suptitle(f"{printable(calibration.name)}: runs", fontsize=9.5, fontweight="bold", parse_math=False)
    return figure


def _positions(axes: Axes, x: Measured, y: Measured, label: str) -> None:
    order = np.arange(x.value.size)
    for values, look in ((x, _X), (y, _Y)):
        known = np.isfinite(values.value)
        axes.errorbar(order[known], values.value[known], values.error[known], **look)
    axes.axhline(0.0, color=GREY, linewidth=0.7, zorder=0.5)
    axes.set_ylabel(label)


def _quality(axes: Axes, runs: RunCalibration) -> None:
    order, value = np.arange(runs.good.size), runs.mev_per_positron
    known = np.isfinite(value)
    if np.isfinite(runs.limits).all():
        axes.axhspan(*runs.limits, color=PALE_GREEN, alpha=0.45, linewidth=0.0, zorder=0.1, label="Good runs")
        axes.axhline(runs.median, color=GREEN, linewidth=0.9, label="Median")
    good, bad = known & runs.good, known & ~runs.good
    axes.plot(order[good], value[good], "o", color=BLACK, markersize=2.6, label="Run")
    if bad.any():
        axes.plot(order[bad], value[bad], "X", color=VERMILLION, markersize=6.0, label="Left out")
    axes.set_ylabel("Calorimeter\n[MeV per positron]")
