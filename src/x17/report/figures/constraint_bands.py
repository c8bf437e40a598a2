"""Draw bounds of other experiments into a plane of mass and coupling."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from x17.constraints.plane import NamedBand
from x17.report.figures.edge_labels import EdgeLabel, FloatArray
from x17.report.figures.gaps import draw_band, isolated
from x17.report.figures.labels import COUPLING_SCALE
from x17.report.style import BLACK, BLUE, GREEN, GREY, ORANGE, PURPLE, SKY_BLUE, VERMILLION

_COLORS = (BLUE, ORANGE, GREEN, PURPLE, SKY_BLUE, "#B5179E", "#6A3D9A", "#8C6D31", "#006D6D", VERMILLION)
_OTHER_LINE = "--"


def band_colors(bands: Sequence[NamedBand]) -> dict[str, str]:
    """A colour for each bound; black for our own, grey for those that do not count.

    Parameters
    ----------
    bands : sequence of NamedBand

    Returns
    -------
    dict
        Key of a bound to its colour.
    """
    others = list(dict.fromkeys(named.key for named in bands if named.counted and not named.own))
    colors = {key: _COLORS[k % len(_COLORS)] for k, key in enumerate(others)}
    rest = {named.key: BLACK if named.counted else GREY for named in bands if named.key not in colors}
    return colors | rest


def draw_bands(
    axes: Axes, bands: Sequence[NamedBand], limits: tuple[float, float], *, fill: bool
) -> list[EdgeLabel]:
    """Draw the edges of excluded bands, and fill those that count.

    Parameters
    ----------
    axes : Axes
        With a logarithmic axis of couplings in units of 1e-4.
    bands : sequence of NamedBand
    limits : (float, float)
        Ends of that axis.
    fill : bool

    Returns
    -------
    list of EdgeLabel
        A name for each band that can be seen, at its largest mass.
    """
    colors, labels = band_colors(bands), []
    for named in bands:
        low, high = _in_unit(named, named.band.low), _in_unit(named, named.band.high)
        color = colors[named.key]
        if fill and named.counted:
            inside = np.clip(low, *limits), np.clip(high, *limits)
            axes.fill_between(named.mass_mev, *inside, color=color, alpha=0.16, linewidth=0.0)
            _draw_alone(axes, named, inside, color)
        seen, last = [], 0
        for edge in (low, high):
            visible = (edge > limits[0]) & (edge < limits[1])
            if visible.any():
                shown = np.where(visible, edge, np.nan)
                style = "-" if named.counted else _OTHER_LINE
                axes.plot(named.mass_mev, shown, style, color=color, linewidth=1.1)
                last = int(np.flatnonzero(visible)[-1])
                seen.append(float(edge[last]))
        if seen:
            # A band seen whole is named between its edges.
            height = float(np.mean(_heights(seen, limits)))
            labels.append(EdgeLabel(named.label, _across(axes, float(named.mass_mev[last])), height, color))
    return labels


def _in_unit(named: NamedBand, edge: FloatArray) -> FloatArray:
    return np.where(named.band.known, edge, np.nan) * COUPLING_SCALE


def _draw_alone(axes: Axes, named: NamedBand, inside: tuple[FloatArray, FloatArray], color: str) -> None:
    """A bound that is known at one mass only is a bar."""
    if isolated(inside[0] + inside[1]).any():
        draw_band(axes, named.mass_mev, *inside, color=color, label="_")


def _heights(couplings: Sequence[float], limits: tuple[float, float]) -> FloatArray:
    low, high = np.log(limits)
    return np.asarray((np.log(couplings) - low) / (high - low))


def _across(axes: Axes, mass: float) -> float:
    left, right = axes.get_xlim()
    return (mass - left) / (right - left)
