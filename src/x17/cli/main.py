"""The command `x17`: parse, call one function of the library, print."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from x17 import __version__
from x17.cli.apparatus import apparatus_app
from x17.cli.blind import blind_app
from x17.cli.checks import checks
from x17.cli.combine import combine
from x17.cli.constraints import constraints_app
from x17.cli.coverage import coverage
from x17.cli.export import export, import_
from x17.cli.limits import limits
from x17.cli.nuclear import nuclear_app
from x17.cli.observables import observables
from x17.cli.pipeline import count, expect, pipeline, reconstruct
from x17.cli.plan import plan
from x17.cli.project import project
from x17.cli.scan import scan_app
from x17.cli.search import search
from x17.cli.significance import significance
from x17.cli.simulate import digitise, display, simulate
from x17.cli.theory import theory_app
from x17.cli.toys import toys_app
from x17.errors import X17Error

INTERRUPTED = 130
"""Exit code after Ctrl-C."""

app = typer.Typer(
    name="x17",
    help="Resonance searches with a positron beam: from a scan of beam energies to limits and p-values.",
    no_args_is_help=True,
    add_completion=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"x17 {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and stop.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Resonance searches with a positron beam: from a scan of beam energies to limits and p-values.

    Start with `x17 search`: it searches the published PADME Run III scan and writes
    results/padme-run3/report.html.
    """
    del version


app.command("search")(search)
app.command("significance")(significance)
app.command("limits")(limits)
app.command("coverage")(coverage)
app.command("checks")(checks)
app.command("combine")(combine)
app.command("plan")(plan)
app.command("export")(export)
app.command("import")(import_)
app.command("observables")(observables)
app.command("simulate")(simulate)
app.command("digitise")(digitise)
app.command("display")(display)
app.command("reconstruct")(reconstruct)
app.command("expect")(expect)
app.command("count")(count)
app.command("pipeline")(pipeline)
app.command("project")(project)
app.add_typer(apparatus_app, name="apparatus")
app.add_typer(blind_app, name="blind")
app.add_typer(constraints_app, name="constraints")
app.add_typer(nuclear_app, name="nuclear")
app.add_typer(scan_app, name="scan")
app.add_typer(theory_app, name="theory")
app.add_typer(toys_app, name="toys")


def main() -> None:
    """Run the command line; errors the package raises on purpose are printed without a traceback."""
    try:
        app()
    except X17Error as error:
        sys.stderr.write(f"x17: {error}\n")
        raise SystemExit(error.exit_code) from None
    except SystemExit as stop:
        if stop.code == INTERRUPTED:
            sys.stderr.write("x17: interrupted; no results were written\n")
        raise
