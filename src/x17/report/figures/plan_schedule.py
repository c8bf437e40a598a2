"""A schedule: what one point is worth at each setting, and where the positrons go in which order."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from x17.projection.planning_criteria import UNITS
from x17.projection.planning_result import PlanResult
from x17.projection.planning_schedule import ScheduledPoint
from x17.report.figures.labels import SQRT_S_LABEL
from x17.report.style import (
    BLUE,
    GREY,
    PALE_GREY,
    VERMILLION,
    house_style,
    legend_above,
    minor_ticks,
    new_figure,
)


@house_style()
def draw_plan_schedule(result: PlanResult) -> Figure:
    """Worth of the first point against √s; below, hours against √s in the order of data taking.

    Parameters
    ----------
    result : PlanResult

    Returns
    -------
    Figure
    """
    figure = new_figure(6.4)
    upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=[1.0, 1.5])
    schedule = result.schedule
    upper.plot(schedule.sqrt_s_mev, schedule.first_gain, "-", color=GREY, linewidth=1.0)
    upper.plot(
        schedule.sqrt_s_mev,
        schedule.first_gain,
        "o",
        color=GREY,
        markersize=3.0,
        label="One point, at each setting",
    )
    upper.set_ylim(
        min(1.12 * float(schedule.first_gain.min()), 0.0), 1.12 * max(float(schedule.first_gain.max()), 1e-9)
    )
    upper.set_ylabel(f"Gain [{UNITS[schedule.criterion]}]")
    spacing = float(np.diff(schedule.sqrt_s_mev).min()) if schedule.sqrt_s_mev.size > 1 else 0.02
    _draw_points(lower, schedule.points, BLUE, -1.0, spacing)
    upper.plot([], [], "s", color=BLUE, label="Schedule")
    if result.diary:
        _draw_points(lower, tuple(entry.point for entry in result.diary), VERMILLION, 1.0, spacing)
        upper.plot([], [], "s", color=VERMILLION, label="One adaptive campaign")
    lower.set_xlabel(SQRT_S_LABEL)
    lower.set_ylabel("Beam time from the start [h]")
    lower.set_ylim(0.0, None)
    lower.invert_yaxis()
    for axes in (upper, lower):
        minor_ticks(axes)
    upper.yaxis.set_major_locator(MaxNLocator(5))
    margin = 0.02 * float(np.ptp(schedule.sqrt_s_mev)) or 0.05
    lower.set_xlim(schedule.sqrt_s_mev[0] - margin, schedule.sqrt_s_mev[-1] + margin)
    about = f": most {schedule.criterion.value} per hour"
    legend_above(figure, upper, result.scan_name, about=about, columns=3)
    return figure


def _draw_points(
    axes: Axes, points: tuple[ScheduledPoint, ...], color: str, side: float, spacing: float
) -> None:
    """One bar for the time of each point, its number at the outer side."""
    # Two plans that agree lie side by side.
    shift = 0.2 * side * spacing
    places = [point.sqrt_s_mev + shift for point in points]
    middles = [point.total_hours - 0.5 * point.hours for point in points]
    axes.plot(places, middles, "-", color=color, linewidth=0.6, alpha=0.6, zorder=1.0)
    for place, middle, point in zip(places, middles, points, strict=True):
        ends = [middle - 0.5 * point.hours, middle + 0.5 * point.hours]
        axes.plot([place] * 2, ends, "-", color=color, linewidth=3.5, solid_capstyle="butt")
        axes.annotate(
            str(point.number),
            (place, middle),
            xytext=(8.0 * side, 0.0),
            textcoords="offset points",
            ha="center",
            va="center",
            fontsize=8.0,
            color=color,
        )
    axes.grid(axis="x", color=PALE_GREY, linewidth=0.5)
