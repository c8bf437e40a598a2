"""The report of the checks: one HTML file that needs nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from x17.report.check_captions import check_captions
from x17.report.check_findings import check_headline, findings
from x17.report.check_tables import (
    comparison_table,
    global_table,
    impact_table,
    overview_table,
    rows_table,
)
from x17.report.html import Card, Picture, Section, data_uri, page_template
from x17.report.html_tables import Table, tree_table
from x17.report.number_text import between, confidence, mass_text, probability
from x17.statistics.check_result import Check, CheckResult

_TEMPLATE = "checks.html.j2"


def render_checks(
    result: CheckResult,
    settings: Mapping[str, Any],
    provenance: Mapping[str, Any],
    figures: Mapping[str, str | bytes],
) -> str:
    """Make the report of checks.

    Parameters
    ----------
    result : CheckResult
    settings, provenance : mapping
        Trees of plain values.
    figures : mapping
        File stem to the text of an SVG, the bytes of a PNG, or a data URI. Those that are missing are left
        out.

    Returns
    -------
    str
        A whole page without references to anything outside it.
    """
    captions = check_captions(result)
    pictures = {
        key: Picture(key, data_uri(figure), captions[key])
        for key, figure in figures.items()
        if key in captions
    }
    return page_template(_TEMPLATE).render(
        name=" ".join(result.scan_name.split()),
        source=result.scan_source,
        headline=check_headline(result),
        glance=_glance(result),
        notes=result.notes,
        sections=_sections(result, settings, provenance, pictures),
    )


def _glance(result: CheckResult) -> tuple[Card, ...]:
    """The numbers of the unchanged analysis."""
    fit, table = result.unchanged, "#table-overview"
    excess = fit.best.g_ve > 0.0
    mass = between(fit.best.mass_mev, *fit.best.mass_interval_mev, 1.0) if excess else "no boson"
    return (
        Card("Best-fit mass [MeV], unchanged", mass, table),
        Card("Best-fit g_ve [10⁻⁴]", between(fit.best.g_ve, *fit.best.g_ve_interval, 1e4), table),
        Card("Local p, one-sided, asymptotic", probability(fit.local_p), table),
        Card(
            f"Limit on g_ve [10⁻⁴] at {mass_text(result.reference_mass_mev)} MeV, {confidence(result.cl)}",
            f"{fit.reference_limit * 1e4:.2f}",
            table,
        ),
    )


def _sections(
    result: CheckResult,
    settings: Mapping[str, Any],
    provenance: Mapping[str, Any],
    pictures: Mapping[str, Picture],
) -> tuple[Section, ...]:
    def shown(*keys: str) -> tuple[Picture, ...]:
        return tuple(pictures[key] for key in keys if key in pictures)

    made = (tree_table("settings", "Settings", settings), tree_table("provenance", "Provenance", provenance))
    return (
        Section("overview", "Overview", shown("overview"), (), (overview_table(result),)),
        *(_section(result, check, shown(check.name, f"{check.name}-observable")) for check in result.checks),
        _impact_section(result, shown("impacts")),
        Section("making", "How this was made", (), made),
    )


def _section(result: CheckResult, check: Check, pictures: tuple[Picture, ...]) -> Section:
    text = [check.question, *findings(check, result)]
    if check.published:
        text.append(f"The collaboration found: {check.published}")
    tables: list[Table] = []
    if check.comparisons:
        tables.append(comparison_table(check))
    if any(row.global_p for row in check.rows):
        tables.append(global_table(check, result))
    rows = (rows_table(result, check),) if check.rows else ()
    many = len(check.rows) > 12
    return Section(
        check.name,
        check.title,
        pictures,
        tuple(tables),
        () if many else rows,
        rows if many else (),
        text=tuple(text),
    )


def _impact_section(result: CheckResult, pictures: tuple[Picture, ...]) -> Section:
    if result.impacts is None:
        reason = f"Impacts could not be found: {result.impacts_reason}."
        return Section("impacts", "Nuisances", (), (), text=(reason,))
    impacts = result.impacts
    text: tuple[str, ...] = ("Which nuisances move the signal, and where did the data pull them?",)
    if impacts.nuisances:
        first = impacts.nuisances[0]
        share = first.size / impacts.error
        held = impacts.statistics_error / impacts.error
        text = (
            *text,
            f"The largest impact has {first.name}: {share:.2f} of the error of ĝ² after the fit. With every "
            f"nuisance held the error is {held:.2f} of what it is.",
        )
    return Section("impacts", "Nuisances", pictures, (), (impact_table(impacts),), text=text)
