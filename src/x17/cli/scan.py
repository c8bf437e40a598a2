"""`x17 scan show` and `x17 scan validate`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from x17.cli.options import Json, Scan

scan_app = typer.Typer(
    help="Look at a scan: its points, corrections and error budget.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@scan_app.command("list", epilog="Example: x17 scan list")
def list_(as_json: Json = False) -> None:
    """List the scans that ship with x17."""
    from x17.report.tables import json_text
    from x17.scan import EnergyScan, datasets

    scans = [EnergyScan.load(name) for name in datasets.names()]
    if as_json:
        rows = [{"name": s.name, "n_points": len(s), "source": s.source} for s in scans]
        sys.stdout.write(json_text({"scans": rows}))
        return
    for scan in scans:
        typer.echo(f"{scan.name}: {len(scan)} points; {scan.source}")
    typer.echo("A table of yours is named by its file: x17 search my_scan.csv")


@scan_app.command("show", epilog="Example: x17 scan show padme-run3 --errors")
def show(
    scan: Scan = "padme-run3",
    without: Annotated[
        list[str] | None,
        typer.Option(metavar="CORRECTION", help="Take a correction off first; may be repeated."),
    ] = None,
    errors: Annotated[
        bool, typer.Option("--errors", help="Errors and validation columns point by point.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Print the points of a scan and its error budget.

    With the observable g_R and the corrections.
    """
    from x17.report.scan_document import scan_document, sealed_document
    from x17.report.tables import json_text
    from x17.scan import EnergyScan
    from x17.scan.corrections import remove
    from x17.scan.sealed_scan import find_open_part

    part = None if without else find_open_part(scan)
    if part is not None:
        document = sealed_document(part)
    else:
        loaded = EnergyScan.load(scan)
        for name in without or []:
            loaded = remove(loaded, name)
        document = scan_document(loaded)
    if as_json:
        sys.stdout.write(json_text(document))
        return
    from rich.console import Console

    from x17.report.terminal import print_scan

    print_scan(Console(), document, errors=errors)


@scan_app.command("validate", epilog="Example: x17 scan validate my_scan.csv")
def validate(scan: Scan = "padme-run3", as_json: Json = False) -> None:
    """Check a scan's files; lists every problem at once.

    Each with its line, column and value.
    """
    from x17.report.tables import json_text
    from x17.scan import EnergyScan
    from x17.scan.sealed_scan import find_open_part

    part = find_open_part(scan)
    loaded = EnergyScan.load(scan) if part is None else part.expected
    n_used = len(loaded.search_points())
    if as_json:
        document = {
            "valid": True,
            "name": loaded.name,
            "n_points": len(loaded),
            "n_used": n_used,
            "notes": list(loaded.notes),
        }
        if part is not None:
            document["n_sealed"] = part.n_sealed
        sys.stdout.write(json_text(document))
        return
    for note in loaded.notes:
        typer.echo(f"note: {note}")
    sealed = "" if part is None else f"; the counts of {part.n_sealed} points are sealed"
    typer.echo(f"{loaded.name}: valid, {len(loaded)} points, {n_used} used in the search{sealed}")
