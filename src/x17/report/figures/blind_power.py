"""Power of the blind procedure against an extra error and against a boson."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from x17.blinding.power import PowerPoint, PowerTable
from x17.report.figures.labels import COUPLING_SCALE
from x17.report.number_text import mass_text
from x17.report.style import (
    BLACK,
    BLUE,
    GREEN,
    ORANGE,
    PURPLE,
    VERMILLION,
    house_style,
    legend_above,
    minor_ticks,
    new_figure,
)
from x17.statistics.monte_carlo import TailFraction

_COLORS = (BLUE, ORANGE, GREEN, PURPLE, VERMILLION)
_STYLES = ("-", "--", ":", "-.")


@house_style()
def draw_power(table: PowerTable, scan_name: str) -> Figure:
    """Acceptance against an extra error; and with a boson, acceptance and how often the mask has it inside.

    Parameters
    ----------
    table : PowerTable
    scan_name : str

    Returns
    -------
    Figure
    """
    figure = new_figure(6.6)
    upper, lower = figure.subplots(2, 1)
    extra = [point for point in table.points if point.found is None]
    x = [100.0 * point.case.extra_err for point in extra]
    for k, threshold in enumerate(table.thresholds):
        label = rf"Accepted: $P(\chi^2)>{threshold:g}$"
        _draw(upper, x, [p.accepted[k] for p in extra], _COLORS[k % len(_COLORS)], label)
    _draw(upper, x, [point.criteria for point in extra], BLACK, "Accepted: (i) to (iv)")
    upper.set_xlabel("Error of each point that the analysis does not know of [%]")
    masses = dict.fromkeys(p.case.mass_mev for p in table.points if p.case.mass_mev is not None)
    for k, mass in enumerate(masses):
        style = _STYLES[k % len(_STYLES)]
        _draw_boson(lower, [p for p in table.points if p.case.mass_mev == mass], mass, style)
    lower.set_xlabel(r"Coupling of a boson $g_{ve}$ [$10^{-4}$]")
    for axes in (upper, lower):
        axes.set_ylim(0.0, 1.04)
        axes.set_ylabel("Share of experiments")
        minor_ticks(axes)
    handles, labels = lower.get_legend_handles_labels()
    keep = [k for k, label in enumerate(labels) if "mask" in label]
    lower.legend([handles[k] for k in keep], [labels[k] for k in keep], loc="lower right")
    legend_above(figure, upper, scan_name, about=": blind procedure", first="Accepted: $P")
    return figure


def _draw_boson(axes: Axes, points: Sequence[PowerPoint], mass: float, style: str) -> None:
    x = [COUPLING_SCALE * point.case.coupling for point in points]
    _draw(axes, x, [point.criteria for point in points], BLACK, "", style)
    label = f"Inside the mask: {mass_text(mass)} MeV"
    _draw(axes, x, [p.found for p in points if p.found is not None], VERMILLION, label, style)


def _draw(
    axes: Axes,
    x: Sequence[float],
    fractions: Sequence[TailFraction],
    color: str,
    label: str,
    style: str = "-",
) -> None:
    if not fractions:
        return
    value = np.array([fraction.value for fraction in fractions])
    low, high = np.array([fraction.interval() for fraction in fractions]).T
    axes.errorbar(
        x,
        value,
        [np.maximum(value - low, 0.0), np.maximum(high - value, 0.0)],
        fmt="o",
        linestyle=style,
        linewidth=1.0,
        markersize=3.0,
        color=color,
        label=label or None,
    )
