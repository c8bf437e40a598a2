"""What the report of a search shows beside its result."""

from __future__ import annotations

from dataclasses import dataclass

from x17.constraints.plane import NamedBand
from x17.scan.error_budget import ErrorBudget
from x17.scan.period_factors import PeriodFactors
from x17.statistics.check_result import CheckResult


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ReportContext:
    """Where the scan comes from, and what was made around the search; what is missing is left out.

    Attributes
    ----------
    budget : ErrorBudget or None
        Errors of the searched points.
    factors : tuple of PeriodFactors
        Corrections of the scan and measurements beside them.
    others : tuple of NamedBand
        Bounds of other experiments, for the figure of the limits.
    checks : CheckResult or None
        Variations of the same analysis.
    """

    budget: ErrorBudget | None = None
    factors: tuple[PeriodFactors, ...] = ()
    others: tuple[NamedBand, ...] = ()
    checks: CheckResult | None = None
