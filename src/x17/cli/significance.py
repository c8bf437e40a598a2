"""`x17 significance`."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from x17.cli.search import Bank, Json, Scan
from x17.errors import X17Error


def significance(
    scan: Scan = "padme-run3",
    window: Annotated[
        str | None,
        typer.Option(metavar="LO:HI", help="Masses in MeV among which the excess was sought [all]."),
    ] = None,
    toys: Annotated[int | None, typer.Option(metavar="N", help="Pseudo-experiments [20000].")] = None,
    masses: Annotated[
        str | None,
        typer.Option(metavar="LO:HI:STEP", help="Masses in MeV, both ends included [16.22:17.72:0.02]."),
    ] = None,
    ensemble: Annotated[
        str | None,
        typer.Option(metavar="published|recentred|unconditional", help="How toys are made [published]."),
    ] = None,
    k_constraint: Annotated[
        str | None,
        typer.Option(metavar="published|from-sideband|free", help="Constraint on K(s) [the scan's own]."),
    ] = None,
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
    cl: Annotated[float | None, typer.Option(help="Confidence level of the limits [0.90].")] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of all random numbers [1].")] = None,
    bank: Bank = None,
    reuse_only: Annotated[
        bool, typer.Option("--reuse-only", help="Make no toys: what the bank lacks is an error.")
    ] = False,
    workers: Annotated[
        int | None, typer.Option(min=1, max=1024, help="Threads [all cores]; results do not depend on it.")
    ] = None,
    scheduler: Annotated[
        str | None, typer.Option(metavar="tcp://HOST:PORT", help="Dask scheduler that makes the toys.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="DIR", help="Folder for JSON, CSV and figures.")
    ] = None,
    config: Annotated[
        Path | None, typer.Option(metavar="FILE.toml", help="Settings, as for `x17 search`.")
    ] = None,
    assignments: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="TABLE.KEY=VALUE", help="One setting, e.g. model.fixed=b."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace other results in DIR.")] = False,
    as_json: Json = False,
) -> None:
    """Local and global p-value of the largest excess, by every definition, with Monte-Carlo errors.

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
