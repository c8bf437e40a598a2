"""`x17 toys`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from x17.cli.options import (
    Assignments,
    Bank,
    Config,
    Ensemble,
    Json,
    KConstraint,
    Masses,
    Scan,
    Scheduler,
    Seed,
    Workers,
)

toys_app = typer.Typer(
    help="Make toys once and keep them: banks of toys on disk.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@toys_app.command("generate", epilog="Example: x17 toys generate padme-run3 --toys 1000")
def generate(
    scan: Scan = "padme-run3",
    bank: Bank = None,
    toys: Annotated[int, typer.Option(metavar="N", help="Toys of each set; what is there counts.")] = 10_000,
    seed: Seed = None,
    ensemble: Ensemble = None,
    k_constraint: KConstraint = None,
    masses: Masses = None,
    inject: Annotated[
        str | None, typer.Option(metavar="MASS:COUPLING", help="Put a boson into the pseudo-experiments.")
    ] = None,
    tested: Annotated[
        bool,
        typer.Option("--tested", help="Toys that test every (M, g) with and without the boson instead."),
    ] = False,
    couplings: Annotated[
        str | None,
        typer.Option(metavar="LO:HI:N", help="With --tested: N couplings g_ve [1e-4:9.775e-4:40]."),
    ] = None,
    best: Annotated[
        bool, typer.Option("--best", help="With --tested: keep what Feldman-Cousins needs.")
    ] = False,
    blocks: Annotated[
        str | None,
        typer.Option(metavar="FROM:TO", help="Only these blocks of each set, from 0, both included."),
    ] = None,
    workers: Workers = None,
    scheduler: Scheduler = None,
    config: Config = None,
    assignments: Assignments = None,
    as_json: Json = False,
) -> None:
    """Make the toys that a bank lacks.

    Pseudo-experiments fitted at every mass, or with --tested toys of tested couplings.
    Every block is safe as soon as it is made: after Ctrl-C, a crash or a full disk the same command goes on.
    """
    from x17.cli.progress import progress_bar, tell
    from x17.workflows.ranges import boson_to_inject
    from x17.workflows.search_settings import resolve_settings
    from x17.workflows.toys import ToyRequest, block_range, generate_toys

    settings = resolve_settings(
        config=config,
        assignments=assignments or [],
        options={
            "search.masses": masses,
            "search.couplings": couplings,
            "limit.seed": seed,
            "limit.ensemble": ensemble,
            "model.k_constraint": k_constraint,
        },
    )
    request = ToyRequest(
        toys=toys,
        boson=boson_to_inject(inject),
        tested=tested,
        best=best,
        blocks=block_range(blocks),
    )
    with progress_bar() as progress:
        made = generate_toys(
            scan,
            settings,
            request,
            folder=bank,
            workers=workers,
            scheduler=scheduler,
            progress=progress,
            notify=tell,
        )
    if as_json:
        _print_json(made)
        return
    sets = made["sets"][0] if len(made["sets"]) == 1 else f"{len(made['sets'])} sets"
    typer.echo(
        f"{sets}: {made['made']} toys made in {made['seconds']:.1f} s ({made['toys_per_second']:.0f}/s), "
        f"{made['found']} were there"
    )
    typer.echo(f"fits that failed among those made: {_counts(made['failed_fits'])}")
    typer.echo(str(made["bank"]))


@toys_app.command("status", epilog="Example: x17 toys status padme-run3")
def status(scan: Scan = "padme-run3", bank: Bank = None, as_json: Json = False) -> None:
    """Print what a bank holds; exit code 1 if damaged.

    Set by set; every block is read.
    """
    from x17.workflows.toys import toys_status

    held = toys_status(scan, bank)
    if as_json:
        _print_json(held)
        raise typer.Exit(1 if held["damaged"] else 0)
    from rich.console import Console
    from rich.table import Table

    typer.echo(f"{held['bank']}: toys of {held['scan']}")
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("toys", overflow="fold")
    for title in ("blocks", "number", "failed fits", "MB"):
        table.add_column(title, justify="right")
    for row in held["sets"]:
        table.add_row(*_row(row))
    Console().print(table)
    typer.echo(f"{held['toys']} toys, {held['megabytes']} MB")
    for item in held["damaged"]:
        typer.echo(f"damaged: {item['file']}: {item['reason']}; the command that needs it makes it again")
    if held["damaged"]:
        raise typer.Exit(1)


def _row(row: dict[str, Any]) -> tuple[str, ...]:
    masses = row.get("masses", [])
    grid = f"{len(masses)} masses {masses[0]:g} to {masses[-1]:g} MeV" if masses else ""
    model = ", ".join(f"{key.removeprefix('model.')} {value}" for key, value in row["choices"].items())
    parts = (row["description"], row["ensemble"], model, grid, f"seed {row['seed']}")
    return (
        "; ".join(part for part in parts if part) + ("" if row["usable"] else "; of another x17, not used"),
        str(row["blocks"]),
        str(row["toys"]),
        _counts(row["failed_fits"]),
        f"{row['megabytes']:.1f}",
    )


@toys_app.command("merge", epilog="Example: x17 toys merge results/toybank/padme-run3 other/toybank")
def merge(
    into: Annotated[Path, typer.Argument(metavar="INTO", help="Bank that is to have everything.")],
    sources: Annotated[list[Path], typer.Argument(metavar="FROM...", help="Banks to be taken over.")],
    as_json: Json = False,
) -> None:
    """Put banks of the same scan together.

    Exit code 1 if a block was damaged or contradicts another.
    """
    from x17.cli.progress import tell
    from x17.workflows.toys import merge_toys

    done = merge_toys(into, sources, tell)
    if as_json:
        _print_json(done)
    else:
        typer.echo(
            f"{done['bank']}: {done['copied']} blocks copied, {done['present']} were there, "
            f"{done['close']} there from another processor, {len(done['refused'])} refused, "
            f"{len(done['damaged'])} damaged"
        )
    if not done["ok"]:
        raise typer.Exit(1)


def _counts(failures: dict[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in failures.items()) or "0"


def _print_json(document: dict[str, Any]) -> None:
    from x17.report.tables import json_text

    sys.stdout.write(json_text(document))
