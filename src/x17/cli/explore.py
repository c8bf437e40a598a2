"""`x17 explore`."""

from __future__ import annotations

from typing import Annotated

import typer


def explore(
    what: Annotated[
        str,
        typer.Argument(metavar="RESULTS|SCAN", help="A folder of results, a shipped scan, a CSV or TOML."),
    ] = "padme-run3",
    port: Annotated[int, typer.Option(metavar="N", help="Port; 0 takes any free one.")] = 8017,
    host: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Where to listen; other machines reach only another one.")
    ] = "127.0.0.1",
    browser: Annotated[bool, typer.Option(help="Open the page in the browser.")] = True,
) -> None:
    """Explore a scan in the browser: sliders, figures, events.

    Sliders for the boson, switches for corrections and points; figures and p-values follow at once. A second
    tab shows simulated events on the calorimeter.

    The page is served by this machine, works without a network, and stops with Ctrl-C.
    """
    from x17.cli.progress import tell
    from x17.explorer.server import LOOPBACK, serve
    from x17.workflows.explore import open_subject

    subject = open_subject(what)
    if host not in LOOPBACK:
        tell(f"Warning: --host {host} lets other machines open the page; there is no password.")
    reach = "this machine only" if host in LOOPBACK else "also other machines"
    serve(
        subject,
        host=host,
        port=port,
        show=browser,
        announce=lambda address: tell(f"{subject.scan.name} at {address} ({reach}); stop with Ctrl-C"),
    )
