"""Coverage of the limits: the function behind `x17 coverage`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from x17.errors import UsageError
from x17.report.coverage_table import coverage_csv, coverage_document
from x17.report.files import check_folder
from x17.report.tables import json_text
from x17.scan import EnergyScan
from x17.statistics.blocks import Progress, available_cores, silent
from x17.statistics.coverage import CoverageTable, coverage
from x17.statistics.limit_methods import Method
from x17.statistics.model import ScanModel
from x17.statistics.toy_set import InMemory
from x17.workflows.method_results import Record, write_results
from x17.workflows.provenance import identity
from x17.workflows.search_settings import SearchSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageRequest:
    """What is to be tested.

    Attributes
    ----------
    mass : float
        Of the boson, MeV.
    couplings : tuple of float
        True g_ve; 0 for no boson.
    methods : tuple of Method
    toys : int
        Pseudo-experiments at each coupling.
    full_toys : int
        Toys about each of them; 0 for none.

    Raises
    ------
    UsageError
        A number outside its range.
    """

    mass: float = 16.9
    couplings: tuple[float, ...] = (0.0, 2e-4, 4e-4, 6e-4, 8e-4)
    methods: tuple[Method, ...] = tuple(Method)
    toys: int = 2000
    full_toys: int = 0

    def __post_init__(self) -> None:
        if not 1.0 < self.mass < 1000.0:
            raise UsageError(f"--mass is {self.mass:g}; allowed: a mass in MeV, 1 to 1000")
        if not 50 <= self.toys <= 10_000_000:
            raise UsageError(f"--toys is {self.toys}; allowed: 50 to 10000000 pseudo-experiments")
        if self.full_toys and not 50 <= self.full_toys <= 1_000_000:
            raise UsageError(
                f"--full-toys is {self.full_toys}; allowed: 0 (none) or 50 to 1000000 toys about each "
                "pseudo-experiment"
            )


def couplings_of(text: str | None) -> tuple[float, ...]:
    """True couplings of a list separated by commas.

    Parameters
    ----------
    text : str or None
        The default of `CoverageRequest` if None.

    Returns
    -------
    tuple of float
        Rising, each once.

    Raises
    ------
    UsageError
        Not numbers from 0 to below 1.
    """
    if text is None:
        return CoverageRequest().couplings
    try:
        values = {float(part) for part in text.split(",")}
    except ValueError:
        values = {-1.0}
    if not all(0.0 <= value < 1.0 for value in values):
        raise UsageError(
            f"--couplings is {text!r}; allowed: g_ve from 0 (no boson) to below 1, separated by commas, "
            "e.g. 0,2e-4,4e-4"
        )
    return tuple(sorted(values))


@dataclass(frozen=True, slots=True, eq=False)
class CoverageRun:
    """A finished test.

    Attributes
    ----------
    table : CoverageTable
    document : dict
        Content of `coverage.json`.
    scan_name : str
    about : str
        Ensemble, treatment of K and pseudo-experiments, in a line.
    """

    table: CoverageTable
    document: dict[str, Any]
    scan_name: str
    about: str


def find_coverage(
    scan_name: str,
    settings: SearchSettings,
    request: CoverageRequest,
    *,
    workers: int | None = None,
    out: Path | None = None,
    force: bool = False,
    command: str = "",
    progress: Progress = silent,
) -> CoverageRun:
    """Measure the coverage of limits on a scan, and write it down.

    Parameters
    ----------
    scan_name : str
        Shipped scan or file.
    settings : SearchSettings
        Likelihood, confidence level, ensemble and seed.
    request : CoverageRequest
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
    CoverageRun

    Raises
    ------
    X17Error
        Bad input, a folder that is taken, a fit to the data that failed, a full disk.
    """
    started, threads = datetime.now(UTC), workers or available_cores()
    loaded = EnergyScan.load(scan_name)
    scan, resolved = settings.prepared(loaded)
    asked = [request.mass, list(request.couplings), list(request.methods), request.toys, request.full_toys]
    mark = identity(loaded.digest, resolved.document(), "coverage", asked)
    if out is not None:
        check_folder(out, mark, force=force)
    table = coverage(
        ScanModel.build(scan, resolved.model),
        request.mass,
        request.couplings,
        request.methods,
        resolved.limit,
        request.toys,
        InMemory(threads, progress),
        full_toys=request.full_toys,
        workers=threads,
        progress=progress,
    )
    limit, constraint = resolved.limit, resolved.model.k_constraint.value
    document = {
        "scan": scan.name,
        "k_constraint": constraint,
        "seed": limit.seed,
        **coverage_document(table),
    }
    about = (
        f"{request.toys} pseudo-experiments a coupling, ensemble {limit.ensemble.value}; K {constraint}; "
        f"seed {limit.seed}"
    )
    run = CoverageRun(table, document, scan.name, about)
    if out is not None:
        from x17.report.figures.coverage import draw_coverage

        record = Record(
            command=command,
            seed=limit.seed,
            scan=loaded.name,
            digest=loaded.digest,
            identity=mark,
            started=started,
        )
        write_results(
            out,
            record,
            {"coverage.json": json_text(document), "coverage.csv": coverage_csv(table)},
            {"coverage": lambda: draw_coverage(table, scan.name)},
        )
    return run
