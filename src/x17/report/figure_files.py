"""Figures on disk: the same result gives the same bytes."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from x17.errors import UsageError
from x17.report.context import ReportContext
from x17.report.figures import figures_of
from x17.report.style import house_style
from x17.statistics.blocks import Progress, silent
from x17.statistics.search_result import SearchResult

# matplotlib stamps files with the date and its own version unless told otherwise.
_METADATA: dict[str, dict[str, Any]] = {
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": None, "Format": None, "Type": None},
}


def save_figures(
    result: SearchResult,
    directory: Path,
    formats: Sequence[str] = ("png", "svg"),
    progress: Progress = silent,
    context: ReportContext | None = None,
) -> tuple[Path, ...]:
    """Draw all figures and save each in all formats, every file in one step.

    Parameters
    ----------
    result : SearchResult
    directory : Path
        Made if it is not there.
    formats : sequence of str
        `png`, `svg`.
    progress : callable
    context : ReportContext, optional
        What else is drawn.

    Returns
    -------
    tuple of Path
        The files, figure by figure.

    Raises
    ------
    UsageError
        An unknown format.
    """
    directory.mkdir(parents=True, exist_ok=True)
    paths: list[Path] = []
    figures = figures_of(result, context)
    progress("figures", 0, len(figures))
    for done, (stem, draw) in enumerate(figures.items(), start=1):
        paths += save_figure(draw(result), directory, stem, formats)
        progress("figures", done, len(figures))
    return tuple(paths)


def save_figure(
    figure: Figure, directory: Path, stem: str, formats: Sequence[str] = ("png", "svg")
) -> tuple[Path, ...]:
    """Save one figure in all formats, every file in one step.

    Parameters
    ----------
    figure : Figure
    directory : Path
        There already.
    stem : str
        Name of the files without their ending.
    formats : sequence of str
        `png`, `svg`.

    Returns
    -------
    tuple of Path

    Raises
    ------
    UsageError
        An unknown format.
    """
    unknown = [name for name in formats if name not in _METADATA]
    if unknown:
        raise UsageError(f"figures cannot be saved as {unknown[0]!r}; allowed: {', '.join(_METADATA)}")
    _freeze_layout(figure)
    paths = tuple(directory / f"{stem}.{name}" for name in formats)
    for path, name in zip(paths, formats, strict=True):
        _save(figure, path, name)
    return paths


@house_style()
def _freeze_layout(figure: Figure) -> None:
    """Lay the figure out once, so that a file does not depend on which others were saved before it."""
    figure.draw_without_rendering()
    figure.set_layout_engine("none")


@house_style()
def _save(figure: Figure, path: Path, name: str) -> None:
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(6)}.tmp")
    try:
        figure.savefig(temporary, format=name, metadata=_METADATA[name])
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
