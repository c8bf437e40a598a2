"""Limits by every method: the function behind `x17 limits`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from x17.errors import UsageError
from x17.report.files import check_folder
from x17.report.limit_table import limit_csv, limit_document
from x17.report.tables import json_text
from x17.scan import EnergyScan
from x17.statistics.blocks import Progress, available_cores, silent
from x17.statistics.limit_methods import Method
from x17.statistics.limit_table import LimitTable, limit_table
from x17.statistics.model import ScanModel
from x17.statistics.toy_set import InMemory, ToySource
from x17.toybank.bank import Notify, ignore
from x17.workflows.method_results import Record, write_results
from x17.workflows.provenance import identity
from x17.workflows.search_settings import SearchSettings
from x17.workflows.toy_sources import ToyPlace, toy_source

FEWEST_BAND_TOYS = 200
"""The −1σ quantile of fewer pseudo-experiments says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitPlace:
    """Where the toys of limits are made and kept.

    Attributes
    ----------
    bank : Path or None
        Folder of a bank; in memory by default.
    workers : int or None
        Threads; all cores by default.
    scheduler : str or None
        tcp://HOST:PORT of a dask scheduler; needs a bank.

    Raises
    ------
    UsageError
        A scheduler without a bank.
    """

    bank: Path | None = None
    workers: int | None = None
    scheduler: str | None = None

    def __post_init__(self) -> None:
        if self.scheduler is not None and self.bank is None:
            raise UsageError("--scheduler makes toys for a bank; name one with --bank DIR")

    @contextmanager
    def source(self, progress: Progress, notify: Notify) -> Iterator[ToySource]:
        """Open the source of toys.

        Parameters
        ----------
        progress, notify : callable

        Yields
        ------
        ToySource
        """
        if self.bank is None:
            yield InMemory(self.workers or available_cores(), progress)
            return
        place = ToyPlace(bank=self.bank, workers=self.workers, scheduler=self.scheduler)
        with toy_source(place, progress, notify) as source:
            yield source


@dataclass(frozen=True, slots=True, eq=False)
class LimitsRun:
    """Finished limits.

    Attributes
    ----------
    table : LimitTable
    document : dict
        Content of `limits.json`.
    scan_name : str
    about : str
        Ensemble, treatment of K and toys, in a line.
    """

    table: LimitTable
    document: dict[str, Any]
    scan_name: str
    about: str


def find_limits(
    scan_name: str,
    settings: SearchSettings,
    methods: tuple[Method, ...],
    place: LimitPlace,
    *,
    band_toys: int = 0,
    out: Path | None = None,
    force: bool = False,
    command: str = "",
    progress: Progress = silent,
    notify: Notify = ignore,
) -> LimitsRun:
    """Find the limits of a scan by several methods, and write them down.

    Parameters
    ----------
    scan_name : str
        Shipped scan or file.
    settings : SearchSettings
    methods : tuple of Method
    place : LimitPlace
    band_toys : int
        Pseudo-experiments for the power constraints; 0 for the Asimov data set.
    out : Path, optional
        Folder of the results; nothing is written by default.
    force : bool
        Replace results of another input or other settings.
    command : str
        As typed, for the record.
    progress, notify : callable

    Returns
    -------
    LimitsRun

    Raises
    ------
    X17Error
        Bad input, a folder that is taken, a fit to the data that failed, a full disk.
    """
    started = datetime.now(UTC)
    if band_toys and band_toys < FEWEST_BAND_TOYS:
        raise UsageError(
            f"--band-toys is {band_toys}; allowed: 0 (from the Asimov data set), "
            f"or {FEWEST_BAND_TOYS} and more"
        )
    loaded = EnergyScan.load(scan_name)
    scan, resolved = settings.prepared(loaded)
    mark = identity(loaded.digest, resolved.document(), "limits", list(methods), band_toys)
    if out is not None:
        check_folder(out, mark, force=force)
    with place.source(progress, notify) as source:
        table = limit_table(
            ScanModel.build(scan, resolved.model),
            resolved.masses,
            resolved.couplings,
            methods,
            resolved.limit,
            source,
            band_toys=band_toys,
            whole_grid=place.bank is not None,
        )
    limit, constraint = resolved.limit, resolved.model.k_constraint.value
    document = {
        "scan": scan.name,
        "masses": resolved.search.masses,
        "couplings": resolved.search.couplings,
        "k_constraint": constraint,
        "seed": limit.seed,
        **limit_document(table),
    }
    toys = f"{limit.toys} toys a coupling, ensemble {limit.ensemble.value}" if limit.toys else "no toys"
    run = LimitsRun(table, document, scan.name, f"{toys}; K {constraint}; seed {limit.seed}")
    if out is not None:
        from x17.report.figures.limit_methods import draw_limit_methods

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
            {"limits.json": json_text(document), "limits.csv": limit_csv(table)},
            {"limit_methods": lambda: draw_limit_methods(table, scan.name)},
        )
    return run
