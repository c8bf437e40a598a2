"""Limits by every method: a JSON document, a CSV table, and text for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from x17.report.method_names import CALCULATION_NAMES, METHOD_NAMES, best_calculations
from x17.report.number_text import UNKNOWN, confidence, mass_text, scaled
from x17.report.tables import csv_text
from x17.statistics.limit_methods import MethodLimit
from x17.statistics.limit_table import LimitTable

if TYPE_CHECKING:
    from rich.console import Console

COLUMNS = (
    "mass_mev",
    "method",
    "calculation",
    "g_ve",
    "g_ve_low",
    "g_ve_high",
    "g_ve_lower_end",
    "n_toys",
    "n_failed",
    "reason",
)

_FEW_MASSES = 3
"""So many masses are printed one by one, with every calculation and its error."""

_SCALE = 1e4


def _values(limit: MethodLimit) -> tuple[object, ...]:
    return (
        limit.mass_mev,
        limit.name.value,
        limit.calculation.value,
        limit.coupling,
        limit.low,
        limit.high,
        limit.lower,
        limit.n_toys,
        limit.n_failed,
        limit.reason,
    )


def limit_document(table: LimitTable) -> dict[str, Any]:
    """The table as a plain document.

    Parameters
    ----------
    table : LimitTable

    Returns
    -------
    dict
        `cl`, `ensemble`, `n_toys`, `band_toys`, and `limits`: a list of objects with the keys of `COLUMNS`.
    """
    return {
        "cl": table.cl,
        "ensemble": table.ensemble.value,
        "n_toys": table.n_toys,
        "band_toys": table.band_toys,
        "limits": [dict(zip(COLUMNS, _values(limit), strict=True)) for limit in table.limits],
    }


def limit_csv(table: LimitTable) -> str:
    """The table as CSV, a row for each mass, method and calculation.

    Parameters
    ----------
    table : LimitTable

    Returns
    -------
    str
    """
    return csv_text(COLUMNS, (_values(limit) for limit in table.limits))


def _interval(limit: MethodLimit, decimals: int) -> str:
    upper = scaled(limit.coupling, _SCALE, decimals)
    return upper if limit.lower is None else f"{scaled(limit.lower, _SCALE, decimals)} to {upper}"


def _short(limit: MethodLimit) -> str:
    """A lower end of zero is left out."""
    upper = scaled(limit.coupling, _SCALE, 2)
    return f"{scaled(limit.lower, _SCALE, 2)}–{upper}" if limit.lower else upper


def _error(limit: MethodLimit) -> str:
    if limit.low is None or limit.high is None:
        return ""
    return f"± {0.5 * (limit.high - limit.low) * _SCALE:.3f}"


def mass_rows(table: LimitTable, mass: float) -> list[tuple[str, str, str, str]]:
    """Every limit at one mass.

    Parameters
    ----------
    table : LimitTable
    mass : float
        MeV.

    Returns
    -------
    list of (method, calculation, limit or interval in 1e-4, Monte-Carlo error)
    """
    return [
        (
            METHOD_NAMES[limit.name],
            CALCULATION_NAMES[limit.calculation],
            _interval(limit, 3),
            _error(limit),
        )
        for limit in table.limits
        if limit.mass_mev == mass
    ]


def grid_rows(table: LimitTable) -> tuple[list[str], list[list[str]]]:
    """One line a mass, with the best calculation of each limit.

    Parameters
    ----------
    table : LimitTable

    Returns
    -------
    titles : list of str
    rows : list of list of str
        Limits in 1e-4, and intervals where their lower end is above zero.
    """
    chosen = best_calculations(table.columns)
    columns = [{limit.mass_mev: limit for limit in table.column(*key)} for key in chosen]
    rows = [
        [
            mass_text(mass),
            *(_short(column[mass]) if mass in column else UNKNOWN for column in columns),
        ]
        for mass in table.masses.tolist()
    ]
    return ["MeV", *(METHOD_NAMES[name] for name, _ in chosen)], rows


def print_limits(console: Console, table: LimitTable, scan_name: str, about: str) -> None:
    """Print limits by every method.

    Parameters
    ----------
    console : rich.console.Console
    table : LimitTable
    scan_name : str
    about : str
        How they were made, in a line.
    """
    from rich.table import Table
    from rich.text import Text

    console.print(
        Text(f"{scan_name}: limits on g_ve at {confidence(table.cl)}, in units of 1e-4", style="bold")
    )
    console.print(Text(about, style="dim"))
    if table.masses.size <= _FEW_MASSES:
        for mass in table.masses.tolist():
            console.print()
            grid = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
            for title in (f"{mass_text(mass)} MeV", "by", "g_ve", "Monte Carlo"):
                grid.add_column(title, no_wrap=True)
            for row in mass_rows(table, mass):
                grid.add_row(*(Text(cell) for cell in row))
            console.print(grid)
    else:
        console.print()
        titles, rows = grid_rows(table)
        grid = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
        for title, *cells in zip(titles, *rows, strict=True):
            grid.add_column(title, justify="right", min_width=max(len(cell) for cell in cells))
        for cells in rows:
            grid.add_row(*(Text(cell) for cell in cells))
        console.print(grid)
    for limit in table.limits:
        if limit.reason:
            where = f"{mass_text(limit.mass_mev)} MeV, {METHOD_NAMES[limit.name]}"
            text = f"{where} ({CALCULATION_NAMES[limit.calculation]}): {limit.reason}"
            console.print(Text(text, style="yellow"))
    failed = sum(limit.n_failed for limit in table.limits)
    if failed:
        console.print(Text(f"{failed} toys left out because a fit failed", style="yellow"))
