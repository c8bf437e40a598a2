"""`x17 plan`."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from x17.cli.options import Assignments, Cl, Config, Force, Json, KConstraint, Scan, Seed, Workers


def plan(
    scan: Scan = "padme-run3",
    positrons: Annotated[float, typer.Option(metavar="N", help="Positrons on target that are left.")] = 3e11,
    steps: Annotated[int, typer.Option(metavar="N", help="Points among which they are shared.")] = 12,
    criterion: Annotated[
        str, typer.Option(metavar="information|separation|chance", help="What an hour should give most of.")
    ] = "information",
    adaptive: Annotated[
        bool, typer.Option("--adaptive", help="Play one campaign that replans after each simulated point.")
    ] = False,
    inject: Annotated[
        str | None,
        typer.Option(
            metavar="MASS:COUPLING", help="Boson of the toys, to be decided about [16.9:4.4e-4, if in reach]."
        ),
    ] = None,
    no_boson: Annotated[
        bool, typer.Option("--no-boson", help="With --adaptive: the campaign that is played has none.")
    ] = False,
    toys: Annotated[
        int, typer.Option(metavar="N", help="Campaigns of each strategy, to compare them; 0: none.")
    ] = 100,
    setup: Annotated[str, typer.Option(help="A shipped setup or a TOML file: its beam.")] = "padme-run3",
    step: Annotated[
        str, typer.Option(metavar="full|half|quarter", help="Settings, in steps of the dipole.")
    ] = "half",
    energies: Annotated[
        str | None, typer.Option(metavar="LO:HI", help="Beam energies in MeV [those of the scan].")
    ] = None,
    setup_hours: Annotated[float, typer.Option(help="Hours to change the energy.")] = 5.0,
    least: Annotated[float, typer.Option(metavar="N", help="Positrons that make a point.")] = 1e9,
    masses: Annotated[
        str | None,
        typer.Option(metavar="LO:HI", help="Masses held possible, MeV [those that the settings reach]."),
    ] = None,
    k_constraint: KConstraint = None,
    cl: Cl = None,
    seed: Seed = None,
    workers: Workers = None,
    bank: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Keep finished toys there: an interrupted run goes on."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="DIR", help="Folder for JSON, CSV and figures.")
    ] = None,
    config: Config = None,
    assignments: Assignments = None,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Where the beam should go next, and what it is worth.

    A schedule of energies, and what it gains over a uniform scan.
    """
    from x17.cli.progress import progress_bar
    from x17.projection.planning_campaign import Truth
    from x17.projection.planning_prior import PlanPrior
    from x17.report.tables import json_text
    from x17.workflows.plan import make_plan
    from x17.workflows.plan_request import PlanRequest, criterion_of
    from x17.workflows.ranges import boson_to_inject, window
    from x17.workflows.search_settings import resolve_settings

    settings = resolve_settings(
        config=config,
        assignments=assignments or [],
        options={"model.k_constraint": k_constraint, "limit.cl": cl, "limit.seed": seed},
    )
    injected = boson_to_inject(inject)
    request = PlanRequest(
        positrons=positrons,
        steps=steps,
        setup=setup,
        step=step,
        energies_mev=None if energies is None else window(energies, "--energies"),
        setup_hours=setup_hours,
        least=least,
        criterion=criterion_of(criterion),
        prior=PlanPrior(masses_mev=None if masses is None else window(masses, "--masses")),
        adaptive=adaptive,
        boson=None if injected is None else Truth(*injected),
        no_boson=no_boson,
        toys=toys,
    )
    with progress_bar() as progress:
        run = make_plan(
            scan,
            settings,
            request,
            workers=workers,
            bank=bank,
            out=out,
            force=force,
            command=shlex.join(["x17", *sys.argv[1:]]),
            progress=progress,
        )
    if as_json:
        sys.stdout.write(json_text(run.document))
        return
    from rich.console import Console

    from x17.report.plan_table import print_plan

    print_plan(Console(), run.result)
    if out is not None:
        typer.echo(f"\n{out}")
