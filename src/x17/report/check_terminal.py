"""The checks on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from x17.report.check_findings import check_headline, findings
from x17.report.check_tables import LEAVE_ONE_OUT, fit_cells
from x17.report.number_text import UNKNOWN, confidence, mass_text, signed
from x17.statistics.check_result import CheckResult, CheckRow, CheckStatus

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


def print_checks(console: Console, result: CheckResult) -> None:
    """Print what every check found, then one line a variation.

    Parameters
    ----------
    console : rich.console.Console
    result : CheckResult
    """
    from rich.table import Table
    from rich.text import Text

    for note in result.notes:
        console.print(Text(f"note: {note}", style="yellow"))
    console.print(Text(f"{result.scan_name}: {check_headline(result)}", style="bold"))
    console.print()
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
