"""`x17 blind`."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from x17.cli.options import Assignments, Config, Force, Json, Scan, Seed, Workers

if TYPE_CHECKING:
    from x17.blinding.keys import Secret
    from x17.workflows.search_settings import SearchSettings

blind_app = typer.Typer(
    help="Blind analysis: seal counts, test the side band, open.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Sealed = Annotated[Path, typer.Argument(metavar="SEALED", help="A sealed scan; its log is beside it.")]
KeyFile = Annotated[
    Path | None, typer.Option("--key-file", metavar="FILE", help="Key: 64 hexadecimal digits.")
]
PassphraseFile = Annotated[
    Path | None,
    typer.Option("--passphrase-file", metavar="FILE", help="Passphrase, on the first line of a file."),
]


@blind_app.command("seal", epilog="Example: x17 blind seal my_scan.csv --points auto --key-file my.key")
def seal(
    scan: Scan,
    points: Annotated[
        str,
        typer.Option(
            metavar="LO:HI|auto", help="√s of the points to seal, MeV, both included; auto: every count."
        ),
    ],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="The sealed scan [SCAN.sealed].")
    ] = None,
    key_file: KeyFile = None,
    passphrase_file: PassphraseFile = None,
    config: Config = None,
    assignments: Assignments = None,
    as_json: Json = False,
) -> None:
    """Encrypt counts, and fix the settings of the analysis.

    The counts of the points that are named can then be read with the key alone.
    The passphrase is asked for unless a file or X17_PASSPHRASE gives it; a key file not there is made.
    """
    from x17.report.tables import json_text
    from x17.workflows.blind_seal import seal_scan
    from x17.workflows.search_settings import resolve_settings

    settings = resolve_settings(config=config, assignments=assignments or [])
    run = seal_scan(scan, points, settings, _secret(key_file, passphrase_file, new=True), out=out)
    if as_json:
        sys.stdout.write(json_text(run.document))
        return
    typer.echo(f"{run.sealed}: {run.document['n_sealed']} of {run.document['n_points']} points sealed")
    typer.echo(f"{run.log}: its log; last hash {run.document['log_head']}")
    if run.original is not None:
        typer.echo(f"The counts are still open in {run.original}: give it to the keeper of the key.")


@blind_app.command("check", epilog="Example: x17 blind check my_scan.sealed --key-file my.key")
def check(
    sealed: Sealed,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="DIR", help="Folder of the results [results/<scan>-check]."),
    ] = None,
    key_file: KeyFile = None,
    passphrase_file: PassphraseFile = None,
    config: Config = None,
    assignments: Assignments = None,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Test the side band in memory; exit code 1 if it fails.

    Shows what is not masked. Where every count is sealed, nothing is shown until all criteria hold.
    """
    from x17.report.blind_text import print_criteria
    from x17.report.tables import json_text
    from x17.workflows.blind_check import check_sealed

    run = check_sealed(
        sealed,
        _secret(key_file, passphrase_file),
        _settings(config, assignments),
        out=out,
        force=force,
        command=shlex.join(["x17", *sys.argv[1:]]),
    )
    if as_json:
        sys.stdout.write(json_text(run.document))
    else:
        from rich.console import Console

        print_criteria(Console(), run.document)
        if run.folder is not None:
            typer.echo(str(run.folder))
    if not run.document["passed"]:
        raise typer.Exit(1)


@blind_app.command("open", epilog="Example: x17 blind open my_scan.sealed --key-file my.key")
def open_(
    sealed: Sealed,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE.csv", help="The opened scan [SEALED-opened.csv]."),
    ] = None,
    override: Annotated[
        str | None,
        typer.Option(metavar="REASON", help="Open although a criterion failed; the reason stays in the log."),
    ] = None,
    key_file: KeyFile = None,
    passphrase_file: PassphraseFile = None,
    config: Config = None,
    assignments: Assignments = None,
    as_json: Json = False,
) -> None:
    """Write the scan with all counts, if the criteria hold.

    The log then proves what was fixed before.
    """
    from x17.report.blind_text import print_criteria
    from x17.report.tables import json_text
    from x17.workflows.blind_open import open_sealed

    run = open_sealed(
        sealed,
        _secret(key_file, passphrase_file),
        _settings(config, assignments),
        override=override,
        out=out,
    )
    if as_json:
        sys.stdout.write(json_text(run.document))
        return
    from rich.console import Console

    print_criteria(Console(), run.document)
    if run.document["override"]:
        typer.echo(f"opened all the same: {run.document['override']}")
    typer.echo(f"{run.csv}, {run.toml}: the scan; {run.settings}: the settings, for --config")


@blind_app.command("log", epilog="Example: x17 blind log my_scan.sealed")
def log(
    sealed: Sealed,
    opened: Annotated[
        str | None,
        typer.Option("--opened", metavar="SCAN", help="Verify that this is the scan that was sealed."),
    ] = None,
    known_hash: Annotated[
        str | None,
        typer.Option("--hash", metavar="HASH", help="Verify that the log has the entry of this hash."),
    ] = None,
    key_file: KeyFile = None,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Print the log of a sealed scan and verify its chain.

    With a key file its signatures are verified too.
    """
    from x17.report.tables import json_text
    from x17.workflows.blind_log import read_log

    secret = _secret(key_file, passphrase_file) if key_file or passphrase_file else None
    document = read_log(sealed, secret, opened, known_hash).document()
    if as_json:
        sys.stdout.write(json_text(document))
        return
    from rich.console import Console

    from x17.report.blind_text import print_log

    print_log(Console(), document)


@blind_app.command("power", epilog="Example: x17 blind power --extra 0,0.5 --toys 500")
def power(
    scan: Scan = "padme-run3",
    extra: Annotated[
        str | None,
        typer.Option(metavar="LIST", help="Unknown errors of every point, per cent [0,0.1,...,1.1]."),
    ] = None,
    masses: Annotated[
        str | None, typer.Option(metavar="LO:HI:STEP", help="Masses of bosons, MeV, or a single one [16.9].")
    ] = None,
    couplings: Annotated[
        str | None,
        typer.Option(metavar="LIST", help="Their g_ve; 0 is no boson [0,2e-4,4e-4,5e-4,6e-4,8e-4,1e-3]."),
    ] = None,
    thresholds: Annotated[
        str | None, typer.Option(metavar="LIST", help="Smallest P(χ²) accepted [0.2,0.4].")
    ] = None,
    toys: Annotated[int, typer.Option(metavar="N", help="Pseudo-experiments of each case.")] = 10_000,
    seed: Seed = None,
    workers: Workers = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="DIR", help="Folder for JSON, CSV and figure.")
    ] = None,
    config: Config = None,
    assignments: Assignments = None,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """How often the procedure sees an unknown error, a boson.

    How often it accepts a scan with such an error, and how often the mask finds the boson.
    Counts are not looked at: a sealed scan will do.
    """
    from x17.cli.progress import progress_bar
    from x17.report.tables import json_text
    from x17.workflows.blind_power import PowerRequest, find_power
    from x17.workflows.search_settings import resolve_settings

    settings = resolve_settings(config=config, assignments=assignments or [], options={"limit.seed": seed})
    request = PowerRequest.of_texts(
        extra=extra, masses=masses, couplings=couplings, thresholds=thresholds, toys=toys
    )
    with progress_bar() as progress:
        run = find_power(
            scan,
            settings,
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

    from x17.report.power_table import print_power

    print_power(Console(), run.table, run.scan_name)
    if out is not None:
        typer.echo(f"\n{out}")


def _secret(key_file: Path | None, passphrase_file: Path | None, *, new: bool = False) -> Secret:
    """The key from where the user has it; a new passphrase is asked for twice."""
    from x17.workflows.blind_keys import find_secret

    def ask() -> str:
        return str(typer.prompt("Passphrase", hide_input=True, confirmation_prompt=new, err=True))

    return find_secret(key_file, passphrase_file, ask if sys.stdin.isatty() else None, new=new)


def _settings(config: Path | None, assignments: list[str] | None) -> SearchSettings | None:
    """Settings if any were given, to be compared with those that were fixed."""
    if config is None and not assignments:
        return None
    from x17.workflows.search_settings import resolve_settings

    return resolve_settings(config=config, assignments=assignments or [])
