"""The error of each point by what it comes from, beside what was published."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from x17.report.figures.error_axes import QUANTITY_SYMBOLS, add_error_scale, name_energies
from x17.report.figures.labels import SQRT_S_LABEL
from x17.report.style import BLACK, BLUE, GREEN, ORANGE, house_style, legend_above, minor_ticks, new_figure
from x17.scan.error_budget import POINT, ErrorBudget

_COLORS = {"N2": BLUE, "N_PoT": ORANGE, "B": GREEN}
_BAR = 0.86


@house_style()
def draw_error_budget(budget: ErrorBudget, scan_name: str) -> Figure:
    """Squared relative errors of N2, N_PoT and B, stacked, for each point and on average.

    Parameters
    ----------
    budget : ErrorBudget
    scan_name : str

    Returns
    -------
    Figure
        With a panel for the published contributions, if there are any.
    """
    parts = {"N2": budget.n2, "N_PoT": budget.n_pot, "B": budget.background}
    figure = new_figure(4.4)
    published = any(item.kind == POINT for item in budget.published)
    ratios = (6.0, 1.7 if published else 0.8)
    left, right = figure.subplots(1, 2, sharey=True, width_ratios=ratios, gridspec_kw={"wspace": 0.03})
    place, bottom = np.arange(budget.total.size), np.zeros(budget.total.size)
    for quantity, percent in parts.items():
        height, color = percent**2, _COLORS[quantity]
        label = f"Error of {QUANTITY_SYMBOLS[quantity]}"
        left.bar(place, height, _BAR, bottom=bottom, color=color, linewidth=0.0, label=label)
        bottom = bottom + height
    _stack(right, 0, [(q, float(np.mean(np.square(p)))) for q, p in parts.items()])
    if published:
        _stack(right, 1, _published(budget))
    mean = float(budget.total.mean())
    left.axhline(mean**2, color=BLACK, linewidth=1.0, linestyle="--", label=f"Mean error {mean:.2f} %")
    left.set_ylim(0.0, 1.08 * max(float(bottom.max()), right.get_ylim()[1]))
    name_energies(left, budget.sqrt_s_mev)
    names = ["Mean", "Published"] if published else ["Mean"]
    right.set_xticks(range(len(names)), names, fontsize=7.5)
    for axes in (left, right):
        axes.tick_params(axis="x", which="both", top=False)
    left.tick_params(axis="y", which="both", right=False)
    right.tick_params(axis="y", which="both", left=False)
    left.set_xlabel(SQRT_S_LABEL)
    left.set_ylabel(r"Squared relative error of $g_R$ [$\%^2$]")
    minor_ticks(left, x=False)
    add_error_scale(right)
    legend_above(figure, left, scan_name, about=": error of each point", first="Error")
    return figure


def _published(budget: ErrorBudget) -> list[tuple[str, float]]:
    """Squared contributions to single points, in the order of the stacks."""
    items = [item for item in budget.published if item.kind == POINT and item.quantity in _COLORS]
    items.sort(key=lambda item: list(_COLORS).index(item.quantity))
    return [(item.quantity, item.percent**2) for item in items]


def _stack(axes: Axes, place: float, heights: list[tuple[str, float]]) -> None:
    """One bar of several parts, with white lines between them."""
    bottom = 0.0
    for quantity, height in heights:
        axes.bar(
            place, height, _BAR, bottom=bottom, color=_COLORS[quantity], edgecolor="white", linewidth=0.7
        )
        bottom += height
