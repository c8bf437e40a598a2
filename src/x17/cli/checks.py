"""`x17 checks`."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from x17.cli.options import Assignments, Cl, Config, Force, Json, KConstraint, Masses, Scan, Seed, Workers


def checks(
    scan: Scan = "padme-run3",
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="DIR", help="Folder of the results [results/<scan>-checks]."),
    ] = None,
    only: Annotated[
        str | None, typer.Option("--only", metavar="NAME,NAME", help="Only these checks; see --list.")
    ] = None,
    list_checks: Annotated[bool, typer.Option("--list", help="List the checks and stop.")] = False,
    mass: Annotated[float, typer.Option(help="Mass at which limits are compared, MeV.")] = 16.9,
    masses: Masses = None,
    toys: Annotated[
        int | None,
        typer.Option(metavar="N", help="Toys per hypothesis for every limit at --mass [0: asymptotic]."),
    ] = None,
    experiments: Annotated[
        int | None,
        typer.Option(metavar="N", help="Pseudo-experiments for global p and the band of a boson [2000]."),
    ] = None,
    inject: Annotated[
        str, typer.Option(metavar="MASS:COUPLING", help="Boson that the excess is compared with.")
    ] = "16.9:5e-4",
    k_constraint: KConstraint = None,
    cl: Cl = None,
    seed: Seed = None,
    bank: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Bank to take toys from and add to; an interrupted run goes on."),
    ] = None,
    workers: Workers = None,
    quick: Annotated[
        bool,
        typer.Option(
            "--quick",
            help="For a start: every other mass, no toys, no vector figures; --config and --set win.",
        ),
    ] = False,
    show_all: Annotated[
        bool, typer.Option("--all", help="Print every variation and finding, not the summary alone.")
    ] = False,
    config: Config = None,
    assignments: Assignments = None,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Check an excess: vary the analysis, rank its nuisances.

    Everything about the analysis is varied in turn.
    Every variation is fitted and compared with the unchanged analysis; one that cannot be made is a row that
    says why.
    """
    from x17.workflows.check_list import PLANS, chosen_plans

    if list_checks:
        if as_json:
            from x17.report.tables import json_text

            names = [{"name": p.name, "title": p.title, "question": p.question} for p in PLANS]
            sys.stdout.write(json_text({"checks": names}))
            return
        for plan in PLANS:
            typer.echo(f"{plan.name:18s} {plan.question}")
        return
    from x17.cli.progress import progress_bar, tell
    from x17.report.tables import json_text
    from x17.workflows.check_results import checks_to_folder
    from x17.workflows.checks import CheckRequest
    from x17.workflows.limits import LimitPlace
    from x17.workflows.ranges import boson_to_inject
    from x17.workflows.search_settings import quick_note, resolve_settings

    settings = resolve_settings(
        config=config,
        assignments=assignments or [],
        options={
            "search.masses": masses,
            "model.k_constraint": k_constraint,
            "limit.cl": cl,
            "limit.toys": toys or 0,
            "limit.seed": seed,
        },
        quick=quick,
    )
    request = CheckRequest(
        plans=chosen_plans(only),
        reference_mass=mass,
        experiments=(0 if quick else 2000) if experiments is None else experiments,
        boson=boson_to_inject(inject) or (mass, 5e-4),
    )
    if quick and (note := quick_note(config)):
        tell(note)
    with progress_bar() as progress:
        run = checks_to_folder(
            scan,
            settings,
            request,
            LimitPlace(bank=bank, workers=workers),
            out=out,
            quick=quick,
            force=force,
            command=shlex.join(["x17", *sys.argv[1:]]),
            progress=progress,
            notify=tell,
        )
    if as_json:
        sys.stdout.write(json_text(run.document))
        return
    from rich.console import Console

    from x17.report.check_terminal import print_checks, print_summary

    (print_checks if show_all else print_summary)(Console(), run.result)
    every = "" if show_all else "; has every variation, as --all prints them"
    typer.echo(f"\n{run.folder}/report.html  ({run.seconds:.0f} s){every}")
