"""Results on a terminal: short enough to be read aloud."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from x17.report.headline import limit_at_excess
from x17.report.number_text import fraction_text, mass_text, probability
from x17.report.significance_table import NAMES
from x17.statistics.search_result import SearchResult

if TYPE_CHECKING:
    from rich.console import Console


def _bounds(interval: tuple[float | None, float | None], scale: float, digits: int) -> str:
    low, high = (f"{v * scale:.{digits}f}" if v is not None else "open" for v in interval)
    return f"{low} to {high}"


def _limit_rows(result: SearchResult) -> list[tuple[str, str]]:
    point = limit_at_excess(result)
    where = f"{result.cl * 100:g} % CL limit at {point.mass_mev:.2f} MeV"
    rows = []
    if point.toy is not None:
        toy = point.toy
        if toy.coupling is None or toy.low is None or toy.high is None:
            rows.append((where, toy.reason))
        else:
            error = 0.5 * (toy.high - toy.low)
            text = f"g_ve < {toy.coupling * 1e4:.2f}(±{error * 1e4:.2f})e-4  (toy CLs)"
            rows.append((where, text))
    if point.asymptotic is not None:
        rows.append(("" if rows else where, f"g_ve < {point.asymptotic * 1e4:.2f}e-4  (asymptotic CLs)"))
    minus, median, plus = point.expected[1:4]
    if median is not None:
        band = "" if minus is None or plus is None else f", ±1σ {minus * 1e4:.2f} to {plus * 1e4:.2f}e-4"
        rows.append(("expected without a boson", f"{median * 1e4:.2f}e-4 median{band}"))
    return rows


def _local_p(p: float) -> str:
    """A p-value with four decimals, as those below it have; a small one with an exponent, never as zero."""
    return f"{p:.4f}" if p >= 1e-3 else probability(p)


def _local_rows(result: SearchResult) -> list[tuple[str, str]]:
    local = result.local_p
    asymptotic = f"{_local_p(local.p_q0)}  (q0: {local.z_q0:.2f}σ one-sided)"
    rows = [(f"local p at {local.mass_mev:.2f} MeV", asymptotic)]
    if local.limit is not None and local.limit.n_toys > 0 and local.limit.successes == 0:
        text = f"{fraction_text(local.limit)}  (none of {local.limit.n_toys} pseudo-experiments as extreme)"
        rows.append(("", text))
    elif local.limit is not None:
        low, high = local.limit.interval()
        rows.append(
            (
                "",
                f"{local.limit.value:.4f}  ({low:.4f} to {high:.4f}: limits of {local.limit.n_toys} "
                "pseudo-experiments)",
            )
        )
    return rows + _global_rows(result)


def _global_rows(result: SearchResult) -> list[tuple[str, str]]:
    if not result.significance:
        return [("global p", "`x17 search --full` or `x17 significance`: a local p ignores the masses tried")]
    rows = []
    for window in result.significance:
        low, high = window.window_mev
        values = ", ".join(
            f"{fraction_text(d.fraction)} ({NAMES[d.statistic]})" for d in window.definitions[:2]
        )
        rows.append((f"global p, {mass_text(low)} to {mass_text(high)} MeV", values))
    return rows


def search_rows(result: SearchResult) -> list[tuple[str, str]]:
    """The summary of a search as label and text.

    Parameters
    ----------
    result : SearchResult

    Returns
    -------
    list of (str, str)
    """
    sideband, line, best = result.sideband, result.sideband.line, result.best
    judged = [c for c in result.criteria if c.passed is not None]
    failed = [c.name for c in judged if not c.passed]
    verdict = f"failed: {', '.join(failed)}" if failed else "all passed"
    used = next(k.k_constraint for k in result.k_variants if k.used)
    others = "; ".join(f"K {k.k_constraint} {k.q:.2f}" for k in result.k_variants if not k.used)
    rows = [
        ("energy points", f"{len(result.points)} of {result.scan_name}"),
        (
            "side band",
            f"K = {line.constant:.4f} ± {line.constant_err:.4f}, "
            f"slope {line.slope:+.4f} ± {line.slope_err:.4f} /MeV, "
            f"χ² {line.chi2:.1f}/{line.ndf} (P {sideband.p_value * 100:.0f} %)",
        ),
        (
            "masked",
            f"{sideband.masked_mev[0]:.3f} to {sideband.masked_mev[1]:.3f} MeV, "
            f"centre {sideband.masked_center_mev:.3f}",
        ),
        ("criteria", verdict),
        ("no boson", f"χ² {result.background.chi2:.2f} for {result.background.n_points} points"),
    ]
    if best.g_ve > 0.0:
        rows += [
            (
                "best fit",
                f"M = {best.mass_mev:.3f} MeV ({_bounds(best.mass_interval_mev, 1.0, 3)}), "
                f"g_ve = {best.g_ve * 1e4:.2f}e-4 ({_bounds(best.g_ve_interval, 1e4, 2)}e-4)",
            ),
            ("Q there", f"{best.q:.3f} with K {used}" + (f"; {others}" if others else "")),
        ]
    else:
        rows.append(("best fit", "no boson: the smallest Q is at g_ve = 0"))
    return rows + _local_rows(result) + _limit_rows(result)


def print_search(console: Console, result: SearchResult, headline: str, folder: str, seconds: float) -> None:
    """Print the summary of a search.

    Parameters
    ----------
    console : rich.console.Console
    result : SearchResult
    headline : str
        The result in one sentence.
    folder : str
        Where the files are.
    seconds : float
        Time taken.
    """
    from rich.table import Table
    from rich.text import Text

    for note in result.notes:
        console.print(Text(f"note: {note}", style="yellow"))
    table = Table(show_header=False, box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for label, text in search_rows(result):
        table.add_row(label, Text(text))
    console.print(Text(headline, style="bold"))
    console.print()
    console.print(table)
    if result.failures:
        console.print(Text(f"fits that failed on the grid: {result.failures}", style="yellow"))
    console.print()
    console.print(Text(f"{folder}/report.html  ({seconds:.0f} s)", style="green"), soft_wrap=True)
    console.print(
        Text("next: open the report; `x17 checks` tells whether an excess hangs on a choice", style="dim")
    )


_POINT_COLUMNS = (
    ("period", "period", "d"),
    ("part", "scan_part", "d"),
    ("√s [MeV]", "sqrt_s_mev", ".3f"),
    ("E [MeV]", "beam_energy_mev", ".2f"),
    ("N2", "n2", ".0f"),
    ("PoT/1e9", "n_pot_1e9", ".3f"),
    ("B/1e-6", "background_1e6", ".4f"),
    ("ε_S", "signal_efficiency", ".4f"),
    ("g_R", "g_r", ".4f"),
    ("± [%]", "g_r_err_percent", ".2f"),
)


_ERROR_COLUMNS = (
    ("period", "period", "d"),
    ("√s [MeV]", "sqrt_s_mev", ".3f"),
    ("N2 [%]", "n2_err_percent", ".3f"),
    ("PoT [%]", "n_pot_err_percent", ".3f"),
    ("B [%]", "background_err_percent", ".3f"),
    ("g_R [%]", "g_r_err_percent", ".3f"),
    ("tag&probe", "tag_and_probe", ".4f"),
    ("R_max shift", "rmax_shift", ".4f"),
)
"""Errors point by point; the last two are measurements beside the table, shown and not undone."""


def _cell(point: dict[str, Any], key: str, form: str) -> str:
    """Text of a cell; "sealed" in place of a count that is, and of the observable."""
    return "sealed" if point.get("sealed") and key in ("n2", "g_r") else _formatted(point.get(key), form)


def _formatted(value: float | None, form: str) -> str:
    """Text of a cell; empty where a validation column has no value (None or NaN)."""
    return "" if value is None or math.isnan(value) else format(value, form)


def print_scan(console: Console, document: dict[str, Any], *, errors: bool = False) -> None:
    """Print a scan: points, corrections and error budget.

    Parameters
    ----------
    console : rich.console.Console
    document : dict
        From `x17.report.scan_document`.
    errors : bool
        Print the errors and the validation columns of the points instead of their values.
    """
    columns = _ERROR_COLUMNS if errors else _POINT_COLUMNS
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    for title, _, _ in columns:
        table.add_column(title, justify="right", no_wrap=True)
    for point in document["points"]:
        style = "" if point["used"] else "dim"
        table.add_row(*(Text(_cell(point, key, form)) for _, key, form in columns), style=style)
    console.print(table)
    console.print(
        Text(
            f"{document['name']}: {document['n_used']} of {document['n_points']} points are searched; "
            "the others are printed dim"
        )
    )
    for part in document["scan_parts"]:
        verb = "searched" if part["used"] else "not searched"
        console.print(Text(f"  part {part['value']}: {verb}; {part['reason']}"))
    for repair in document["repairs"]:
        console.print(Text(f"  period {repair['period']}, {repair['column']}: {repair['reason']}"))
    console.print(Text("corrections", style="bold"))
    for step in document["corrections"]:
        mean = step["weighted_mean"]
        state = "in the numbers" if step["applied"] else "not in the numbers"
        text = "no column" if mean is None else f"{state}, mean factor {mean:.4f}"
        console.print(Text(f"  {step['name']} of {step['factor_of']}: {text} ({step['meaning']})"))
    means = document["error_budget"]["mean_percent"]
    console.print(Text("error of a point, mean", style="bold"))
    console.print(
        Text(
            ", ".join(
                f"{label} " + ("sealed" if means[key] is None else f"{means[key]:.3f} %")
                for label, key in (("  N2", "n2"), ("N_PoT", "n_pot"), ("B", "background"), ("g_R", "total"))
            )
        )
    )
    for kind, label in (("point", "published, per point"), ("common", "published, common to all points")):
        items = [item for item in document["error_budget"]["published"] if item["kind"] == kind]
        if items:
            text = "; ".join(f"{i['quantity']} {i['source']} {i['percent']:g} %" for i in items)
            console.print(Text(f"  {label}: {text}"))
    if document["source"]:
        console.print(Text(f"source: {document['source']}"))
    for note in document["notes"]:
        console.print(Text(f"note: {note}", style="yellow"))
