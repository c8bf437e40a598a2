"""`x17 reconstruct`, `x17 expect`, `x17 count` and `x17 pipeline`."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from x17.cli.apparatus import SetupName
from x17.cli.options import Assignments, Config, Json, Workers

Out = Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="Folder for the results.")]
SetupFile = Annotated[
    str | None, typer.Option("--setup", metavar="SETUP", help="The setup of the events, if it is a file.")
]
Clustering = Annotated[
    str, typer.Option("--clustering", metavar="padme|island|radius", help="How crystals become clusters.")
]
Periods = Annotated[
    str | None,
    typer.Option("--periods", metavar="LIST", help="Numbers and ranges, e.g. 0-22,28 [all of the plan]."),
]
ExpectedPositrons = Annotated[
    float, typer.Option("--expected-positrons", metavar="N", help="Simulated for the expectation, a period.")
]
Bosons = Annotated[int, typer.Option(metavar="N", help="Bosons a period, for the signal efficiency.")]
KFactor = Annotated[
    str | None,
    typer.Option(
        "--k-factor", metavar="none|published", help="Radiative corrections [published where they hold]."
    ),
]


def reconstruct(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Events of `x17 simulate`.")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="DIR", help="Folder for the clusters [DIR].")
    ] = None,
    setup: SetupFile = None,
    clustering: Clustering = "padme",
    workers: Workers = None,
    as_json: Json = False,
) -> None:
    """Find clusters of hits, and sum the bunches of each run.

    Goes in between `x17 simulate` and `x17 count`.
    """
    from x17.cli.progress import progress_bar
    from x17.reconstruction.clustering import ClusteringSettings
    from x17.reconstruction.reconstruct import ReconstructionSettings
    from x17.report.tables import json_text
    from x17.workflows.expect import algorithm_of
    from x17.workflows.reconstruct import reconstruct as run_reconstruction
    from x17.workflows.reconstruct import reconstruction_text

    settings = ReconstructionSettings(clustering=ClusteringSettings(algorithm=algorithm_of(clustering)))
    with progress_bar() as progress:
        run = run_reconstruction(
            folder, out, settings, setup_name=setup, workers=workers, command=_typed(), progress=progress
        )
    sys.stdout.write(json_text(run.document) if as_json else reconstruction_text(run, out or folder))
    if run.problems:
        raise typer.Exit(2)


def expect(
    out: Out,
    setup: SetupName = "padme-run3",
    periods: Periods = None,
    positrons: Annotated[
        float, typer.Option(metavar="N", help="Positrons on target simulated for each period.")
    ] = 1.6e10,
    bosons: Bosons = 300_000,
    k_factor: KFactor = None,
    clustering: Clustering = "padme",
    seed: Annotated[int, typer.Option(help="Seed; that of data must be another one.")] = 1_000_001,
    workers: Workers = None,
    as_json: Json = False,
) -> None:
    """Expected background and signal efficiency, simulated.

    Background per positron and signal efficiency of every period; `x17 count` needs them.
    The same command goes on where an interrupted one stopped.
    """
    from x17.cli.progress import progress_bar
    from x17.report.tables import json_text
    from x17.workflows.expect import ExpectRequest, expected_text
    from x17.workflows.expect import expect as run_expectation
    from x17.workflows.ranges import numbers_of

    request = ExpectRequest(
        periods=numbers_of(periods, "--periods"),
        positrons=positrons,
        bosons=bosons,
        published_k=_published(k_factor),
        clustering=clustering,
        seed=seed,
    )
    with progress_bar() as progress:
        run = run_expectation(setup, request, out, workers=workers, command=_typed(), progress=progress)
    sys.stdout.write(json_text(run.document) if as_json else expected_text(run, out))


def count(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Clusters, as `x17 reconstruct` leaves them.")
    ],
    expected: Annotated[Path, typer.Option("--expected", metavar="DIR", help="Of `x17 expect`.")],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="scan.csv", help="The scan; a TOML beside it.")],
    calibration: Annotated[
        Path | None, typer.Option("--calibration", metavar="DIR", help="Figures and a page of every step.")
    ] = None,
    setup: SetupFile = None,
    config: Config = None,
    assignments: Assignments = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a scan that is there.")] = False,
    workers: Workers = None,
    as_json: Json = False,
) -> None:
    """Count two-cluster events and make a scan of them.

    Measures the flux too; the scan is one that `x17 search` takes.
    Every cut is a setting; docs/reference/settings.md lists them.
    """
    from x17.cli.progress import progress_bar
    from x17.errors import UsageError
    from x17.report.files import check_file
    from x17.report.tables import json_text
    from x17.statistics.blocks import available_cores
    from x17.workflows.count import setup_of_folder
    from x17.workflows.count_document import count_document
    from x17.workflows.count_settings import resolve_count_settings
    from x17.workflows.pipeline import count_to_files

    if out.suffix != ".csv":
        raise UsageError(f"--out {out}: name a file that ends in .csv")
    check_file(out, force=force)
    apparatus = setup_of_folder(folder, setup)
    settings = resolve_count_settings(apparatus, config=config, assignments=assignments or [])
    with progress_bar() as progress:
        counted = count_to_files(
            out.parent,
            folder,
            expected,
            apparatus,
            settings,
            workers or available_cores(),
            _typed(),
            progress,
            scan=out,
        )
        if calibration is not None:
            from x17.report.calibration_files import write_calibration

            write_calibration(calibration, counted, quick=False, search_report=None, progress=progress)
    if as_json:
        sys.stdout.write(json_text(count_document(counted, _typed())))
        return
    from x17.report.count_text import count_text

    typer.echo(count_text(counted) + f"\n{out}")


def pipeline(
    out: Out,
    setup: SetupName = "padme-run3",
    inject: Annotated[
        str | None,
        typer.Option(metavar="MASS:COUPLING[:J]", help="A boson in the data; J is V, A, S or P [V]."),
    ] = None,
    periods: Periods = None,
    positrons: Annotated[
        float | None, typer.Option(metavar="N", help="On target in each period [those of the period].")
    ] = None,
    expected: Annotated[
        Path | None, typer.Option("--expected", metavar="DIR", help="An expectation that is there already.")
    ] = None,
    expected_positrons: ExpectedPositrons = 1.6e10,
    bosons: Bosons = 300_000,
    k_factor: KFactor = None,
    conditions: Annotated[
        str, typer.Option(metavar="nominal|drawn", help="As the setup says, or runs that drift.")
    ] = "drawn",
    clustering: Clustering = "padme",
    seed: Annotated[int, typer.Option(help="Seed of the data.")] = 1,
    toys: Annotated[
        int | None, typer.Option(metavar="N", help="Toys of the search; 0: asymptotic only [1000].")
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Search as `x17 search --quick` does.")] = False,
    config: Config = None,
    assignments: Assignments = None,
    workers: Workers = None,
    as_json: Json = False,
) -> None:
    """From positrons to limits: simulate, count and search.

    Simulate, reconstruct, expect, count and search, with a report.
    The same command goes on where an interrupted one stopped, to the same numbers.
    """
    from x17.cli.progress import progress_bar, tell
    from x17.report.tables import json_text
    from x17.workflows.count_settings import TABLES, split_assignments
    from x17.workflows.expect import ExpectRequest
    from x17.workflows.pipeline import SEARCH, PipelineRequest
    from x17.workflows.pipeline import pipeline as run_pipeline
    from x17.workflows.ranges import numbers_of
    from x17.workflows.search_settings import quick_note, resolve_settings
    from x17.workflows.simulation_request import injected_boson

    request = PipelineRequest(
        boson=injected_boson(inject),
        periods=numbers_of(periods, "--periods"),
        positrons=positrons,
        expectation=ExpectRequest(
            positrons=expected_positrons, bosons=bosons, published_k=_published(k_factor)
        ),
        clustering=clustering,
        conditions=_drawn(conditions),
        expected=expected,
        seed=seed,
    )
    counting, searching = split_assignments(assignments or [])
    settings = resolve_settings(
        config=config, assignments=searching, options={"limit.toys": toys}, quick=quick, others=TABLES
    )
    if quick and (note := quick_note(config)):
        tell(note)
    with progress_bar() as progress:
        run = run_pipeline(
            setup,
            request,
            out,
            search_settings=settings,
            assignments=counting,
            config=config,
            quick=quick,
            workers=workers,
            command=_typed(),
            progress=progress,
            notify=tell,
        )
    if as_json:
        sys.stdout.write(json_text(run.document))
        return
    from rich.console import Console

    from x17.report.count_text import count_text
    from x17.report.headline import headline
    from x17.report.terminal import print_search

    typer.echo(count_text(run.counted))
    result = run.search.result
    print_search(Console(), result, headline(result), str(run.folder / SEARCH), run.seconds)


def _typed() -> str:
    return shlex.join(["x17", *sys.argv[1:]])


def _published(name: str | None) -> bool | None:
    return None if name is None else _one_of(name, "--k-factor", ("none", "published")) == "published"


def _drawn(name: str) -> bool:
    return _one_of(name, "--conditions", ("nominal", "drawn")) == "drawn"


def _one_of(name: str, option: str, allowed: tuple[str, ...]) -> str:
    from x17.errors import UsageError

    if name not in allowed:
        raise UsageError(f"{option} is {name!r}; allowed: {', '.join(allowed)}")
    return name
