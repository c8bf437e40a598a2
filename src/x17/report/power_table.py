"""Power of the blind procedure: a JSON document, a CSV table, and text for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from x17.blinding.power import PowerPoint, PowerTable
from x17.report.number_text import mass_text, scaled
from x17.report.tables import csv_text
from x17.statistics.monte_carlo import TailFraction

if TYPE_CHECKING:
    from rich.console import Console

COLUMNS = (
    "extra_err_percent",
    "mass_mev",
    "g_ve",
    "accepted",
    "threshold",
    "fraction",
    "fraction_low",
    "fraction_high",
    "n_toys",
)


def _fractions(table: PowerTable, point: PowerPoint) -> list[tuple[str, float | None, TailFraction]]:
    """What was counted: by P(χ²) alone, by all criteria, and the mask that has the boson inside."""
    by_chi2 = [
        ("chi2", threshold, fraction)
        for threshold, fraction in zip(table.thresholds, point.accepted, strict=True)
    ]
    found = [] if point.found is None else [("mask-finds-boson", None, point.found)]
    return [*by_chi2, ("all-criteria", None, point.criteria), *found]


def _rows(table: PowerTable) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for point in table.points:
        case = point.case
        start = (round(100.0 * case.extra_err, 12), case.mass_mev, case.coupling)
        for name, threshold, fraction in _fractions(table, point):
            values = (name, threshold, fraction.value, *fraction.interval(), fraction.n_toys)
            rows.append((*start, *values))
    return rows


def power_document(table: PowerTable) -> dict[str, Any]:
    """The table as a plain document.

    Parameters
    ----------
    table : PowerTable

    Returns
    -------
    dict
        `thresholds`, `window_size`, `n_toys`, `seed`, and `power`: objects with the keys of `COLUMNS`.
    """
    return {
        "thresholds": list(table.thresholds),
        "window_size": table.window_size,
        "n_toys": table.n_toys,
        "seed": table.seed,
        "power": [dict(zip(COLUMNS, row, strict=True)) for row in _rows(table)],
    }


def power_csv(table: PowerTable) -> str:
    """The table as CSV, a row for each case and what was counted.

    Parameters
    ----------
    table : PowerTable

    Returns
    -------
    str
    """
    return csv_text(COLUMNS, _rows(table))


def share(fraction: TailFraction) -> str:
    """Write a share with its binomial error, such as "0.978(1)".

    Parameters
    ----------
    fraction : TailFraction

    Returns
    -------
    str
    """
    low, high = fraction.interval()
    error = 0.5 * (high - low)
    decimals = 4 if error < 0.00095 else 3 if error < 0.0095 else 2
    return f"{fraction.value:.{decimals}f}({max(round(error * 10**decimals), 1)})"


def print_power(console: Console, table: PowerTable, scan_name: str) -> None:
    """Print the power of the procedure.

    Parameters
    ----------
    console : rich.console.Console
    table : PowerTable
    scan_name : str
    """
    from rich.table import Table
    from rich.text import Text

    console.print(Text(f"{scan_name}: share of pseudo-experiments that the procedure accepts", style="bold"))
    about = (
        f"window of {table.window_size} points, {table.n_toys} pseudo-experiments a row, seed {table.seed}"
    )
    console.print(Text(about, style="dim"))
    accepted = [f"P > {threshold:g}" for threshold in table.thresholds]
    extra = [[f"{100.0 * p.case.extra_err:.2f} %", *_shares(p)] for p in table.points if p.found is None]
    bosons = [
        [f"{mass_text(p.case.mass_mev)} MeV", scaled(p.case.coupling, 1e4, 2), *_shares(p), share(p.found)]
        for p in table.points
        if p.found is not None and p.case.mass_mev is not None
    ]
    for titles, rows in (
        (["extra error", *accepted, "(i) to (iv)"], extra),
        (["boson", "g_ve [1e-4]", *accepted, "(i) to (iv)", "in the mask"], bosons),
    ):
        if not rows:
            continue
        grid = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
        for title in titles:
            grid.add_column(title, justify="right", no_wrap=True)
        for row in rows:
            grid.add_row(*(Text(cell) for cell in row))
        console.print()
        console.print(grid)


def _shares(point: PowerPoint) -> list[str]:
    return [share(fraction) for fraction in (*point.accepted, point.criteria)]
