"""Bounds and what they leave: JSON documents, and text for a terminal."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from x17.constraints.allowed import Allowed, BoundAtMass
from x17.constraints.intervals import Gap
from x17.constraints.magnetic_moment import Lepton, moment_per_coupling_squared
from x17.report.number_text import mass_text, scientific
from x17.theory.boson import SpinParity

if TYPE_CHECKING:
    from rich.console import Console

Document = dict[str, Any]


def _end(value: float) -> float | None:
    return None if math.isinf(value) else value


def _about(found: Allowed) -> Document:
    return {
        "boson": found.boson.value,
        "mass_mev": found.mass_mev,
        "proton_coupling_over_electron": found.ratios.protons,
        "muon_coupling_over_electron": found.ratios.muons,
    }


def _bound_document(row: BoundAtMass) -> Document:
    bound = row.bound
    return {
        "key": bound.key,
        "label": bound.label,
        "excluded": [{"g_ve_low": e.low, "g_ve_high": _end(e.high)} for e in row.excluded],
        "silent_because": row.silence or None,
        "counted": row.counted,
        "not_used_because": bound.why_not or None,
        "confidence": bound.confidence,
        "bosons": [letter.value for letter in bound.spin_parities],
        "probes": bound.probe.value,
        "reference": bound.reference,
        "read_at_source": bound.read_at_source,
        "origin": bound.origin,
        "assumptions": bound.assumptions,
        "note": bound.note or None,
    }


def constraints_document(found: Allowed) -> Document:
    """All bounds at one mass.

    Parameters
    ----------
    found : Allowed

    Returns
    -------
    dict
        What was asked; `bounds`, each with its excluded intervals of g_ve (null: open upwards), why it says
        nothing if it does, and where it comes from; `moment_per_g2`, what the boson adds to (g − 2)/2 of
        electron and muon over the square of its coupling to them.
    """
    moments = {
        lepton.value: float(moment_per_coupling_squared(found.mass_mev, found.boson, lepton))
        for lepton in Lepton
    }
    return {
        **_about(found),
        "moment_per_g2": moments,
        "bounds": [_bound_document(row) for row in found.rows],
    }


def allowed_document(found: Allowed) -> Document:
    """What is left at one mass.

    Parameters
    ----------
    found : Allowed

    Returns
    -------
    dict
        What was asked; `allowed`, intervals of g_ve (null: open upwards) with the keys of the bounds that
        close each end; `counted`, keys of the bounds that say something; `silent` and `left_out`, the others
        with the reason.
    """
    return {
        **_about(found),
        "allowed": [
            {
                "g_ve_low": gap.low,
                "g_ve_high": _end(gap.high),
                "closed_below_by": list(gap.closed_below),
                "closed_above_by": list(gap.closed_above),
            }
            for gap in found.gaps
        ],
        "counted": [row.bound.key for row in found.rows if row.counted and row.excluded],
        "silent": {row.bound.key: row.silence for row in found.rows if row.counted and row.silence},
        "left_out": {row.bound.key: _why_not(row) for row in found.rows if not row.counted},
    }


def interval_text(low: float, high: float) -> str:
    """Write an interval of couplings, such as "3.60e-5 to 1.97e-4", "above 6.08e-4", "below 1e-5".

    Parameters
    ----------
    low, high : float

    Returns
    -------
    str
    """
    if math.isinf(high):
        return "every coupling" if low == 0.0 else f"above {scientific(low)}"
    return f"below {scientific(high)}" if low == 0.0 else f"{scientific(low)} to {scientific(high)}"


def print_constraints(console: Console, found: Allowed) -> None:
    """Print all bounds at one mass.

    Parameters
    ----------
    console : rich.console.Console
    found : Allowed
    """
    from rich.text import Text

    _print_title(console, found, "what is excluded")
    speaking = [row for row in found.rows if row.excluded]
    _print_grid(console, ("key", "excluded g_ve", "level", "source"), [_row(row) for row in speaking])
    for row in found.rows:
        if row.silence:
            console.print(Text(f"{row.bound.key}: {row.silence}", style="dim"))
        if not row.counted:
            console.print(Text(f"{row.bound.key} does not count: {_why_not(row)}", style="dim"))
    console.print(Text("references, assumptions and origins: --json", style="dim"))


def _row(row: BoundAtMass) -> tuple[str, ...]:
    bound = row.bound
    excluded = " and ".join(interval_text(e.low, e.high) for e in row.excluded)
    return bound.key, excluded, bound.confidence, "read" if bound.read_at_source else "not read"


def _why_not(row: BoundAtMass) -> str:
    return "left out on request" if row.bound.used else row.bound.why_not


def print_allowed(console: Console, found: Allowed) -> None:
    """Print what is left at one mass, and who closes it.

    Parameters
    ----------
    console : rich.console.Console
    found : Allowed
    """
    from rich.text import Text

    _print_title(console, found, "what is left of g_ve")
    if not found.gaps:
        console.print(Text("nothing: every coupling is excluded"))
    names = {row.bound.key: row.bound.label for row in found.rows}
    _print_grid(
        console, ("g_ve", "closed below by", "closed above by"), [_gap_row(g, names) for g in found.gaps]
    )
    for text, keys in (
        ("say nothing here", [row.bound.label for row in found.rows if row.counted and row.silence]),
        ("not counted", [row.bound.label for row in found.rows if not row.counted]),
    ):
        if keys:
            console.print(Text(f"{text}: {'; '.join(keys)}", style="dim"))
    console.print(Text("why, and where each comes from: x17 constraints table", style="dim"))


def _gap_row(gap: Gap, names: dict[str, str]) -> tuple[str, ...]:
    open_end = "nothing"
    below = ", ".join(names[key] for key in gap.closed_below) or open_end
    above = ", ".join(names[key] for key in gap.closed_above) or open_end
    return interval_text(gap.low, gap.high), below, above


def _print_title(console: Console, found: Allowed, what: str) -> None:
    from rich.text import Text

    ratios = found.ratios
    protons = "" if ratios.protons == 0.0 else f", ε_p = {ratios.protons:g} ε_e"
    if found.boson is SpinParity.VECTOR and not protons:
        protons = ", protophobic"
    muons = "" if ratios.muons == 0.0 else f", g_µ = {ratios.muons:g} g_ve"
    head = f"Boson {found.boson.value} of {mass_text(found.mass_mev)} MeV{protons}{muons}: {what}"
    console.print(Text(head, style="bold"))


def _print_grid(console: Console, titles: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    from rich.table import Table
    from rich.text import Text

    if not rows:
        return
    grid = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for title in titles:
        grid.add_column(title, no_wrap=True)
    for row in rows:
        grid.add_row(*(Text(cell) for cell in row))
    console.print(grid)
