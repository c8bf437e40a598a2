"""The checks on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from x17.report.check_findings import LARGE, SMALL, check_headline, findings, size_word
from x17.report.check_tables import LEAVE_ONE_OUT, fit_cells
from x17.report.number_text import UNKNOWN, confidence, mass_text, signed
from x17.statistics.check_result import Check, CheckResult, CheckRow, CheckStatus

if TYPE_CHECKING:
    from rich.console import Console


def check_lines(row: CheckRow) -> list[str]:
    """The cells of one variation.

    Parameters
    ----------
    row : CheckRow

    Returns
    -------
    list of str
        Label, mass, coupling, Q, local p, limit, change of ĝ² in its errors.
    """
    if row.fit is None:
        return [row.label, *[UNKNOWN] * 5, "failed" if row.status is CheckStatus.FAILED else "n/a"]
    change = UNKNOWN if row.change is None else signed(row.change.signal_sigma, 2)
    return [row.label, *fit_cells(row.fit)[1:], change]


SHOWN = 5
"""Variations that a summary names: those that move most."""


def print_summary(console: Console, result: CheckResult) -> None:
    """Print the headline, one line a check, and the variations that move most.

    Parameters
    ----------
    console : rich.console.Console
    result : CheckResult
    """
    from rich.table import Table
    from rich.text import Text

    _print_head(console, result)
    counts = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    counts.add_column("change", no_wrap=True)
    for title in ("small", "moderate", "large", "none", "Δg² [σ]"):
        counts.add_column(title, justify="right", no_wrap=True)
    for check in result.checks:
        counts.add_row(*(Text(cell) for cell in _count_cells(check)))
    console.print(counts)
    console.print(
        Text(f"in local σ: small below {SMALL:g}, large from {LARGE:g}; none: no result", style="dim")
    )
    moved = [(check.name, row) for check in result.checks for row in check.done if row.change is not None]
    moved.sort(key=lambda item: item[1].change.size if item[1].change else 0.0, reverse=True)
    if moved:
        _print_moved(console, moved[:SHOWN])
    for check in result.checks:
        if check.status is not CheckStatus.DONE:
            console.print(Text(f"{check.name} was not made: {check.reason}", style="yellow"))


def _print_moved(console: Console, moved: list[tuple[str, CheckRow]]) -> None:
    from rich.table import Table
    from rich.text import Text

    console.print()
    console.print(Text("What moves most", style="bold"))
    most = Table(show_header=False, box=None, pad_edge=False, padding=(0, 2, 0, 0))
    most.add_column(justify="right", no_wrap=True)
    most.add_column(overflow="fold")
    for name, row in moved:
        most.add_row(f"{row.change.size:.2f}σ" if row.change else "", Text(f"{row.label} ({name})"))
    console.print(most)


def _count_cells(check: Check) -> list[str]:
    """Name of a check, its variations by the size of their change, and the largest change of ĝ²."""
    words = [size_word(row.change.size) for row in check.rows if row.change is not None]
    numbers = [words.count(word) for word in ("small", "moderate", "large")]
    shifts = [row.change.signal_sigma for row in check.rows if row.change is not None]
    most = signed(max(shifts, key=abs), 2) if shifts else UNKNOWN
    return [check.name, *(str(n or "") for n in (*numbers, len(check.rows) - len(words))), most]


def _print_head(console: Console, result: CheckResult) -> None:
    from rich.text import Text

    for note in result.notes:
        console.print(Text(f"note: {note}", style="yellow"))
    console.print(Text(f"{result.scan_name}: {check_headline(result)}", style="bold"))
    console.print()


def print_checks(console: Console, result: CheckResult) -> None:
    """Print what every check found, then one line a variation.

    Parameters
    ----------
    console : rich.console.Console
    result : CheckResult
    """
    from rich.table import Table
    from rich.text import Text

    _print_head(console, result)
    at = mass_text(result.reference_mass_mev)
    titles = ("variation", "M [MeV]", "g [1e-4]", "Q", "local p", f"limit {at}", "Δg² [σ]")
    grid = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for k, title in enumerate(titles):
        grid.add_column(title, justify="right" if k else "left", no_wrap=k > 0)
    grid.add_row(*(Text(cell) for cell in check_lines(result.nominal)))
    for check in result.checks:
        if check.name != LEAVE_ONE_OUT:
            for row in check.rows:
                grid.add_row(*(Text(cell) for cell in check_lines(row)))
    console.print(grid)
    console.print(Text(f"limits at {confidence(result.cl)} in 1e-4", style="dim"))
    for check in result.checks:
        console.print()
        console.print(Text(f"{check.name}: {check.question}", style="bold"))
        for sentence in findings(check, result):
            console.print(Text(sentence))
        if check.published:
            console.print(Text(f"The collaboration found: {check.published}", style="dim"))
