"""What `x17 blind` prints: criteria, openings, logs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

_STATES = {True: "passed", False: "FAILED", None: "not tested"}


def criteria_rows(document: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """The criteria as name, state and value.

    Parameters
    ----------
    document : mapping
        From `x17.blinding.criteria.Verdict.document`.

    Returns
    -------
    list of (str, str, str)
        Without a value where it is kept back or was not tested.
    """
    rows = []
    for item in document["criteria"]:
        sign = ">" if item["rule"].startswith("value") else "within ±"
        bound = f"{sign} {item['threshold']:g}" if sign == ">" else f"{sign}{item['threshold']:g}"
        value = "" if item["value"] is None else f"{item['value']:.4f}"
        rows.append((item["name"], _STATES[item["passed"]], f"{value} ({bound})".strip()))
    return rows


def print_criteria(console: Console, document: Mapping[str, Any]) -> None:
    """Print the criteria, and the side band if it may be seen.

    Parameters
    ----------
    console : rich.console.Console
    document : mapping
        `scan` beside what `Verdict.document` gives.
    """
    from rich.table import Table
    from rich.text import Text

    state = "all criteria hold" if document["passed"] else "a criterion failed"
    console.print(Text(f"{document['scan']}: {state}", style="bold"))
    table = Table(show_header=False, box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for row in criteria_rows(document):
        table.add_row(*(Text(cell) for cell in row))
    console.print(table)
    if document["masked_mev"] is None:
        console.print(Text("Window, fit and values stay closed until all criteria hold."))
        return
    low, high = document["masked_mev"]
    console.print(
        Text(
            f"masked {low:.3f} to {high:.3f} MeV; K = {document['constant']:.4f} ± "
            f"{document['constant_err']:.4f}, slope {document['slope_per_mev']:+.4f} ± "
            f"{document['slope_err']:.4f} /MeV, χ² {document['chi2']:.1f}/{document['ndf']}"
        )
    )
    for first, last in document["ties_mev"] or ():
        console.print(Text(f"as good a window: {first:.3f} to {last:.3f} MeV"))


def print_log(console: Console, document: Mapping[str, Any]) -> None:
    """Print a log that was verified.

    Parameters
    ----------
    console : rich.console.Console
    document : mapping
        From `x17.workflows.blind_log.LogRun`.
    """
    from rich.table import Table
    from rich.text import Text

    table = Table(show_header=False, box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for entry in document["entries"]:
        about = _about(entry["event"], entry["details"])
        table.add_row(*(Text(cell) for cell in (str(entry["entry"]), entry["time"], entry["event"], about)))
    console.print(table)
    for text in _verified(document):
        console.print(Text(text), soft_wrap=True)


def _about(event: str, details: Mapping[str, Any]) -> str:
    if event == "sealed":
        return f"{details['n_sealed']} of {details['n_points']} points, --points {details['points']}"
    failed = [item["name"] for item in details.get("criteria", []) if item["passed"] is False]
    text = f"criterion {failed[0]} failed" if failed else "all criteria hold"
    return f"{text}; override: {details['override']}" if details.get("override") else text


def _verified(document: Mapping[str, Any]) -> Sequence[str]:
    signed = "verified" if document["signatures_verified"] else "not verified (that needs the key)"
    lines = [
        "chain and sealed scan agree; signatures " + signed,
        f"last hash {document['log_head']}",
        f"commitment to the scan {document['commitments']['scan']}",
        f"commitment to the settings {document['commitments']['settings']}",
    ]
    if document["proved"]:
        lines.append("the opened scan and the settings are those that were sealed")
    return lines
