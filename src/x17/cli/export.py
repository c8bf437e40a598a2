"""`x17 export` and `x17 import`."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from x17.cli.options import Force, Json


def export(
    results: Annotated[Path, typer.Argument(metavar="RESULTS", help="A folder that `x17 search` wrote.")],
    to: Annotated[str, typer.Option("--to", metavar="hs3|pyhf|hepdata|root|csv", help="The format.")],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="PATH", help="Folder; for root FILE.root.")],
    masses: Annotated[
        str | None,
        typer.Option(metavar="LO:HI:STEP", help="Masses of the likelihoods, MeV [those of the search]."),
    ] = None,
    lossy: Annotated[
        bool,
        typer.Option("--lossy", help="Write also what the format cannot carry whole; it says what is lost."),
    ] = False,
    record: Annotated[
        str | None, typer.Option(metavar="insNNNNNNN", help="Record in INSPIRE, for pyhf's patch set.")
    ] = None,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Write results for other programs: likelihoods, tables.

    Likelihoods as HS3 or pyhf, tables as CSV or ROOT, or a HEPData submission.
    """
    from x17.cli.progress import progress_bar
    from x17.errors import UsageError
    from x17.report.tables import json_text
    from x17.workflows.export_results import export_results
    from x17.workflows.export_source import ExportRequest, Format
    from x17.workflows.method_results import mass_range

    if to not in set(Format):
        raise UsageError(f"--to is {to!r}; allowed: {', '.join(Format)}")
    request = ExportRequest(format=Format(to), masses=mass_range(masses), lossy=lossy, record=record)
    with progress_bar() as progress:
        run = export_results(
            results,
            request,
            out,
            force=force,
            command=shlex.join(["x17", *sys.argv[1:]]),
            progress=progress,
        )
    if as_json:
        sys.stdout.write(json_text(run.document))
        return
    for sentence in run.sentences:
        typer.echo(sentence)
    typer.echo(str(run.place))


def import_(
    path: Annotated[
        Path, typer.Argument(metavar="FILE", help="HS3, pyhf, HEPData, ROOT, CSV, or a folder of it.")
    ],
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="SCAN.csv", help="The scan; its TOML beside it.")
    ],
    column: Annotated[
        list[str] | None,
        typer.Option(
            "--column", metavar="COLUMN=HEADER", help="HEPData: which variable is a column of the scan."
        ),
    ] = None,
    value: Annotated[
        list[str] | None,
        typer.Option("--value", metavar="COLUMN=NUMBER", help="HEPData: one number at all points."),
    ] = None,
    table: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="HEPData: table of a submission [the first that is a scan]."),
    ] = None,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Make a scan of exported files or a HEPData table.

    Takes what `x17 export` wrote, or a HEPData table of another experiment.
    """
    from x17.report.tables import json_text
    from x17.workflows.import_scan import ImportRequest, column_choice, import_scan

    request = ImportRequest(columns=column_choice(column or [], value or []), table=table)
    run = import_scan(path, out, request, force=force)
    if as_json:
        sys.stdout.write(json_text(run.document))
        return
    for note in run.scan.notes:
        typer.echo(f"note: {note}")
    typer.echo(f"{run.scan.name}: {len(run.scan)} points, {run.document['n_used']} used in the search")
    typer.echo(str(run.files[0]))
