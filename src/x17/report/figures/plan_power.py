"""How often each strategy decides about a boson, against positrons."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from x17.projection.planning_campaign import Strategy
from x17.projection.planning_result import PlanResult
from x17.projection.planning_verdict import PowerCurve
from x17.report.number_text import confidence, mass_text
from x17.report.style import (
    BLUE,
    GREEN,
    GREY,
    VERMILLION,
    house_style,
    legend_above,
    minor_ticks,
    new_figure,
)

_LOOKS = {
    Strategy.ADAPTIVE: (VERMILLION, "o", "Adaptive"),
    Strategy.SCHEDULE: (BLUE, "s", "Schedule"),
    Strategy.UNIFORM: (GREEN, "^", "Uniform"),
}


@house_style()
def draw_plan_power(result: PlanResult) -> Figure:
    """Share of campaigns with a verdict, with binomial errors; dashed: the new data alone.

    Parameters
    ----------
    result : PlanResult

    Returns
    -------
    Figure
    """
    figure = new_figure(6.0)
    both = figure.subplots(2, 1, sharex=True)
    boson = result.boson
    where = f"{mass_text(boson.mass_mev)} MeV, $g_{{ve}}={1e4 * boson.g_ve:.2f}\\times10^{{-4}}$"
    titles = (
        f"{where}: confirmed at 3σ, if it is there",
        f"Excluded at {confidence(result.cl)}, if it is not",
    )
    for axes, true, title in zip(both, (True, False), titles, strict=True):
        for curve in result.curves:
            if curve.true == true:
                _draw_curve(axes, curve)
        axes.axhline(0.5, color=GREY, linewidth=0.7, zorder=0.5)
        axes.set_ylim(0.0, 1.03)
        axes.set_ylabel("Share of campaigns")
        axes.set_title(title, loc="left")
        minor_ticks(axes)
    both[1].set_xlabel(r"Positrons on target, new [$10^{10}$]")
    both[1].set_xlim(0.0, None)
    both[0].plot([], [], "--", color=GREY, linewidth=1.0, label="New data alone")
    legend_above(figure, both[0], result.scan_name, about=" and new points", columns=4)
    return figure


def _draw_curve(axes: Axes, curve: PowerCurve) -> None:
    color, marker, name = _LOOKS[curve.strategy]
    positrons = 1e-10 * curve.positrons
    shares = np.array([share.value for share in curve.shares])
    if not curve.with_old:
        axes.plot(positrons, shares, "--", color=color, linewidth=1.0)
        return
    low, high = np.array([share.interval() for share in curve.shares]).T
    # Side by side, so that error bars can be told apart.
    shift = 0.08 * positrons[0] * (list(_LOOKS).index(curve.strategy) - 1)
    axes.errorbar(
        positrons + shift,
        shares,
        [shares - low, high - shares],
        marker=marker,
        linewidth=1.2,
        elinewidth=0.9,
        color=color,
        label=name,
    )
