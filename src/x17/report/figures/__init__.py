"""The figures of a search, one a module; each takes a result and only draws."""

from collections.abc import Callable
from functools import partial

from matplotlib.figure import Figure

from x17.report.context import ReportContext
from x17.report.figures.budget import draw_error_budget
from x17.report.figures.checks_impacts import draw_impacts
from x17.report.figures.checks_overview import draw_checks_overview
from x17.report.figures.corrections import draw_corrections
from x17.report.figures.global_p import draw_global_p
from x17.report.figures.limit import draw_limit
from x17.report.figures.local_p import draw_local_p
from x17.report.figures.observable import draw_observable
from x17.report.figures.pulls import draw_pulls
from x17.report.figures.q_map import draw_q_map
from x17.scan.error_budget import ErrorBudget
from x17.statistics.check_result import CheckResult
from x17.statistics.search_result import SearchResult

FIGURES: dict[str, Callable[[SearchResult], Figure]] = {
    "observable": draw_observable,
    "pulls": draw_pulls,
    "limit": draw_limit,
    "local_p": draw_local_p,
    "q_map": draw_q_map,
}
"""File stem to the function that draws it, in the order of a report."""


def figures_of(
    result: SearchResult, context: ReportContext | None = None
) -> dict[str, Callable[[SearchResult], Figure]]:
    """The figures of a report: those of the search, and of what else is shown.

    Parameters
    ----------
    result : SearchResult
    context : ReportContext, optional
        What else is shown.

    Returns
    -------
    dict
        File stem to the function that draws it, in the order of `x17.report.captions`.
    """
    beside = context or ReportContext()
    figures = dict(FIGURES)
    if beside.others:
        figures["limit"] = lambda found: draw_limit(found, beside.others)
    if result.significance:
        figures["global_p"] = lambda found: draw_global_p(found.significance[0], found.scan_name)
    if beside.budget is not None:
        figures["budget"] = partial(_budget, beside.budget)
    if beside.factors:
        figures["corrections"] = lambda found: draw_corrections(beside.factors, found.scan_name)
    if beside.checks is not None:
        figures |= _of_checks(beside.checks)
    return figures


def _budget(budget: ErrorBudget, result: SearchResult) -> Figure:
    return draw_error_budget(budget, result.scan_name)


def _of_checks(checks: CheckResult) -> dict[str, Callable[[SearchResult], Figure]]:
    """What all checks together show; their own figures are in the report of `x17 checks`."""
    figures: dict[str, Callable[[SearchResult], Figure]] = {
        "checks_overview": lambda _: draw_checks_overview(checks)
    }
    impacts = checks.impacts
    if impacts is not None and impacts.nuisances:
        figures["checks_impacts"] = lambda found: draw_impacts(impacts, found.scan_name)
    return figures


__all__ = [
    "FIGURES",
    "draw_global_p",
    "draw_limit",
    "draw_local_p",
    "draw_observable",
    "draw_pulls",
    "draw_q_map",
    "figures_of",
]
