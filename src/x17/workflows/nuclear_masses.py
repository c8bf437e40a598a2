"""The mass from nuclear measurements: the function behind `x17 nuclear masses`."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from x17.errors import UsageError
from x17.nuclear.masses.choices import FitChoices, Source
from x17.nuclear.masses.mass_fit import MassFit
from x17.nuclear.masses.mass_result import MassResult, find_mass
from x17.nuclear.masses.measurement import DEFAULT_ROWS, MeasurementTable
from x17.nuclear.masses.shipped import SHIPPED, load_measurements
from x17.nuclear.masses.toys import MassToys, blocks_of, toy_block
from x17.report.files import check_folder
from x17.report.nuclear_mass_document import mass_csv, mass_document
from x17.report.tables import json_text
from x17.statistics.blocks import Progress, available_cores, run_blocks, silent
from x17.workflows.method_results import Record, write_results
from x17.workflows.provenance import identity

MOST_TOYS = 10_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class MassRequest:
    """Which measurements, and how they are fitted.

    Attributes
    ----------
    table : str
        `x17-measurements`, or a CSV.
    rows : str
        A selection of its rows.
    choices : FitChoices
    toys : int
        Toy measurements; 0 for none.
    seed : int

    Raises
    ------
    UsageError
        A number of toys outside its range.
    """

    table: str = SHIPPED
    rows: str = DEFAULT_ROWS
    choices: FitChoices
    toys: int = 10_000
    seed: int = 1

    def __post_init__(self) -> None:
        if not 0 <= self.toys <= MOST_TOYS:
            raise UsageError(f"--toys is {self.toys}; allowed: 0 to {MOST_TOYS}")

    def document(self) -> dict[str, Any]:
        """All of it as a plain tree, for JSON."""
        return {**asdict(self), "choices": asdict(self.choices)}


@dataclass(frozen=True, slots=True, eq=False)
class MassRun:
    """A finished fit.

    Attributes
    ----------
    result : MassResult
    document : dict
        Content of `masses.json`.
    """

    result: MassResult
    document: dict[str, Any]


def source_of(text: str) -> Source:
    """What a mass is fitted to, by name.

    Parameters
    ----------
    text : str
        `masses` or `angles`.

    Returns
    -------
    Source

    Raises
    ------
    UsageError
        Neither.
    """
    if text not in set(Source):
        raise UsageError(f"--from is {text!r}; allowed: {', '.join(Source)}")
    return Source(text)


def table_digest(table: MeasurementTable) -> str:
    """SHA-256 of the measurements as they were read.

    Parameters
    ----------
    table : MeasurementTable

    Returns
    -------
    str
        64 hexadecimal digits; comments and the order of columns do not matter.
    """
    return hashlib.sha256(repr([replace(row, line=None) for row in table.rows]).encode()).hexdigest()


def mass_toys(
    fit: MassFit, n_toys: int, seed: int, *, workers: int = 1, progress: Progress = silent
) -> MassToys | None:
    """Toy measurements about a fit, block by block.

    Parameters
    ----------
    fit : MassFit
    n_toys : int
        0 for none.
    seed : int
    workers : int
        Threads; the toys do not depend on it.
    progress : callable

    Returns
    -------
    MassToys or None
    """
    if not n_toys:
        return None
    return MassToys.joined(
        run_blocks(
            lambda task: toy_block(fit, seed, *task),
            blocks_of(n_toys),
            workers=workers,
            what="toy measurements",
            progress=progress,
        )
    )


def find_nuclear_mass(
    request: MassRequest,
    *,
    workers: int | None = None,
    out: Path | None = None,
    force: bool = False,
    command: str = "",
    progress: Progress = silent,
) -> MassRun:
    """Fit the mass to nuclear measurements, and write it down.

    Parameters
    ----------
    request : MassRequest
    workers : int, optional
        Threads; all cores by default.
    out : Path, optional
        Folder of the results; nothing is written by default.
    force : bool
        Replace results of another input or other settings.
    command : str
        As typed, for the record.
    progress : callable

    Returns
    -------
    MassRun

    Raises
    ------
    X17Error
        Bad input, a folder that is taken, a full disk.
    """
    started = datetime.now(UTC)
    table = load_measurements(request.table)
    digest = table_digest(table)
    mark = identity(digest, request.document(), "nuclear masses")
    if out is not None:
        check_folder(out, mark, force=force)
    result = find_mass(table, request.rows, request.choices)
    width = workers or available_cores()
    toys = mass_toys(result.fit, request.toys, request.seed, workers=width, progress=progress)
    result = replace(result, toys=toys)
    run = MassRun(result, {**mass_document(result), "seed": request.seed})
    if out is not None:
        record = Record(
            command=command,
            seed=request.seed,
            scan=table.name,
            digest=digest,
            identity=mark,
            started=started,
        )
        _write(out, run, record)
    return run


def _write(out: Path, run: MassRun, record: Record) -> None:
    from x17.report.figures.nuclear_angles import draw_angles
    from x17.report.figures.nuclear_masses import draw_masses
    from x17.report.figures.nuclear_rates import draw_rates
    from x17.report.figures.nuclear_rho import draw_rho_scan

    result = run.result
    write_results(
        out,
        record,
        {"masses.json": json_text(run.document), "masses.csv": mass_csv(result)},
        {
            "masses": lambda: draw_masses(result),
            "angles": lambda: draw_angles(result),
            "rho_scan": lambda: draw_rho_scan(result),
            "rates": lambda: draw_rates(result),
        },
    )
