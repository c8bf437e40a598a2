"""`x17 coverage`."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from x17.cli.limits import MethodList
from x17.cli.options import Assignments, Cl, Config, Ensemble, Force, Json, KConstraint, Scan, Seed, Workers


def coverage(
    scan: Scan = "padme-run3",
    mass: Annotated[float, typer.Option(help="Mass of the boson, MeV.")] = 16.9,
    couplings: Annotated[
        str | None,
        typer.Option(metavar="LIST", help="True couplings g_ve [0,2e-4,4e-4,6e-4,8e-4]."),
    ] = None,
    method: MethodList = None,
    toys: Annotated[int, typer.Option(metavar="N", help="Pseudo-experiments at each coupling.")] = 2000,
    full_toys: Annotated[
        int,
        typer.Option(metavar="N", help="Toys about each of them, for CLs, CLs+b and PCL by toys [0: none]."),
    ] = 0,
    ensemble: Ensemble = None,
    k_constraint: KConstraint = None,
    cl: Cl = None,
    seed: Seed = None,
    workers: Workers = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="DIR", help="Folder for JSON, CSV and figure.")
    ] = None,
    config: Config = None,
    assignments: Assignments = None,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """How often each method's limit contains the truth.

    Counted over pseudo-experiments with a known boson.
    """
    from x17.cli.progress import progress_bar
    from x17.report.tables import json_text
    from x17.workflows.coverage import CoverageRequest, couplings_of, find_coverage
    from x17.workflows.method_results import methods_of
    from x17.workflows.search_settings import resolve_settings

    settings = resolve_settings(
        config=config,
        assignments=assignments or [],
        options={
            "model.k_constraint": k_constraint,
            "limit.cl": cl,
            "limit.seed": seed,
            "limit.ensemble": ensemble,
        },
    )
    request = CoverageRequest(
        mass=mass,
        couplings=couplings_of(couplings),
        methods=methods_of(method),
        toys=toys,
        full_toys=full_toys,
    )
    with progress_bar() as progress:
        run = find_coverage(
            scan,
            settings,
            request,
            workers=workers,
            out=out,
            force=force,
            command=shlex.join(["x17", *sys.argv[1:]]),
            progress=progress,
        )
    if as_json:
        sys.stdout.write(json_text(run.document))
        return
    from rich.console import Console

    from x17.report.coverage_table import print_coverage

    print_coverage(Console(), run.table, run.scan_name, run.about)
    if out is not None:
        typer.echo(f"\n{out}")
