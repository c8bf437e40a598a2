"""The report of a counted scan on disk: figures, page, and what they were made from."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

from x17.report.calibration_page import render_calibration
from x17.report.files import PROVENANCE, write_folder, write_text
from x17.report.tables import json_text
from x17.scan.calibration import Calibration, calibration_of
from x17.scan.counted import CountedScan
from x17.statistics.blocks import Progress, silent

PAGE = "calibration.html"
FIGURES = "figures"


def write_calibration(
    folder: Path,
    counted: CountedScan,
    *,
    quick: bool = False,
    search_report: str | None = None,
    progress: Progress = silent,
) -> Path:
    """Draw the calibration of a counted scan and write its page, all in one step.

    Parameters
    ----------
    folder : Path
        Earlier results of this kind in it are replaced.
    counted : CountedScan
    quick : bool
        Leave the vector figures out.
    search_report : str, optional
        Address of the report of the search, relative to the page.
    progress : callable

    Returns
    -------
    Path
        The page.

    Raises
    ------
    X17Error
        The disk is full, or the place cannot be written.
    """
    calibration = calibration_of(counted)

    def fill(target: Path) -> None:
        embedded = _draw(calibration, target / FIGURES, quick, progress)
        page = render_calibration(counted, embedded, search_report=search_report, calibration=calibration)
        write_text(target / PAGE, page)
        _write_record(target, counted)

    write_folder(folder, fill)
    return folder / PAGE


def _draw(calibration: Calibration, folder: Path, quick: bool, progress: Progress) -> dict[str, str | bytes]:
    """Save all figures, and give back what the page embeds: vectors, or pixels when quick."""
    from x17.report.figure_files import save_figure
    from x17.report.figures.calibration import calibration_figures

    folder.mkdir()
    figures = calibration_figures(calibration)
    embedded: dict[str, str | bytes] = {}
    progress("calibration figures", 0, len(figures))
    for done, (stem, draw) in enumerate(figures.items(), start=1):
        paths = save_figure(draw(calibration), folder, stem, ("png",) if quick else ("png", "svg"))
        last = paths[-1]
        embedded[stem] = last.read_bytes() if quick else last.read_text(encoding="utf-8")
        progress("calibration figures", done, len(figures))
    return embedded


def _write_record(target: Path, counted: CountedScan) -> None:
    files = sorted(path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file())
    scan = counted.assembled.scan
    record = {
        "software": f"x17 {version('x17')}",
        "scan": scan.name,
        "scan_sha256": scan.digest,
        "setup": counted.setup.name,
        "settings": counted.settings,
        "files": [*files, PROVENANCE],
    }
    write_text(target / PROVENANCE, json_text(record))
