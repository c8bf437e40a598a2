"""`x17 constraints`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from x17.cli.options import Json

if TYPE_CHECKING:
    from x17.workflows.constraints import ConstraintChoice

constraints_app = typer.Typer(
    help="Bounds of other experiments: excluded, and what is left.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

BosonLetter = Annotated[str, typer.Option("--boson", metavar="V|A|S|P", help="Spin and parity.")]
Mass = Annotated[float, typer.Option(help="Mass of the boson, MeV.")]
Add = Annotated[
    list[Path] | None, typer.Option("--add", metavar="FILE.toml", help="A bound of your own; repeatable.")
]
Results = Annotated[
    list[Path] | None,
    typer.Option("--results", metavar="RESULTS", help="A folder of `x17 search`: its limits; repeatable."),
]
Protons = Annotated[
    float,
    typer.Option(
        "--proton-coupling", metavar="R", help="(2 eps_u + eps_d)/eps_e; 0: protophobic, 1: dark photon."
    ),
]
Muons = Annotated[
    float, typer.Option("--muon-coupling", metavar="R", help="g_mu/g_ve; 0: muons say nothing.")
]
More = Annotated[
    list[str] | None, typer.Option("--with", metavar="KEY", help="Count a bound that is not; repeatable.")
]
Fewer = Annotated[
    list[str] | None, typer.Option("--without", metavar="KEY", help="Leave a bound out; repeatable.")
]


def _choice(
    boson: str,
    add: list[Path] | None,
    results: list[Path] | None,
    protons: float,
    muons: float,
    more: list[str] | None,
    fewer: list[str] | None,
) -> ConstraintChoice:
    from x17.workflows.constraints import ConstraintChoice

    return ConstraintChoice(
        boson=boson,
        added=add or (),
        results=results or (),
        protons=protons,
        muons=muons,
        more=more or (),
        fewer=fewer or (),
    )


@constraints_app.command("table", epilog="Example: x17 constraints table --mass 16.9")
def table(
    mass: Mass = 16.9,
    boson: BosonLetter = "V",
    add: Add = None,
    results: Results = None,
    protons: Protons = 0.0,
    muons: Muons = 0.0,
    more: More = None,
    fewer: Fewer = None,
    as_json: Json = False,
) -> None:
    """Print what every experiment excludes at one mass.

    Says where each number was read.
    """
    from x17.report.constraints_table import constraints_document, print_constraints
    from x17.report.tables import json_text
    from x17.workflows.constraints import find_allowed

    found = find_allowed(_choice(boson, add, results, protons, muons, more, fewer), mass)
    if as_json:
        sys.stdout.write(json_text(constraints_document(found)))
        return
    from rich.console import Console

    print_constraints(Console(), found)


@constraints_app.command("allowed", epilog="Example: x17 constraints allowed --mass 16.9 --boson A")
def allowed(
    mass: Mass = 16.9,
    boson: BosonLetter = "V",
    add: Add = None,
    results: Results = None,
    protons: Protons = 0.0,
    muons: Muons = 0.0,
    more: More = None,
    fewer: Fewer = None,
    as_json: Json = False,
) -> None:
    """Print which couplings are left at one mass.

    Couplings are g_ve; says who closes each end.
    """
    from x17.report.constraints_table import allowed_document, print_allowed
    from x17.report.tables import json_text
    from x17.workflows.constraints import find_allowed

    found = find_allowed(_choice(boson, add, results, protons, muons, more, fewer), mass)
    if as_json:
        sys.stdout.write(json_text(allowed_document(found)))
        return
    from rich.console import Console

    print_allowed(Console(), found)


@constraints_app.command("plot", epilog="Example: x17 constraints plot --out plane.png")
def plot(
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="FILE.png or FILE.svg.")],
    boson: BosonLetter = "V",
    masses: Annotated[
        str, typer.Option(metavar="LO:HI:STEP", help="Masses in MeV, both ends included.")
    ] = "16:18:0.01",
    couplings: Annotated[str, typer.Option(metavar="LO:HI", help="Ends of the axis of g_ve.")] = "1e-5:1e-3",
    add: Add = None,
    results: Results = None,
    protons: Protons = 0.0,
    muons: Muons = 0.0,
    more: More = None,
    fewer: Fewer = None,
) -> None:
    """Draw the plane of mass and coupling.

    Bounds that count are filled, others dashed.
    """
    from x17.workflows.constraints import draw_plane

    choice = _choice(boson, add, results, protons, muons, more, fewer)
    typer.echo(str(draw_plane(choice, out, masses, couplings)))
