"""The pyhf workspace and patch set of an export."""

from __future__ import annotations

from x17.report.interchange.hs3 import UNIT_COUPLING
from x17.report.interchange.pyhf import NO_RECORD, background_workspace, patch_set
from x17.report.interchange.q_text import change_document, change_text
from x17.report.tables import json_text
from x17.statistics.blocks import Progress
from x17.statistics.histfactory_model import HistFactoryModel
from x17.statistics.q_difference import q_difference
from x17.workflows.export_source import ExportProduct, ExportSource


def pyhf_product(source: ExportSource, record: str | None, progress: Progress) -> ExportProduct:
    """Workspace, patch set, and the scan that neither can hold.

    Parameters
    ----------
    source : ExportSource
    record : str or None
        Number of the record in INSPIRE.
    progress : callable

    Returns
    -------
    ExportProduct
    """
    progress("pyhf", 0, 1)
    signals = [HistFactoryModel.build(source.model, float(mass)) for mass in source.masses]
    by_mass = dict(zip(source.masses.tolist(), signals, strict=True))
    change = q_difference(
        source.model,
        source.masses,
        source.settings.couplings,
        lambda mass, signal: by_mass[mass].profile(signal),
    )
    workspace = background_workspace(signals[0])
    text = change_text(change)
    description = (
        f"Nearest HistFactory model of {source.scan.name}: a bin is an energy point, mu = (g_ve / "
        f"{UNIT_COUPLING:g})^2. Against the full likelihood it changes Q by {text}."
    )
    patches = patch_set(
        workspace,
        signals,
        description,
        [change_document(change.at_mass(i)) for i in range(len(signals))],
        record or NO_RECORD,
    )
    progress("pyhf", 1, 1)
    scan = source.results.scan
    texts = {
        "workspace.json": json_text(workspace),
        "patchset.json": json_text(patches),
        "scan.csv": scan.to_csv_text(),
        "scan.toml": scan.to_toml_text(),
    }
    sentences = [f"the nearest HistFactory model, {len(signals)} masses, changes Q by {text}"]
    if record is None:
        sentences.append(
            f"the patch set refers to no record of INSPIRE ({NO_RECORD}): give --record insNNNNNNN"
        )
    return ExportProduct(texts, tuple(sentences), {"histfactory": change_document(change)})
