"""`x17 significance`."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from x17.cli.options import (
    Assignments,
    Bank,
    Cl,
    Config,
    Ensemble,
    Force,
    Json,
    KConstraint,
    Masses,
    Scan,
    Scheduler,
    Seed,
    Workers,
)
from x17.errors import X17Error


def significance(
    scan: Scan = "padme-run3",
    window: Annotated[
        str | None,
        typer.Option(metavar="LO:HI", help="Masses in MeV among which the excess was sought [all]."),
    ] = None,
    toys: Annotated[int | None, typer.Option(metavar="N", help="Pseudo-experiments [20000].")] = None,
    masses: Masses = None,
    ensemble: Ensemble = None,
    k_constraint: KConstraint = None,
    precision: Annotated[
        float | None,
        typer.Option(metavar="REL", help="Relative error wanted of a global p; too few toys are an error."),
    ] = None,
    inject: Annotated[
        str | None,
        typer.Option(metavar="MASS:COUPLING", help="Show what experiments with this boson would give."),
    ] = None,
    validate: Annotated[
        int | None,
        typer.Option(metavar="N", help="Compare N asymptotic limits with limits from their own toys."),
    ] = None,
    cl: Cl = None,
    seed: Seed = None,
    bank: Bank = None,
    reuse_only: Annotated[
        bool, typer.Option("--reuse-only", help="Make no toys: what the bank lacks is an error.")
    ] = False,
    workers: Workers = None,
    scheduler: Scheduler = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="DIR", help="Folder for JSON, CSV and figures.")
    ] = None,
    config: Config = None,
    assignments: Assignments = None,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Local and global p-value of the largest excess.

    By every definition, with Monte-Carlo errors.
    Pseudo-experiments are kept in the bank: a longer run adds to them, an interrupted one goes on.
    """
    from x17.cli.progress import progress_bar, tell
    from x17.report.tables import json_text
    from x17.workflows.search_settings import resolve_settings
    from x17.workflows.significance_results import significance_to_folder

    settings = resolve_settings(
        config=config,
        assignments=assignments or [],
        options={
            "search.masses": masses,
            "model.k_constraint": k_constraint,
            "limit.cl": cl,
            "limit.seed": seed,
            "limit.ensemble": ensemble,
            "significance.toys": toys,
            "significance.windows": None if window is None else [window],
        },
    )
    with progress_bar() as progress:
        run = significance_to_folder(
            scan,
            settings,
            bank=bank,
            workers=workers,
            scheduler=scheduler,
            reuse_only=reuse_only,
            precision=precision,
            inject=inject,
            validate=validate,
            out=out,
            force=force,
            command=shlex.join(["x17", *sys.argv[1:]]),
            progress=progress,
            notify=tell,
        )
    if as_json:
        sys.stdout.write(json_text(run.document))
        _require(run.shortfall)
        return
    from rich.console import Console

    from x17.report.significance_table import extra_lines, print_significance

    print_significance(Console(), run.result, run.scan_name, run.about)
    for line in extra_lines(run.injected, run.check):
        typer.echo(f"\n{line}")
    if out is not None:
        typer.echo(f"\n{out}")
    _require(run.shortfall)


def _require(shortfall: str | None) -> None:
    """End with an error, after the results, if the toys are too few."""
    if shortfall is not None:
        raise X17Error(shortfall)
