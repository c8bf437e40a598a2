"""`x17 project`."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from x17.cli.options import Force, Json, Workers


def project(
    source: Annotated[
        str, typer.Argument(metavar="SETUP|SCAN", help="A shipped setup or scan, or a file of either.")
    ] = "padme-run4",
    statistics: Annotated[
        float, typer.Option(metavar="F", help="Factor on the positrons of all points together.")
    ] = 1.0,
    step: Annotated[
        str, typer.Option(metavar="same|half", help="half: a point in the middle of each gap.")
    ] = "same",
    systematics: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Systematic errors: a TOML, none or padme-run3 [at its energies]."),
    ] = None,
    expected: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Yields of a setup, from `x17 expect` [scaled by acceptance]."),
    ] = None,
    energies: Annotated[
        str | None, typer.Option(metavar="LO:HI:N", help="Other beam energies, MeV; with --positrons.")
    ] = None,
    positrons: Annotated[
        float | None, typer.Option(metavar="TOTAL", help="Positrons of all points; with --energies.")
    ] = None,
    spread: Annotated[
        float | None, typer.Option(metavar="REL", help="Relative spread of the beam energy [the source's].")
    ] = None,
    boson: Annotated[str, typer.Option(metavar="V|A|S|P", help="What is searched for.")] = "V",
    inject: Annotated[
        str | None, typer.Option(metavar="MASS:COUPLING", help="A boson that is put in.")
    ] = None,
    masses: Annotated[
        str | None, typer.Option(metavar="LO:HI:STEP", help="Masses, MeV [energies of the run].")
    ] = None,
    couplings: Annotated[
        str, typer.Option(metavar="LO:HI:N", help="Couplings g_ve of the power map.")
    ] = "1e-4:1.5e-3:57",
    mass: Annotated[
        float | None, typer.Option(help="Where errors and statistics are varied [16.9, or the middle].")
    ] = None,
    combine: Annotated[
        str | None,
        typer.Option(
            metavar="SCAN|none", help="A run that is done, to combine with [padme-run3 at its energies]."
        ),
    ] = None,
    toys: Annotated[
        int, typer.Option(metavar="N", help="Pseudo-experiments; 0: from expected data alone.")
    ] = 0,
    bank: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where pseudo-experiments are kept, to be resumed.")
    ] = None,
    cl: Annotated[float, typer.Option(help="Confidence level of the limits.")] = 0.90,
    seed: Annotated[int, typer.Option(help="Seed of all random numbers.")] = 1,
    workers: Workers = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="DIR", help="Folder for report, tables, figures.")
    ] = None,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """What a run not taken yet can exclude and discover.

    Shows also what limits it: which error, or the statistics.
    """
    from x17.cli.progress import progress_bar, tell
    from x17.report.tables import json_text
    from x17.workflows.limits import LimitPlace
    from x17.workflows.project import ProjectRequest, find_projection
    from x17.workflows.project_design import DesignRequest

    request = ProjectRequest(
        design=DesignRequest(
            statistics=statistics,
            step=step,
            expected=None if expected is None else str(expected),
            energies=energies,
            positrons=positrons,
            spread=spread,
        ),
        systematics=systematics,
        boson=boson,
        inject=inject,
        masses=masses,
        couplings=couplings,
        mass=mass,
        combine=combine,
        cl=cl,
        toys=toys,
        seed=seed,
    )
    with progress_bar() as progress:
        run = find_projection(
            source,
            request,
            LimitPlace(bank=bank, workers=workers),
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

    from x17.report.projection_document import print_projection

    print_projection(Console(), run.projection)
    if out is not None:
        typer.echo(f"\n{out}")
