"""Local and global p-values."""

from __future__ import annotations

from x17.report.headline import counted
from x17.report.html_tables.table import Table
from x17.report.number_text import (
    UNKNOWN,
    fraction_percent,
    fraction_text,
    mass_text,
    probability,
    with_error,
)
from x17.report.significance_table import GROSS_VITELLS, NAMES
from x17.statistics.search_result import SearchResult


def local_p_table(result: SearchResult) -> Table:
    """Make the table of local p-values.

    Parameters
    ----------
    result : SearchResult

    Returns
    -------
    Table
    """
    local, fraction = result.local_p, counted(result)
    rows = [("q0, asymptotic", probability(local.p_q0), f"{local.z_q0:.2f}σ", UNKNOWN)]
    if fraction is not None:
        known = 0 < fraction.successes < fraction.n_toys
        z = f"{fraction.significance:.2f}σ".replace("-", "−") if known else UNKNOWN
        failed = f", {fraction.n_failed} failed" if fraction.n_failed else ""
        count = f"{fraction.successes} of {fraction.n_toys}{failed}"
        rows.append(("limits of pseudo-experiments", fraction_text(fraction), z, count))
    caption = f"Local p-value at {mass_text(local.mass_mev)} MeV, where the one from q0 is smallest"
    header = ("Method", "p", "One-sided significance", "Pseudo-experiments")
    note = (
        "A local p takes no account of the masses tried; the global one below does."
        if result.significance
        else "A global p, which accounts for the masses tried, is made by `x17 search --full`."
    )
    return Table("local-p", caption, header, tuple(rows), (), note)


def global_p_table(result: SearchResult) -> Table:
    """Make the table of global p-values: a row for each definition, a column for each window.

    Parameters
    ----------
    result : SearchResult

    Returns
    -------
    Table
    """
    windows = result.significance
    columns = []
    for window in windows:
        crossings = window.gross_vitells
        error = 0.5 * (crossings.p_high - crossings.p_low)
        counted_toys = [(NAMES[d.statistic], fraction_percent(d.fraction)) for d in window.definitions]
        columns.append([*counted_toys, (GROSS_VITELLS, with_error(100.0 * crossings.p, 100.0 * error))])
    rows = tuple((cells[0][0], *(text for _, text in cells)) for cells in zip(*columns, strict=True))
    spans = (f"{mass_text(low)} to {mass_text(high)}" for low, high in (w.window_mev for w in windows))
    caption = f"Global p-value in % by window of masses in MeV, from {windows[0].n_toys} pseudo-experiments"
    note = "One-sided; an excess counts wherever it lies among the masses of the column."
    return Table("global-p", caption, ("Definition", *spans), rows, (0,), note)
