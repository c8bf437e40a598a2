"""`x17 apparatus show` and `x17 apparatus draw`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from x17.cli.options import Json

apparatus_app = typer.Typer(
    help="Look at a setup: beam, target, calorimeter, acceptance.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

SetupName = Annotated[str, typer.Argument(metavar="SETUP", help="A shipped setup, or a TOML file.")]
SqrtS = Annotated[
    float | None, typer.Option("--sqrt-s", help="Centre-of-mass energy, MeV [from the setup's beam energy].")
]
Energy = Annotated[float | None, typer.Option("--energy", help="Beam energy instead, MeV.")]


@apparatus_app.command("list", epilog="Example: x17 apparatus list")
def list_(as_json: Json = False) -> None:
    """List the setups that ship with x17."""
    from x17.apparatus import load_setup, setups
    from x17.report.tables import json_text

    found = [load_setup(name) for name in setups.names()]
    if as_json:
        rows = [{"name": s.name, "n_periods": len(s.run_plan.periods)} for s in found]
        sys.stdout.write(json_text({"setups": rows}))
        return
    for setup in found:
        typer.echo(f"{setup.name}: {len(setup.run_plan.periods)} periods")
    typer.echo("A setup of yours is named by its file: x17 apparatus show my_setup.toml")


@apparatus_app.command("show", epilog="Example: x17 apparatus show padme-run3 --energy 283")
def show(
    setup: SetupName = "padme-run3",
    sqrt_s: SqrtS = None,
    energy: Energy = None,
    as_json: Json = False,
) -> None:
    """Print a setup, and what it accepts at one beam energy.

    Radii on the face of the calorimeter and energies of clusters are computed from its geometry.
    """
    from x17.report.tables import json_text
    from x17.workflows.apparatus import apparatus_document, apparatus_text

    document = apparatus_document(setup, sqrt_s, energy)
    sys.stdout.write(json_text(document) if as_json else apparatus_text(document))


@apparatus_app.command("draw", epilog="Example: x17 apparatus draw padme-run3 --out face.png")
def draw(
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="FILE.png or FILE.svg.")],
    setup: SetupName = "padme-run3",
    sqrt_s: SqrtS = None,
    energy: Energy = None,
) -> None:
    """Draw the face of the calorimeter and what it accepts.

    Cells, shadow of the bore, azimuth wedge, R_min and R_max.
    """
    from x17.workflows.apparatus import draw_apparatus

    typer.echo(str(draw_apparatus(setup, out, sqrt_s, energy)))
