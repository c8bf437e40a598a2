"""The HS3 documents of an export, each read back and compared with the likelihood it was made of."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from x17.errors import X17Error
from x17.report.interchange.hs3 import SIGNAL, UNIT_COUPLING, Hs3Entry, hs3_document
from x17.report.interchange.hs3_closure import check_closure
from x17.report.interchange.pyhf import mass_text
from x17.report.interchange.q_text import change_document, change_text
from x17.report.tables import json_text
from x17.statistics.blocks import Progress
from x17.statistics.expanded_model import ExpandedModel
from x17.statistics.model import ScanModel
from x17.statistics.model_settings import CountTerm
from x17.statistics.q_difference import QDifference, q_difference
from x17.workflows.export_source import ExportProduct, ExportSource

LARGEST_CLOSURE = 1e-8
"""A file whose ln L differs by more from what it was made of is not written."""


def hs3_product(source: ExportSource, progress: Progress) -> ExportProduct:
    """One document a mass.

    Parameters
    ----------
    source : ExportSource
    progress : callable

    Returns
    -------
    ExportProduct

    Raises
    ------
    X17Error
        A document does not say what was meant.
    """
    expanded, change = _expanded(source)
    texts: dict[str, str | bytes] = {}
    worst = 0.0
    for i, model in enumerate(expanded):
        progress("HS3", i, len(expanded))
        document, closure = _document(source, model, change, i)
        worst = max(worst, closure)
        texts[f"M{mass_text(model.mass_mev)}.json"] = json_text(document)
    progress("HS3", len(expanded), len(expanded))
    if not worst <= LARGEST_CLOSURE:
        raise X17Error(
            f"the HS3 files differ from the likelihood by {worst:.2g} in ln L; nothing was written"
        )
    sentences = (
        f"{len(expanded)} masses; ln L of the files and of the expanded model differ by {worst:.1e} at most",
        f"the expansion of the line shape changes Q by {change_text(change)}",
    )
    return ExportProduct(texts, sentences, {"largest_closure": worst, "expansion": change_document(change)})


def _expanded(source: ExportSource) -> tuple[list[ExpandedModel], QDifference]:
    """The expanded likelihoods, and what the expansion costs against the full model."""
    simple = source.model
    if source.lost:
        simple = ScanModel.build(source.scan, replace(source.settings.model, count_term=CountTerm.NEYMAN))
    expanded = [ExpandedModel.build(simple, float(mass)) for mass in source.masses]
    by_mass = {model.mass_mev: model for model in expanded}
    change = q_difference(
        source.model,
        source.masses,
        source.settings.couplings,
        lambda mass, signal: by_mass[mass].profile(signal),
    )
    return expanded, change


def _document(
    source: ExportSource, model: ExpandedModel, change: QDifference, i: int
) -> tuple[dict[str, Any], float]:
    """A document with its closure among what it says about itself."""
    about = _about(source, change, i)
    entry = Hs3Entry(
        f"Likelihood of {source.scan.name} for a boson of {mass_text(model.mass_mev)} MeV; the line shape is "
        "expanded to second order in its width and in the beam spread",
        (source.scan.source,) if source.scan.source else (),
        about,
    )
    document = hs3_document(model, entry)
    closure = check_closure(model, document)
    about["closure"] = {
        "largest_log_likelihood_difference": closure.largest,
        "n_points": closure.n_points,
        "seed": closure.seed,
    }
    return document | {"misc": {"x17": about}}, closure.largest


def _about(source: ExportSource, change: QDifference, i: int) -> dict[str, Any]:
    scan, record = source.results.scan, source.results.provenance
    return {
        "mass_mev": float(source.masses[i]),
        "parameter_of_interest": {
            "name": SIGNAL,
            "meaning": f"(g_ve / {UNIT_COUPLING:g})²",
            "unit_coupling": UNIT_COUPLING,
        },
        "model": source.settings.document()["model"],
        "lost": list(source.lost),
        "expansion": {
            "order": 2,
            "of": "the line shape in its width and the relative beam spread, about their centres",
            "this_mass": change_document(change.at_mass(i)),
            "all_masses": change_document(change),
        },
        "search": {key: record.get(key) for key in ("version", "command", "identity", "started")},
        "scan": {
            "name": scan.name,
            "source": scan.source,
            "sha256": scan.digest,
            "table": scan.to_csv_text(),
            "metadata": scan.to_toml_text(),
        },
    }
