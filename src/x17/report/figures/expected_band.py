"""The observed limit and the band of pseudo-experiments it is compared with."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from x17.report.figures.gaps import draw_band, draw_line
from x17.report.figures.labels import COUPLING_LABEL, COUPLING_SCALE, MASS_LABEL
from x17.report.number_text import confidence
from x17.report.style import (
    BLACK,
    BLUE,
    GREEN,
    VERMILLION,
    YELLOW,
    house_style,
    legend_above,
    minor_ticks,
    new_figure,
)
from x17.statistics.injected_boson import InjectedBoson
from x17.statistics.significance import Significance


@house_style()
def draw_expected_band(result: Significance, scan_name: str, injected: InjectedBoson | None = None) -> Figure:
    """Asymptotic limits of the data on the quantiles of those of pseudo-experiments.

    Parameters
    ----------
    result : Significance
    scan_name : str
    injected : InjectedBoson, optional
        Its band is drawn as lines: median, and ±1σ thinner.

    Returns
    -------
    Figure
    """
    figure = new_figure(4.2)
    axes = figure.add_subplot()
    band, bands = result.band, result.band.limits * COUPLING_SCALE
    draw_band(axes, band.masses, bands[0], bands[4], color=YELLOW, label="Expected ±2σ")
    draw_band(axes, band.masses, bands[1], bands[3], color=GREEN, label="Expected ±1σ")
    draw_line(
        axes,
        band.masses,
        bands[2],
        color=BLACK,
        style=":",
        label=f"Median of {band.n_toys} pseudo-experiments",
    )
    observed = result.observed_limits * COUPLING_SCALE
    draw_line(axes, band.masses, observed, color=VERMILLION, label="Observed, asymptotic CLs")
    highest = max(bands[4].max(), observed.max())
    if injected is not None:
        highest = max(highest, _draw_injected(axes, injected))
    axes.set_xlabel(MASS_LABEL)
    axes.set_ylabel(COUPLING_LABEL)
    axes.set_ylim(0.0, 1.08 * highest)
    minor_ticks(axes)
    about = f": upper limits at {confidence(result.cl)}"
    legend_above(figure, axes, scan_name, about=about, first="Observed")
    return figure


def _draw_injected(axes: Axes, injected: InjectedBoson) -> float:
    """Draw the quantiles of experiments with a boson, and return the highest."""
    quantiles = injected.band.limits * COUPLING_SCALE
    coupling = injected.g_ve * COUPLING_SCALE
    label = rf"Expected with {injected.mass_mev:g} MeV, ${coupling:.2g}\times10^{{-4}}$ (±1σ)"
    draw_line(axes, injected.band.masses, quantiles[2], color=BLUE, style="--", label=label)
    for edge in (1, 3):
        axes.plot(injected.band.masses, quantiles[edge], color=BLUE, linewidth=0.8, linestyle=":")
    return float(quantiles[3].max())
