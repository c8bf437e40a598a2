"""`x17 limits`."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from x17.cli.options import Assignments, Cl, Config, Ensemble, Force, Json, KConstraint, Scan, Seed, Workers

MethodList = Annotated[
    str | None,
    typer.Option("--method", metavar="LIST", help="Of cls,clsb,pcl,fc,rolke,stat [all]."),
]


def limits(
    scan: Scan = "padme-run3",
    masses: Annotated[
        str | None,
        typer.Option(metavar="LO:HI:STEP", help="Masses in MeV, or a single one [those of the scan]."),
    ] = None,
    couplings: Annotated[
        str | None,
        typer.Option(metavar="LO:HI:N", help="Couplings g_ve that may have toys [1e-4:9.775e-4:40]."),
    ] = None,
    method: MethodList = None,
    toys: Annotated[
        int | None,
        typer.Option(metavar="N", help="Toys per hypothesis and coupling; 0: asymptotic only [1000]."),
    ] = None,
    band_toys: Annotated[
        int,
        typer.Option(metavar="N", help="Pseudo-experiments for power constraints [0: from Asimov data]."),
    ] = 0,
    ensemble: Ensemble = None,
    k_constraint: KConstraint = None,
    cl: Cl = None,
    seed: Seed = None,
    bank: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Bank to take toys from and add to; at every coupling."),
    ] = None,
    workers: Workers = None,
    scheduler: Annotated[
        str | None, typer.Option(metavar="tcp://HOST:PORT", help="With --bank: a Dask scheduler.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="DIR", help="Folder for JSON, CSV and figure.")
    ] = None,
    config: Config = None,
    assignments: Assignments = None,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Limits on the coupling by six methods, side by side.

    By CLs, CLs+b, power constraint, Feldman-Cousins, Rolke-Lopez and statistics alone.
    Toys are made only at couplings near the limits; with --bank at all of the grid, to be used again.
    """
    from x17.cli.progress import progress_bar, tell
    from x17.report.tables import json_text
    from x17.workflows.limits import LimitPlace, find_limits
    from x17.workflows.method_results import mass_range, methods_of
    from x17.workflows.search_settings import resolve_settings

    settings = resolve_settings(
        config=config,
        assignments=assignments or [],
        options={
            "search.masses": mass_range(masses),
            "search.couplings": couplings,
            "model.k_constraint": k_constraint,
            "limit.cl": cl,
            "limit.toys": toys,
            "limit.seed": seed,
            "limit.ensemble": ensemble,
        },
    )
    place = LimitPlace(bank=bank, workers=workers, scheduler=scheduler)
    with progress_bar() as progress:
        run = find_limits(
            scan,
            settings,
            methods_of(method),
            place,
            band_toys=band_toys,
            out=out,
            force=force,
            command=shlex.join(["x17", *sys.argv[1:]]),
            progress=progress,
            notify=tell,
        )
    if as_json:
        sys.stdout.write(json_text(run.document))
        return
    from rich.console import Console

    from x17.report.limit_table import print_limits

    print_limits(Console(), run.table, run.scan_name, run.about)
    if out is not None:
        typer.echo(f"\n{out}")
