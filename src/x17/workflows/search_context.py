"""What the report of a search shows beside its result."""

from __future__ import annotations

from dataclasses import replace

from x17.constraints.loading import shipped_bounds
from x17.constraints.plane import NamedBand, constraint_plane
from x17.report.context import ReportContext
from x17.scan import EnergyScan
from x17.scan.error_budget import error_budget
from x17.scan.period_factors import period_factors
from x17.statistics.blocks import Progress, silent
from x17.statistics.check_result import CheckResult
from x17.statistics.search_result import SearchResult
from x17.workflows.checks import CheckRequest, run_checks
from x17.workflows.search_settings import SearchSettings


def search_context(
    scan: EnergyScan,
    settings: SearchSettings,
    result: SearchResult,
    *,
    constraints: bool = False,
    checks: bool = False,
    workers: int = 1,
    progress: Progress = silent,
) -> ReportContext:
    """Error budget and corrections of the scan, and what was asked for.

    Parameters
    ----------
    scan : EnergyScan
        As it was searched.
    settings : SearchSettings
        Likewise.
    result : SearchResult
        Of that search.
    constraints : bool
        Bounds of other experiments.
    checks : bool
        Every variation of the analysis, asymptotic.
    workers : int
        Threads.
    progress : callable

    Returns
    -------
    ReportContext

    Raises
    ------
    X17Error
        A fit of the checks to the unchanged data failed.
    """
    return ReportContext(
        budget=error_budget(scan),
        factors=period_factors(scan),
        others=_others(settings) if constraints else (),
        checks=_checks(scan, settings, result, workers, progress) if checks else None,
    )


def _others(settings: SearchSettings) -> tuple[NamedBand, ...]:
    """What other experiments say of the boson that was searched for, at the masses of the search."""
    return constraint_plane(shipped_bounds(), settings.masses, settings.model.boson).bands


def _checks(
    scan: EnergyScan, settings: SearchSettings, result: SearchResult, workers: int, progress: Progress
) -> CheckResult:
    """Without toys: at the usual mass if it is searched, else where the excess is largest."""
    asymptotic = replace(settings, limit=replace(settings.limit, toys=0))
    request = CheckRequest(experiments=0)
    low, high = float(settings.masses[0]), float(settings.masses[-1])
    if not low <= request.reference_mass <= high:
        request = replace(request, reference_mass=result.local_p.mass_mev)
    return run_checks(scan, asymptotic, request, workers=workers, progress=progress)
