"""The observable before and after a change, with the best fit to the changed one."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from x17.report.figures.labels import SQRT_S_LABEL
from x17.report.style import BLACK, GREY, VERMILLION, house_style, legend_above, minor_ticks, new_figure
from x17.statistics.check_fit import CheckFit
from x17.statistics.check_result import Check, CheckResult
from x17.statistics.model_settings import NUISANCES

_PANEL = 1.45
"""Height of a panel, inches."""


@house_style()
def draw_check_observable(result: CheckResult, check: Check) -> Figure:
    """g_R of the unchanged and of the changed analysis, one panel a variation.

    Parameters
    ----------
    result : CheckResult
    check : Check
        With at least one variation done.

    Returns
    -------
    Figure
    """
    rows = check.done
    figure = new_figure(1.3 + _PANEL * len(rows))
    panels = figure.subplots(len(rows), 1, sharex=True, squeeze=False)[:, 0]
    for axes, row in zip(panels, rows, strict=True):
        if row.fit is not None:
            _panel(axes, result.unchanged, row.fit)
            axes.set_title(row.label[0].upper() + row.label[1:], loc="left")
    panels[-1].set_xlabel(SQRT_S_LABEL)
    figure.supylabel(r"$g_R = N_2\,/\,(N_\mathrm{PoT}\,B)$ [dimensionless]", fontsize=10.0)
    legend_above(figure, panels[0], result.scan_name, about=f": {check.title}", columns=3)
    return figure


def _panel(axes: Axes, before: CheckFit, after: CheckFit) -> None:
    axes.plot(
        before.points.sqrt_s_mev,
        before.curves.g_r,
        "o",
        color=GREY,
        markersize=2.6,
        alpha=0.7,
        label="Unchanged",
    )
    axes.errorbar(
        after.points.sqrt_s_mev,
        after.curves.g_r,
        after.curves.g_r_err,
        fmt="s",
        color=VERMILLION,
        markersize=2.6,
        elinewidth=0.8,
        label="Changed",
    )
    # A nuisance that moves single points, such as a drift with time, leaves no curve to draw.
    apart = any(nuisance.name not in (*NUISANCES, "w") for nuisance in after.best.nuisances)
    low, high = after.sideband.masked_mev
    axes.axvspan(low, high, color=BLACK, alpha=0.08, linewidth=0.0, zorder=0.5)
    axes.plot(
        after.points.sqrt_s_mev,
        after.curves.best_fit,
        "_" if apart else "-",
        color=BLACK,
        markersize=6.0,
        linewidth=1.2,
        zorder=3,
        label="Best fit",
    )
    minor_ticks(axes)
