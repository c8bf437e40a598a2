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
from x17.cli.doctor import doctor
from x17.cli.explore import explore
from x17.cli.export import export, import_
from x17.cli.help_groups import GroupedCommands
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
    no_args_is_help=True,
    add_completion=True,
    cls=GroupedCommands,
    epilog="`x17 COMMAND --help` shows options and an example. `x17 doctor` checks the installation.",
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
    results/padme-run3/report.html. With a table of yours: `x17 search my_scan.csv`.
    """
    del version


app.command("search", epilog="Example: x17 search padme-run3 --quick --out results/first-look")(search)
app.command("significance", epilog="Example: x17 significance --window 16.6:17.2 --toys 2000")(significance)
app.command("limits", epilog="Example: x17 limits --masses 16.9 --method cls,pcl --toys 0")(limits)
app.command("coverage", epilog="Example: x17 coverage --mass 16.9 --couplings 0,4e-4 --toys 500")(coverage)
app.command("checks", epilog="Example: x17 checks --quick --out results/checks")(checks)
app.command("explore", epilog="Example: x17 explore results/padme-run3")(explore)
app.command("combine", epilog="Example: x17 combine padme-run3 --toys 0")(combine)
app.command("plan", epilog="Example: x17 plan --positrons 3e11 --steps 12 --toys 0")(plan)
app.command("export", epilog="Example: x17 export results/padme-run3 --to hs3 --out results/hs3")(export)
app.command("import", epilog="Example: x17 import results/hs3 --out my_scan.csv")(import_)
app.command("observables", epilog="Example: x17 observables padme-run4 --tagging tracker")(observables)
app.command("simulate", epilog="Example: x17 simulate --period 5 --positrons 1e8 --out events")(simulate)
app.command(
    "digitise", epilog="Example: x17 digitise my.hepmc --from hepmc --sqrt-s 16.9 --out hits.parquet"
)(digitise)
app.command("display", epilog="Example: x17 display events/period-05/ee.parquet --event 0 --out event.png")(
    display
)
app.command("reconstruct", epilog="Example: x17 reconstruct events --out clusters")(reconstruct)
app.command("expect", epilog="Example: x17 expect --periods 5 --positrons 1e8 --out expected")(expect)
app.command("count", epilog="Example: x17 count clusters --expected expected --out my_scan.csv")(count)
app.command("pipeline", epilog="Example: x17 pipeline --periods 0-10 --quick --out results/chain")(pipeline)
app.command("project", epilog="Example: x17 project padme-run4 --statistics 2")(project)
app.command("doctor", epilog="Example: x17 doctor")(doctor)
app.add_typer(apparatus_app, name="apparatus")
app.add_typer(blind_app, name="blind")
app.add_typer(constraints_app, name="constraints")
app.add_typer(nuclear_app, name="nuclear")
app.add_typer(scan_app, name="scan")
app.add_typer(theory_app, name="theory")
app.add_typer(toys_app, name="toys")


def _never_fail_on_a_sign() -> None:
    """Let terminals that lack χ or ² show a question mark: a finished search must not end in a traceback."""
    for stream in (sys.stdout, sys.stderr):
        encoding = (getattr(stream, "encoding", None) or "").lower().replace("-", "")
        if encoding != "utf8" and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def main() -> None:
    """Run the command line; errors the package raises on purpose are printed without a traceback."""
    _never_fail_on_a_sign()
    try:
        app()
    except X17Error as error:
        sys.stderr.write(f"x17: {error}\n")
        raise SystemExit(error.exit_code) from None
    except SystemExit as stop:
        if stop.code == INTERRUPTED:
            sys.stderr.write("x17: interrupted; no results were written\n")
        raise
