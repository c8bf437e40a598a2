"""`x17 nuclear`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from x17.cli.options import Json

nuclear_app = typer.Typer(
    help="Where 17 MeV comes from: angles and spectra of pairs from nuclear transitions, and their masses.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@nuclear_app.callback()
def root() -> None:
    """Where 17 MeV comes from: angles and spectra of pairs from nuclear transitions, and their masses."""


@nuclear_app.command("angle")
def angle(
    target: Annotated[str, typer.Option(metavar="7Li|3H|11B|n3He", help="What captures: p, or n on 3He.")],
    beam_energy: Annotated[float, typer.Option(help="Kinetic energy of the beam, MeV.")],
    mass: Annotated[float, typer.Option(help="Mass of the boson, MeV.")],
    as_json: Json = False,
) -> None:
    """Print the smallest angle between electron and positron of a boson made in a capture."""
    from x17.report.tables import json_text
    from x17.workflows.nuclear import angle_document

    document = angle_document(target, beam_energy, mass)
    if as_json:
        sys.stdout.write(json_text(document))
        return
    for key, value in document.items():
        typer.echo(f"{key:22s} {value:.6g}")
