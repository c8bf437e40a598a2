"""Points beside the resonance: a straight line below, a constant over it."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from x17.report.figures.calibration.looks import DATA
from x17.report.figures.labels import SQRT_S_LABEL
from x17.report.number_text import probability, signed
from x17.report.style import BLUE, GREY, SKY_BLUE, house_style, minor_ticks, new_figure, printable
from x17.scan.calibration import Calibration
from x17.scan.calibration_scan import ScanCalibration
from x17.scan.validation import chi2_probability

_OVER_SCALE = 1e6


@house_style()
def draw_validation(calibration: Calibration) -> Figure:
    """N2/(N_PoT B) below the resonance with a line above, N2/N_PoT over it with a constant below.

    Parameters
    ----------
    calibration : Calibration
        With points beside the resonance.

    Returns
    -------
    Figure
    """
    scan = calibration.scan
    figure = new_figure(5.0)
    upper, lower = figure.subplots(2, 1)
    _below(upper, scan)
    _over(lower, scan)
    title = f"{printable(calibration.name)}: beside the resonance"
    figure.suptitle(title, fontsize=9.5, fontweight="bold", parse_math=False)
    return figure


def _below(axes: Axes, scan: ScanCalibration) -> None:
    title, line = "Below: too few points for a line", scan.validation.below
    axes.errorbar(scan.below_sqrt_s, scan.below.value, scan.below.error, **DATA)
    axes.axhline(1.0, color=GREY, linewidth=0.8, linestyle="--")
    if line is not None:
        ends = np.array([scan.below_sqrt_s.min(), scan.below_sqrt_s.max()])
        axes.plot(ends, line(ends), color=BLUE)
        p = probability(chi2_probability(line.chi2, line.ndf))
        title = (
            f"Below: slope ({signed(100.0 * line.slope, 1)} ± {100.0 * line.slope_err:.1f}) %/MeV, "
            f"χ² = {line.chi2:.1f}/{line.ndf}, P = {p}"
        )
    axes.set_title(title, loc="left")
    axes.set_xlabel(SQRT_S_LABEL)
    axes.set_ylabel(r"$N_2/(N_\mathrm{PoT}\,B)$" "\n[dimensionless]")
    minor_ticks(axes)


def _over(axes: Axes, scan: ScanCalibration) -> None:
    title, mean = "Over: too few points for a constant", scan.validation.over
    place = np.arange(scan.over_period.size)
    axes.errorbar(place, _OVER_SCALE * scan.over.value, _OVER_SCALE * scan.over.error, **DATA)
    if mean is not None:
        value, error = _OVER_SCALE * mean.value, _OVER_SCALE * mean.error
        axes.axhline(value, color=BLUE)
        axes.axhspan(value - error, value + error, color=SKY_BLUE, alpha=0.4, linewidth=0.0, zorder=0.1)
        title = (
            f"Over: mean ± {100.0 * mean.error / mean.value:.2f} %, χ² = {mean.chi2:.1f}/{mean.ndf}, "
            f"P = {probability(mean.p)}"
        )
    axes.set_title(title, loc="left")
    axes.set_xticks(place.tolist(), [str(number) for number in scan.over_period])
    axes.set_xlabel("Period [number]")
    axes.set_ylabel(r"$N_2/N_\mathrm{PoT}$ [$10^{-6}$]")
    minor_ticks(axes, x=False)
