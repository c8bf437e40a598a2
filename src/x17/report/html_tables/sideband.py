"""The side band and its criteria."""

from __future__ import annotations

from x17.report.html_tables.table import Table
from x17.report.number_text import UNKNOWN, probability, signed, with_error
from x17.statistics.search_result import SearchResult


def sideband_table(result: SearchResult) -> Table:
    """Make the table of the side-band fit.

    Parameters
    ----------
    result : SearchResult

    Returns
    -------
    Table
    """
    sideband, line = result.sideband, result.sideband.line
    low, high = sideband.masked_mev
    rows = [
        ("Masked window", f"{low:.3f} to {high:.3f} MeV, {int(sideband.masked.sum())} points"),
        ("Its centre", f"{sideband.masked_center_mev:.3f} MeV"),
        (f"K at {line.center:g} MeV", with_error(line.constant, line.constant_err)),
        ("Slope of K", f"{with_error(line.slope, line.slope_err)} /MeV"),
        ("χ² / degrees of freedom", f"{line.chi2:.2f} / {line.ndf}"),
        ("P(χ²)", probability(sideband.p_value)),
    ]
    if line.slope_err > 0.0:
        rows.insert(4, ("Their correlation", signed(line.correlation, 2)))
    for first, last, chi2 in sideband.ties:
        rows.append(("Window as good", f"{first:.3f} to {last:.3f} MeV, χ² {chi2:.2f}"))
    return Table(
        "sideband", "Side-band fit: the line through all points outside the window", (), tuple(rows), (1,)
    )


def criteria_table(result: SearchResult) -> Table:
    """Make the table of the criteria that the side band must meet.

    Parameters
    ----------
    result : SearchResult

    Returns
    -------
    Table
    """
    verdict = {True: "passed", False: "failed", None: "not reached"}
    rows = tuple(
        (
            c.name,
            UNKNOWN if c.value is None else f"{c.value:.3g}".replace("-", "−"),
            c.rule.replace("threshold", f"{c.threshold:g}"),
            verdict[c.passed],
        )
        for c in result.criteria
    )
    caption = "Criteria of the side band, each tested only if those before hold"
    return Table("criteria", caption, ("Criterion", "Value", "Rule", "Result"), rows, (2, 3))
