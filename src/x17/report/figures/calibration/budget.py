"""What makes the error of each point."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

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

FloatArray = NDArray[np.float64]

_COLORS = (BLUE, SKY_BLUE, GREEN, PURPLE, ORANGE, VERMILLION)


_SYMBOLS = {"N2": "$N_2$", "B": "$B$", "N_PoT": r"$N_\mathrm{PoT}$"}


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
        label = f"{_SYMBOLS.get(error.quantity, error.quantity)}: {error.source}"
        axes.bar(place, height, width=0.86, bottom=bottom, color=color, linewidth=0.0, label=label)
        bottom = bottom + height
    mean = float(scan.mean_percent)
    axes.axhline(mean**2, color=BLACK, linewidth=1.0, linestyle="--", label=f"Mean error {mean:.2f} %")
    axes.set_ylim(0.0, 1.08 * max(float(bottom.max()), mean**2))
    _name_energies(axes, scan.sqrt_s_mev[chosen])
    axes.set_xlabel(SQRT_S_LABEL)
    axes.set_ylabel(r"Squared relative error of $g_R$ [$\%^2$]")
    axes.tick_params(axis="x", which="both", top=False)
    axes.tick_params(axis="y", which="both", right=False)
    roots = axes.secondary_yaxis("right", functions=(_root, _square))
    roots.set_yticks(_round_errors(float(np.sqrt(axes.get_ylim()[1]))))
    roots.set_ylabel(r"Relative error of $g_R$ [%]")
    minor_ticks(axes, x=False)
    axes.spines["top"].set_color(GREY)
    legend_above(figure, axes, calibration.name, about=": error of each point", columns=2)
    return figure


def _root(squared: ArrayLike) -> FloatArray:
    # matplotlib asks beyond the axis, too.
    return np.asarray(np.sqrt(np.maximum(np.asarray(squared, dtype=np.float64), 0.0)))


def _square(percent: ArrayLike) -> FloatArray:
    return np.asarray(np.square(np.asarray(percent, dtype=np.float64)))


def _name_energies(axes: Axes, sqrt_s: FloatArray) -> None:
    """Write energies, as many as there is room for."""
    step = max(1, -(-sqrt_s.size // 8))
    shown = np.arange(0, sqrt_s.size, step)
    axes.set_xticks(shown.tolist(), [f"{sqrt_s[k]:.2f}" for k in shown])


def _round_errors(highest: float) -> list[float]:
    """Round numbers up to the highest; in their squares small ones would stand too close."""
    step = next(
        (step for step in (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0) if highest < 8.0 * step), highest / 4.0
    )
    ticks = step * np.arange(1, int(highest / step + 1e-9) + 1)
    return [float(tick) for tick in ticks if tick >= 0.35 * highest]
