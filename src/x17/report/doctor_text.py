"""What `x17 doctor` found, for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

_STYLES = {"ok": "", "note": "yellow", "failed": "bold red"}


def print_doctor(console: Console, document: dict[str, Any]) -> None:
    """Print the verdict, what was looked at, the self-test, the extras, and what to do next.

    Parameters
    ----------
    console : rich.console.Console
    document : dict
        Of an examination.
    """
    from rich.text import Text

    verdict, style = _verdict(document)
    console.print(Text(verdict, style=style))
    console.print()
    console.print(_findings(document))
    console.print()
    console.print(_extras(document))
    if document["pip_all"] is not None:
        console.print()
        console.print("To add what commands can use (all of it is optional; name only what you want):")
        console.print(Text(f"  {document['pip_all']}"), soft_wrap=True)
    console.print()
    console.print(Text(_next(document), style="green" if document["sound"] else "bold red"))


def _verdict(document: dict[str, Any]) -> tuple[str, str]:
    if not document["sound"]:
        return "x17 does not work here: see what is marked FAILED.", "bold red"
    noted = [finding["name"] for finding in document["findings"] if finding["state"] == "note"]
    if noted:
        return f"x17 works here. To be looked at: {', '.join(noted)}.", "bold yellow"
    return "x17 works here.", "bold green"


def _findings(document: dict[str, Any]) -> Any:
    """Table of what was looked at, the self-test last."""
    from rich.table import Table
    from rich.text import Text

    table = Table(show_header=False, box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for finding in document["findings"]:
        label = "FAILED: " if finding["state"] == "failed" else ""
        table.add_row(finding["name"], Text(label + finding["text"], style=_STYLES[finding["state"]]))
        if finding["advice"]:
            table.add_row("", Text(finding["advice"], style=_STYLES[finding["state"]]))
    tested = document["self_test"]
    for k, line in enumerate(_self_test_lines(tested)):
        table.add_row("" if k else "self-test", Text(line, style="" if tested["passed"] else "bold red"))
    return table


def _self_test_lines(tested: dict[str, Any]) -> list[str]:
    if tested["failure"] is not None:
        return [f"FAILED after {tested['seconds']:.1f} s: {tested['failure']}"]
    word = "passed" if tested["passed"] else "FAILED: the numbers differ"
    compiled = f", of which {tested['first_fit_seconds']:.1f} s to compile" if tested["compiled_now"] else ""
    return [
        f"{word}; {tested['seconds']:.1f} s{compiled}; {tested['fits_per_second']:,.0f} fits/s on one core",
        *(_comparison(row) for row in tested["comparisons"]),
    ]


def _comparison(row: dict[str, Any]) -> str:
    found, known = (f"{row[key]:.{row['digits']}f}{row['unit']}" for key in ("found", "known"))
    return f"{row['what']} {found} (known: {known}{'' if row['agrees'] else '; DIFFERS'})"


def _extras(document: dict[str, Any]) -> Any:
    """Table of the extras: what each is for, and which command needs it."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("extra", no_wrap=True)
    table.add_column("", no_wrap=True)
    table.add_column("for", overflow="fold")
    table.add_column("needed by", overflow="fold")
    for extra in document["extras"]:
        state = "installed" if extra["installed"] else "missing"
        style = "" if extra["installed"] else "dim"
        cells = (extra["name"], state, extra["purpose"], extra["command"])
        table.add_row(*(Text(cell) for cell in cells), style=style)
    return table


def _next(document: dict[str, Any]) -> str:
    if document["sound"]:
        return "Next: x17 search --quick, a first look in seconds; then x17 search."
    return "Mend what is marked FAILED, then run x17 doctor again."
