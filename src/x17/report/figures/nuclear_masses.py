"""Masses from nuclear measurements, with their pulls, the fit, and what others found."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from x17.nuclear.masses.mass_fit import MassFit
from x17.nuclear.masses.mass_result import MassResult
from x17.report.figures.nuclear_looks import color_of, marker_of, nucleus_text, plain_text
from x17.report.style import BLACK, GREY, PALE_GREEN, house_style, legend_above, minor_ticks, new_figure


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of the figure: a mass with an inner and an outer error."""

    label: str
    mass: float
    inner: float
    outer: float
    color: str
    marker: str
    pull: float | None = None
    legend: str = ""


@house_style()
def draw_masses(result: MassResult) -> Figure:
    """Every measurement with statistical and full error and its pull; nuclei, the fit, and other results.

    Parameters
    ----------
    result : MassResult

    Returns
    -------
    Figure
    """
    fit = result.fit
    groups = [_measurements(fit), _nuclei(result), _external(result)]
    count = sum(len(group) for group in groups) + len(groups)
    figure = new_figure(1.2 + 0.24 * count)
    axes, pulls = figure.subplots(1, 2, sharey=True, width_ratios=(3.0, 1.0))
    low, high = fit.mass_mev - fit.error_mev, fit.mass_mev + fit.error_mev
    label = rf"Fit: ${fit.mass_mev:.3f}\pm{fit.error_mev:.3f}$ MeV"
    axes.axvspan(low, high, color=PALE_GREEN, linewidth=0.0, zorder=0.2, label=label)
    axes.axvline(fit.mass_mev, color=BLACK, linewidth=1.0, zorder=0.3)
    ticks: list[tuple[float, str]] = []
    y = 0.0
    for group in groups:
        for line in group:
            _draw_line(axes, line, y)
            if line.pull is not None:
                pulls.plot([0.0, line.pull], [y, y], color=line.color, linewidth=1.0)
                pulls.plot([line.pull], [y], marker=line.marker, color=line.color)
            ticks.append((y, line.label))
            y += 1.0
        axes.axhline(y - 0.2, color=GREY, linewidth=0.5)
        y += 0.6
    axes.set_yticks([place for place, _ in ticks], [text for _, text in ticks])
    axes.set_ylim(y - 0.8, -0.8)
    axes.tick_params(axis="y", length=0.0)
    pulls.tick_params(axis="y", length=0.0)
    axes.set_xlabel(r"Mass $m_X$ [MeV]")
    pulls.set_xlabel("Pull [σ]")
    reach = max(2.5, 1.1 * float(np.abs(fit.pulls).max()))
    pulls.set_xlim(-reach, reach)
    pulls.axvline(0.0, color=BLACK, linewidth=0.8)
    pulls.axvspan(-1.0, 1.0, color="0.93", zorder=0.1)
    for panel in (axes, pulls):
        minor_ticks(panel, y=False)
    legend_above(figure, axes, "The X17 in nuclei", about=_about(fit), first="Fit", columns=3)
    return figure


def _about(fit: MassFit) -> str:
    errors = "statistical errors" if fit.choices.statistical_only else f"ρ = {fit.choices.rho:g}"
    return f": one mass fitted to {fit.choices.source.value}, {errors}"


def _measurements(fit: MassFit) -> list[_Line]:
    error = np.sqrt(np.diag(fit.inputs.mass_covariance))
    lines, seen = [], set()
    for k, row in enumerate(fit.rows):
        first = row.nucleus not in seen
        seen.add(row.nucleus)
        lines.append(
            _Line(
                plain_text(row.key) + (" (B)" if row.grade == "B" else " (C)" if row.grade == "C" else ""),
                float(fit.inputs.masses[k]),
                row.mass_stat_mev or 0.0,
                float(error[k]),
                color_of(row.nucleus),
                marker_of(row.nucleus),
                float(fit.pulls[k]),
                nucleus_text(row.nucleus) if first else "",
            )
        )
    return lines


def _nuclei(result: MassResult) -> list[_Line]:
    return [
        _Line(
            f"{nucleus_text(name)} alone",
            fit.mass_mev,
            0.0,
            fit.error_mev,
            color_of(name),
            marker_of(name),
        )
        for name, fit in result.nuclei.fits.items()
    ]


def _external(result: MassResult) -> list[_Line]:
    lines: list[_Line] = []
    for one in result.external:
        legend = "" if lines else "Others' results, not in the fit"
        grade = "" if one.grade == "A" else f" ({one.grade.value})"
        lines.append(
            _Line(one.key + grade, one.mass_mev, 0.0, one.error_mev, GREY, "v", None, legend),
        )
    return lines


def _draw_line(axes: Axes, line: _Line, y: float) -> None:
    axes.errorbar(
        [line.mass],
        [y],
        xerr=[line.outer],
        fmt=line.marker,
        color=line.color,
        elinewidth=1.1,
        label=line.legend or None,
    )
    if line.inner:
        axes.errorbar([line.mass], [y], xerr=[line.inner], fmt="none", color=line.color, elinewidth=3.0)
