"""The report of a search: the figures and tables of a paper in one HTML file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from x17.report.captions import captions
from x17.report.check_findings import check_headline
from x17.report.check_tables import impact_table, overview_table
from x17.report.context import ReportContext
from x17.report.headline import headline
from x17.report.html import Link, Picture, Section, data_uri, page_template
from x17.report.html_tables import tree_table
from x17.report.html_tables.checks import checks_table
from x17.report.html_tables.corrections import corrections_table, period_factors_table
from x17.report.html_tables.fits import best_fit_table, nuisance_table, treatment_table
from x17.report.html_tables.limits import failure_table, full_limit_table, limit_table
from x17.report.html_tables.points import budget_points_table, budget_table, points_table
from x17.report.html_tables.sideband import criteria_table, sideband_table
from x17.report.html_tables.significance import global_p_table, local_p_table
from x17.report.search_cards import search_cards
from x17.statistics.search_result import SearchResult

_TEMPLATE = "report.html.j2"

_LINKS = {
    "observable": (Link("Points", "#table-points"), Link("scan.csv", "scan.csv")),
    "pulls": (Link("Points", "#table-points"), Link("scan.csv", "scan.csv")),
    "limit": (Link("Limits", "#table-limits-full"), Link("limits.csv", "limits.csv")),
    "local_p": (Link("Local p", "#table-local-p"), Link("at every mass", "#table-limits-full")),
    "global_p": (Link("Global p", "#table-global-p"), Link("summary.json", "summary.json")),
    "q_map": (Link("Best fit", "#table-best-fit"), Link("likelihood.csv", "likelihood.csv")),
    "budget": (Link("Budget", "#table-budget"), Link("of each point", "#table-budget-points")),
    "corrections": (Link("Means", "#table-corrections"), Link("every period", "#table-period-factors")),
    "checks_overview": (Link("Every variation", "#table-overview"),),
    "checks_impacts": (Link("Impacts", "#table-impacts"),),
}
"""Where the numbers of each figure stand: in the page, or in a file beside it."""


def render_search(
    result: SearchResult,
    settings: Mapping[str, Any],
    provenance: Mapping[str, Any],
    figures: Mapping[str, str | bytes],
    context: ReportContext | None = None,
) -> str:
    """Make the report of a search.

    Parameters
    ----------
    result : SearchResult
    settings, provenance : mapping
        Trees of plain values.
    figures : mapping
        File stem, as in `x17.report.captions`, to the text of an SVG, the bytes of a PNG, or a data URI.
        Those that are missing are left out.
    context : ReportContext, optional
        What else is shown.

    Returns
    -------
    str
        A whole page that needs nothing outside it; its links lead into it and to the files beside it.
    """
    beside = context or ReportContext()
    pictures = {
        key: Picture(key, data_uri(figures[key]), caption, _LINKS.get(key, ()))
        for key, caption in captions(result, beside).items()
        if key in figures
    }
    return page_template(_TEMPLATE).render(
        name=" ".join(result.scan_name.split()),
        source=result.scan_source,
        headline=headline(result),
        glance=search_cards(result),
        notes=result.notes,
        sections=(
            *_of_search(result, pictures),
            *_of_scan(beside, pictures),
            *_of_checks(beside, pictures),
            _making(result, settings, provenance),
        ),
    )


def _shown(pictures: Mapping[str, Picture], *keys: str) -> tuple[Picture, ...]:
    return tuple(pictures[key] for key in keys if key in pictures)


def _of_search(result: SearchResult, pictures: Mapping[str, Picture]) -> tuple[Section, ...]:
    fit_tables = (best_fit_table(result), treatment_table(result))
    sections = [
        Section(
            "data",
            "Data and side band",
            _shown(pictures, "observable", "pulls"),
            (sideband_table(result), criteria_table(result)),
            folded=(points_table(result),),
        ),
        Section(
            "limits",
            "Limits",
            _shown(pictures, "limit"),
            (limit_table(result),),
            folded=(full_limit_table(result),),
        ),
        Section("local", "Local significance", _shown(pictures, "local_p"), (local_p_table(result),)),
    ]
    if result.significance:
        table = global_p_table(result)
        sections.append(Section("global", "Global significance", _shown(pictures, "global_p"), (table,)))
    sections.append(
        Section("fit", "Best fit", _shown(pictures, "q_map"), fit_tables, (nuisance_table(result),))
    )
    return tuple(sections)


def _of_scan(context: ReportContext, pictures: Mapping[str, Picture]) -> tuple[Section, ...]:
    sections = []
    if context.budget is not None:
        table, points = budget_table(context.budget), budget_points_table(context.budget)
        shown = _shown(pictures, "budget")
        sections.append(Section("budget", "Error budget", shown, (table,), folded=(points,)))
    if context.factors:
        means, periods = corrections_table(context.factors), period_factors_table(context.factors)
        shown = _shown(pictures, "corrections")
        sections.append(Section("corrections", "Corrections by period", shown, (means,), folded=(periods,)))
    return tuple(sections)


def _of_checks(context: ReportContext, pictures: Mapping[str, Picture]) -> tuple[Section, ...]:
    checks = context.checks
    if checks is None:
        return ()
    impacts = () if checks.impacts is None else (impact_table(checks.impacts),)
    return (
        Section(
            "checks",
            "Checks",
            _shown(pictures, "checks_overview", "checks_impacts"),
            (),
            (checks_table(checks),),
            folded=(overview_table(checks), *impacts),
            text=(check_headline(checks),),
        ),
    )


def _making(result: SearchResult, settings: Mapping[str, Any], provenance: Mapping[str, Any]) -> Section:
    tables = (
        tree_table("settings", "Settings", settings),
        tree_table("provenance", "Provenance", provenance),
        failure_table(result),
    )
    return Section("making", "How this was made", (), tables)
