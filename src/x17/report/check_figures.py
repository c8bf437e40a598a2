"""Which figures the checks have."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from matplotlib.figure import Figure

from x17.report.figures.checks_impacts import draw_impacts
from x17.report.figures.checks_leave_one_out import draw_leave_one_out
from x17.report.figures.checks_observable import draw_check_observable
from x17.report.figures.checks_overview import draw_checks_overview
from x17.report.figures.checks_profile import draw_check_profile
from x17.report.figures.expected_band import draw_expected_band
from x17.report.figures.limit_methods import draw_limit_methods
from x17.statistics.check_result import Check, CheckResult


def check_figures(result: CheckResult) -> dict[str, Callable[[], Figure]]:
    """The figures of checks that were made, in the order of the report.

    Parameters
    ----------
    result : CheckResult

    Returns
    -------
    dict
        File stem to the function that draws it.
    """
    figures: dict[str, Callable[[], Figure]] = {"overview": partial(draw_checks_overview, result)}
    for check in result.checks:
        figures |= _of_check(result, check)
    if result.impacts is not None and result.impacts.nuisances:
        figures["impacts"] = partial(draw_impacts, result.impacts, result.scan_name)
    return figures


def _of_check(result: CheckResult, check: Check) -> dict[str, Callable[[], Figure]]:
    name, scan = check.name, result.scan_name
    figures: dict[str, Callable[[], Figure]] = {}
    if name == "injected-boson" and result.band is not None:
        figures[name] = partial(draw_expected_band, result.band, scan, result.injected)
    elif name == "cls-plus-b" and result.methods is not None:
        figures[name] = partial(draw_limit_methods, result.methods, scan)
    elif name == "leave-one-out" and check.done:
        figures[name] = partial(draw_leave_one_out, result, check)
    elif check.done:
        figures[name] = partial(draw_check_profile, result, check)
        if check.shows_observable:
            figures[f"{name}-observable"] = partial(draw_check_observable, result, check)
    return figures
