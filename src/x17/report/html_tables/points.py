"""The energy points, and what makes their errors."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from x17.report.html_tables.table import Table
from x17.report.number_text import UNKNOWN, signed, with_error
from x17.scan.error_budget import COMMON, POINT, ErrorBudget
from x17.statistics.search_result import SearchResult

_POT, _B = 1e-9, 1e6  # units of 1e9 positrons, and of 1e-6 per positron


def points_table(result: SearchResult) -> Table:
    """Make the table of the energy points with all of their errors.

    Parameters
    ----------
    result : SearchResult

    Returns
    -------
    Table
    """
    points, curves, masked = result.points, result.curves, result.sideband.masked
    rows = tuple(
        (
            str(points.period[k]),
            str(points.scan_part[k]),
            f"{points.sqrt_s_mev[k]:.3f}",
            f"{points.beam_energy_mev[k]:.2f}",
            with_error(float(points.n2[k]), float(np.sqrt(points.n2[k]))),
            with_error(_POT * float(points.n_pot[k]), _POT * float(points.n_pot_err[k])),
            with_error(_B * float(points.background_per_pot[k]), _B * float(points.background_err[k])),
            with_error(float(curves.g_r[k]), float(curves.g_r_err[k])),
            "masked" if masked[k] else "side band",
            signed(float((curves.g_r[k] - curves.background[k]) / curves.g_r_err[k]), 2),
            signed(float((curves.g_r[k] - curves.best_fit[k]) / curves.g_r_err[k]), 2),
        )
        for k in range(len(points))
    )
    header = (
        "Period",
        "Part",
        "√s [MeV]",
        "E_b [MeV]",
        "N2",
        "N_PoT [10⁹]",
        "B [10⁻⁶]",
        "g_R",
        "Side band",
        "Pull, no boson",
        "Pull, best fit",
    )
    note = (
        "Errors are those that points do not share. Pull: (g_R − fit)/σ with the fit without a boson, and "
        "with the best one."
    )
    return Table("points", "Energy points of the search, by rising √s", header, rows, (8,), note)


def budget_table(budget: ErrorBudget) -> Table:
    """Make the table of the error budget beside the published one.

    Parameters
    ----------
    budget : ErrorBudget

    Returns
    -------
    Table
    """
    parts = {"N2": budget.n2, "N_PoT": budget.n_pot, "B": budget.background}
    rows: list[tuple[str, ...]] = []
    for quantity, percent in parts.items():
        total = budget.published_total(quantity, POINT)
        rows.append((quantity, "all", *_spread(percent), UNKNOWN if total is None else f"{total:.2f}"))
        rows += _published(budget, quantity, POINT)
    squares = [item.percent**2 for item in budget.published if item.kind == POINT]
    together = f"{float(np.sqrt(np.sum(squares))):.2f}" if squares else UNKNOWN
    rows.append(("g_R", "in quadrature", *_spread(budget.total), together))
    for quantity in dict.fromkeys(item.quantity for item in budget.published if item.kind == COMMON):
        rows += _published(budget, quantity, COMMON)
    note = (
        "Here: from the table of the scan, mean and range over the searched points; the errors published "
        "source by source stand in its columns together. Common errors move all points alike: they go into "
        "K, not into the error of a point."
        if budget.published
        else "From the table of the scan, mean and range over the searched points."
    )
    header = ("Quantity", "Source", "Mean here [%]", "Range [%]", "Published [%]")
    return Table("budget", "Error budget, relative errors", header, tuple(rows), (1,), note)


def _spread(percent: NDArray[np.float64]) -> tuple[str, str]:
    return f"{percent.mean():.2f}", f"{percent.min():.2f} to {percent.max():.2f}"


def _published(budget: ErrorBudget, quantity: str, kind: str) -> list[tuple[str, ...]]:
    common = ", common" if kind == COMMON else ""
    return [
        (quantity, f"{item.source}{common}", UNKNOWN, UNKNOWN, f"{item.percent:.2f}")
        for item in budget.published
        if item.quantity == quantity and item.kind == kind
    ]


def budget_points_table(budget: ErrorBudget) -> Table:
    """Make the table of the errors of each point.

    Parameters
    ----------
    budget : ErrorBudget

    Returns
    -------
    Table
    """
    columns = (budget.n2, budget.n_pot, budget.background, budget.total)
    rows = tuple(
        (str(budget.period[k]), f"{budget.sqrt_s_mev[k]:.3f}", *(f"{column[k]:.3f}" for column in columns))
        for k in range(budget.period.size)
    )
    header = ("Period", "√s [MeV]", "N2 [%]", "N_PoT [%]", "B [%]", "g_R [%]")
    return Table("budget-points", "Relative errors of each point", header, rows)
