"""Upper limits on the coupling against the mass, with the expected bands."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullFormatter

from x17.constraints.plane import NamedBand
from x17.report.figures.constraint_bands import draw_bands
from x17.report.figures.edge_labels import draw_edge_labels
from x17.report.figures.gaps import draw_band, draw_line, with_gaps
from x17.report.figures.labels import COUPLING_LABEL, COUPLING_SCALE, MASS_LABEL
from x17.report.number_text import confidence
from x17.report.style import (
    BLACK,
    GREEN,
    VERMILLION,
    YELLOW,
    house_style,
    legend_above,
    minor_ticks,
    new_figure,
)
from x17.statistics.search_result import FloatArray, SearchResult

_TICKS = (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 7.0)
_MINOR_TICKS = (1.0, 1.2, 1.4, 1.6, 1.8, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0, 6.0, 7.0, 8.0, 9.0)
"""Of each decade: close enough to read a limit off a logarithmic axis."""


@house_style()
def draw_limit(result: SearchResult, others: Sequence[NamedBand] = ()) -> Figure:
    """Observed limits by toys and by formula, and the limit expected without a boson with its bands.

    Parameters
    ----------
    result : SearchResult
    others : sequence of NamedBand
        Bounds of other experiments: their edges are drawn where the axes show them, and named at the right.

    Returns
    -------
    Figure
    """
    figure = new_figure(4.6)
    axes = figure.add_subplot()
    mass = np.array([point.mass_mev for point in result.limits])
    bands = [with_gaps((point.expected[k] for point in result.limits), COUPLING_SCALE) for k in range(5)]
    draw_band(axes, mass, bands[0], bands[4], color=YELLOW, label="Expected ±2σ")
    draw_band(axes, mass, bands[1], bands[3], color=GREEN, label="Expected ±1σ")
    draw_line(
        axes, mass, bands[2], color=BLACK, style=":", label=f"Expected without a boson ({_origin(result)})"
    )
    asymptotic = with_gaps((point.asymptotic for point in result.limits), COUPLING_SCALE)
    draw_line(axes, mass, asymptotic, color=VERMILLION, style="--", label="Observed, asymptotic CLs")
    drawn = [*bands, asymptotic]
    if result.n_toys:
        drawn.append(_draw_toys(axes, mass, result))
    axes.set_xlabel(MASS_LABEL)
    axes.set_ylabel(COUPLING_LABEL)
    _coupling_axis(axes, np.concatenate(drawn))
    _draw_others(figure, axes, others)
    about = f": upper limits at {confidence(result.cl)}"
    legend_above(figure, axes, result.scan_name, about=about, first="Observed")
    return figure


def _draw_others(figure: Figure, axes: Axes, others: Sequence[NamedBand]) -> None:
    """Bounds of others do not move the axes: those are the scan's."""
    axes.set_xlim(*axes.get_xlim())
    draw_edge_labels(figure, axes, draw_bands(axes, others, axes.get_ylim(), fill=False))


def _origin(result: SearchResult) -> str:
    return f"{result.significance[0].n_toys} toys" if result.significance else "Asimov"


def _draw_toys(axes: Axes, mass: FloatArray, result: SearchResult) -> FloatArray:
    toys = [point.toy for point in result.limits]
    coupling, low, high = (
        with_gaps((getattr(toy, name) if toy else None for toy in toys), COUPLING_SCALE)
        for name in ("coupling", "low", "high")
    )
    axes.errorbar(
        mass,
        coupling,
        [coupling - low, high - coupling],
        fmt="o-",
        color=BLACK,
        markersize=2.2,
        linewidth=1.2,
        elinewidth=1.0,
        label=f"Observed, toy CLs ({result.n_toys} toys a point)",
    )
    return coupling


def _coupling_axis(axes: Axes, drawn: FloatArray) -> None:
    """Set a logarithmic axis with plain numbers around everything that is drawn."""
    known = drawn[np.isfinite(drawn) & (drawn > 0.0)]
    low, high = (0.88 * known.min(), 1.12 * known.max()) if known.size else (1.0, 10.0)
    axes.set_yscale("log")
    axes.set_ylim(low, high)
    decades = 10.0 ** np.arange(np.floor(np.log10(low)), np.ceil(np.log10(high)) + 1.0)
    major, minor = (decades[:, None] * np.array(steps) for steps in (_TICKS, _MINOR_TICKS))
    axes.yaxis.set_major_locator(FixedLocator(major.ravel().tolist()))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.yaxis.set_minor_locator(FixedLocator(minor.ravel().tolist()))
    axes.yaxis.set_minor_formatter(NullFormatter())
    minor_ticks(axes, y=False)
