"""What makes the error of each point."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from x17.report.figures.error_axes import QUANTITY_SYMBOLS, add_error_scale, name_energies
from x17.report.figures.labels import SQRT_S_LABEL
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
from x17.scan.calibration import Calibration

_COLORS = (BLUE, SKY_BLUE, GREEN, PURPLE, ORANGE, VERMILLION)


@house_style()
def draw_budget(calibration: Calibration) -> Figure:
    """Variances of the contributions, stacked, for each point by rising √s; the right axis has their roots.

    Parameters
    ----------
    calibration : Calibration

    Returns
    -------
    Figure
    """
    scan = calibration.scan
    chosen = np.flatnonzero(scan.searched if scan.searched.any() else np.ones_like(scan.searched))
    chosen = chosen[np.argsort(scan.sqrt_s_mev[chosen], kind="stable")]
    place, bottom = np.arange(chosen.size), np.zeros(chosen.size)
    figure = new_figure(4.6)
    axes = figure.add_subplot()
    for error, color in zip(scan.errors, _COLORS, strict=False):
        height = error.percent[chosen] ** 2
        label = f"{QUANTITY_SYMBOLS.get(error.quantity, error.quantity)}: {error.source}"
        axes.bar(place, height, width=0.86, bottom=bottom, color=color, linewidth=0.0, label=label)
        bottom = bottom + height
    mean = float(scan.mean_percent)
    axes.axhline(mean**2, color=BLACK, linewidth=1.0, linestyle="--", label=f"Mean error {mean:.2f} %")
    axes.set_ylim(0.0, 1.08 * max(float(bottom.max()), mean**2))
    name_energies(axes, scan.sqrt_s_mev[chosen])
    axes.set_xlabel(SQRT_S_LABEL)
    axes.set_ylabel(r"Squared relative error of $g_R$ [$\%^2$]")
    axes.tick_params(axis="x", which="both", top=False)
    add_error_scale(axes)
    minor_ticks(axes, x=False)
    axes.spines["top"].set_color(GREY)
    legend_above(figure, axes, calibration.name, about=": error of each point", columns=2)
    return figure
