"""What `x17 limits`, `x17 coverage` and `x17 significance` share: reading options, and writing a folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from x17.errors import UsageError
from x17.report.files import write_folder, write_text
from x17.report.tables import json_text
from x17.statistics.limit_methods import Method
from x17.workflows.provenance import Provenance

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def methods_of(text: str | None) -> tuple[Method, ...]:
    """The methods of a list separated by commas, in the order of `Method`.

    Parameters
    ----------
    text : str or None
        All if None.

    Returns
    -------
    tuple of Method

    Raises
    ------
    UsageError
        An unknown method.
    """
    if text is None:
        return tuple(Method)
    wanted = [part.strip() for part in text.split(",")]
    unknown = [part for part in wanted if part not in set(Method)]
    if unknown:
        raise UsageError(
            f"--method is {text!r}: {unknown[0]!r} is no method; allowed: {', '.join(Method)}, "
            "separated by commas"
        )
    return tuple(method for method in Method if method in wanted)


def mass_range(text: str | None) -> str | None:
    """LO:HI:STEP of a range, or of a single mass.

    Parameters
    ----------
    text : str or None

    Returns
    -------
    str or None
        What is no number is left as it is, to be refused as a range.
    """
    try:
        single = float(text or "")
    except ValueError:
        return text
    return f"{single!r}:{single!r}:1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Where results come from, as far as it is known before they are written.

    Attributes
    ----------
    command : str
        As typed.
    seed : int
    scan, digest : str
        Name and digest of the input.
    identity : str
        Hash of input and settings.
    started : datetime
    """

    command: str
    seed: int
    scan: str
    digest: str
    identity: str
    started: datetime

    def provenance(self) -> Provenance:
        """The record of results that are finished now."""
        return Provenance(
            command=self.command,
            options={},
            seed=self.seed,
            scan=self.scan,
            input_sha256=self.digest,
            identity=self.identity,
            started=self.started,
            finished=datetime.now(UTC),
        )


def write_results(
    folder: Path, record: Record, texts: Mapping[str, str], figures: Mapping[str, Callable[[], Figure]]
) -> None:
    """Write texts, figures and the record of where they come from.

    Parameters
    ----------
    folder : Path
    record : Record
    texts : mapping
        File name to content.
    figures : mapping
        Stem to a function that draws.

    Raises
    ------
    X17Error
        The disk is full, or the place cannot be written.
    """

    def fill(target: Path) -> None:
        from x17.report.figure_files import save_figure

        for name, text in texts.items():
            write_text(target / name, text)
        (target / "figures").mkdir()
        for stem, draw in figures.items():
            save_figure(draw(), target / "figures", stem)
        files = sorted(path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file())
        document = record.provenance().document() | {"files": [*files, "provenance.json"]}
        write_text(target / "provenance.json", json_text(document))

    write_folder(folder, fill)
