"""`x17 checks` from input to folder: load, check, write everything at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from x17.report.check_document import check_csv, check_document
from x17.report.files import check_folder, write_folder, write_text
from x17.report.tables import json_text
from x17.scan import EnergyScan
from x17.statistics.blocks import Progress, available_cores, silent
from x17.statistics.check_result import CheckResult
from x17.toybank.bank import Notify, ignore
from x17.workflows.checks import CheckRequest, run_checks
from x17.workflows.folder_names import folder_name
from x17.workflows.limits import LimitPlace
from x17.workflows.method_results import Record
from x17.workflows.provenance import identity
from x17.workflows.search_settings import SearchSettings


@dataclass(frozen=True, slots=True, eq=False)
class ChecksRun:
    """Finished checks.

    Attributes
    ----------
    result : CheckResult
    document : dict
        Content of `checks.json`.
    folder : Path
        Where everything was written.
    seconds : float
        Wall-clock time.
    """

    result: CheckResult
    document: dict[str, Any]
    folder: Path
    seconds: float


def checks_to_folder(
    scan_name: str,
    settings: SearchSettings,
    request: CheckRequest,
    place: LimitPlace,
    *,
    out: Path | None = None,
    quick: bool = False,
    force: bool = False,
    command: str = "",
    progress: Progress = silent,
    notify: Notify = ignore,
) -> ChecksRun:
    """Check the analysis of a scan and write the results.

    Parameters
    ----------
    scan_name : str
        Shipped scan or file.
    settings : SearchSettings
    request : CheckRequest
    place : LimitPlace
        Where toys and pseudo-experiments are made and kept.
    out : Path, optional
        Folder of the results; `results/<scan>-checks` by default.
    quick : bool
        Leave the vector figures out.
    force : bool
        Replace results of another input or other settings.
    command : str
        As typed, for the record.
    progress, notify : callable

    Returns
    -------
    ChecksRun

    Raises
    ------
    X17Error
        Bad input, a folder that is taken, a fit of the unchanged analysis that failed, a full disk.
    """
    started = datetime.now(UTC)
    loaded = EnergyScan.load(scan_name)
    scan, resolved = settings.prepared(loaded)
    tree: dict[str, Any] = {
        **resolved.document(),
        "checks": {
            "only": [plan.name for plan in request.plans],
            "mass_mev": request.reference_mass,
            "experiments": request.experiments,
            "inject": list(request.boson),
        },
    }
    folder = out or Path("results") / f"{folder_name(loaded.name)}-checks"
    mark = identity(loaded.digest, tree, "checks", quick)
    check_folder(folder, mark, force=force)
    with place.source(progress, notify) as source:
        result = run_checks(
            scan,
            resolved,
            request,
            source=source,
            workers=place.workers or available_cores(),
            progress=progress,
        )
    document = check_document(result, tree)
    record = Record(
        command=command,
        seed=resolved.limit.seed,
        scan=loaded.name,
        digest=loaded.digest,
        identity=mark,
        started=started,
    )
    write_folder(folder, lambda target: _fill(target, result, document, record, quick, progress))
    return ChecksRun(result, document, folder, (datetime.now(UTC) - started).total_seconds())


def _fill(
    target: Path,
    result: CheckResult,
    document: dict[str, Any],
    record: Record,
    quick: bool,
    progress: Progress,
) -> None:
    """Write every file of the results into `target`."""
    from x17.report.check_figures import check_figures
    from x17.report.check_page import render_checks
    from x17.report.figure_files import save_figure

    write_text(target / "checks.json", json_text(document))
    write_text(target / "checks.csv", check_csv(result))
    figures = target / "figures"
    figures.mkdir()
    drawn = check_figures(result)
    formats = ("png",) if quick else ("png", "svg")
    embedded: dict[str, str | bytes] = {}
    progress("figures", 0, len(drawn))
    for done, (stem, draw) in enumerate(drawn.items(), start=1):
        paths = save_figure(draw(), figures, stem, formats)
        embedded[stem] = paths[0].read_bytes() if quick else paths[1].read_text(encoding="utf-8")
        progress("figures", done, len(drawn))
    provenance = record.provenance().document()
    page = render_checks(result, document["settings"], provenance, embedded)
    write_text(target / "report.html", page)
    files = sorted(path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file())
    write_text(target / "provenance.json", json_text(provenance | {"files": [*files, "provenance.json"]}))
