"""`x17 significance` from input to numbers, and to a folder if one is named."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from x17.report.files import check_folder
from x17.report.significance_table import check_document, injected_document, significance_document
from x17.report.tables import band_csv, json_text
from x17.scan import EnergyScan
from x17.statistics.asymptotic_check import AsymptoticCheck
from x17.statistics.blocks import Progress, available_cores, silent
from x17.statistics.injected_boson import InjectedBoson
from x17.statistics.significance import Significance
from x17.toybank.bank import Notify, ignore
from x17.workflows.method_results import Record, write_results
from x17.workflows.provenance import identity
from x17.workflows.ranges import boson_to_inject
from x17.workflows.search_settings import SearchSettings
from x17.workflows.significance import (
    check_asymptotic,
    check_precision,
    run_injected,
    run_significance,
    shortfall,
    windows_of,
)
from x17.workflows.toy_sources import ToyPlace, toy_source


@dataclass(frozen=True, slots=True, eq=False)
class SignificanceRun:
    """A finished run.

    Attributes
    ----------
    result : Significance
    document : dict
        Content of `significance.json`.
    scan_name : str
    about : str
        Ensemble, treatment of K and masses, in a line.
    injected : InjectedBoson or None
    check : AsymptoticCheck or None
        If asked for.
    shortfall : str or None
        What to do if the toys are too few for the precision asked.
    """

    result: Significance
    document: dict[str, Any]
    scan_name: str
    about: str
    injected: InjectedBoson | None = None
    check: AsymptoticCheck | None = None
    shortfall: str | None = None


def significance_to_folder(
    scan_name: str,
    settings: SearchSettings,
    *,
    bank: Path | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    reuse_only: bool = False,
    precision: float | None = None,
    inject: str | None = None,
    validate: int | None = None,
    out: Path | None = None,
    force: bool = False,
    command: str = "",
    progress: Progress = silent,
    notify: Notify = ignore,
) -> SignificanceRun:
    """Find the significance of a scan's largest excess and write it down.

    Parameters
    ----------
    scan_name : str
        Shipped scan or file.
    settings : SearchSettings
        With one window at most.
    bank : Path, optional
        Where toys are kept; the scan's own bank by default.
    workers, scheduler, reuse_only
        As in `ToyPlace`.
    precision : float, optional
        Largest relative error wanted of a global p-value.
    inject : str, optional
        MASS:COUPLING of a boson: what experiments with it would have shown.
    validate : int, optional
        Pseudo-experiments whose asymptotic limits are compared with limits from their own toys.
    out : Path, optional
        Folder of the results; nothing but the bank is written by default.
    force : bool
        Replace results of another input or other settings.
    command : str
        As typed, for the record.
    progress, notify : callable

    Returns
    -------
    SignificanceRun

    Raises
    ------
    X17Error
        Bad input, a folder that is taken, a full disk.
    """
    started = datetime.now(UTC)
    if precision is not None:
        check_precision(precision)
    loaded = EnergyScan.load(scan_name)
    scan, resolved = settings.prepared(loaded)
    boson = boson_to_inject(inject)
    mark = identity(loaded.digest, resolved.document(), "significance", inject, validate)
    if out is not None:
        check_folder(out, mark, force=force)
    place = ToyPlace(
        bank=bank or resolved.default_bank(loaded.name),
        workers=workers,
        scheduler=scheduler,
        reuse_only=reuse_only,
    )
    with toy_source(place, progress, notify) as source:
        (result,) = run_significance(scan, resolved, source, windows_of(resolved)[:1])
        injected = run_injected(scan, resolved, source, result.window_mev, boson) if boson else None
    check = None
    if validate is not None:
        mass, width = result.local.mass_mev, workers or available_cores()
        check = check_asymptotic(scan, resolved, mass, validate, workers=width, progress=progress)
    grid, limit, model = resolved.search, resolved.limit, resolved.model
    document = {
        "scan": scan.name,
        "masses": grid.masses,
        "ensemble": limit.ensemble.value,
        "k_constraint": model.k_constraint.value,
        "cl": limit.cl,
        "seed": limit.seed,
        **significance_document(result),
    }
    document |= {"injected": injected_document(injected)} if injected else {}
    document |= {"asymptotic_check": check_document(check)} if check else {}
    about = (
        f"ensemble {limit.ensemble.value}; K {model.k_constraint.value}; masses {grid.masses}; "
        f"seed {limit.seed}"
    )
    missing = None if precision is None else shortfall(result, precision)
    run = SignificanceRun(result, document, scan.name, about, injected, check, missing)
    if out is not None:
        _write(
            out,
            run,
            Record(
                command=command,
                seed=limit.seed,
                scan=loaded.name,
                digest=loaded.digest,
                identity=mark,
                started=started,
            ),
        )
    return run


def _write(out: Path, run: SignificanceRun, record: Record) -> None:
    from x17.report.figures.expected_band import draw_expected_band
    from x17.report.figures.global_p import draw_global_p

    result, name = run.result, run.scan_name
    write_results(
        out,
        record,
        {"significance.json": json_text(run.document), "band.csv": band_csv(result, run.injected)},
        {
            "global_p": lambda: draw_global_p(result, name),
            "expected_band": lambda: draw_expected_band(result, name, run.injected),
        },
    )
