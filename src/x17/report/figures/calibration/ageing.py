"""Ageing of the lead glass: flux proxies against the accumulated dose."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from x17.reconstruction.flux.ageing import AgeingLine
from x17.reconstruction.flux.proxies import Proxy
from x17.reconstruction.flux.settings import SlopeSource
from x17.report.figures.calibration.looks import DATA
from x17.report.number_text import with_error
from x17.report.style import BLUE, GREY, house_style, legend_above, minor_ticks, new_figure
from x17.scan.calibration import Calibration

_LABELS = {
    "calorimeter": ("Calorimeter\n[MeV per positron]", 1.0),
    "target": ("Target\n[fC per positron]", 1e3),
}


@house_style()
def draw_ageing(calibration: Calibration) -> Figure:
    """One panel a proxy, with the fitted line and its slope.

    Parameters
    ----------
    calibration : Calibration

    Returns
    -------
    Figure
    """
    ageing = calibration.ageing
    figure = new_figure(4.8)
    panels = figure.subplots(len(ageing.proxies), 1, sharex=True, squeeze=False)[:, 0]
    for axes, proxy in zip(panels, ageing.proxies, strict=True):
        _panel(axes, ageing.share, proxy, ageing.lines.get(proxy.name))
    panels[-1].set_xlabel("Dose from its middle, as a share of all positrons [dimensionless]")
    used = with_error(ageing.slope, ageing.slope_err)
    fitted = ageing.source is SlopeSource.FITTED
    label = f"Fitted lines, mean slope {used}" if fitted else f"Slope of the setup, {used}"
    panels[0].plot([], [], color=BLUE, linestyle="-" if fitted else "none", label=label)
    legend_above(figure, panels[0], calibration.name, about=": ageing of the lead glass", first="Data")
    return figure


def _panel(axes: Axes, share: np.ndarray, proxy: Proxy, line: AgeingLine | None) -> None:
    label, scale = _LABELS.get(proxy.name, (f"{proxy.name} [per positron]", 1.0))
    known = np.isfinite(proxy.per_positron) & np.isfinite(share)
    inner = proxy.per_positron_err[known]
    # The scatter that the fit found is part of the error it used.
    outer = np.hypot(inner, float(line.scatter)) if line is not None else inner
    given = (share[known], scale * proxy.per_positron[known])
    axes.errorbar(*given, scale * outer, fmt="none", ecolor=GREY, elinewidth=0.7, zorder=1)
    axes.errorbar(*given, scale * inner, **DATA)
    title = f"{proxy.name.capitalize()}: no line could be fitted"
    if line is not None:
        u = np.array([share[known].min(), share[known].max()])
        axes.plot(u, scale * line.constant * (1.0 + line.slope * u), color=BLUE)
        slope = with_error(float(line.slope), float(line.slope_err))
        scatter = 100.0 * float(line.scatter / line.constant)
        title = f"{proxy.name.capitalize()}: slope {slope}, scatter beyond the errors {scatter:.1f} %"
    axes.set_title(title, loc="left")
    axes.set_ylabel(label)
    minor_ticks(axes)
