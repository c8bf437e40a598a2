"""Limits by every method at few masses: points side by side."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from x17.report.figures.coupling_axis import log_couplings
from x17.report.figures.gaps import FloatArray, with_gaps
from x17.report.figures.labels import COUPLING_SCALE
from x17.report.figures.method_looks import METHOD_STYLES, MethodLook
from x17.report.method_names import CALCULATION_NAMES, METHOD_NAMES, best_calculations
from x17.report.number_text import mass_text
from x17.report.style import GREY, PALE_GREY, minor_ticks
from x17.statistics.limit_methods import MethodLimit
from x17.statistics.limit_table import LimitTable

INTERVAL = "Interval, from its lower end"
"""Explains the lines in a legend."""

_SPREAD = 0.6
"""Width that the points of a mass take, of the distance between two."""
_LOGARITHMIC = 8.0
"""From this ratio of the largest and smallest limit on a linear axis would hide the small ones."""


def draw_limit_points(axes: Axes, table: LimitTable) -> None:
    """Draw the limits of each mass side by side, in the order of the legend.

    An interval is a line from its lower end, where that is above zero; a triangle on the axis is where every
    coupling is excluded.

    Parameters
    ----------
    axes : Axes
    table : LimitTable
    """
    chosen = best_calculations(table.columns)
    offsets = np.linspace(-0.5, 0.5, len(chosen)) * _SPREAD if len(chosen) > 1 else np.zeros(1)
    every: list[FloatArray] = [np.zeros(0)]
    lower_ends = False
    for (name, calculation), offset in zip(chosen, offsets.tolist(), strict=True):
        column = {limit.mass_mev: limit for limit in table.column(name, calculation)}
        limits = [column.get(mass) for mass in table.masses.tolist()]
        label = f"{METHOD_NAMES[name]} ({CALCULATION_NAMES[calculation]})"
        every += _draw_column(axes, limits, offset, METHOD_STYLES[name], label)
        lower_ends |= any(limit is not None and bool(limit.lower) for limit in limits)
    if lower_ends:
        nowhere = [np.nan]  # among the others a legend keeps the order of drawing
        axes.errorbar(nowhere, nowhere, fmt="|", color=GREY, markersize=9.0, label=INTERVAL)
    _axes(axes, table.masses, np.concatenate(every))


def _draw_column(
    axes: Axes, limits: list[MethodLimit | None], offset: float, look: MethodLook, label: str
) -> list[FloatArray]:
    """Draw one limit at every mass, and return the couplings drawn."""
    place = np.arange(len(limits)) + offset
    upper, lower, low, high = (
        with_gaps((getattr(limit, name) if limit else None for limit in limits), COUPLING_SCALE)
        for name in ("coupling", "lower", "low", "high")
    )
    shown = np.where(upper > 0.0, upper, np.nan)
    errors = np.nan_to_num([shown - low, high - shown]).clip(min=0.0)
    axes.errorbar(
        place, shown, errors, fmt=look.marker, color=look.color, markersize=5.0, elinewidth=2.2, label=label
    )
    ends = np.isfinite(shown) & (lower > 0.0)
    axes.vlines(place[ends], lower[ends], shown[ends], color=look.color, linewidth=1.0)
    axes.plot(place[ends], lower[ends], "_", color=look.color, markersize=8.0)
    for k in np.flatnonzero(upper == 0.0):
        transform = axes.get_xaxis_transform()
        axes.plot(place[k], 0.0, "v", color=look.color, transform=transform, clip_on=False)
    return [shown, lower[ends]]


def _axes(axes: Axes, masses: FloatArray, drawn: FloatArray) -> None:
    known = drawn[np.isfinite(drawn) & (drawn > 0.0)]
    axes.set_xlim(-0.5, masses.size - 0.5)
    axes.set_xticks(range(masses.size), [mass_text(mass) for mass in masses.tolist()])
    axes.tick_params(axis="x", which="both", top=False, length=0.0)
    for edge in range(1, masses.size):
        axes.axvline(edge - 0.5, color=PALE_GREY, linewidth=0.8, zorder=0.1)
    if known.size and known.max() > _LOGARITHMIC * known.min():
        log_couplings(axes, known)
        return
    axes.set_ylim(0.0, 1.12 * float(known.max()) if known.size else 1.0)
    minor_ticks(axes, x=False)
