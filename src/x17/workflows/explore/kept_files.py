"""Figures and tables of a view to be kept: what `x17 search` would write, without toys."""

from __future__ import annotations

import io
import tempfile
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from x17.errors import UsageError
from x17.report.context import ReportContext
from x17.report.tables import json_text, likelihood_csv, limits_csv, scan_csv, summary_document
from x17.scan import EnergyScan
from x17.statistics.search_result import SearchResult
from x17.workflows.explore.explored_scan import without_periods
from x17.workflows.explore.state import Choices
from x17.workflows.explore.subject import Subject
from x17.workflows.folder_names import folder_name
from x17.workflows.provenance import Provenance, identity
from x17.workflows.search import search_by
from x17.workflows.search_context import search_context
from x17.workflows.search_results import write_results
from x17.workflows.search_settings import SearchSettings

TABLES = ("limits.csv", "likelihood.csv", "scan.csv", "summary.json")
FIGURES = ("observable", "pulls", "q_map", "limit", "local_p")
FORMATS = ("png", "svg")
EVERYTHING = "results.zip"


def kept_file(subject: Subject, choices: Choices, name: str, *, bounds: bool = False) -> bytes:
    """One file of a view.

    Parameters
    ----------
    subject : Subject
    choices : Choices
    name : str
        One of `TABLES`, a figure of `FIGURES` with an ending of `FORMATS`, or `EVERYTHING`.
    bounds : bool
        Draw bounds of other experiments in the figure of the limits.

    Returns
    -------
    bytes

    Raises
    ------
    UsageError
        No such file.
    X17Error
        The choices do not fit the scan, or a fit failed.
    """
    stem, _, ending = name.partition(".")
    figure = stem in FIGURES and ending in FORMATS
    if not figure and name not in (*TABLES, EVERYTHING):
        figures = ", ".join(f"{stem}.{ending}" for stem in FIGURES for ending in FORMATS)
        raise UsageError(f"no file {name[:60]!r}; there are {', '.join(TABLES)}, {figures}, {EVERYTHING}")
    settings = replace(choices.settings(subject.settings), limit=replace(subject.settings.limit, toys=0))
    # As the view does: masses of all points, then the search of the points that are left.
    _, resolved = settings.prepared(subject.scan)
    loaded = without_periods(subject.scan, choices.left_out)
    scan, _ = resolved.prepared(loaded)
    result = search_by(scan, resolved)
    if name in TABLES:
        return _table(result, resolved, name).encode()
    context = search_context(scan, resolved, result, constraints=bounds)
    with tempfile.TemporaryDirectory(prefix="x17-explore-") as folder:
        if figure:
            return _figure(result, context, stem, ending, Path(folder))
        _everything(loaded, resolved, result, context, Path(folder) / "results")
        return _zipped(Path(folder) / "results", f"{folder_name(loaded.name)}-explored")


def _table(result: SearchResult, settings: SearchSettings, name: str) -> str:
    if name == "summary.json":
        return json_text(summary_document(result, settings.document()))
    return {"limits.csv": limits_csv, "likelihood.csv": likelihood_csv, "scan.csv": scan_csv}[name](result)


def _figure(result: SearchResult, context: ReportContext, stem: str, ending: str, folder: Path) -> bytes:
    from x17.report.figure_files import save_figure
    from x17.report.figures import figures_of

    (path,) = save_figure(figures_of(result, context)[stem](result), folder, stem, (ending,))
    return path.read_bytes()


def _everything(
    loaded: EnergyScan,
    settings: SearchSettings,
    result: SearchResult,
    context: ReportContext,
    folder: Path,
) -> None:
    """A folder of results that `x17 explore`, `x17 export` and the others read."""
    started, tree = datetime.now(UTC), settings.document()

    def record() -> dict[str, object]:
        return Provenance(
            command="x17 explore",
            options={},
            seed=settings.limit.seed,
            scan=loaded.name,
            input_sha256=loaded.digest,
            identity=identity(loaded.digest, tree, False, False),
            started=started,
            finished=datetime.now(UTC),
        ).document()

    write_results(folder, loaded, result, context, tree, record)


def _zipped(folder: Path, name: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, f"{name}/{path.relative_to(folder).as_posix()}")
    return content.getvalue()
