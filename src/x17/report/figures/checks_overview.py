"""All variations of an analysis at a glance: where the excess is, how strong, and the limit."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from x17.report.figures.labels import COUPLING_SCALE
from x17.report.number_text import mass_text
from x17.report.style import (
    BLACK,
    BLUE,
    GREY,
    PALE_GREY,
    VERMILLION,
    house_style,
    minor_ticks,
    new_figure,
    printable,
)
from x17.statistics.check_result import CheckResult, CheckRow

_ROW = 0.19
"""Height of a line, inches."""


@house_style()
def draw_checks_overview(result: CheckResult) -> Figure:
    """Best-fit mass, local significance and limit of every variation, lines apart by check.

    Of the points left out one by one only the two that change the significance most are shown.

    Parameters
    ----------
    result : CheckResult

    Returns
    -------
    Figure
    """
    groups = [(result.nominal,), *(_shown(check.done) for check in result.checks if check.done)]
    rows = [row for group in groups for row in group]
    figure = new_figure(1.0 + _ROW * len(rows))
    figure.set_size_inches(8.4, 1.0 + _ROW * len(rows))
    # Small letters are wider, hinted, at the resolution of the file: the layout must be made at that one.
    figure.set_dpi(200)
    panels = figure.subplots(1, 3, sharey=True)
    for axes, draw in zip(panels, (_mass, _significance, _limit), strict=True):
        for y, row in enumerate(rows):
            draw(axes, y, row)
        _stripes(axes, groups)
        minor_ticks(axes, y=False)
    panels[0].set_yticks(range(len(rows)), [row.label for row in rows], fontsize=7.5)
    panels[0].set_ylim(len(rows) - 0.4, -0.6)
    panels[0].tick_params(axis="y", length=0)
    for axes in panels[1:]:
        axes.tick_params(axis="y", length=0)
    fit = result.unchanged
    if fit.best.g_ve > 0.0:
        panels[0].axvline(fit.best.mass_mev, color=GREY, linewidth=0.8, zorder=0.6)
    panels[1].axvline(fit.z, color=GREY, linewidth=0.8, zorder=0.6)
    panels[2].axvline(fit.reference_limit * COUPLING_SCALE, color=GREY, linewidth=0.8, zorder=0.6)
    panels[0].set_xlabel("Best-fit mass [MeV]")
    panels[1].set_xlabel(r"Local significance $\sqrt{-Q}$ [σ]")
    at = mass_text(result.reference_mass_mev)
    panels[2].set_xlabel(rf"Limit at {at} MeV [$10^{{-4}}$]")
    figure.suptitle(
        f"{printable(result.scan_name)}: variations", fontsize=9.5, fontweight="bold", parse_math=False
    )
    return figure


def _shown(rows: tuple[CheckRow, ...]) -> tuple[CheckRow, ...]:
    if not rows or rows[0].period is None:
        return rows
    ordered = sorted(rows, key=lambda row: row.fit.z if row.fit else 0.0)
    return ordered[0], ordered[-1]


def _stripes(axes: Axes, groups: list[tuple[CheckRow, ...]]) -> None:
    start = 0
    for k, group in enumerate(groups):
        if k % 2:
            axes.axhspan(
                start - 0.5, start + len(group) - 0.5, color=PALE_GREY, alpha=0.5, linewidth=0.0, zorder=0.1
            )
        start += len(group)


def _color(row: CheckRow) -> str:
    return BLACK if row.change is None else BLUE


def _mass(axes: Axes, y: int, row: CheckRow) -> None:
    if row.fit is None or row.fit.best.g_ve <= 0.0:
        return
    best = row.fit.best
    low, high = best.mass_interval_mev
    error = [[best.mass_mev - low if low else 0.0], [high - best.mass_mev if high else 0.0]]
    axes.errorbar(best.mass_mev, y, xerr=error, fmt="o", color=_color(row), markersize=3.0, elinewidth=0.9)


def _significance(axes: Axes, y: int, row: CheckRow) -> None:
    if row.fit is not None:
        axes.plot(row.fit.z, y, "o", color=_color(row), markersize=3.5)


def _limit(axes: Axes, y: int, row: CheckRow) -> None:
    if row.fit is None:
        return
    axes.plot(row.fit.reference_limit * COUPLING_SCALE, y, "o", color=_color(row), markersize=3.5)
    toy = row.toy_limit
    if toy is not None and toy.coupling is not None and toy.low is not None and toy.high is not None:
        value = toy.coupling * COUPLING_SCALE
        error = [[value - toy.low * COUPLING_SCALE], [toy.high * COUPLING_SCALE - value]]
        axes.errorbar(value, y, xerr=error, fmt="D", color=VERMILLION, markersize=2.5, elinewidth=0.9)
