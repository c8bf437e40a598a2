"""The joint likelihood of a nuclear mass and a scan: along the mass, and in mass and coupling."""

from __future__ import annotations

from typing import Literal

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from x17.combination.crossings import Interval
from x17.combination.joint_curve import FloatArray
from x17.combination.joint_result import JointResult
from x17.report.figures.labels import COUPLING_LABEL, COUPLING_SCALE, MASS_LABEL
from x17.report.style import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    PALE_GREEN,
    VERMILLION,
    house_style,
    legend_above,
    minor_ticks,
    new_figure,
)

_LEVELS: tuple[tuple[float, Literal["-", "--"]], ...] = ((1.0, "-"), (4.0, "--"))
"""ΔQ above the minimum of the contours: the intervals of one parameter at one and two standard deviations."""
_TALLEST = 12.0


@house_style()
def draw_joint(result: JointResult) -> Figure:
    """Δχ²(m), Q(m) and their sum; below, contours of the sum and of Q alone in mass and coupling.

    Parameters
    ----------
    result : JointResult

    Returns
    -------
    Figure
    """
    figure = new_figure(6.6)
    upper, lower = figure.subplots(2, 1, sharex=True)
    _draw_curves(upper, result)
    _draw_contours(lower, result)
    lower.set_xlabel(MASS_LABEL)
    lower.set_ylabel(COUPLING_LABEL)
    for axes in (upper, lower):
        minor_ticks(axes)
    legend_above(figure, upper, result.scan_name, about=f" with {result.term_name}", first="Together")
    return figure


def _draw_curves(axes: Axes, result: JointResult) -> None:
    fit, curve = result.fit, result.fit.curve
    for low, high in _closed(fit.mass_intervals_mev, curve.masses):
        axes.axvspan(low, high, color=PALE_GREEN, linewidth=0.0, zorder=0.1)
    axes.plot(curve.masses, curve.mass_chi2, "--", color=BLUE, label=r"Nuclear masses, $\Delta\chi^2$")
    axes.plot(curve.masses, curve.q, ":", color=VERMILLION, label=r"Scan, $Q$ at its best $g_{ve}$")
    label = rf"Together: {fit.mass_mev:.3f} MeV"
    axes.plot(curve.masses, curve.total, color=BLACK, label=label)
    axes.plot([fit.mass_mev], [fit.total], "*", color=BLACK, markersize=11.0)
    axes.axhline(0.0, color=GREY, linewidth=0.7)
    low = 1.15 * min(fit.total, fit.scan_q, -2.0)
    axes.set_ylim(low, min(_TALLEST, 1.05 * max(2.0, float(curve.total.max()))))
    axes.set_xlim(curve.masses[0], curve.masses[-1])
    axes.set_ylabel(r"$\Delta\chi^2$, $Q$ and their sum")


def _closed(pieces: tuple[Interval, ...], masses: FloatArray) -> list[tuple[float, float]]:
    ends = float(masses[0]), float(masses[-1])
    return [(ends[0] if a is None else a, ends[1] if b is None else b) for a, b in pieces]


def _draw_contours(axes: Axes, result: JointResult) -> None:
    fit, curve = result.fit, result.fit.curve
    g = COUPLING_SCALE * fit.couplings
    scan = fit.map - curve.mass_chi2[:, None]
    for values, least, color, name in (
        (scan, fit.scan_q, VERMILLION, "Scan alone"),
        (fit.map, fit.total, BLACK, "Together"),
    ):
        for rise, style in _LEVELS:
            axes.contour(curve.masses, g, values.T, levels=[least + rise], colors=color, linestyles=style)
            label = rf"{name}, $\Delta={rise:g}$"
            axes.add_line(Line2D([], [], color=color, linestyle=style, linewidth=1.2, label=label))
    axes.plot([fit.mass_mev], [COUPLING_SCALE * fit.g_ve], "*", color=BLACK, markersize=11.0)
    axes.axvspan(
        fit.term_mass_mev - fit.term_error_mev,
        fit.term_mass_mev + fit.term_error_mev,
        facecolor="none",
        edgecolor=GREEN,
        hatch="//",
        alpha=0.35,
        linewidth=0.0,
        label="Nuclear mass, ±1σ",
    )
    axes.set_ylim(0.0, g[-1])
    axes.legend(loc="upper left", ncols=1, fontsize=8.0)
