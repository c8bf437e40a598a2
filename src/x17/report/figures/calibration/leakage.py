"""Leakage of the lead glass: its factor period by period, and against the height of the spot."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from x17.report.figures.calibration.looks import DATA
from x17.report.style import BLUE, GREY, house_style, legend_above, minor_ticks, new_figure
from x17.scan.calibration import Calibration
from x17.scan.calibration_runs import LeakageCalibration


@house_style()
def draw_leakage(calibration: Calibration) -> Figure:
    """Energy-loss factor in the order of data taking above, of runs on the response map below.

    Parameters
    ----------
    calibration : Calibration

    Returns
    -------
    Figure
    """
    leakage = calibration.leakage
    figure = new_figure(4.9)
    upper, lower = figure.subplots(2, 1)
    _periods(upper, leakage)
    _heights(lower, leakage)
    legend_above(figure, lower, calibration.name, about=": leakage of the lead glass", columns=3)
    return figure


def _periods(axes: Axes, leakage: LeakageCalibration) -> None:
    order = np.arange(leakage.period.size)
    axes.errorbar(order, leakage.factor.value, leakage.factor.error, **DATA | {"label": None})
    axes.axhline(leakage.reference, color=GREY, linewidth=0.8, linestyle="--")
    axes.set_xlabel("Period, in the order of data taking [number]")
    _name_periods(axes, leakage)
    axes.set_ylabel("Energy-loss factor\n[dimensionless]")
    minor_ticks(axes, x=False)


def _name_periods(axes: Axes, leakage: LeakageCalibration) -> None:
    """Write the numbers of periods, as many as there is room for."""
    step = max(1, -(-leakage.period.size // 14))
    shown = np.arange(0, leakage.period.size, step)
    axes.set_xticks(shown.tolist(), [str(leakage.period[k]) for k in shown])


def _heights(axes: Axes, leakage: LeakageCalibration) -> None:
    if leakage.map_y_mm.size:
        axes.plot(
            leakage.map_y_mm,
            leakage.map_factor,
            color=BLUE,
            label="Response map, spot of mean width",
            zorder=1,
        )
    axes.axhline(leakage.reference, color=GREY, linewidth=0.8, linestyle="--", label="Reference")
    axes.plot(leakage.height_mm, leakage.run_factor.value, "o", color="black", markersize=2.6, label="Runs")
    if leakage.height_mm.size:
        low, high = float(leakage.height_mm.min()), float(leakage.height_mm.max())
        margin = 5.0 + 0.25 * (high - low)
        axes.set_xlim(low - margin, high + margin)
        seen = (leakage.map_y_mm > low - margin) & (leakage.map_y_mm < high + margin)
        values = np.concatenate([leakage.map_factor[seen], leakage.run_factor.value])
        room = 0.06 * float(np.ptp(values)) + 1e-3
        axes.set_ylim(float(values.min()) - room, float(values.max()) + room)
    axes.set_xlabel("Height of the spot at the lead glass [mm]")
    axes.set_ylabel("Energy-loss factor\n[dimensionless]")
    minor_ticks(axes)
