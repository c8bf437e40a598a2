"""`x17 theory`."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from x17.cli.options import Json

theory_app = typer.Typer(
    help="What a boson does in the beam: width, yield, line shape.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

BosonLetter = Annotated[str, typer.Option("--boson", metavar="V|A|S|P", help="Spin and parity.")]
Mass = Annotated[float, typer.Option(help="Mass of the boson, MeV.")]
TheorySetup = Annotated[
    str | None, typer.Option(metavar="SETUP", help="A shipped setup or a TOML: its beam and target.")
]
Coupling = Annotated[float, typer.Option(help="Coupling g_ve to electrons.")]


def _print(document: dict[str, Any], as_json: bool, table: tuple[str, ...] = ()) -> None:
    """One JSON document, or the plain values and then the named columns."""
    from x17.report.tables import json_text

    if as_json:
        sys.stdout.write(json_text(document))
        return
    for key, value in document.items():
        if key not in table:
            text = "none" if value is None else f"{value:.6g}" if isinstance(value, float) else str(value)
            typer.echo(f"{key:22s} {text}")
    if table:
        typer.echo("  ".join(f"{name:>16s}" for name in table))
        for row in zip(*(document[name] for name in table), strict=True):
            typer.echo("  ".join(f"{value:16.6g}" for value in row))


@theory_app.command("width", epilog="Example: x17 theory width --mass 17 --coupling 5e-4")
def width(mass: Mass, coupling: Coupling, boson: BosonLetter = "V", as_json: Json = False) -> None:
    """Print width to e+e-, lifetime, decay length of a boson.

    The decay length is that at rest, c times the lifetime.
    """
    from x17.workflows.theory import boson_of, width_document

    _print(width_document(boson_of(boson, mass, coupling)), as_json)


@theory_app.command(
    "yield", epilog="Example: x17 theory yield --mass 16.9 --coupling 5e-4 --energies 274:286:1"
)
def production_yield(
    mass: Mass,
    coupling: Coupling,
    energies: Annotated[
        str | None,
        typer.Option(metavar="LO:HI:STEP", help="Beam energies, MeV, both ends included [about the line]."),
    ] = None,
    boson: BosonLetter = "V",
    spread: Annotated[
        float | None, typer.Option(help="Relative beam energy spread [the setup's, or 0.0025].")
    ] = None,
    profile: Annotated[
        str | None,
        typer.Option(
            metavar="NAME|FILE",
            help="diamond, carbon, hydrogenic, metal, rest, atom, or a table [the target's].",
        ),
    ] = None,
    target: Annotated[
        str | None,
        typer.Option(metavar="MATERIAL:THICKNESS", help="Target [the setup's, or carbon:0.1mm]."),
    ] = None,
    setup: TheorySetup = None,
    as_json: Json = False,
) -> None:
    """Print bosons per positron against the beam energy.

    With the motion of bound electrons and the spread of the beam.
    """
    from x17.workflows.theory import boson_of, yield_document

    document = yield_document(boson_of(boson, mass, coupling), energies, spread, profile, target, setup)
    _print(document, as_json, ("beam_energy_mev", "yield_per_pot"))


@theory_app.command(
    "cross-section", epilog="Example: x17 theory cross-section --process bhabha --sqrt-s 16.9"
)
def cross_section(
    process: Annotated[str, typer.Option(metavar="bhabha|gammagamma", help="Final state.")],
    sqrt_s: Annotated[float, typer.Option(help="Centre-of-mass energy, MeV.")],
    theta: Annotated[
        str, typer.Option(metavar="LO:HI", help="CM angles of both particles, degrees.")
    ] = "40:140",
    order: Annotated[str, typer.Option(metavar="lo|nlo|resummed", help="Radiative corrections.")] = "lo",
    acollinearity: Annotated[
        float | None, typer.Option(help="Largest acollinearity, degrees [10 beyond tree level].")
    ] = None,
    min_energy: Annotated[
        float | None, typer.Option(help="Least energy of each over sqrt(s)/2 [0.4 beyond tree level].")
    ] = None,
    recombine: Annotated[
        float | None, typer.Option(metavar="DEG", help="Cone that adds a photon to its lepton.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of the integration.")] = 1,
    accuracy: Annotated[float, typer.Option(help="Statistical error of the K factor.")] = 1e-3,
    as_json: Json = False,
) -> None:
    """Print a QED cross section within cuts.

    At tree level, or with radiative corrections.
    """
    from x17.workflows.theory import cross_section_document

    document = cross_section_document(
        process,
        sqrt_s,
        theta,
        order,
        acollinearity=acollinearity,
        min_energy=min_energy,
        recombine=recombine,
        seed=seed,
        accuracy=accuracy,
    )
    _print(document, as_json)


@theory_app.command("lineshape", epilog="Example: x17 theory lineshape")
def lineshape(
    profile: Annotated[
        str, typer.Option(metavar="NAME|FILE", help="published (16 points), or a profile as for yield.")
    ] = "published",
    spread: Annotated[float, typer.Option(help="Relative beam energy spread of a computed yield.")] = 0.005,
    setup: TheorySetup = None,
    as_json: Json = False,
) -> None:
    """Fit a Voigt profile to a published or computed yield.

    The published one is of a 17 MeV boson, at 16 energies. Of a setup: the table [model] for its scans.
    """
    from x17.workflows.theory import lineshape_document, model_table

    if setup is not None:
        document, text = model_table(setup)
        typer.echo(text, nl=False) if not as_json else _print(document, as_json)
        return
    _print(lineshape_document(profile, spread), as_json)
