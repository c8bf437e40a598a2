"""Results of a search in the formats of other programs: the function behind `x17 export`."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from x17.errors import UsageError
from x17.report.files import PROVENANCE, check_file, check_folder, write_folder, write_text
from x17.report.interchange.csv_bundle import csv_bundle
from x17.report.interchange.hepdata import Attachment, hepdata_submission, yaml_library
from x17.report.interchange.pyhf import mass_text
from x17.report.interchange.result_tables import ENERGY_POINTS, result_tables
from x17.report.interchange.root_file import root_library, write_root_results
from x17.report.tables import json_text
from x17.statistics.blocks import Progress, silent
from x17.workflows.export_hs3 import hs3_product
from x17.workflows.export_pyhf import pyhf_product
from x17.workflows.export_source import ExportProduct, ExportRequest, ExportSource, Format, read_source
from x17.workflows.provenance import Provenance, identity

SCAN_METADATA = "scan.toml"


@dataclass(frozen=True, slots=True, eq=False)
class ExportRun:
    """What was written.

    Attributes
    ----------
    place : Path
        Folder, or the ROOT file.
    files : tuple of str
        Relative to a folder.
    sentences : tuple of str
        What the user should know: accuracy, and what was lost.
    document : dict
        The same for JSON.
    """

    place: Path
    files: tuple[str, ...]
    sentences: tuple[str, ...]
    document: dict[str, Any]


def export_results(
    folder: Path,
    request: ExportRequest,
    out: Path,
    *,
    force: bool = False,
    command: str = "",
    progress: Progress = silent,
) -> ExportRun:
    """Read the results of a search and write them in another format.

    Parameters
    ----------
    folder : Path
        What `x17 search` wrote.
    request : ExportRequest
    out : Path
        A folder; for ROOT a file that ends in `.root`.
    force : bool
        Replace what is there.
    command : str
        As typed, for the record.
    progress : callable

    Returns
    -------
    ExportRun

    Raises
    ------
    UsageError
        No results there, a library that is not installed, a place that is taken, or a model that the format
        cannot carry whole without `lossy`.
    InputError
        Files of the results that do not belong together.
    X17Error
        A written file would not say what it should, or the place cannot be written.
    """
    started = datetime.now(UTC)
    _check_libraries(request.format)
    source = read_source(folder, request)
    tree = source.settings.document()
    grid = [float(mass) for mass in source.masses]
    mark = identity(source.results.scan.digest, tree, "export", request.format, grid, request.record)
    _check_place(out, request.format, mark, force)
    if request.format is Format.ROOT:
        return _write_root(source, out, command)
    product = _product(source, request, progress)
    record = Provenance(
        command=command,
        options={"format": request.format.value, "lossy": request.lossy},
        seed=source.settings.limit.seed,
        scan=source.results.scan.name,
        input_sha256=source.results.scan.digest,
        identity=mark,
        started=started,
        finished=datetime.now(UTC),
    ).document()
    record |= {"results": source.results.provenance, "lost": list(source.lost), **(product.numbers or {})}
    files = (*sorted(product.texts), PROVENANCE)
    record["files"] = list(files)
    _write(out, product.texts, record)
    lost = tuple(f"lost: {phrase}" for phrase in source.lost)
    sentences = (*lost, *product.sentences)
    return ExportRun(out, files, sentences, {"out": str(out), "sentences": list(sentences), **record})


def _check_libraries(kind: Format) -> None:
    """Before any work: the libraries that the format needs."""
    if kind is Format.HEPDATA:
        yaml_library()
    if kind is Format.ROOT:
        root_library()


def _check_place(out: Path, kind: Format, mark: str, force: bool) -> None:
    if kind is not Format.ROOT:
        check_folder(out, mark, force=force)
        return
    if out.suffix != ".root":
        raise UsageError(f"--out {out}: a ROOT file must end in .root")
    check_file(out, force=force)


def _product(source: ExportSource, request: ExportRequest, progress: Progress) -> ExportProduct:
    match request.format:
        case Format.HS3:
            return hs3_product(source, progress)
        case Format.PYHF:
            return pyhf_product(source, request.record, progress)
        case Format.HEPDATA:
            return _hepdata(source, progress)
        case _:
            return _csv(source)


def _write(out: Path, texts: Mapping[str, str | bytes], record: dict[str, Any]) -> None:
    def fill(target: Path) -> None:
        for name, content in texts.items():
            if isinstance(content, str):
                write_text(target / name, content)
            else:
                (target / name).write_bytes(content)
        write_text(target / PROVENANCE, json_text(record))

    write_folder(out, fill)


def _hepdata(source: ExportSource, progress: Progress) -> ExportProduct:
    files = hs3_product(source, progress)
    best = source.results.summary["best_fit"]["mass_mev"]
    nearest = mass_text(float(source.masses[np.abs(source.masses - best).argmin()]))
    scan = source.results.scan
    attachments = (
        Attachment(
            f"hs3_M{nearest}.json", f"Likelihood in HS3 at {nearest} MeV, the mass nearest to the best fit"
        ),
        Attachment("hs3_files.zip", f"Likelihoods in HS3 at all {source.masses.size} masses"),
        Attachment(SCAN_METADATA, "Constants and metadata of the scan, for x17"),
        Attachment(PROVENANCE, "Where the numbers come from: versions, settings, digests"),
    )
    comment = f"Search for a boson in {scan.name}. {scan.source}".strip()
    texts: dict[str, str | bytes] = {}
    texts |= hepdata_submission(result_tables(source.results), comment, attachments)
    texts[attachments[0].name] = files.texts[f"M{nearest}.json"]
    texts[attachments[1].name] = _zip(files.texts)
    texts[attachments[2].name] = scan.to_toml_text()
    return ExportProduct(texts, files.sentences, files.numbers)


def _csv(source: ExportSource) -> ExportProduct:
    scan = source.results.scan
    tables = [table for table in result_tables(source.results) if table.name != ENERGY_POINTS]
    texts = csv_bundle(tables) | {"scan.csv": scan.to_csv_text(), "scan.toml": scan.to_toml_text()}
    return ExportProduct(texts)


def _write_root(source: ExportSource, out: Path, command: str) -> ExportRun:
    scan = source.results.scan
    about = {"command": command, "scan": scan.name, "results": source.results.provenance}
    write_root_results(result_tables(source.results), about, scan.to_toml_text(), out)
    return ExportRun(out, (out.name,), (), {"out": str(out), "sentences": [], "files": [out.name], **about})


def _zip(texts: Mapping[str, str | bytes]) -> bytes:
    """An archive whose bytes depend on its content alone."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(texts):
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), texts[name], zipfile.ZIP_DEFLATED)
    return stream.getvalue()
