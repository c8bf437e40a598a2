"""A plan as text for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from x17.projection.planning_campaign import Strategy, Truth
from x17.projection.planning_criteria import UNITS
from x17.projection.planning_result import PlanResult
from x17.projection.planning_schedule import ScheduledPoint
from x17.projection.planning_verdict import PositronsNeeded
from x17.report.number_text import confidence, mass_text, probability, scientific
from x17.report.plain_table import print_table

if TYPE_CHECKING:
    from rich.console import Console

_SHORT = (0, 1, 5, 6)
"""Columns of a schedule that a diary keeps."""

STRATEGY_NAMES = {
    Strategy.ADAPTIVE: "adaptive",
    Strategy.SCHEDULE: "schedule",
    Strategy.UNIFORM: "uniform",
}


def truth_text(truth: Truth) -> str:
    """Write a boson, such as "16.90 MeV, g_ve = 4.40e-4".

    Parameters
    ----------
    truth : Truth

    Returns
    -------
    str
    """
    if truth.g_ve == 0.0:
        return "no boson"
    return f"{mass_text(truth.mass_mev)} MeV, g_ve = {scientific(truth.g_ve)}"


def needed_text(needed: PositronsNeeded) -> str:
    """Write positrons in units of 1e10 with their interval, such as "12.5 (6.7–15.0)".

    Parameters
    ----------
    needed : PositronsNeeded

    Returns
    -------
    str
        "more", in brackets ">", where it is more than all.
    """
    value, low, high = (
        "more" if end is None else f"{1e-10 * end:.1f}" for end in (needed.value, needed.low, needed.high)
    )
    return value if value == low == high else f"{value} ({low}–{high})".replace("more", ">")


def print_plan(console: Console, result: PlanResult) -> None:
    """Print a plan.

    Parameters
    ----------
    console : rich.console.Console
    result : PlanResult
    """
    from rich.text import Text

    beam, schedule = result.beam, result.schedule
    last = schedule.points[-1]
    console.print(
        Text(
            f"{result.scan_name}: {len(schedule.points)} points, {scientific(float(last.total_positrons))} "
            f"positrons in {last.total_hours:.0f} h",
            style="bold",
        )
    )
    console.print(
        Text(
            f"settings {beam.step_mev:g} MeV apart, {beam.energies_mev[0]:.2f} to "
            f"{beam.energies_mev[-1]:.2f} MeV; {beam.setup_hours:g} h to change; "
            f"most {schedule.criterion.value} per hour",
            style="dim",
        )
    )
    console.print(
        Text(
            f"data so far: no boson with probability {result.no_boson:.2f}; if there is one, "
            f"{mass_text(result.likely_mass_mev)} MeV is most probable"
        )
    )
    console.print(
        Text(f"a point of {scientific(result.best_share, 2)} positrons tells most per hour", style="dim")
    )
    header = ("", "E [MeV]", "√s [MeV]", "e+ [1e10]", "h", "total h", f"gain ({UNITS[schedule.criterion]})")
    print_table(console, header, [_row(point) for point in schedule.points])
    _print_diary(console, result, header)
    _print_comparison(console, result)
    if result.warnings:
        console.print()
    for warning in result.warnings:
        console.print(Text(f"warning: {warning}", style="yellow"))


def _row(point: ScheduledPoint) -> tuple[str, ...]:
    return (
        str(point.number),
        f"{point.beam_energy_mev:.2f}",
        f"{point.sqrt_s_mev:.3f}",
        f"{1e-10 * point.positrons:.3g}",
        f"{point.hours:.1f}",
        f"{point.total_hours:.0f}",
        f"{point.total_gain:.3f}",
    )


def _print_diary(console: Console, result: PlanResult, header: tuple[str, ...]) -> None:
    from rich.text import Text

    if not result.diary:
        return
    console.print()
    console.print(Text(f"one adaptive campaign; in truth {truth_text(result.truth)}", style="bold"))
    rows = [
        (
            *(_row(entry.point)[k] for k in _SHORT),
            f"{entry.g_r:.4f} ± {entry.g_r_err:.4f}",
            probability(entry.no_boson),
            mass_text(entry.mass_mev),
        )
        for entry in result.diary
    ]
    print_table(console, (*(header[k] for k in _SHORT), "g_R", "P(none)", "m [MeV]"), rows)


def _print_comparison(console: Console, result: PlanResult) -> None:
    from rich.text import Text

    if not result.curves:
        return
    console.print()
    console.print(
        Text(f"half of the campaigns decide about {truth_text(result.boson)} after [1e10 e+]", "bold")
    )
    console.print(
        Text(
            f"{result.toys} campaigns each, 68 % intervals; 3σ if it is there, "
            f"{confidence(result.cl)} if it is not",
            style="dim",
        )
    )
    curves = {(c.strategy, c.true, c.with_old): needed_text(c.needed) for c in result.curves}
    rows = [
        (
            STRATEGY_NAMES[strategy],
            *(curves[strategy, true, old] for true in (True, False) for old in (True, False)),
        )
        for strategy in Strategy
    ]
    print_table(console, ("", "confirmed", "new alone", "excluded", "new alone"), rows)
    bits = [
        f"{STRATEGY_NAMES[one.strategy]} {one.bits[-1]:.2f} ± {one.error[-1]:.2f}" for one in result.average
    ]
    console.print()
    console.print(Text(f"information of all positrons, averaged over truths [bit]: {', '.join(bits)}"))
