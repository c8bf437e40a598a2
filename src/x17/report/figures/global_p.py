"""How often pseudo-experiments without a boson show as large an excess anywhere."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from x17.report.number_text import fraction_short
from x17.report.style import BLUE, GREY, VERMILLION, house_style, minor_ticks, new_figure, printable
from x17.statistics.global_p import GlobalP, GlobalStatistic
from x17.statistics.significance import Significance

_LABELS = {
    GlobalStatistic.PUBLISHED_DEVIATION: "Deviation $d$ [widths]",
    GlobalStatistic.MIN_Q: r"$-Q$ [dimensionless]",
    GlobalStatistic.MAX_Z: r"Largest local $z$ [$\sigma$]",
}


@house_style()
def draw_global_p(result: Significance, scan_name: str) -> Figure:
    """Survival function of each statistic over pseudo-experiments, and the data's value.

    Parameters
    ----------
    result : Significance
    scan_name : str

    Returns
    -------
    Figure
    """
    figure = new_figure(2.9)
    low, high = result.window_mev
    figure.suptitle(
        f"{printable(scan_name)}: largest excess in {low:g}–{high:g} MeV", weight="bold", size=9.5
    )
    panels = figure.subplots(1, len(result.definitions), sharey=True)
    for axes, definition in zip(panels, result.definitions, strict=True):
        _draw_survival(axes, definition)
    panels[0].set_ylabel("Toys at least as\nextreme [share]")
    return figure


def _draw_survival(axes: Axes, definition: GlobalP) -> None:
    sign = -1.0 if definition.statistic is GlobalStatistic.MIN_Q else 1.0
    values, observed = np.sort(sign * definition.toys), sign * definition.observed
    n = values.size
    # Places even on the logarithmic axis show the curve; 10^5 steps would only make the file large.
    places = np.unique(n - np.geomspace(1, n, 400).round().astype(int))
    share = 1.0 - places / n
    axes.set_yscale("log")
    axes.plot(values[places], share, color=BLUE, drawstyle="steps-post")
    axes.axvline(observed, color=VERMILLION, linewidth=1.2)
    p = max(definition.fraction.value, 0.5 / n)
    axes.plot(observed, p, "o", color=VERMILLION)
    axes.axhline(p, color=GREY, linestyle=(0, (4, 3)), linewidth=0.8, zorder=0.5)
    axes.set_title("$p$ = " + fraction_short(definition.fraction), size=9.0)
    axes.set_xlabel(_LABELS[definition.statistic])
    axes.set_ylim(0.7 * max(1.0 / n, 1e-4), 1.3)
    minor_ticks(axes, y=False)
