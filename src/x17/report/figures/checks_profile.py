"""What variations of an analysis do along the masses: Q and the limit, beside the unchanged ones."""

from __future__ import annotations

from itertools import cycle

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullFormatter

from x17.report.figures.labels import COUPLING_SCALE, MASS_LABEL
from x17.report.number_text import confidence
from x17.report.style import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    SKY_BLUE,
    VERMILLION,
    house_style,
    legend_above,
    minor_ticks,
    new_figure,
)
from x17.statistics.check_fit import CheckFit
from x17.statistics.check_result import Check, CheckResult

COLORS = (VERMILLION, BLUE, GREEN, ORANGE, PURPLE, SKY_BLUE, GREY, BLACK)
_STYLES = ("-", "-", "-", "-", "--", "--", "--", "--")
_TICKS = (1.0, 2.0, 3.0, 4.0, 5.0, 7.0, 10.0, 15.0, 20.0, 30.0, 50.0)


@house_style()
def draw_check_profile(result: CheckResult, check: Check) -> Figure:
    """Q(M), minimised over g² ≥ 0, and the limit, for each variation of a check and for the unchanged one.

    Parameters
    ----------
    result : CheckResult
    check : Check

    Returns
    -------
    Figure
    """
    n_rows = (len(check.done) + 2) // 2
    figure = new_figure(4.8 + 0.17 * n_rows)
    upper, lower = figure.subplots(2, 1, sharex=True)
    _draw(upper, lower, result.unchanged, BLACK, "-", "Unchanged", 2.2)
    for row, color, style in zip(check.done, cycle(COLORS), cycle(_STYLES), strict=False):
        if row.fit is not None:
            label = row.label[0].upper() + row.label[1:]
            _draw(upper, lower, row.fit, color, style, label, 1.2)
    lower.axvline(result.reference_mass_mev, color=GREY, linestyle=(0, (1, 2)), linewidth=0.8, zorder=0.5)
    upper.set_ylabel(r"$Q_\mathrm{min}(M)$ [dimensionless]")
    lower.set_ylabel(rf"$g_{{ve}}$ at {confidence(result.cl)} [$10^{{-4}}$]")
    lower.set_xlabel(MASS_LABEL)
    _coupling_axis(lower)
    minor_ticks(upper)
    minor_ticks(lower, y=False)
    legend_above(figure, upper, result.scan_name, about=f": {check.title}", first="Unchanged")
    return figure


def _draw(upper: Axes, lower: Axes, fit: CheckFit, color: str, style: str, label: str, width: float) -> None:
    mass = fit.scan.masses
    upper.plot(mass, fit.scan.excess_q[0], style, color=color, linewidth=width, label=label)
    if fit.best.g_ve > 0.0:
        upper.plot(fit.best.mass_mev, fit.best.q, "o", color=color, markersize=4.0)
    limits = np.where(fit.limits > 0.0, fit.limits * COUPLING_SCALE, np.nan)
    lower.plot(mass, limits, style, color=color, linewidth=width)


def _coupling_axis(axes: Axes) -> None:
    axes.set_yscale("log")
    axes.yaxis.set_major_locator(FixedLocator(_TICKS))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.yaxis.set_minor_formatter(NullFormatter())
