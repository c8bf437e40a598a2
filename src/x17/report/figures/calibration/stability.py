"""Yield against the cuts on radii, in data and in simulation."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from x17.report.figures.calibration.looks import DATA, SIMULATED
from x17.report.style import BLACK, GREY, house_style, legend_above, minor_ticks, new_figure
from x17.scan.calibration import Calibration, MeanStability


@house_style()
def draw_stability(calibration: Calibration) -> Figure:
    """Yields above, data over simulation below; R_max on the left, the margin of R_min on the right.

    Parameters
    ----------
    calibration : Calibration
        With at least one of them.

    Returns
    -------
    Figure
    """
    known = [
        (found, label)
        for found, label in (
            (calibration.r_max, r"$R_\mathrm{max}$ [mm]"),
            (calibration.margin, r"Margin of $R_\mathrm{min}$ [cells]"),
        )
        if found is not None
    ]
    figure = new_figure(4.4)
    panels = figure.subplots(2, max(len(known), 1), sharex="col", sharey="row", squeeze=False)
    for column, (found, label) in zip(panels.T, known, strict=False):
        _column(column[0], column[1], found)
        column[1].set_xlabel(label)
    panels[0, 0].set_ylabel("Relative yield\n[dimensionless]")
    panels[1, 0].set_ylabel("Data/simulation − 1\n[%]")
    legend_above(figure, panels[0, 0], calibration.name, about=": stability of the cuts", first="Data")
    return figure


def _column(upper: Axes, lower: Axes, found: MeanStability) -> None:
    for values, look in ((found.simulated, SIMULATED), (found.data, DATA)):
        joined = look | {"fmt": f"{look['fmt']}-", "linewidth": 0.8}
        upper.errorbar(found.varied, values.value, values.error, **joined)
    percent, error = 100.0 * (found.ratio.value - 1.0), 100.0 * found.ratio.error
    lower.axhline(0.0, color=GREY, linewidth=0.8)
    lower.errorbar(found.varied, percent, error, fmt="o-", color=BLACK, markersize=3.0, linewidth=0.8)
    upper.set_title(f"Mean of {found.n_periods} periods", loc="left")
    for axes in (upper, lower):
        minor_ticks(axes)
