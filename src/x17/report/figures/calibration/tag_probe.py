"""Efficiency for a cluster by tag and probe, in data and in simulation."""

from __future__ import annotations

from matplotlib.figure import Figure

from x17.report.figures.calibration.energy_panels import energy_panels
from x17.report.figures.calibration.looks import DATA, SIMULATED
from x17.report.style import BLUE, SKY_BLUE, house_style, legend_above, new_figure
from x17.scan.calibration import Calibration


@house_style()
def draw_tag_probe(calibration: Calibration) -> Figure:
    """Efficiencies above, their ratio with its mean below.

    Parameters
    ----------
    calibration : Calibration

    Returns
    -------
    Figure
    """
    periods = calibration.periods
    figure = new_figure(4.6)
    panels = energy_panels(figure, 2, periods.sqrt_s_mev)
    panels.points(0, periods.tag_and_probe.simulated, **SIMULATED)
    panels.points(0, periods.tag_and_probe.data, **DATA)
    panels.points(1, periods.ratio, **DATA | {"label": None})
    mean = periods.ratio_mean
    if mean is not None:
        label = f"Mean {mean.value:.4f} ± {mean.error:.4f}, χ² = {mean.chi2:.0f}/{mean.ndf}"
        panels.first(1).set_title(label, loc="left")
        panels.line(1, mean.value, color=BLUE, linewidth=1.0)
        panels.band(1, mean.value - mean.error, mean.value + mean.error, color=SKY_BLUE, alpha=0.5)
    panels.first(0).set_ylabel("Efficiency\n[dimensionless]")
    panels.first(1).set_ylabel("Data/simulation\n[dimensionless]")
    legend_above(figure, panels.first(0), calibration.name, about=": tag and probe", first="Data")
    return figure
