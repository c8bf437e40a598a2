"""The report of a counted scan: one HTML file that needs nothing else."""

from __future__ import annotations

import math
from collections.abc import Mapping

from x17.report.calibration_budget import RUN3_POINT_PERCENT, budget_table
from x17.report.calibration_captions import calibration_captions
from x17.report.calibration_tables import (
    ageing_table,
    band_table,
    cut_flow_table,
    left_out_table,
    period_table,
    stability_table,
    validation_table,
)
from x17.report.html import Card, Picture, Section, data_uri, page_template
from x17.report.html_tables import Table, tree_table
from x17.report.number_text import UNKNOWN, probability, with_error
from x17.scan.calibration import Calibration, calibration_of
from x17.scan.counted import CountedScan
from x17.scan.validation import ConstantFit, chi2_probability

_TEMPLATE = "calibration.html.j2"


def render_calibration(
    counted: CountedScan,
    figures: Mapping[str, str | bytes],
    *,
    search_report: str | None = None,
    calibration: Calibration | None = None,
) -> str:
    """Make the report of a counted scan.

    Parameters
    ----------
    counted : CountedScan
    figures : mapping
        File stem to the text of an SVG, the bytes of a PNG, or a data URI. Those that are missing are left
        out.
    search_report : str, optional
        Address of the report of the search, relative to the page.
    calibration : Calibration, optional
        Of the scan, if it is at hand.

    Returns
    -------
    str
        A whole page without references to anything outside it but the report of the search.
    """
    found = calibration or calibration_of(counted)
    captions = calibration_captions(found)
    pictures = {key: Picture(key, data_uri(figure), captions[key]) for key, figure in figures.items()}
    scan = counted.assembled.scan
    return page_template(_TEMPLATE).render(
        name=" ".join(scan.name.split()),
        source=scan.source,
        headline=calibration_headline(counted, found),
        glance=_glance(found),
        notes=scan.notes,
        sections=_sections(counted, found, pictures),
        search_report=search_report,
    )


def calibration_headline(counted: CountedScan, calibration: Calibration) -> str:
    """Say what was counted, and how well.

    Parameters
    ----------
    counted : CountedScan
    calibration : Calibration
        Of it.

    Returns
    -------
    str
        Plain text with a full stop.
    """
    scan, n_lost = calibration.scan, len(counted.assembled.left_out)
    n_runs = int((~counted.quality.good).sum())
    searched = int(scan.searched.sum())
    name = " ".join(calibration.name.split())
    lost = f"; {n_lost} left out" if n_lost else ""
    runs = f", {n_runs} of {len(counted.runs)} runs left out" if n_runs else ""
    return (
        f"{name}: {scan.period.size} periods counted{lost}{runs}; {searched} points to search, each known to "
        f"{scan.mean_percent:.2f} % on average ({RUN3_POINT_PERCENT} % in PADME Run III)."
    )


def _glance(calibration: Calibration) -> tuple[Card, ...]:
    checks, ageing = calibration.scan.validation, calibration.ageing
    line = checks.below
    below = probability(chi2_probability(line.chi2, line.ndf)) if line else UNKNOWN
    over = probability(checks.over.p) if checks.over else UNKNOWN
    return (
        Card("Mean error of a point", f"{calibration.scan.mean_percent:.2f} %", "#table-budget"),
        Card("Tag and probe, data/simulation", _constant(calibration.periods.ratio_mean), "#table-periods"),
        Card("Slope of the ageing", with_error(ageing.slope, ageing.slope_err), "#table-ageing"),
        Card("Scale of B, from below the resonance", _constant(checks.normalisation), "#table-validation"),
        Card("Line below the resonance, P(χ²)", below, "#table-validation"),
        Card("Constant over the resonance, P(χ²)", over, "#table-validation"),
    )


def _constant(fit: ConstantFit | None) -> str:
    return UNKNOWN if fit is None else with_error(fit.value, fit.error)


def _sections(
    counted: CountedScan, found: Calibration, pictures: Mapping[str, Picture]
) -> tuple[Section, ...]:
    def shown(*keys: str) -> tuple[Picture, ...]:
        return tuple(pictures[key] for key in keys if key in pictures)

    budget = counted.assembled.scan.published_budget
    return (
        Section(
            "points",
            "Counts over expectation",
            shown("points", "validation"),
            (validation_table(found),),
            folded=(period_table(counted, found),),
            text=(_BESIDE,),
        ),
        Section("budget", "Error budget", shown("budget"), (budget_table(budget, found),)),
        Section("selection", "Selection of pairs", shown("selection"), (cut_flow_table(found),)),
        Section("bands", "Side bands", shown("side_bands"), (band_table(counted, found),)),
        Section("efficiency", "Efficiency and cuts", shown("tag_probe", "stability"), _varied(found)),
        Section("flux", "Flux", shown("leakage", "ageing"), (ageing_table(found),)),
        Section(
            "runs",
            "Runs and cross-checks",
            shown("runs", "cross_checks"),
            (left_out_table(counted),),
            text=(_CROSS,),
        ),
        Section("making", "How this was made", (), (_settings_table(counted),)),
    )


def _settings_table(counted: CountedScan) -> Table:
    def plain(value: object) -> object:
        return "no limit" if isinstance(value, float) and math.isinf(value) else value

    tree = {table: {k: plain(v) for k, v in values.items()} for table, values in counted.settings.items()}
    return tree_table("settings", "Settings", tree)


def _varied(found: Calibration) -> tuple[Table, ...]:
    tables = []
    if found.r_max is not None:
        caption = f"R_max [mm], mean of {found.r_max.n_periods} periods"
        tables.append(stability_table("r-max", caption, found.r_max))
    if found.margin is not None:
        caption = f"Margin of R_min [cells], mean of {found.margin.n_periods} periods"
        tables.append(stability_table("margin", caption, found.margin))
    return tuple(tables)


_BESIDE = (
    "Below the resonance no boson is made: the counts there fix the common scale of B, and a line through "
    "them tells a trend from none. Over it a beam of one energy repeats itself, which tests counts and flux "
    "alone."
)
_CROSS = (
    "Energy scale and timing are not used to count: where they jump from period to period, or part from the "
    "simulation, look at the calorimeter before believing the count."
)
