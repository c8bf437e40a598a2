"""Energy sum and time difference of pairs: what the selection hardly uses."""

from __future__ import annotations

from matplotlib.figure import Figure

from x17.report.figures.calibration.energy_panels import energy_panels
from x17.report.figures.calibration.looks import DATA, SIMULATED
from x17.report.style import GREY, house_style, legend_above, new_figure
from x17.scan.calibration import Calibration


@house_style()
def draw_cross_checks(calibration: Calibration) -> Figure:
    """Mean and width of E₁ + E₂ and of Δt for each period.

    Parameters
    ----------
    calibration : Calibration

    Returns
    -------
    Figure
    """
    periods = calibration.periods
    figure = new_figure(6.8)
    panels = energy_panels(figure, 4, periods.sqrt_s_mev)
    rows = (
        (periods.energy_sum, "$E_1+E_2-E_b$\nmean [MeV]"),
        (periods.energy_width, "$E_1+E_2$\nwidth [MeV]"),
        (periods.time_difference, "$\\Delta t$\nmean [ns]"),
        (periods.time_width, "$\\Delta t$\nwidth [ns]"),
    )
    for row, (compared, label) in enumerate(rows):
        panels.points(row, compared.simulated, **SIMULATED)
        panels.points(row, compared.data, **DATA)
        panels.first(row).set_ylabel(label)
    for row in (0, 2):
        panels.line(row, 0.0, color=GREY, linewidth=0.8, zorder=0.5)
    figure.align_ylabels(list(panels.axes[:, 0]))
    legend_above(figure, panels.first(0), calibration.name, about=": cross-checks", first="Data")
    return figure
