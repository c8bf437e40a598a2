"""What a pair spectrometer counts against the opening angle: internal pairs and a boson's peak."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from x17.nuclear.spectrometers.expected_spectrum import ExpectedSpectrum
from x17.report.style import (
    BLACK,
    BLUE,
    GREEN,
    PALE_GREY,
    VERMILLION,
    house_style,
    legend_above,
    minor_ticks,
    new_figure,
)


@house_style()
def draw_pair_spectrometer(spectrum: ExpectedSpectrum) -> Figure:
    """Expected counts without and with the boson, a pseudo-experiment and its fit; grey: bins without use.

    Parameters
    ----------
    spectrum : ExpectedSpectrum

    Returns
    -------
    Figure
    """
    figure = new_figure(4.0)
    axes = figure.add_subplot()
    edges, width = spectrum.edges_deg, float(spectrum.edges_deg[1] - spectrum.edges_deg[0])
    axes.stairs(spectrum.background, edges, color=BLUE, label="Background")
    if spectrum.boson is not None:
        total = spectrum.background + spectrum.boson
        axes.stairs(total, edges, color=VERMILLION, linestyle="--", label=f"With {spectrum.boson_label}")
    if spectrum.counts is not None:
        middle = 0.5 * (edges[:-1] + edges[1:])
        # Zero counts have no place on a logarithmic axis.
        shown = np.where(spectrum.counts > 0.0, spectrum.counts, np.nan)
        axes.errorbar(
            middle, shown, np.sqrt(spectrum.counts), fmt="o", color=BLACK, label="Pseudo-experiment"
        )
    if spectrum.fitted is not None:
        axes.stairs(spectrum.fitted, edges, color=GREEN, linewidth=1.0, label="Fit to it")
    for low, high, used in zip(edges[:-1], edges[1:], spectrum.usable, strict=True):
        if not used:
            axes.axvspan(low, high, color=PALE_GREY, linewidth=0.0, zorder=0.1)
    axes.set_yscale("log")
    axes.set_ylim(bottom=_lowest(spectrum))
    axes.set_xlim(float(edges[0]), float(edges[-1]))
    axes.set_xlabel("Measured opening angle [degrees]")
    axes.set_ylabel(f"Pairs in {width:g} degrees")
    minor_ticks(axes, y=False)
    legend_above(figure, axes, spectrum.title)
    return figure


def _lowest(spectrum: ExpectedSpectrum) -> float:
    """Half of the smallest expectation in a bin that is used."""
    used = spectrum.background[spectrum.usable]
    return 0.5 * float(used.min()) if used.size else 0.1
