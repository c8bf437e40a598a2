"""Rates of the X17 per photon, and the limits on them."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from x17.nuclear.masses.mass_result import MassResult
from x17.nuclear.masses.measurement import Measurement
from x17.report.figures.nuclear_looks import color_of, marker_of, nucleus_text, plain_text
from x17.report.number_text import mass_text
from x17.report.style import GREY, house_style, legend_above, new_figure

_SCALE = 1e6


@house_style()
def draw_rates(result: MassResult) -> Figure:
    """Every rate relative to photons; upper limits as arrows, with the p-value of the reported signal.

    Parameters
    ----------
    result : MassResult

    Returns
    -------
    Figure
    """
    rows = [row for row in result.rates if row.rate is not None or row.rate_limit is not None]
    figure = new_figure(1.4 + 0.24 * len(rows))
    axes = figure.add_subplot()
    seen: set[str] = set()
    for y, row in enumerate(rows):
        label = "" if row.nucleus in seen else nucleus_text(row.nucleus)
        seen.add(row.nucleus)
        if row.rate is not None:
            axes.errorbar(
                [_SCALE * row.rate],
                [y],
                xerr=[_SCALE * (row.rate_err or 0.0)],
                fmt=marker_of(row.nucleus),
                color=color_of(row.nucleus),
                markerfacecolor="white" if row.grade == "C" else color_of(row.nucleus),
                label=label or None,
            )
        elif row.rate_limit is not None:
            limit = _SCALE * row.rate_limit
            axes.plot([limit, limit], [y - 0.3, y + 0.3], color=color_of(row.nucleus))
            axes.annotate(
                "",
                (0.55 * limit, y),
                (limit, y),
                arrowprops={"arrowstyle": "->", "color": color_of(row.nucleus)},
            )
            if row.hypothesis_p is not None:
                text = f" p of ATOMKI's signal: {100.0 * row.hypothesis_p:.2g} %"
                axes.annotate(text, (limit, y), va="center", fontsize=8.0)
    if any(row.grade == "C" and row.rate is not None for row in rows):
        axes.plot([], [], "D", color=GREY, markerfacecolor="white", label="Grade C")
    axes.set_yticks(np.arange(len(rows)), [_name(row) for row in rows])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0.0)
    axes.set_xlim(0.0, 1.55 * axes.get_xlim()[1])
    axes.set_xlabel(r"Rate per photon [$10^{-6}$]")
    legend_above(figure, axes, "The X17 in nuclei", about=": rates", columns=4)
    return figure


def _name(row: Measurement) -> str:
    mass = "" if row.mass_mev is None else f", {mass_text(row.mass_mev)} MeV"
    grade = "" if row.grade == "A" else f" ({row.grade.value})"
    return f"{plain_text(row.key)}{mass}{grade}"
