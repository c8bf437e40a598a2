"""Opening angles of internal pairs, transition by transition, and the peak of a boson on them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from x17.nuclear.pair_angles.spectrum import BIN_DEG, AngleSpectrum
from x17.report.figures.nuclear_looks import plain_text
from x17.report.style import BLUE, GREY, VERMILLION, house_style, legend_above, minor_ticks, new_figure

_PANEL_HEIGHT = 1.6
_LOWEST = 1e-5


@house_style()
def draw_spectra(spectra: Sequence[AngleSpectrum]) -> Figure:
    """Share of the internal pairs in each bin; with a rate, the boson's pairs on top in the same unit.

    Parameters
    ----------
    spectra : sequence of AngleSpectrum
        A panel each.

    Returns
    -------
    Figure
    """
    figure = new_figure(1.2 + _PANEL_HEIGHT * len(spectra))
    panels = figure.subplots(len(spectra), 1, sharex=True, squeeze=False)[:, 0]
    for axes, spectrum in zip(panels, spectra, strict=True):
        _draw_panel(axes, spectrum)
    panels[-1].set_xlabel("Opening angle [degrees]")
    panels[-1].set_xlim(0.0, 180.0)
    figure.supylabel(f"Share of internal pairs in {BIN_DEG:g} degrees", fontsize=10.0)
    # The panel with the most to say: that of a boson with its rate.
    richest = max(panels, key=lambda axes: len(axes.get_legend_handles_labels()[0]))
    legend_above(figure, richest, "Pairs as emitted", columns=3)
    return figure


def _draw_panel(axes: Axes, spectrum: AngleSpectrum) -> None:
    edges = spectrum.edges_deg
    axes.stairs(spectrum.internal, edges, color=BLUE, linewidth=1.5, label="Internal pairs (Born)")
    if spectrum.from_boson is not None and spectrum.boson is not None:
        # Without a rate the boson is drawn with as many pairs as there are internal ones beyond its angle.
        scale = spectrum.bosons_per_pair
        name = f"{spectrum.boson.mass_mev:g} MeV"
        if scale is None:
            beyond = edges[:-1] >= np.degrees(spectrum.boson.theta_min) - BIN_DEG
            scale = float(spectrum.internal[beyond].sum())
            name += ", any rate"
        peak = scale * spectrum.from_boson
        axes.stairs(
            spectrum.internal + peak, edges, color=VERMILLION, linestyle="--", label=f"With X of {name}"
        )
        axes.axvline(np.degrees(spectrum.boson.theta_min), color=GREY, linewidth=0.8, linestyle=":")
    axes.set_yscale("log")
    axes.set_ylim(max(_LOWEST, 0.3 * float(spectrum.internal.min())), 0.5)
    name = plain_text(spectrum.name)
    axes.text(0.02, 0.08, name, transform=axes.transAxes, ha="left", va="bottom", fontsize=9.0)
    minor_ticks(axes, y=False)
