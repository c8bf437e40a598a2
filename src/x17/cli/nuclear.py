"""`x17 nuclear`."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from x17.cli.options import Force, Json, Workers

nuclear_app = typer.Typer(
    help="Where 17 MeV comes from: pairs of nuclear transitions.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@nuclear_app.callback()
def root() -> None:
    """Where 17 MeV comes from: pairs of nuclear transitions.

    Their angles and spectra, spectrometers that see them, and the mass they give.
    """


@nuclear_app.command("angle", epilog="Example: x17 nuclear angle --target 7Li --beam-energy 1.03 --mass 17")
def angle(
    target: Annotated[str, typer.Option(metavar="7Li|3H|11B|n3He", help="What captures: p, or n on 3He.")],
    beam_energy: Annotated[float, typer.Option(help="Kinetic energy of the beam, MeV.")],
    mass: Annotated[float, typer.Option(help="Mass of the boson, MeV.")],
    as_json: Json = False,
) -> None:
    """Print the smallest pair angle of a boson of a capture.

    Between electron and positron, for a proton or a neutron captured by the target.
    """
    from x17.report.tables import json_text
    from x17.workflows.nuclear import angle_document

    document = angle_document(target, beam_energy, mass)
    if as_json:
        sys.stdout.write(json_text(document))
        return
    for key, value in document.items():
        typer.echo(f"{key:22s} {value:.6g}")


@nuclear_app.command("masses", epilog="Example: x17 nuclear masses --toys 1000")
def masses(
    table: Annotated[
        str, typer.Argument(metavar="TABLE", help="The shipped measurements, or a CSV of them.")
    ] = "x17-measurements",
    rows: Annotated[
        str,
        typer.Option(metavar="SELECTION", help="default, a named selection, or keys; -KEY leaves one out."),
    ] = "default",
    source: Annotated[
        str, typer.Option("--from", metavar="masses|angles", help="What the mass is fitted to.")
    ] = "masses",
    rho: Annotated[float, typer.Option(help="Correlation of systematic errors within a laboratory.")] = 0.5,
    across: Annotated[float, typer.Option(help="The same between laboratories.")] = 0.0,
    missing_syst: Annotated[float, typer.Option(help="Systematic error where none is given, MeV.")] = 0.2,
    statistical_only: Annotated[
        bool, typer.Option("--statistical-only", help="Leave systematic errors out.")
    ] = False,
    approximate: Annotated[
        bool, typer.Option("--approximate", help="Angles by 2 asin(m/E), without recoil and electron mass.")
    ] = False,
    toys: Annotated[int, typer.Option(metavar="N", help="Toy measurements; 0: none.")] = 10_000,
    seed: Annotated[int, typer.Option(help="Seed of all random numbers.")] = 1,
    workers: Workers = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="DIR", help="Folder for JSON, CSV and figures.")
    ] = None,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Fit one mass to measurements of nuclear transitions.

    Says how well they agree.
    """
    from x17.cli.progress import progress_bar
    from x17.nuclear.masses.choices import FitChoices
    from x17.report.tables import json_text
    from x17.workflows.nuclear_masses import MassRequest, find_nuclear_mass, source_of

    choices = FitChoices(
        source=source_of(source),
        rho=rho,
        across=across,
        missing_syst_mev=missing_syst,
        statistical_only=statistical_only,
        exact=not approximate,
    )
    request = MassRequest(table=table, rows=rows, choices=choices, toys=toys, seed=seed)
    with progress_bar() as progress:
        run = find_nuclear_mass(
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

    from x17.report.nuclear_mass_table import print_masses

    print_masses(Console(), run.result)
    if out is not None:
        typer.echo(f"\n{out}")


@nuclear_app.command(
    "spectrum", epilog="Example: x17 nuclear spectrum --transition 18.15 --multipole M1 --mass 16.85"
)
def spectrum(
    transition: Annotated[float, typer.Option(metavar="MEV", help="Energy of the transition, MeV.")],
    multipole: Annotated[
        str,
        typer.Option(
            metavar="M1|E1|E2|M2|E0", help="Multipolarity, or shares of the pairs as M1:0.77,E1:0.23."
        ),
    ],
    mass: Annotated[float | None, typer.Option(help="Mass of a boson besides, MeV.")] = None,
    rate: Annotated[
        float | None, typer.Option(help="Its rate, bosons per photon (of E0: per internal pair).")
    ] = None,
    y_cut: Annotated[
        float | None, typer.Option(help="Largest energy asymmetry |y|, for shares within it besides.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="Draw it: FILE.png or FILE.svg.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Print opening angles of internal and of boson pairs.

    One transition, the pairs of a boson beside its internal ones.
    """
    from x17.report.nuclear_text import spectrum_text
    from x17.report.tables import json_text
    from x17.workflows.nuclear import spectrum_document

    document = spectrum_document(transition, multipole, mass, rate, y_cut, out)
    sys.stdout.write(json_text(document) if as_json else spectrum_text(document))


@nuclear_app.command("spectra", epilog="Example: x17 nuclear spectra --mass 16.85 --out spectra.png")
def spectra(
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="FILE.png or FILE.svg.")],
    nucleus: Annotated[str | None, typer.Option(metavar="8Be|4He|12C", help="One nucleus [all].")] = None,
    mass: Annotated[float | None, typer.Option(help="Mass of a boson besides, MeV.")] = None,
    rate: Annotated[
        float | None, typer.Option(help="Its rate, bosons per photon (of E0: per internal pair).")
    ] = None,
) -> None:
    """Draw opening angles of transitions, by nucleus.

    Of the transitions to the ground state.
    """
    from x17.workflows.nuclear import check_figure_name, draw_spectra_to, nuclear_spectra

    check_figure_name(out)
    typer.echo(str(draw_spectra_to(out, nuclear_spectra(nucleus, mass, rate))))


@nuclear_app.command("spectrometer", epilog="Example: x17 nuclear spectrometer atomki-6")
def spectrometer(
    setup: Annotated[
        str, typer.Argument(metavar="SPECTROMETER", help="A shipped spectrometer, or a TOML file.")
    ],
    transition: Annotated[
        float | None,
        typer.Option(metavar="MEV", help="Energy of a transition; without it the setup alone is printed."),
    ] = None,
    multipole: Annotated[
        str, typer.Option(metavar="M1|E1|E2|M2|E0", help="Multipolarity, or shares as M1:0.77,E1:0.23.")
    ] = "M1",
    mass: Annotated[float | None, typer.Option(help="Mass of a boson, MeV.")] = None,
    rate: Annotated[
        float | None, typer.Option(help="Fit a pseudo-experiment with this rate, bosons per photon.")
    ] = None,
    pairs: Annotated[float, typer.Option(help="Internal pairs that the run emits.")] = 1e8,
    external: Annotated[float, typer.Option(help="External pairs per internal pair.")] = 0.0,
    significance: Annotated[float, typer.Option(help="Standard deviations to reach.")] = 5.0,
    simulated: Annotated[int, typer.Option(help="Pairs behind the expected spectra.")] = 2_000_000,
    seed: Annotated[int, typer.Option(help="Seed of all random numbers.")] = 1,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="Draw it: FILE.png or FILE.svg.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Print a pair spectrometer and what it counts.

    With a transition: what it would count, and how many bosons it needs.
    """
    from x17.report.nuclear_text import setup_text, through_text
    from x17.report.tables import json_text
    from x17.workflows.nuclear import check_figure_name
    from x17.workflows.nuclear_spectrometer import (
        SpectrumRequest,
        draw_through,
        setup_document,
        spectrum_through,
    )

    if transition is None:
        document = setup_document(setup)
        sys.stdout.write(json_text(document) if as_json else setup_text(document))
        return
    if out is not None:
        check_figure_name(out)
    request = SpectrumRequest(
        transition, multipole, mass, rate, pairs, external, significance, simulated, seed
    )
    document, spectrum = spectrum_through(setup, request)
    if out is not None:
        document["figure"] = str(draw_through(out, spectrum))
    sys.stdout.write(json_text(document) if as_json else through_text(document))
