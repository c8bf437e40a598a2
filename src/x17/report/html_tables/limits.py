"""Limits by mass, and fits that failed."""

from __future__ import annotations

from x17.report.html_tables.table import Table
from x17.report.number_text import UNKNOWN, confidence, mass_text, probability, scaled
from x17.statistics.search_result import LimitPoint, SearchResult

SHORT = 16
"""Limits at up to so many masses are shown at once; of more, every fifth."""

_G = 1e4  # couplings are shown in units of 1e-4  # couplings are shown in units of 1e-4


def limit_table(result: SearchResult) -> Table:
    """Make the short table of limits.

    Parameters
    ----------
    result : SearchResult

    Returns
    -------
    Table
    """
    points = result.limits if len(result.limits) <= SHORT else result.limits[::5]
    toys = ("Toy CLs",) if result.n_toys else ()
    rows = tuple(
        (
            mass_text(point.mass_mev),
            *((_toy_text(point),) if result.n_toys else ()),
            scaled(point.asymptotic, _G, 2),
            scaled(point.expected[2], _G, 2),
            _band(point),
            UNKNOWN if point.local_p is None else probability(point.local_p),
        )
        for point in points
    )
    which = "" if points is result.limits else ", at every fifth mass"
    header = ("M [MeV]", *toys, "Asymptotic CLs", "Expected", "Its ±1σ", "Local p")
    caption = f"Upper limits on g_ve in 10⁻⁴ at {confidence(result.cl)}{which}"
    return Table("limits", caption, header, rows)


def full_limit_table(result: SearchResult) -> Table:
    """Make the table of limits at every mass, with all bands and notes.

    Parameters
    ----------
    result : SearchResult

    Returns
    -------
    Table
    """
    toys = ("Toy CLs", "Toys, tanh fit") if result.n_toys else ()
    rows = tuple(
        (
            mass_text(point.mass_mev),
            *(
                (_toy_text(point), scaled(point.toy_tanh.coupling if point.toy_tanh else None, _G, 2))
                if result.n_toys
                else ()
            ),
            scaled(point.asymptotic, _G, 2),
            *(scaled(value, _G, 2) for value in point.expected),
            UNKNOWN if point.local_p is None else probability(point.local_p),
            "; ".join(point.notes),
        )
        for point in result.limits
    )
    expected = ("−2σ", "−1σ", "Expected", "+1σ", "+2σ")
    header = ("M [MeV]", *toys, "Asymptotic CLs", *expected, "Local p", "Notes")
    caption = f"Upper limits on g_ve in 10⁻⁴ at {confidence(result.cl)}, at all masses"
    return Table("limits-full", caption, header, rows, (len(header) - 1,))


def _toy_text(point: LimitPoint) -> str:
    toy = point.toy
    if toy is None or toy.coupling is None or toy.low is None or toy.high is None:
        return UNKNOWN
    return f"{toy.coupling * _G:.2f} ± {0.5 * (toy.high - toy.low) * _G:.2f}"


def _band(point: LimitPoint) -> str:
    low, high = point.expected[1], point.expected[3]
    return UNKNOWN if low is None and high is None else f"{scaled(low, _G, 2)} to {scaled(high, _G, 2)}"


def failure_table(result: SearchResult) -> Table:
    """Make the table of fits that failed.

    Parameters
    ----------
    result : SearchResult

    Returns
    -------
    Table
        Says so if there are none.
    """
    rows = [(f"Fits of the map Q(M, g): {status}", str(count)) for status, count in result.failures.items()]
    rows = rows or [("Fits of the map Q(M, g)", "0")]
    if result.n_toys:
        toys = sum(point.toy.n_failed for point in result.limits if point.toy)
        rows.append(("Toys of the limits, left out of CLs", str(toys)))
    if result.local_p.limit is not None:
        rows.append(("Pseudo-experiments of the local p, left out", str(result.local_p.limit.n_failed)))
    return Table("failures", "Fits that failed", ("Where", "Number"), tuple(rows))
