"""`x17 search` from input to folder: load, search, write everything at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from x17.report.context import ReportContext
from x17.report.files import INPUT, check_folder, write_folder, write_text
from x17.report.tables import json_text, likelihood_csv, limits_csv, scan_csv, summary_document
from x17.scan import EnergyScan
from x17.statistics.blocks import Progress, silent
from x17.statistics.search_result import SearchResult
from x17.toybank.bank import Notify, ignore
from x17.workflows.folder_names import folder_name
from x17.workflows.provenance import Provenance, identity
from x17.workflows.search import search_by, with_significance
from x17.workflows.search_context import search_context
from x17.workflows.search_settings import SearchSettings
from x17.workflows.significance import report_windows, run_significance
from x17.workflows.toy_sources import ToyPlace, toy_source


@dataclass(frozen=True, slots=True, eq=False)
class SearchRun:
    """A finished search.

    Attributes
    ----------
    result : SearchResult
    summary : dict
        Content of `summary.json`.
    folder : Path
        Where everything was written.
    seconds : float
        Wall-clock time.
    """

    result: SearchResult
    summary: dict[str, Any]
    folder: Path
    seconds: float


def default_folder(scan: EnergyScan) -> Path:
    """`results/<scan>`.

    Parameters
    ----------
    scan : EnergyScan

    Returns
    -------
    Path
    """
    return Path("results") / folder_name(scan.name)


def search_to_folder(
    scan_name: str,
    settings: SearchSettings,
    *,
    out: Path | None = None,
    quick: bool = False,
    full: bool = False,
    bank: Path | None = None,
    constraints: bool = False,
    checks: bool = False,
    force: bool = False,
    workers: int = 1,
    command: str = "",
    options: Mapping[str, Any] | None = None,
    progress: Progress = silent,
    notify: Notify = ignore,
) -> SearchRun:
    """Search a scan and write the results.

    Parameters
    ----------
    scan_name : str
        Shipped scan or file.
    settings : SearchSettings
    out : Path, optional
        Folder of the results; `results/<scan>` by default.
    quick : bool
        Leave the vector figures out.
    full : bool
        Add global p-values and expected limits from pseudo-experiments.
    bank : Path, optional
        Where those are kept; the scan's own bank by default.
    constraints : bool
        Show bounds of other experiments in the figure of the limits.
    checks : bool
        Show what variations of the analysis change.
    force : bool
        Replace results of another input or other settings.
    workers : int
        Threads.
    command : str
        As typed, for the record.
    options : mapping, optional
        Likewise.
    progress, notify : callable

    Returns
    -------
    SearchRun

    Raises
    ------
    X17Error
        Bad input, a folder that is taken, a fit to the data that failed, a full disk.
    """
    started = datetime.now(UTC)
    loaded = EnergyScan.load(scan_name)
    scan, resolved = settings.prepared(loaded)
    tree = resolved.document()
    folder = out or default_folder(loaded)
    # Results without these keep the identity that they always had.
    added = [name for name, wanted in (("constraints", constraints), ("checks", checks)) if wanted]
    mark = identity(loaded.digest, tree, quick, full, *added)
    check_folder(folder, mark, force=force)
    result = search_by(scan, resolved, workers=workers, progress=progress)
    if full:
        place = ToyPlace(bank=bank or resolved.default_bank(loaded.name), workers=workers)
        with toy_source(place, progress, notify) as source:
            windows = run_significance(scan, resolved, source, report_windows(resolved))
        result = with_significance(result, windows)
    summary = summary_document(result, tree)
    context = search_context(
        scan,
        resolved,
        result,
        constraints=constraints,
        checks=checks,
        workers=workers,
        progress=progress,
    )

    def record() -> dict[str, Any]:
        return Provenance(
            command=command,
            options=options or {},
            seed=resolved.limit.seed,
            scan=loaded.name,
            input_sha256=loaded.digest,
            identity=mark,
            started=started,
            finished=datetime.now(UTC),
        ).document()

    write_results(folder, loaded, result, context, tree, record, quick=quick, progress=progress)
    return SearchRun(result, summary, folder, (datetime.now(UTC) - started).total_seconds())


def write_results(
    folder: Path,
    loaded: EnergyScan,
    result: SearchResult,
    context: ReportContext,
    tree: Mapping[str, Any],
    record: Callable[[], dict[str, Any]],
    *,
    quick: bool = False,
    progress: Progress = silent,
) -> None:
    """Write everything that a search leaves, at once.

    Parameters
    ----------
    folder : Path
    loaded : EnergyScan
        The input as it was loaded: with it the results can be exported, or the search made again.
    result : SearchResult
    context : ReportContext
    tree : mapping
        The settings as a plain tree.
    record : callable
        Gives the provenance when all else is written.
    quick : bool
        Leave the vector figures out.
    progress : callable

    Raises
    ------
    X17Error
        The disk is full, or the place cannot be written.
    """

    def fill(target: Path) -> None:
        write_text(target / INPUT, loaded.to_csv_text())
        write_text((target / INPUT).with_suffix(".toml"), loaded.to_toml_text())
        _fill(target, result, context, dict(tree), record, quick, progress)

    write_folder(folder, fill)


def _fill(
    target: Path,
    result: SearchResult,
    context: ReportContext,
    tree: dict[str, Any],
    record: Callable[[], dict[str, Any]],
    quick: bool,
    progress: Progress,
) -> None:
    """Write every file of the results into `target`."""
    from x17.report.figure_files import save_figures
    from x17.report.search_page import render_search

    write_text(target / "summary.json", json_text(summary_document(result, tree)))
    write_text(target / "limits.csv", limits_csv(result))
    write_text(target / "likelihood.csv", likelihood_csv(result))
    write_text(target / "scan.csv", scan_csv(result))
    figures = target / "figures"
    figures.mkdir()
    formats = ("png",) if quick else ("png", "svg")
    save_figures(result, figures, formats=formats, progress=progress, context=context)
    embedded: dict[str, str | bytes] = (
        {path.stem: path.read_bytes() for path in sorted(figures.glob("*.png"))}
        if quick
        else {path.stem: path.read_text(encoding="utf-8") for path in sorted(figures.glob("*.svg"))}
    )
    provenance = record()
    write_text(target / "report.html", render_search(result, tree, provenance, embedded, context))
    files = sorted(path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file())
    provenance["files"] = [*files, "provenance.json"]
    write_text(target / "provenance.json", json_text(provenance))
