"""What each figure shows and how it was computed."""

from __future__ import annotations

from collections.abc import Sequence

from x17.constraints.plane import NamedBand
from x17.report.caption import Caption
from x17.report.check_captions import check_captions
from x17.report.context import ReportContext
from x17.report.number_text import confidence, mass_text
from x17.scan.error_budget import POINT, ErrorBudget
from x17.statistics.search_result import SearchResult
from x17.statistics.significance import Significance


def captions(result: SearchResult, context: ReportContext | None = None) -> dict[str, Caption]:
    """Captions of all figures.

    Parameters
    ----------
    result : SearchResult
    context : ReportContext, optional
        What else is shown.

    Returns
    -------
    dict
        File stem to caption, in the order of `x17.report.figures.figures_of`.
    """
    beside = context or ReportContext()
    known = {
        "observable": _observable(result),
        "pulls": _pulls(result),
        "limit": _limit(result, beside.others),
        "local_p": _local_p(result),
        "q_map": _q_map(result),
    }
    if result.significance:
        known["global_p"] = _global_p(result.significance[0])
    if beside.budget is not None:
        known["budget"] = _budget(beside.budget)
    if beside.factors:
        known["corrections"] = _CORRECTIONS
    if beside.checks is not None:
        of_checks = check_captions(beside.checks)
        known |= {f"checks_{key}": of_checks[key] for key in ("overview", "impacts")}
    return known


_CORRECTIONS = Caption(
    "Corrections period by period",
    "Factors and measurements in the order of data taking, with their errors; dashed: mean over the searched "
    "periods. Bremsstrahlung: N2 after over before its side bands are taken off. Leakage and ageing: "
    "response of the lead glass, which N_PoT is corrected for. Tag and probe: efficiency for a cluster, data "
    "over simulation. R_max: relative change of the yield when that cut is varied.",
    "Up to five panels of points along the periods; that of the ageing rises steadily.",
)


def _budget(budget: ErrorBudget) -> Caption:
    published = (
        " At the right the mean over points beside what was published, source by source between the white "
        "lines."
        if any(item.kind == POINT for item in budget.published)
        else " At the right the mean over points."
    )
    return Caption(
        "What makes the error of each point",
        "Squared relative errors of N2, N_PoT and B, stacked, so that their sum is the square of the error "
        f"of g_R, whose size is on the right axis. Points by rising energy.{published}",
        "Stacked bars, one a point, with bars of the mean beside them; counts and B make the largest parts.",
    )


def _global_p(whole: Significance) -> Caption:
    low, high = whole.window_mev
    return Caption(
        "The largest excess anywhere",
        f"Share of {whole.n_toys} pseudo-experiments without a boson whose largest excess between "
        f"{mass_text(low)} and {mass_text(high)} MeV is at least as extreme as the value on the axis, by "
        "three measures: deviation of the limit from its band in units of the band's width (as published), "
        "depth of Q, and local significance calibrated mass by mass. Line and dot: the data.",
        "Three falling curves on a logarithmic axis, each with a vertical line at the value of the data.",
    )


def _observable(result: SearchResult) -> Caption:
    low, high = result.sideband.masked_mev
    return Caption(
        "The observable and the fits to it",
        f"g_R = N2 / (N_PoT · B), counts over those expected without a boson, at {len(result.points)} energy "
        "points with their uncorrelated errors. Dotted: K(s) from the side band, which leaves out the points "
        f"in the shaded window, {low:.3f} to {high:.3f} MeV: open markers. Dashed: fit of all points without "
        f"a boson (χ² = {result.background.chi2:.1f}, with its penalties). Solid: best fit with a boson "
        f"(χ² = {result.best.chi2:.1f}). The curves were computed at the energy points and are joined by "
        f"straight lines.",
        "Points with error bars near 1 against centre-of-mass energy, with three nearly straight fitted "
        "curves; the best fit has a bump at the mass of the boson unless its coupling is zero.",
    )


def _pulls(result: SearchResult) -> Caption:
    del result
    return Caption(
        "Pulls of the points",
        "(g_R − fit)/σ of each energy point, σ its uncorrelated error; above about the fit without a boson, "
        "below about the best fit; open: inside the window that the side band leaves out. The bands mark one "
        "and two standard deviations.",
        "Two panels of points scattered about zero, with bands at one and two standard deviations.",
    )


def _limit(result: SearchResult, others: Sequence[NamedBand]) -> Caption:
    toys = (
        f"Solid: CLs from {result.n_toys} toys of each hypothesis at each (M, g), with the Monte-Carlo error "
        "of the limit as bars. "
        if result.n_toys
        else "No toys were made. "
    )
    origin = (
        f"{result.significance[0].n_toys} pseudo-experiments" if result.significance else "Asimov data set"
    )
    return Caption(
        f"Upper limits on the coupling at {confidence(result.cl)}",
        f"{toys}Dashed: asymptotic CLs. Dotted, with bands: the limit expected without a boson "
        f"({origin}, asymptotic CLs), its median and the central 68 % and 95 %. Lines and bands have gaps "
        "where no limit could be set or where it lies above the largest coupling searched. The coupling axis "
        f"is logarithmic.{_about_others(others)}",
        "Limit on the coupling against mass with bands of one and two standard deviations: weak at both "
        "edges of the scan, strong in between.",
    )


def _about_others(others: Sequence[NamedBand]) -> str:
    if not others:
        return ""
    return (
        " Lines named at the right: edges of what other experiments exclude of a protophobic boson, each at "
        "its own confidence level; dashed and grey what `x17 constraints` does not count by default."
    )


def _local_p(result: SearchResult) -> Caption:
    fraction = result.local_p.limit
    square = (
        f"Square: share of {fraction.n_toys} pseudo-experiments without a boson whose limit at "
        f"{mass_text(result.local_p.mass_mev)} MeV is weaker than the observed one, with its 68 % interval "
        "(an arrow if there is none). "
        if fraction is not None
        else ""
    )
    return Caption(
        "Local p-value",
        f"Probability, without a boson, of an excess at least as large at that one mass; 0.5 where the data "
        f"prefer none. Line: asymptotic, p = 1 − Φ(√q0). {square}Significances are one-sided, "
        "z = Φ⁻¹(1 − p). How many masses were tried is not accounted for: this is no global p.",
        "Local p-value against mass on a logarithmic scale, lowest at "
        f"{mass_text(result.local_p.mass_mev)} MeV, with lines at whole standard deviations.",
    )


def _q_map(result: SearchResult) -> Caption:
    method = "toy CLs" if result.n_toys else "asymptotic CLs"
    return Caption(
        "Q(M, g)",
        "Q = χ² with a boson of mass M and coupling g minus χ² without, each minimised over the nuisances; "
        "orange where the data prefer the boson. Colours are clipped as far above zero as the minimum lies "
        "below, and at least at 4. Dashed: Q one above its minimum; its extent in M alone or in g alone is a "
        f"68 % interval. Solid: observed limit ({method}, {confidence(result.cl)}).",
        "Colour map of Q against mass and coupling, with the best fit marked and the observed limit.",
    )
