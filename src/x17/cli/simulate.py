"""`x17 simulate` and `x17 display`."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from x17.cli.apparatus import SetupName
from x17.cli.options import Json


def simulate(
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="Folder for the events.")],
    setup: SetupName = "padme-run3",
    period: Annotated[int | None, typer.Option(metavar="N", help="Number of the period.")] = None,
    all_periods: Annotated[bool, typer.Option("--all", help="All periods of the run plan.")] = False,
    positrons: Annotated[
        float | None, typer.Option(metavar="N", help="Positrons on target [those of the period].")
    ] = None,
    processes: Annotated[
        str | None,
        typer.Option(metavar="LIST", help="Of ee, gg, bremsstrahlung, accidental [ee,gg]."),
    ] = None,
    inject: Annotated[
        str | None,
        typer.Option(metavar="MASS:COUPLING[:J]", help="A boson besides; J is V, A, S or P [V]."),
    ] = None,
    pile_up: Annotated[
        bool, typer.Option("--pile-up/--no-pile-up", help="Single positrons of the bunch beside every event.")
    ] = True,
    pile_up_window: Annotated[
        float | None,
        typer.Option(metavar="NS", help="Only single positrons this close to the event [the whole bunch]."),
    ] = None,
    fiducial: Annotated[
        float | None,
        typer.Option(metavar="MM", help="Only events near the two-cluster selection, by this margin [all]."),
    ] = None,
    conditions: Annotated[
        str, typer.Option(metavar="nominal|drawn", help="As the setup says, or runs that drift.")
    ] = "nominal",
    k_factor: Annotated[
        str, typer.Option(metavar="none|published", help="Radiative corrections to the rates of ee and gg.")
    ] = "none",
    bunches: Annotated[
        bool, typer.Option("--bunches", help="Write the beam monitors of every bunch, 100 MB a period.")
    ] = False,
    seed: Annotated[int, typer.Option(help="Seed of all random numbers.")] = 1,
    file_format: Annotated[
        str, typer.Option("--format", metavar="parquet|root", help="Of the events.")
    ] = "parquet",
    workers: Annotated[
        int | None, typer.Option(min=1, max=1024, help="Threads [all cores]; events do not depend on it.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Simulate events, from the target to the detectors.

    Events of one period or all, from the positron in the target to hits in the detectors.
    The same command goes on where an interrupted one stopped.
    """
    from x17.cli.progress import progress_bar
    from x17.errors import UsageError
    from x17.report.tables import json_text
    from x17.workflows.simulate import simulate as simulate_periods
    from x17.workflows.simulate import simulation_text
    from x17.workflows.simulation_request import SimulationRequest, injected_boson, processes_of

    if all_periods == (period is not None):
        raise UsageError("give one of --period N and --all")
    request = SimulationRequest(
        period=period,
        positrons=positrons,
        processes=processes_of(processes),
        boson=injected_boson(inject),
        pile_up=pile_up,
        pile_up_window_ns=pile_up_window,
        fiducial_margin_mm=fiducial,
        conditions=conditions,
        k_factor=k_factor,
        bunches=bunches,
        seed=seed,
        format=file_format,
    )
    with progress_bar() as progress:
        run = simulate_periods(
            setup,
            request,
            out,
            workers=workers,
            command=shlex.join(["x17", *sys.argv[1:]]),
            progress=progress,
        )
    sys.stdout.write(json_text(run.document) if as_json else simulation_text(run, out))


def digitise(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Events of an outside generator.")],
    generator: Annotated[
        str, typer.Option("--from", metavar="hepmc|babayaga|calchep|calchep-photons", help="Its format.")
    ],
    sqrt_s: Annotated[float, typer.Option("--sqrt-s", help="Of the beam, MeV.")],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="FILE.parquet or FILE.root.")],
    setup: Annotated[str, typer.Option(metavar="SETUP", help="Shipped setup or file.")] = "padme-run3",
    rate: Annotated[
        float | None,
        typer.Option(metavar="RATE", help="Events per positron that FILE stands for [HepMC weights, or 1]."),
    ] = None,
    pile_up: Annotated[
        bool, typer.Option("--pile-up/--no-pile-up", help="Single positrons of the bunch beside every event.")
    ] = True,
    seed: Annotated[int, typer.Option(help="Seed of all random numbers.")] = 1,
    as_json: Json = False,
) -> None:
    """Make hits of the events of an outside generator.

    As `x17 simulate` makes them of its own.
    """
    from x17.report.tables import json_text
    from x17.workflows.digitise import DigitiseRequest, digitise_file

    request = DigitiseRequest(
        generator=generator, sqrt_s_mev=sqrt_s, rate_per_pot=rate, pile_up=pile_up, seed=seed
    )
    made = digitise_file(file, setup, request, out)
    if as_json:
        sys.stdout.write(json_text(made))
    else:
        typer.echo(f"{made['n_events']} events of {made['process']}, {made['rate_per_pot']:.4g} per positron")
        typer.echo(str(out))


def display(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Events, .parquet or .root.")],
    event: Annotated[int, typer.Option(metavar="N", help="Number of the event.")],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="FILE.png or FILE.svg.")],
    setup: Annotated[
        str | None, typer.Option(metavar="SETUP", help="The setup of the events, if it is a file.")
    ] = None,
) -> None:
    """Draw an event on the face of the calorimeter.

    Shows energies of the hits, and where particles came in.
    """
    from x17.workflows.display import draw_event

    typer.echo(str(draw_event(file, event, out, setup)))
