"""The checks of an analysis after its data are seen: the function behind `x17 checks`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from x17.errors import InputError, UsageError, X17Error
from x17.scan import EnergyScan
from x17.statistics.blocks import Progress, run_blocks, silent
from x17.statistics.check_fit import CheckFit, change_between, check_fit, tension
from x17.statistics.check_result import Check, CheckResult, CheckRow, CheckStatus
from x17.statistics.data_sets import observed
from x17.statistics.impacts import Impacts, nuisance_impacts
from x17.statistics.limit_methods import Method
from x17.statistics.limit_settings import LimitSettings
from x17.statistics.limit_table import LimitTable, limit_table
from x17.statistics.model import ScanModel
from x17.statistics.model_settings import KSource
from x17.statistics.significance import FEWEST_TOYS
from x17.statistics.toy_set import InMemory, ToySource
from x17.workflows.check_additions import PROBLEMS, boson_bands, sentence_of, with_global_p, with_toys
from x17.workflows.check_comparisons import PUBLISHED_SCAN, comparisons
from x17.workflows.check_experiments import Experiments, window_of
from x17.workflows.check_list import INJECTED, PLANS
from x17.workflows.check_plan import Analysis, Plan, Variation
from x17.workflows.search_settings import SearchSettings

UNALTERED = Variation(
    name="unchanged", label="unchanged", sentence="", alter=lambda analysis: analysis, global_p=True
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRequest:
    """What is asked of the checks.

    Attributes
    ----------
    plans : tuple of Plan
    reference_mass : float
        Where limits are compared, MeV.
    experiments : int
        Pseudo-experiments of each kind; 0: no global p-values and no comparison with a boson.
    boson : (float, float)
        Mass in MeV and coupling of the boson to compare with.

    Raises
    ------
    UsageError
        Too few pseudo-experiments.
    """

    plans: tuple[Plan, ...] = PLANS
    reference_mass: float = 16.9
    experiments: int = 2000
    boson: tuple[float, float] = (16.9, 5e-4)

    def __post_init__(self) -> None:
        if self.experiments and not FEWEST_TOYS <= self.experiments <= 10_000_000:
            raise UsageError(
                f"--experiments is {self.experiments}; allowed: 0 (none) or {FEWEST_TOYS} to 10000000"
            )


def run_checks(
    scan: EnergyScan,
    settings: SearchSettings,
    request: CheckRequest,
    *,
    source: ToySource | None = None,
    workers: int = 1,
    progress: Progress = silent,
) -> CheckResult:
    """Fit every variation of an analysis and compare it with the unchanged one.

    Parameters
    ----------
    scan : EnergyScan
    settings : SearchSettings
        Resolved for this scan (`SearchSettings.prepared`); with `limit.toys` = 0 limits are asymptotic only.
    request : CheckRequest
    source : ToySource, optional
        Delivers toys and pseudo-experiments; in memory by default.
    workers : int
        Threads; the result does not depend on it.
    progress : callable

    Returns
    -------
    CheckResult
        A variation that cannot be made or fitted is a row with a status and a reason.

    Raises
    ------
    UsageError
        A reference mass outside the masses.
    X17Error
        A fit of the unchanged analysis failed.
    """
    masses, limit = settings.masses, settings.limit
    if not masses[0] <= request.reference_mass <= masses[-1]:
        raise UsageError(
            f"--mass is {request.reference_mass:g}; allowed: a mass among those searched, "
            f"{masses[0]:g} to {masses[-1]:g} MeV"
        )
    source = source or InMemory(workers, progress)
    analysis = Analysis(scan, settings.model)
    fit = partial(check_fit, masses=masses, reference_mass=request.reference_mass, cl=limit.cl)
    model = ScanModel.build(scan, settings.model)
    unchanged = fit(model)
    treatments = _treatments(analysis, unchanged, fit)
    planned = [(plan, _planned(plan, analysis)) for plan in request.plans]
    tasks = [variation for _, (variations, _) in planned for variation in variations]

    def work(variation: Variation) -> CheckRow:
        return _row(variation, analysis, fit, treatments, unchanged)

    rows = run_blocks(work, tasks, workers=workers, what="variations", progress=progress)
    nominal = CheckRow("unchanged", "unchanged", "Nothing is changed.", None, CheckStatus.DONE, "", unchanged)
    pairs = [(nominal, UNALTERED), *zip(rows, tasks, strict=True)]
    experiments = Experiments(settings, request.experiments, source, window_of(masses))
    if limit.toys:
        pairs = [with_toys(pair, analysis, settings, request.reference_mass, source) for pair in pairs]
    if request.experiments and any(task.global_p for task in tasks):
        pairs = [with_global_p(pair, analysis, experiments) for pair in pairs]
    nominal, *rows = (row for row, _ in pairs)
    wanted = {plan.name for plan in request.plans}
    band, injected, reason = boson_bands(model, unchanged, experiments, request.boson, INJECTED in wanted)
    impacts, impacts_reason = _impacts(model, unchanged)
    return CheckResult(
        scan_name=scan.name,
        scan_source=scan.source,
        notes=scan.notes,
        cl=limit.cl,
        reference_mass_mev=request.reference_mass,
        n_toys=limit.toys,
        n_experiments=request.experiments,
        window_mev=experiments.window,
        nominal=nominal,
        checks=_assembled(planned, rows, nominal, reason, published=scan.name == PUBLISHED_SCAN),
        impacts=impacts,
        impacts_reason=impacts_reason,
        methods=_methods(model, settings) if "cls-plus-b" in wanted else None,
        band=band,
        injected=injected,
    )


def _status_of(error: BaseException) -> CheckStatus:
    refused = isinstance(error, UsageError | InputError)
    return CheckStatus.NOT_APPLICABLE if refused else CheckStatus.FAILED


def _planned(plan: Plan, analysis: Analysis) -> tuple[tuple[Variation, ...], str]:
    """The variations of a check, or none and why."""
    try:
        return plan.variations(analysis), ""
    except X17Error as error:
        return (), sentence_of(error)


def _treatments(
    analysis: Analysis, unchanged: CheckFit, fit: partial[CheckFit]
) -> Mapping[KSource, CheckFit]:
    """The unchanged data under every constraint on K that changed ones are compared under."""
    own = analysis.model.k_constraint
    fits = {own: unchanged}
    for source in (KSource.FROM_SIDEBAND, KSource.FREE):
        if source not in fits:
            try:
                fits[source] = fit(
                    ScanModel.build(analysis.scan, replace(analysis.model, k_constraint=source))
                )
            except PROBLEMS:
                continue  # what was to be compared with it has no comparison, and says so
    return fits


def _row(
    variation: Variation,
    analysis: Analysis,
    fit: partial[CheckFit],
    treatments: Mapping[KSource, CheckFit],
    unchanged: CheckFit,
) -> CheckRow:
    row = CheckRow(
        variation.name, variation.label, variation.sentence, variation.period, CheckStatus.DONE, ""
    )
    try:
        altered = variation.alter(analysis)
        found = fit(ScanModel.build(altered.scan, altered.model), rule=altered.rule)
    except PROBLEMS as error:
        return replace(row, status=_status_of(error), reason=sentence_of(error))
    against = treatments.get(altered.model.k_constraint) if variation.same_k else unchanged
    if against is None:
        reason = f"the unchanged data could not be fitted with K {altered.model.k_constraint.value}"
        return replace(row, fit=found, reason=reason)
    return replace(row, fit=found, change=change_between(found, against))


def _verdict(plan: Plan, rows: Sequence[CheckRow], reason: str, injected: str) -> tuple[CheckStatus, str]:
    """Status of a check and the reason for it."""
    if plan.name == INJECTED:
        return (CheckStatus.NOT_APPLICABLE if injected else CheckStatus.DONE), injected
    if any(row.fit for row in rows):
        return CheckStatus.DONE, ""
    failed = any(row.status is CheckStatus.FAILED for row in rows)
    status = CheckStatus.FAILED if failed else CheckStatus.NOT_APPLICABLE
    return status, reason or (rows[0].reason if rows else "there is nothing to vary")


def _assembled(
    planned: Sequence[tuple[Plan, tuple[tuple[Variation, ...], str]]],
    rows: Sequence[CheckRow],
    nominal: CheckRow,
    injected_reason: str,
    *,
    published: bool,
) -> tuple[Check, ...]:
    """Give every check its rows, and a status of its own."""
    checks, taken = [], 0
    for plan, (variations, why_none) in planned:
        mine = tuple(rows[taken : taken + len(variations)])
        taken += len(variations)
        status, reason = _verdict(plan, mine, why_none, injected_reason)
        fits = [row.fit for row in mine if row.fit is not None]
        checks.append(
            Check(
                name=plan.name,
                title=plan.title,
                question=plan.question,
                published=plan.published if published else "",
                shows_observable=plan.shows_observable,
                status=status,
                reason=reason,
                rows=mine,
                tension=tension(fits[-2], fits[-1]) if plan.name == "parts" and len(fits) > 1 else None,
                comparisons=comparisons(plan.name, mine, nominal) if published else (),
            )
        )
    return tuple(checks)


def _impacts(model: ScanModel, unchanged: CheckFit) -> tuple[Impacts | None, str]:
    """Impacts at the best-fit mass, or at the reference mass if no boson fits best."""
    excess = unchanged.best.g_ve > 0.0
    mass = unchanged.best.mass_mev if excess else unchanged.reference_mass_mev
    try:
        return nuisance_impacts(model, observed(model), mass), ""
    except PROBLEMS as error:
        return None, sentence_of(error)


def _methods(model: ScanModel, settings: SearchSettings) -> LimitTable | None:
    """Asymptotic limits at every mass by CLs, CLs+b and power constraint."""
    limit: LimitSettings = replace(settings.limit, toys=0)
    methods = (Method.CLS, Method.CLSB, Method.PCL)
    try:
        return limit_table(model, settings.masses, settings.couplings, methods, limit, InMemory())
    except PROBLEMS:
        return None
