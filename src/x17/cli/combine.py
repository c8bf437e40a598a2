"""`x17 combine`."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from x17.cli.options import Assignments, Config, Force, Json, KConstraint, Masses, Scan, Seed, Workers


def combine(
    scan: Scan = "padme-run3",
    table: Annotated[
        str, typer.Option(metavar="FILE.csv", help="Nuclear measurements.")
    ] = "x17-measurements",
    rows: Annotated[
        str,
        typer.Option(metavar="SELECTION", help="default, a named selection, or keys; -KEY leaves one out."),
    ] = "default",
    source: Annotated[
        str, typer.Option("--from", metavar="masses|angles", help="What the nuclear mass is fitted to.")
    ] = "masses",
    rho: Annotated[float, typer.Option(help="Correlation of systematic errors within a laboratory.")] = 0.5,
    across: Annotated[float, typer.Option(help="The same between laboratories.")] = 0.0,
    missing_syst: Annotated[float, typer.Option(help="Systematic error where none is given, MeV.")] = 0.2,
    statistical_only: Annotated[
        bool, typer.Option("--statistical-only", help="Leave systematic errors of the nuclei out.")
    ] = False,
    external: Annotated[
        str | None, typer.Option(metavar="KEY", help="A nuclear mass of others in place of the fit.")
    ] = None,
    masses: Masses = None,
    boson: Annotated[str | None, typer.Option(metavar="V|A|S|P", help="Spin and parity [V].")] = None,
    k_constraint: KConstraint = None,
    toys: Annotated[
        int, typer.Option(metavar="N", help="Scans without a boson, for a p-value; 0: none.")
    ] = 2000,
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
    """One mass from nuclear transitions and a scan together.

    The mass from nuclei and the likelihood of the scan give one mass and one coupling.
    """
    from x17.cli.progress import progress_bar
    from x17.nuclear.masses.choices import FitChoices
    from x17.report.tables import json_text
    from x17.workflows.combine import CombineRequest
    from x17.workflows.combine import combine as run_combination
    from x17.workflows.nuclear_masses import source_of
    from x17.workflows.search_settings import resolve_settings

    settings = resolve_settings(
        config=config,
        assignments=assignments or [],
        options={
            "search.masses": masses,
            "model.boson": boson,
            "model.k_constraint": k_constraint,
            "limit.seed": seed,
        },
    )
    choices = FitChoices(
        source=source_of(source),
        rho=rho,
        across=across,
        missing_syst_mev=missing_syst,
        statistical_only=statistical_only,
    )
    request = CombineRequest(table=table, rows=rows, choices=choices, external=external, toys=toys)
    with progress_bar() as progress:
        run = run_combination(
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

    from x17.report.joint_table import print_joint

    print_joint(Console(), run.result)
    if out is not None:
        typer.echo(f"\n{out}")
