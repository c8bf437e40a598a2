"""The observable of every point that was counted."""

from __future__ import annotations

from matplotlib.figure import Figure

from x17.report.figures.calibration.energy_panels import energy_panels
from x17.report.figures.calibration.looks import DATA
from x17.report.style import GREY, house_style, new_figure, printable
from x17.scan.calibration import Calibration


@house_style()
def draw_counted_points(calibration: Calibration) -> Figure:
    """g_R of all points, those for validation included.

    Parameters
    ----------
    calibration : Calibration

    Returns
    -------
    Figure
    """
    scan = calibration.scan
    figure = new_figure(3.4)
    panels = energy_panels(figure, 1, scan.sqrt_s_mev)
    panels.line(0, 1.0, color=GREY, linewidth=0.8, linestyle="--")
    panels.points(0, scan.g_r, **DATA)
    panels.first(0).set_ylabel(r"$g_R = N_2/(N_\mathrm{PoT}\,B)$ [dimensionless]")
    title = f"{printable(calibration.name)}: counts over expectation"
    figure.suptitle(title, fontsize=9.5, fontweight="bold", parse_math=False)
    return figure
