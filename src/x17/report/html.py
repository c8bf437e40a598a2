"""The report: one HTML file that needs nothing else, neither now nor in ten years."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from x17.constraints.plane import NamedBand
from x17.report.captions import Caption, captions
from x17.report.headline import (
    best_known_limit,
    counted,
    has_excess,
    headline,
    limit_at_excess,
    local_significance,
    strongest_limit,
)
from x17.report.html_tables import (
    Table,
    best_fit_table,
    criteria_table,
    failure_table,
    full_limit_table,
    global_p_table,
    limit_table,
    local_p_table,
    nuisance_table,
    sideband_table,
    treatment_table,
    tree_table,
)
from x17.report.number_text import (
    UNKNOWN,
    confidence,
    fraction_short,
    fraction_text,
    mass_text,
    probability,
)
from x17.statistics.global_p import GlobalStatistic
from x17.statistics.search_result import SearchResult

_TEMPLATE = "report.html.j2"


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure as the page shows it.

    Attributes
    ----------
    key : str
    source : str
        Data URI.
    caption : Caption
    """

    key: str
    source: str
    caption: Caption


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page.

    Attributes
    ----------
    key, title : str
    pictures : tuple of Picture
    tables : tuple of Table
        Beside one picture or below several.
    wide : tuple of Table
        Below all of these.
    folded : tuple of Table
        Shown on request.
    text : tuple of str
        Paragraphs before everything else.
    """

    key: str
    title: str
    pictures: tuple[Picture, ...]
    tables: tuple[Table, ...]
    wide: tuple[Table, ...] = ()
    folded: tuple[Table, ...] = ()
    text: tuple[str, ...] = ()


def render_html(
    result: SearchResult,
    settings: Mapping[str, Any],
    provenance: Mapping[str, Any],
    figures: Mapping[str, str | bytes],
    others: Sequence[NamedBand] = (),
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
    others : sequence of NamedBand
        Bounds of other experiments in the figure of the limits.

    Returns
    -------
    str
        A whole page without references to anything outside it.
    """
    return page_template(_TEMPLATE).render(
        name=" ".join(result.scan_name.split()),
        source=result.scan_source,
        headline=headline(result),
        glance=_glance(result),
        notes=result.notes,
        sections=_sections(result, settings, provenance, _pictures(result, figures, others)),
    )


def page_template(name: str) -> Template:
    """Load a template of the package; whatever is put into it is escaped.

    Parameters
    ----------
    name : str
        File name.

    Returns
    -------
    jinja2.Template
    """
    environment = Environment(
        loader=PackageLoader("x17.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(name)


def _pictures(
    result: SearchResult, figures: Mapping[str, str | bytes], others: Sequence[NamedBand]
) -> dict[str, Picture]:
    return {
        key: Picture(key, data_uri(figures[key]), caption)
        for key, caption in captions(result, others).items()
        if key in figures
    }


def data_uri(figure: str | bytes) -> str:
    """Pictures in data URIs: scripts in an SVG do not run, and identifiers of two SVGs do not clash.

    Parameters
    ----------
    figure : str or bytes
        Text of an SVG, bytes of a PNG, or a data URI.

    Returns
    -------
    str
    """
    if isinstance(figure, str) and figure.startswith("data:"):
        return figure
    kind, content = ("svg+xml", figure.encode()) if isinstance(figure, str) else ("png", figure)
    return f"data:image/{kind};base64,{b64encode(content).decode('ascii')}"


def _sections(
    result: SearchResult,
    settings: Mapping[str, Any],
    provenance: Mapping[str, Any],
    pictures: Mapping[str, Picture],
) -> tuple[Section, ...]:
    def shown(*keys: str) -> tuple[Picture, ...]:
        return tuple(pictures[key] for key in keys if key in pictures)

    fit_tables = (best_fit_table(result), treatment_table(result))
    return (
        Section(
            "data",
            "Data and side band",
            shown("observable", "pulls"),
            (sideband_table(result), criteria_table(result)),
        ),
        Section(
            "limits", "Limits", shown("limit"), (limit_table(result),), folded=(full_limit_table(result),)
        ),
        Section("local", "Local significance", shown("local_p"), (local_p_table(result),)),
        *_global_section(result, shown("global_p")),
        Section("fit", "Best fit", shown("q_map"), fit_tables, (nuisance_table(result),)),
        Section(
            "making",
            "How this was made",
            (),
            (
                tree_table("settings", "Settings", settings),
                tree_table("provenance", "Provenance", provenance),
                failure_table(result),
            ),
        ),
    )


def _global_section(result: SearchResult, pictures: tuple[Picture, ...]) -> tuple[Section, ...]:
    if not result.significance:
        return ()
    return (Section("global", "Global significance", pictures, (global_p_table(result),)),)


def _global_glance(result: SearchResult) -> tuple[tuple[str, str], ...]:
    """The global p of the first two windows, by the deepest Q."""
    cards = []
    for window in result.significance[:2]:
        low, high = window.window_mev
        by_q = next(d for d in window.definitions if d.statistic is GlobalStatistic.MIN_Q)
        cards.append((f"Global p, {mass_text(low)} to {mass_text(high)} MeV", fraction_short(by_q.fraction)))
    return tuple(cards)


def _glance(result: SearchResult) -> tuple[tuple[str, str], ...]:
    """Pick the few numbers that most readers want, as label and text."""
    if not has_excess(result):
        strongest = strongest_limit(result)
        if strongest is None:
            return ()
        coupling, _, mass = strongest
        return (
            ("Largest excess", "none"),
            (f"Strongest limit on g_ve, {confidence(result.cl)}", f"{coupling * 1e4:.2f} × 10⁻⁴"),
            ("It is at", f"{mass_text(mass)} MeV"),
        )
    found, fraction = best_known_limit(limit_at_excess(result)), counted(result)
    mass_of_excess = f"{mass_text(result.local_p.mass_mev)} MeV"
    return (
        ("Largest excess", mass_of_excess),
        (
            "Local p, one-sided",
            probability(result.local_p.p_q0) if fraction is None else fraction_text(fraction),
        ),
        ("Local significance, one-sided", f"{local_significance(result):.2f}σ".replace("-", "−")),
        *_global_glance(result),
        ("Best-fit g_ve", f"{result.best.g_ve * 1e4:.2f} × 10⁻⁴"),
        (
            f"Limit on g_ve at {mass_of_excess}, {confidence(result.cl)}",
            UNKNOWN if found is None else f"{found[0] * 1e4:.2f} × 10⁻⁴",
        ),
    )
