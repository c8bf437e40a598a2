"""The excess with each point left out in turn."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from x17.report.figures.labels import COUPLING_SCALE, SQRT_S_LABEL
from x17.report.style import (
    BLUE,
    GREY,
    ORANGE,
    PURPLE,
    VERMILLION,
    house_style,
    legend_above,
    minor_ticks,
    new_figure,
)
from x17.statistics.check_fit import CheckFit
from x17.statistics.check_result import Check, CheckResult

_MARKERS = (("o", BLUE), ("s", VERMILLION), ("^", PURPLE), ("D", ORANGE))


@house_style()
def draw_leave_one_out(result: CheckResult, check: Check) -> Figure:
    """Local significance, best-fit mass and limit against the energy of the point left out.

    Parameters
    ----------
    result : CheckResult
    check : Check

    Returns
    -------
    Figure
    """
    figure = new_figure(5.4)
    panels = figure.subplots(3, 1, sharex=True)
    points = result.unchanged.points
    place = {int(period): k for k, period in enumerate(points.period)}
    rows = [(place[row.period], row.fit) for row in check.done if row.period in place and row.fit]
    index = np.array([k for k, _ in rows], dtype=np.int64)
    unchanged = result.unchanged
    for axes, value in zip(panels, (_z, _mass, _limit), strict=True):
        values = np.array([value(fit) for _, fit in rows])
        axes.axhline(value(unchanged), color=GREY, linewidth=0.9, zorder=0.6, label="Unchanged")
        for k, part in enumerate(np.unique(points.scan_part)):
            here = points.scan_part[index] == part
            marker, color = _MARKERS[k % len(_MARKERS)]
            label = f"Point left out, scan part {part}"
            axes.plot(
                points.sqrt_s_mev[index][here], values[here], marker, color=color, markersize=3.5, label=label
            )
        _shade(axes, unchanged)
        minor_ticks(axes)
    panels[0].set_ylabel(r"$\sqrt{-Q}$ [σ]")
    panels[1].set_ylabel(r"$M$ [MeV]")
    panels[2].set_ylabel(r"Limit [$10^{-4}$]")
    panels[2].set_xlabel(f"{SQRT_S_LABEL} of the point left out")
    legend_above(figure, panels[0], result.scan_name, about=f": {check.title}", first="Point")
    return figure


def _z(fit: CheckFit) -> float:
    return fit.z


def _mass(fit: CheckFit) -> float:
    return fit.best.mass_mev if fit.best.g_ve > 0.0 else float("nan")


def _limit(fit: CheckFit) -> float:
    return fit.reference_limit * COUPLING_SCALE


def _shade(axes: Axes, fit: CheckFit) -> None:
    low, high = fit.sideband.masked_mev
    axes.axvspan(
        low, high, color=GREY, alpha=0.15, linewidth=0.0, zorder=0.5, label="Masked in the side-band fit"
    )
