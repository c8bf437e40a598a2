"""The report of a projection: one HTML file that needs nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from x17.projection.projection import Projection
from x17.projection.reach import EVIDENCE
from x17.report.caption import Caption
from x17.report.html import Card, Picture, Section, data_uri, page_template
from x17.report.html_tables import Table, tree_table
from x17.report.number_text import confidence, mass_text
from x17.report.projection_document import (
    COLUMNS,
    in_units,
    limiting_lines,
    reach_lines,
    reach_rows,
    saturation_sentence,
)

_TEMPLATE = "projection.html.j2"


def render_projection(
    projection: Projection, provenance: Mapping[str, Any], figures: Mapping[str, str | bytes]
) -> str:
    """Make the report of a projection.

    Parameters
    ----------
    projection : Projection
    provenance : mapping
        Tree of plain values.
    figures : mapping
        File stem to the text of an SVG, the bytes of a PNG, or a data URI.

    Returns
    -------
    str
        A whole page without references to anything outside it.
    """
    captions = projection_captions(projection)
    pictures = {key: Picture(key, data_uri(figure), captions[key]) for key, figure in figures.items()}
    return page_template(_TEMPLATE).render(
        name=" ".join(projection.scan.name.split()),
        source=projection.scan.source,
        headline=projection_headline(projection),
        glance=_glance(projection),
        notes=projection.notes,
        sections=_sections(projection, provenance, pictures),
    )


def projection_headline(projection: Projection) -> str:
    """Say in a sentence or two what is expected.

    Parameters
    ----------
    projection : Projection

    Returns
    -------
    str
    """
    scan, settings, first = projection.scan, projection.settings, projection.limiting[0]
    text = (
        f"With {len(scan)} energy points and {scan.n_pot.sum():.3g} positrons couplings above "
        f"{in_units(first.limit)}e-4 are expected to be excluded at {mass_text(settings.mass)} MeV "
        f"({confidence(settings.cl)}), and {in_units(first.evidence)}e-4 would be seen at 3σ by the median "
        "experiment."
    )
    return f"{text} {saturation_sentence(projection)}"


def _glance(projection: Projection) -> tuple[Card, ...]:
    first, mass = projection.limiting[0], mass_text(projection.settings.mass)
    counts = next(row for row in projection.limiting if row.group is None and row.factor == 0.0)
    found = projection.saturation.saturates_at
    return (
        Card(f"Expected limit [10⁻⁴] at {mass} MeV", in_units(first.limit), "#table-limiting"),
        Card("3σ in the median, g_ve [10⁻⁴]", in_units(first.evidence), "#table-limiting"),
        Card("Limit of the counts alone [10⁻⁴]", in_units(counts.limit), "#table-limiting"),
        Card(
            "Statistics saturate at, times this run",
            "—" if found is None else f"{found:.2g}",
            "#table-statistics",
        ),
    )


def projection_captions(projection: Projection) -> dict[str, Caption]:
    """Captions by file stem.

    Parameters
    ----------
    projection : Projection

    Returns
    -------
    dict
    """
    cl, mass = confidence(projection.settings.cl), mass_text(projection.settings.mass)
    return {
        "reach": Caption(
            "Limits and discovery",
            f"Expected upper limit at {cl} by asymptotic CLs without a boson, with its bands; in red the "
            "coupling of which the median experiment sees 3σ and 5σ, locally.",
            "A band with a median line against the boson mass, and two lines above it.",
        ),
        "power": Caption(
            "Chance to see a boson",
            "Probability Φ(Z − 3) of a local significance of 3σ or more, Z that of the median experiment. "
            "Lines: even chance and 90 % for 3σ, even chance for 5σ. A star: the boson that was put in.",
            "Maps over boson mass and coupling, dark at small couplings and bright above the lines.",
        ),
        "limiting": Caption(
            "Which error limits the run",
            f"Change of the expected limit at {mass} MeV with each group of errors halved and switched off.",
            "Horizontal bars to the left of zero, one for each group of errors.",
        ),
        "saturation": Caption(
            "Where more positrons stop helping",
            f"Expected limit at {mass} MeV against positrons: with all errors, of which some shrink with the "
            "counts and some stay, and from the counts alone.",
            "A curve that flattens towards a dotted line, and a straight line that goes on falling.",
        ),
    }


def _sections(
    projection: Projection, provenance: Mapping[str, Any], pictures: Mapping[str, Picture]
) -> tuple[Section, ...]:
    def shown(*keys: str) -> tuple[Picture, ...]:
        return tuple(pictures[key] for key in keys if key in pictures)

    header, rows = reach_lines(projection)
    about = "Couplings g_ve in units of 10⁻⁴"
    reach = Table("reach", about, header, tuple(rows))
    every = Table(
        "every-mass",
        "Every mass, g_ve in units of 10⁻⁴",
        COLUMNS,
        tuple(
            (f"{row[0]:.2f}", *(in_units(value) for value in row[1:])) for row in reach_rows(projection.reach)
        ),
    )
    return (
        Section("reach", "Reach", shown("reach", "power"), (), (reach,), (every,)),
        Section("limiting", "What limits the run", shown("limiting"), (_limiting(projection),)),
        Section("statistics", "Statistics", shown("saturation"), (_statistics(projection),)),
        *_simulated(projection),
        Section("points", "Energy points", (), (), (), (_points(projection),)),
        Section("making", "How this was made", (), (tree_table("provenance", "Provenance", provenance),)),
    )


def _limiting(projection: Projection) -> Table:
    header = ("Errors", "What is done", "Limit [10⁻⁴]", "Change", "3σ [10⁻⁴]")
    note = (
        "Errors of the line do not move an expected limit, its values do: they are given one error up, "
        "the signal yield one error down."
    )
    rows = tuple(limiting_lines(projection))
    return Table("limiting", f"At {mass_text(projection.settings.mass)} MeV", header, rows, (1,), note)


def _statistics(projection: Projection) -> Table:
    found = projection.saturation
    rows = tuple(
        (f"{times:.3g}", in_units(limit), in_units(counts))
        for times, limit, counts in zip(
            found.statistics.tolist(), found.limit.tolist(), found.counts_only.tolist(), strict=True
        )
    )
    header = ("Positrons, times this run", "All errors", "Counts alone")
    return Table(
        "statistics", "Expected limit on g_ve [10⁻⁴]", header, rows, (), saturation_sentence(projection)
    )


def _simulated(projection: Projection) -> tuple[Section, ...]:
    found = projection.simulated
    if found is None:
        return ()
    asymptotic, median = projection.reach, found.band.limits[2]
    near = int(abs(found.band.masses - projection.settings.mass).argmin())
    same = int(abs(asymptotic.masses - projection.settings.mass).argmin())
    text = (
        f"In {found.band.n_toys} pseudo-experiments without a boson the median limit at "
        f"{mass_text(float(found.band.masses[near]))} MeV is {in_units(float(median[near]))}e-4; "
        f"expected data alone give {in_units(float(asymptotic.median[same]))}e-4 at "
        f"{mass_text(float(asymptotic.masses[same]))} MeV.",
    )
    rows = tuple(
        (
            f"{mass_text(power.boson[0])} MeV, {in_units(power.boson[1])}e-4",
            f"{power.median_z:.2f}",
            f"{100.0 * power.evidence.value:.1f} %",
            f"{100.0 * power.discovery.value:.1f} %",
        )
        for power in found.powers
    )
    header = ("Boson", "Median Z", f"{EVIDENCE:g}σ or more", "5σ or more")
    tables = (Table("simulated", "Pseudo-experiments with a boson", header, rows),) if rows else ()
    return (Section("simulated", "Pseudo-experiments", (), tables, text=text),)


def _points(projection: Projection) -> Table:
    scan = projection.scan
    rows = tuple(
        (
            str(period),
            f"{energy:.3f}",
            f"{pot:.3g}",
            f"{counts:.0f}",
            f"{background:.3e}",
            f"{efficiency:.4f}",
        )
        for period, energy, pot, counts, background, efficiency in zip(
            scan.period.tolist(),
            scan.sqrt_s_mev.tolist(),
            scan.n_pot.tolist(),
            scan.n2.tolist(),
            scan.background_per_pot.tolist(),
            scan.signal_efficiency.tolist(),
            strict=True,
        )
    )
    header = ("Point", "√s [MeV]", "Positrons", "Counts", "B", "ε_S")
    return Table("points", "Expected counts without a boson", header, rows)
