"""The mass against the correlation of systematic errors, and the weights behind it."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from x17.nuclear.masses.mass_result import MassResult
from x17.report.figures.nuclear_looks import color_of, nucleus_text, plain_text
from x17.report.style import (
    BLACK,
    GREY,
    ORANGE,
    PALE_GREEN,
    PURPLE,
    house_style,
    legend_above,
    minor_ticks,
    new_figure,
)

_EXTERNAL = {"denton-gehrlein": PURPLE, "arxiv-2504-joint": ORANGE}
_STYLES = ("-", "--", ":", "-.", (0, (5, 1, 1, 1)), (0, (1, 3)), (0, (9, 2)), (0, (5, 1, 1, 1, 1, 1)))


@house_style()
def draw_rho_scan(result: MassResult) -> Figure:
    """Mass and error, and the weight of each row, for correlations from 0 to 1 within a laboratory.

    Parameters
    ----------
    result : MassResult

    Returns
    -------
    Figure
    """
    figure = new_figure(5.6)
    upper, lower = figure.subplots(2, 1, sharex=True)
    rho = np.array([fit.choices.rho for fit in result.rho_scan])
    mass = np.array([fit.mass_mev for fit in result.rho_scan])
    error = np.array([fit.error_mev for fit in result.rho_scan])
    upper.fill_between(rho, mass - error, mass + error, color=PALE_GREEN, linewidth=0.0, label="Fit, ±1σ")
    upper.plot(rho, mass, color=BLACK, label="Fit")
    for one in result.external:
        if one.key in _EXTERNAL:
            label = f"{one.mass_mev:.2f}({round(100 * one.error_mev)}), {one.source}"
            upper.axhline(one.mass_mev, color=_EXTERNAL[one.key], linestyle="--", linewidth=1.1, label=label)
    upper.set_ylabel(r"Mass $m_X$ [MeV]")
    _draw_weights(lower, result, rho)
    lower.axhline(0.0, color=GREY, linewidth=0.8)
    lower.set_ylabel("Weight")
    lower.set_xlabel("Correlation ρ of systematic errors within a laboratory")
    lower.set_xlim(0.0, 1.0)
    for axes in (upper, lower):
        minor_ticks(axes)
    low, high = lower.get_ylim()
    lower.set_ylim(low, high + 0.45 * (high - low))  # room for the legend
    lower.legend(loc="upper left", ncols=3, fontsize=7.5)
    legend_above(figure, upper, "The X17 in nuclei", about=": correlated systematic errors", first="Fit")
    return figure


def _draw_weights(axes: Axes, result: MassResult, rho: np.ndarray[tuple[int], np.dtype[np.float64]]) -> None:
    weights = np.array([fit.weights for fit in result.rho_scan])
    used: dict[str, int] = {}
    for k, row in enumerate(result.fit.rows):
        place = used.get(row.nucleus, 0)
        used[row.nucleus] = place + 1
        label = f"{plain_text(row.key)} ({nucleus_text(row.nucleus)})"
        axes.plot(
            rho,
            weights[:, k],
            linestyle=_STYLES[place % len(_STYLES)],
            color=color_of(row.nucleus),
            linewidth=1.1,
            label=label,
        )
