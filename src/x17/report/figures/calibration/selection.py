"""Cut flow of all periods, and the pairs by what the tagger says of them."""

from __future__ import annotations

import re

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from x17.reconstruction.event_classes import EventClass
from x17.report.figures.calibration.energy_panels import energy_panels
from x17.report.figures.calibration.looks import DATA, SIMULATED
from x17.report.style import (
    GREY,
    VERMILLION,
    house_style,
    minor_ticks,
    new_figure,
    printable,
)
from x17.scan.calibration import Calibration, SummedCutFlow
from x17.scan.calibration_points import Measured

CLASS_NAMES = {EventClass.ELECTRONS: "ee", EventClass.PHOTONS: "γγ", EventClass.MIXED: "mixed"}


@house_style()
def draw_selection(calibration: Calibration) -> Figure:
    """Events after each cut as bars; below, shares of the classes along the energy.

    Parameters
    ----------
    calibration : Calibration

    Returns
    -------
    Figure
    """
    periods = calibration.periods
    figure = new_figure(7.6)
    above, below = figure.subfigures(2, 1, squeeze=False, height_ratios=(1.0, 1.25))[:, 0]
    if calibration.cut_flow is not None:
        _cut_flow(above.subplots(), calibration.cut_flow)
    panels = energy_panels(below, len(periods.classes), periods.sqrt_s_mev)
    for row, (kind, compared) in enumerate(periods.classes.items()):
        panels.points(row, _in_percent(compared.simulated), **SIMULATED)
        panels.points(row, _in_percent(compared.data), **DATA)
        panels.first(row).set_ylabel(f"{CLASS_NAMES[kind]}\n[% of pairs]")
    below.align_ylabels(list(panels.axes[:, 0]))
    handles, labels = panels.first(0).get_legend_handles_labels()
    below.legend(handles, labels, loc="outside upper center", ncols=2)
    title = f"{printable(calibration.name)}: selection"
    figure.suptitle(title, fontsize=9.5, fontweight="bold", parse_math=False)
    return figure


def _cut_flow(axes: Axes, flow: SummedCutFlow) -> None:
    place = np.arange(len(flow.names))
    axes.barh(place, flow.data / 1e3, height=0.72, color=GREY, alpha=0.45, linewidth=0.0, label="Data")
    axes.plot(flow.expected / 1e3, place, "D", color=VERMILLION, markersize=4.0, label="Simulated two-body")
    axes.set_yticks(place.tolist(), [_symbols(name) for name in flow.names])
    axes.set_ylim(place.size - 0.5, -0.5)
    axes.set_xlim(0.0, 1.25e-3 * max(float(flow.data.max()), float(flow.expected.max()), 1.0))
    axes.set_xlabel("Events after each cut [thousands]")
    axes.tick_params(axis="y", length=0)
    for y, events in zip(place, flow.data, strict=True):
        axes.annotate(
            f"{events:,.0f}".replace(",", "\u2009"),
            (1e-3 * max(float(events), float(flow.expected[y])), float(y)),
            xytext=(7, 0),
            textcoords="offset points",
            va="center",
            fontsize=8.0,
        )
    minor_ticks(axes, y=False)
    axes.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=2, borderaxespad=0.1)


def _symbols(name: str) -> str:
    """Cut with its symbol set as in formulas."""
    return re.sub(r"([ER])_(min|max)", r"$\1_\\mathrm{\2}$", name)


def _in_percent(shares: Measured) -> Measured:
    return Measured(100.0 * shares.value, 100.0 * shares.error)
