"""Coverage of every method: a JSON document, a CSV table, and text for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from x17.report.method_names import CALCULATION_NAMES, METHOD_NAMES
from x17.report.number_text import UNKNOWN, confidence, mass_text, scaled
from x17.report.tables import csv_text
from x17.statistics.coverage import CoveragePoint, CoverageTable

if TYPE_CHECKING:
    from rich.console import Console

COLUMNS = (
    "mass_mev",
    "g_ve",
    "method",
    "calculation",
    "coverage",
    "coverage_low",
    "coverage_high",
    "n_toys",
    "n_failed",
)


def _values(table: CoverageTable, point: CoveragePoint) -> tuple[object, ...]:
    low, high = point.fraction.interval()
    return (
        table.mass_mev,
        point.coupling,
        point.name.value,
        point.calculation.value,
        point.fraction.value,
        low,
        high,
        point.fraction.n_toys,
        point.fraction.n_failed,
    )


def coverage_document(table: CoverageTable) -> dict[str, Any]:
    """The table as a plain document.

    Parameters
    ----------
    table : CoverageTable

    Returns
    -------
    dict
        `cl`, `ensemble`, `n_toys`, `full_toys`, and `coverage`: a list of objects with the keys of `COLUMNS`.
    """
    return {
        "cl": table.cl,
        "ensemble": table.ensemble.value,
        "n_toys": table.n_toys,
        "full_toys": table.full_toys,
        "coverage": [dict(zip(COLUMNS, _values(table, point), strict=True)) for point in table.points],
    }


def coverage_csv(table: CoverageTable) -> str:
    """The table as CSV, a row for each coupling, method and calculation.

    Parameters
    ----------
    table : CoverageTable

    Returns
    -------
    str
    """
    return csv_text(COLUMNS, (_values(table, point) for point in table.points))


def percent(point: CoveragePoint) -> str:
    """Write a coverage in per cent with its binomial error, such as "89.6(2)".

    Parameters
    ----------
    point : CoveragePoint

    Returns
    -------
    str
        Without an error where all or none contain the truth.
    """
    fraction = point.fraction
    if not fraction.n_toys:
        return UNKNOWN
    if fraction.successes in (0, fraction.n_toys):
        return f"{100.0 * fraction.value:.0f}"
    low, high = fraction.interval()
    error = 50.0 * (high - low)
    decimals = 2 if round(100.0 * error) < 10 else 1
    return f"{100.0 * fraction.value:.{decimals}f}({round(error * 10**decimals)})"


def coverage_rows(table: CoverageTable) -> tuple[list[str], list[list[str]]]:
    """One line a method, one column a coupling.

    Parameters
    ----------
    table : CoverageTable

    Returns
    -------
    titles : list of str
    rows : list of list of str
        Coverage in per cent.
    """
    couplings = list(dict.fromkeys(point.coupling for point in table.points))
    rows = []
    for name, calculation in table.columns:
        found = {point.coupling: percent(point) for point in table.column(name, calculation)}
        rows.append(
            [
                METHOD_NAMES[name],
                CALCULATION_NAMES[calculation],
                *(found.get(coupling, UNKNOWN) for coupling in couplings),
            ]
        )
    return ["true g_ve [1e-4]", "by", *(scaled(g, 1e4, 2) for g in couplings)], rows


def print_coverage(console: Console, table: CoverageTable, scan_name: str, about: str) -> None:
    """Print the coverage of every method.

    Parameters
    ----------
    console : rich.console.Console
    table : CoverageTable
    scan_name : str
    about : str
        How it was measured, in a line.
    """
    from rich.table import Table
    from rich.text import Text

    where = f"{mass_text(table.mass_mev)} MeV"
    console.print(
        Text(f"{scan_name}: coverage in per cent of {confidence(table.cl)} limits at {where}", style="bold")
    )
    console.print(Text(about, style="dim"))
    console.print()
    grid = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    titles, rows = coverage_rows(table)
    for place, title in enumerate(titles):
        grid.add_column(title, justify="left" if place < 2 else "right", no_wrap=True)
    for row in rows:
        grid.add_row(*(Text(cell) for cell in row))
    console.print(grid)
    failed = max((point.fraction.n_failed for point in table.points), default=0)
    if failed:
        console.print(
            Text(f"up to {failed} pseudo-experiments of a coupling left out: a fit failed", style="yellow")
        )
