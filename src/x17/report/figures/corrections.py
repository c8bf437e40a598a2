"""The corrections of a scan period by period, in the order of data taking."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from x17.report.figures.point_looks import NOT_SEARCHED, BoolArray, part_looks
from x17.report.style import GREY, house_style, legend_above, minor_ticks, new_figure
from x17.scan.period_factors import PeriodFactors

_LABELS = {
    "brems_subtraction": "Brems-\nstrahlung",
    "energy_loss": "Leakage",
    "ageing": "Ageing",
    "tag_and_probe": "Tag and\nprobe",
    "rmax_shift": "$R_\\mathrm{max}$\nshift",
}
_PANEL, _REST = 1.05, 1.25
"""Heights of a panel and of all else, inches."""
_SMALL = {"markersize": 2.4}  # larger markers would hide the errors


@house_style()
def draw_corrections(factors: Sequence[PeriodFactors], scan_name: str) -> Figure:
    """One panel a quantity, one point a period; dashed: the mean over searched periods.

    Parameters
    ----------
    factors : sequence of PeriodFactors
        At least one.
    scan_name : str

    Returns
    -------
    Figure
    """
    figure = new_figure(_REST + _PANEL * len(factors))
    panels = figure.subplots(len(factors), 1, sharex=True, squeeze=False)[:, 0]
    for axes, one in zip(panels, factors, strict=True):
        _panel(axes, one)
    order = factors[0].period
    step = max(1, -(-order.size // 14))
    shown = np.arange(0, order.size, step)
    panels[-1].set_xticks(shown.tolist(), [str(order[k]) for k in shown])
    panels[-1].set_xlabel("Period, in the order of data taking [number]")
    figure.align_ylabels(list(panels))
    fullest = max(range(len(factors)), key=lambda k: int(factors[k].known.sum()))
    legend_above(figure, panels[fullest], scan_name, about=": corrections", first="Scan", columns=4)
    return figure


def _panel(axes: Axes, one: PeriodFactors) -> None:
    looks = part_looks(one.scan_part[one.searched])
    for part, (name, look) in looks.items():
        _points(axes, one, one.searched & (one.scan_part == part), name, look)
    _points(axes, one, ~one.searched, "Not searched", NOT_SEARCHED)
    if np.isfinite(one.mean):
        axes.axhline(one.mean, color=GREY, linewidth=0.8, linestyle="--", zorder=0.5, label="Mean")
    axes.set_ylabel(f"{_LABELS[one.name]} [1]", fontsize=9.0)
    minor_ticks(axes, x=False)


def _points(axes: Axes, one: PeriodFactors, here: BoolArray, name: str, look: dict[str, Any]) -> None:
    shown = np.flatnonzero(here & one.known)
    if shown.size:
        error = one.error[shown] if one.error[shown].any() else None
        axes.errorbar(shown, one.value[shown], error, label=name, **(look | _SMALL))
