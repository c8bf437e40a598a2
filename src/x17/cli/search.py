"""`x17 search`."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from x17.cli.options import Assignments, Bank, Cl, Force, Json, Masses, Scan, Seed, Workers


def search(
    scan: Scan = "padme-run3",
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="DIR", help="Folder of the results [results/<scan>]."),
    ] = None,
    masses: Masses = None,
    couplings: Annotated[
        str | None,
        typer.Option(metavar="LO:HI:N", help="N couplings g_ve, both ends included [1e-4:9.775e-4:40]."),
    ] = None,
    boson: Annotated[
        str | None, typer.Option(metavar="V|A|S|P", help="Spin and parity of the boson searched for [V].")
    ] = None,
    lineshape: Annotated[
        str | None, typer.Option(metavar="voigt|computed", help="Line shape of the boson [voigt].")
    ] = None,
    cl: Cl = None,
    toys: Annotated[
        int | None,
        typer.Option(metavar="N", help="Toys per hypothesis and (M, g); 0: asymptotic only [1000]."),
    ] = None,
    seed: Seed = None,
    workers: Workers = None,
    quick: Annotated[
        bool,
        typer.Option(
            "--quick",
            help="In seconds: every other mass, no toys, no vector figures; --config and --set win.",
        ),
    ] = False,
    full: Annotated[
        bool,
        typer.Option("--full", help="Add global p-values and expected limits from pseudo-experiments."),
    ] = False,
    bank: Bank = None,
    constraints: Annotated[
        bool,
        typer.Option("--constraints", help="Show bounds of other experiments in the figure of the limits."),
    ] = False,
    checks: Annotated[
        bool,
        typer.Option("--checks", help="Add what variations of the analysis change, as `x17 checks --quick`."),
    ] = False,
    config: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.toml", help="Settings: [search], [model], [limit], [sideband], [significance]."
        ),
    ] = None,
    assignments: Assignments = None,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Search a scan for a boson: fits, limits, p-value, report.

    Side band, best fit, limits, local p-value, figures, and one HTML file that shows it all.
    What stands in [ ] is the default. Every setting is listed in docs/reference/settings.md.
    """
    from x17.cli.progress import progress_bar, tell
    from x17.report.tables import json_text
    from x17.statistics.blocks import available_cores
    from x17.workflows.search_results import search_to_folder
    from x17.workflows.search_settings import quick_note, resolve_settings

    settings = resolve_settings(
        config=config,
        assignments=assignments or [],
        options={
            "search.masses": masses,
            "search.couplings": couplings,
            "model.boson": boson,
            "model.lineshape": lineshape,
            "limit.cl": cl,
            "limit.toys": toys,
            "limit.seed": seed,
        },
        quick=quick,
    )
    if quick and (note := quick_note(config)):
        tell(note)
    with progress_bar() as progress:
        run = search_to_folder(
            scan,
            settings,
            out=out,
            quick=quick,
            full=full,
            bank=bank,
            constraints=constraints,
            checks=checks,
            force=force,
            workers=workers or available_cores(),
            command=shlex.join(["x17", *sys.argv[1:]]),
            options={
                "out": str(out) if out else None,
                "quick": quick,
                "full": full,
                "constraints": constraints,
                "checks": checks,
                "config": str(config) if config else None,
                "set": assignments or [],
                "workers": workers,
            },
            progress=progress,
            notify=tell,
        )
    if as_json:
        sys.stdout.write(json_text(run.summary))
        return
    from rich.console import Console

    from x17.report.headline import headline
    from x17.report.terminal import print_search

    print_search(Console(), run.result, headline(run.result), str(run.folder), run.seconds)
