"""The checks of an analysis, a line each."""

from __future__ import annotations

from x17.report.check_findings import largest, size_word
from x17.report.html_tables.table import Table
from x17.report.number_text import UNKNOWN, mass_text, signed
from x17.statistics.check_result import Check, CheckResult


def checks_table(result: CheckResult) -> Table:
    """Make the table of what each check changes at most.

    Parameters
    ----------
    result : CheckResult

    Returns
    -------
    Table
    """
    at = f"{mass_text(result.reference_mass_mev)} MeV"
    header = (
        "Check",
        "Tried",
        "The change is",
        f"Δĝ² at {at} [σ]",
        "ΔM [MeV]",
        "ΔQ",
        "Δ limit [%]",
        "Variation",
    )
    note = (
        "The variation of each check that changes the free signal ĝ² at one mass, in units of its error, or "
        "the local significance most. Changes are against the unchanged data with the same treatment of K. "
        "Those of single points: `x17 checks`."
    )
    rows = tuple(_row(check) for check in result.checks)
    return Table("checks", "Checks: the largest change of each", header, rows, (2, 7), note)


def _row(check: Check) -> tuple[str, ...]:
    made = (
        f"{len(check.done)} of {len(check.rows)}"
        if len(check.done) < len(check.rows)
        else f"{len(check.rows)}"
    )
    row = largest(check.done, lambda change: change.size)
    if row is None or row.change is None:
        reason = f"{check.status.value}: {check.reason}" if check.reason else check.status.value
        return (check.title, made, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, reason)
    change = row.change
    return (
        check.title,
        made,
        size_word(change.size),
        signed(change.signal_sigma, 2),
        signed(change.mass_mev, 3),
        signed(change.q, 2),
        signed(100.0 * change.limit, 1),
        row.label,
    )
