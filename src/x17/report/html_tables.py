"""The tables of the report, as rows of text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from x17.report.headline import counted
from x17.report.number_text import (
    UNKNOWN,
    confidence,
    fraction_percent,
    fraction_text,
    mass_text,
    probability,
    scaled,
    signed,
    with_error,
)
from x17.report.significance_table import GROSS_VITELLS, NAMES
from x17.statistics.search_result import LimitPoint, SearchResult

SHORT = 16
"""Limits at up to so many masses are shown at once; of more, every fifth."""

_G = 1e4  # couplings are shown in units of 1e-4

_MEANING = {
    "P0": "K at the central energy",
    "P1": "slope of K [1/MeV]",
    "A": "signal per positron at g_ve = 1 [MeV]",
    "gamma": "Lorentz half width of the line [MeV]",
    "b": "relative spread of the beam energy",
    "Q0": "ε_S/B at the central energy",
    "Q1": "slope of ε_S/B [1/MeV]",
    "flux_slope": "relative drift of N_PoT over the scan",
    "n_pot_common": "common error of N_PoT [its σ]",
    "background_common": "common error of B [its σ]",
}

_TREATMENT = {
    "published": "the values that come with the scan",
    "from-sideband": "this scan's side-band fit",
    "free": "none",
}


@dataclass(frozen=True, slots=True)
class Table:
    """A table of text; the first cell of a row is its header.

    Attributes
    ----------
    key : str
        Identifier within the page.
    caption : str
    header : tuple of str
    rows : tuple of tuple of str
    words : tuple of int
        Columns of words, which are set flush left; the first always is.
    note : str
        Follows the table.
    """

    key: str
    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words: tuple[int, ...] = ()
    note: str = ""


def sideband_table(result: SearchResult) -> Table:
    """Make the table of the side-band fit.

    Parameters
    ----------
    result : SearchResult

    Returns
    -------
    Table
    """
    sideband, line = result.sideband, result.sideband.line
    low, high = sideband.masked_mev
    rows = [
        ("Masked window", f"{low:.3f} to {high:.3f} MeV, {int(sideband.masked.sum())} points"),
        ("Its centre", f"{sideband.masked_center_mev:.3f} MeV"),
        (f"K at {line.center:g} MeV", with_error(line.constant, line.constant_err)),
        ("Slope of K", f"{with_error(line.slope, line.slope_err)} /MeV"),
        ("χ² / degrees of freedom", f"{line.chi2:.2f} / {line.ndf}"),
        ("P(χ²)", probability(sideband.p_value)),
    ]
    if line.slope_err > 0.0:
        rows.insert(4, ("Their correlation", signed(line.correlation, 2)))
    for first, last, chi2 in sideband.ties:
        rows.append(("Window as good", f"{first:.3f} to {last:.3f} MeV, χ² {chi2:.2f}"))
    return Table(
        "sideband", "Side-band fit: the line through all points outside the window", (), tuple(rows), (1,)
    )


def criteria_table(result: SearchResult) -> Table:
    """Make the table of the criteria that the side band must meet.

    Parameters
    ----------
    result : SearchResult

    Returns
    -------
    Table
    """
    verdict = {True: "passed", False: "failed", None: "not reached"}
    rows = tuple(
        (
            c.name,
            UNKNOWN if c.value is None else f"{c.value:.3g}".replace("-", "−"),
            c.rule.replace("threshold", f"{c.threshold:g}"),
            verdict[c.passed],
        )
        for c in result.criteria
    )
    caption = "Criteria of the side band, each tested only if those before hold"
    return Table("criteria", caption, ("Criterion", "Value", "Rule", "Result"), rows, (2, 3))


def best_fit_table(result: SearchResult) -> Table:
    """Make the table of the best fit with its intervals.

    Parameters
    ----------
    result : SearchResult

    Returns
    -------
    Table
    """
    best = result.best
    used = next((k.k_constraint for k in result.k_variants if k.used), UNKNOWN)
    if best.g_ve > 0.0:
        rows = [
            ("Mass [MeV]", f"{best.mass_mev:.3f}", _interval(best.mass_interval_mev, 1.0, 3)),
            ("Coupling g_ve [10⁻⁴]", scaled(best.g_ve, _G, 2), _interval(best.g_ve_interval, _G, 2)),
        ]
    else:
        rows = [
            ("Mass [MeV]", UNKNOWN, "any: no boson fits best"),
            ("Coupling g_ve [10⁻⁴]", "0", _interval(best.g_ve_interval, _G, 2)),
        ]
    rows += [
        ("Q there", signed(best.q, 3), ""),
        ("χ² with a boson", f"{best.chi2:.2f}", ""),
        ("χ² without", f"{result.background.chi2:.2f}", ""),
        ("Energy points", str(result.background.n_points), ""),
    ]
    note = (
        "Intervals: where Q, minimised over the other one of mass and coupling, is one above its minimum. "
        f"χ² contains the penalties of the nuisances; K constrained: {used}."
    )
    return Table(
        "best-fit", "Best fit, g² ≥ 0", ("Quantity", "Value", "68 % interval"), tuple(rows), (), note
    )


def _interval(bounds: tuple[float | None, float | None], scale: float, decimals: int) -> str:
    low, high = (
        "beyond the range searched" if bound is None else f"{bound * scale:.{decimals}f}" for bound in bounds
    )
    return f"{low} to {high}"


def nuisance_table(result: SearchResult) -> Table:
    """Make the table of the fitted nuisances, without and with a boson.

    Parameters
    ----------
    result : SearchResult

    Returns
    -------
    Table
    """
    rows = tuple(
        (
            item.name,
            _MEANING.get(item.name, ""),
            *(
                cell
                for fitted in (without, with_boson)
                for cell in (
                    (with_error(fitted.value, fitted.error), signed(fitted.pull, 2)) if fitted else ("", "")
                )
            ),
        )
        for without, with_boson in zip_longest(result.background.nuisances, result.best.nuisances)
        if (item := without or with_boson) is not None
    )
    header = ("Nuisance", "Meaning", "Without a boson", "Pull", "Best fit", "Pull")
    note = f"Pull: (fitted − central value) / width of the constraint; “{UNKNOWN}” if there is none."
    return Table("nuisances", "Nuisances of both fits", header, rows, (1,), note)


def treatment_table(result: SearchResult) -> Table:
    """Make the table that shows the best fit under each treatment of K.

    Parameters
    ----------
    result : SearchResult

    Returns
    -------
    Table
    """
    rows = tuple(
        (
            k.k_constraint,
            _TREATMENT.get(k.k_constraint, ""),
            f"{k.mass_mev:.3f}" if k.g_ve > 0.0 else UNKNOWN,
            scaled(k.g_ve, _G, 2),
            signed(k.q, 2),
            "yes" if k.used else "",
        )
        for k in result.k_variants
    )
    outside = int((~result.sideband.masked).sum())
    note = (
        f"The side-band fit that constrains K uses {outside} of the {len(result.points)} points that are "
        "then fitted again, so that they count twice; with K free no point does, and the change of Q shows "
        "what that is worth."
    )
    header = ("K", "Constraint", "M [MeV]", "g_ve [10⁻⁴]", "Q", "Used here")
    return Table("k-treatments", "The best fit under each treatment of K(s)", header, rows, (1, 5), note)


def local_p_table(result: SearchResult) -> Table:
    """Make the table of local p-values.

    Parameters
    ----------
    result : SearchResult

    Returns
    -------
    Table
    """
    local, fraction = result.local_p, counted(result)
    rows = [("q0, asymptotic", probability(local.p_q0), f"{local.z_q0:.2f}σ", UNKNOWN)]
    if fraction is not None:
        known = 0 < fraction.successes < fraction.n_toys
        z = f"{fraction.significance:.2f}σ".replace("-", "−") if known else UNKNOWN
        failed = f", {fraction.n_failed} failed" if fraction.n_failed else ""
        count = f"{fraction.successes} of {fraction.n_toys}{failed}"
        rows.append(("limits of pseudo-experiments", fraction_text(fraction), z, count))
    caption = f"Local p-value at {mass_text(local.mass_mev)} MeV, where the one from q0 is smallest"
    header = ("Method", "p", "One-sided significance", "Pseudo-experiments")
    note = (
        "A local p takes no account of the masses tried; the global one below does."
        if result.significance
        else "A global p, which accounts for the masses tried, is made by `x17 search --full`."
    )
    return Table("local-p", caption, header, tuple(rows), (), note)


def global_p_table(result: SearchResult) -> Table:
    """Make the table of global p-values: a row for each definition, a column for each window.

    Parameters
    ----------
    result : SearchResult

    Returns
    -------
    Table
    """
    windows = result.significance
    columns = []
    for window in windows:
        crossings = window.gross_vitells
        error = 0.5 * (crossings.p_high - crossings.p_low)
        counted_toys = [(NAMES[d.statistic], fraction_percent(d.fraction)) for d in window.definitions]
        columns.append([*counted_toys, (GROSS_VITELLS, with_error(100.0 * crossings.p, 100.0 * error))])
    rows = tuple((cells[0][0], *(text for _, text in cells)) for cells in zip(*columns, strict=True))
    spans = (f"{mass_text(low)} to {mass_text(high)}" for low, high in (w.window_mev for w in windows))
    caption = f"Global p-value in % by window of masses in MeV, from {windows[0].n_toys} pseudo-experiments"
    note = "One-sided; an excess counts wherever it lies among the masses of the column."
    return Table("global-p", caption, ("Definition", *spans), rows, (0,), note)


def limit_table(result: SearchResult) -> Table:
    """Make the short table of limits.

    Parameters
    ----------
    result : SearchResult

    Returns
    -------
    Table
    """
    points = result.limits if len(result.limits) <= SHORT else result.limits[::5]
    toys = ("Toy CLs",) if result.n_toys else ()
    rows = tuple(
        (
            mass_text(point.mass_mev),
            *((_toy_text(point),) if result.n_toys else ()),
            scaled(point.asymptotic, _G, 2),
            scaled(point.expected[2], _G, 2),
            _band(point),
            UNKNOWN if point.local_p is None else probability(point.local_p),
        )
        for point in points
    )
    which = "" if points is result.limits else ", at every fifth mass"
    header = ("M [MeV]", *toys, "Asymptotic CLs", "Expected", "Its ±1σ", "Local p")
    caption = f"Upper limits on g_ve in 10⁻⁴ at {confidence(result.cl)}{which}"
    return Table("limits", caption, header, rows)


def full_limit_table(result: SearchResult) -> Table:
    """Make the table of limits at every mass, with all bands and notes.

    Parameters
    ----------
    result : SearchResult

    Returns
    -------
    Table
    """
    toys = ("Toy CLs", "Toys, tanh fit") if result.n_toys else ()
    rows = tuple(
        (
            mass_text(point.mass_mev),
            *(
                (_toy_text(point), scaled(point.toy_tanh.coupling if point.toy_tanh else None, _G, 2))
                if result.n_toys
                else ()
            ),
            scaled(point.asymptotic, _G, 2),
            *(scaled(value, _G, 2) for value in point.expected),
            UNKNOWN if point.local_p is None else probability(point.local_p),
            "; ".join(point.notes),
        )
        for point in result.limits
    )
    expected = ("−2σ", "−1σ", "Expected", "+1σ", "+2σ")
    header = ("M [MeV]", *toys, "Asymptotic CLs", *expected, "Local p", "Notes")
    caption = f"Upper limits on g_ve in 10⁻⁴ at {confidence(result.cl)}, at all masses"
    return Table("limits-full", caption, header, rows, (len(header) - 1,))


def _toy_text(point: LimitPoint) -> str:
    toy = point.toy
    if toy is None or toy.coupling is None or toy.low is None or toy.high is None:
        return UNKNOWN
    return f"{toy.coupling * _G:.2f} ± {0.5 * (toy.high - toy.low) * _G:.2f}"


def _band(point: LimitPoint) -> str:
    low, high = point.expected[1], point.expected[3]
    return UNKNOWN if low is None and high is None else f"{scaled(low, _G, 2)} to {scaled(high, _G, 2)}"


def failure_table(result: SearchResult) -> Table:
    """Make the table of fits that failed.

    Parameters
    ----------
    result : SearchResult

    Returns
    -------
    Table
        Says so if there are none.
    """
    rows = [(f"Fits of the map Q(M, g): {status}", str(count)) for status, count in result.failures.items()]
    rows = rows or [("Fits of the map Q(M, g)", "0")]
    if result.n_toys:
        toys = sum(point.toy.n_failed for point in result.limits if point.toy)
        rows.append(("Toys of the limits, left out of CLs", str(toys)))
    if result.local_p.limit is not None:
        rows.append(("Pseudo-experiments of the local p, left out", str(result.local_p.limit.n_failed)))
    return Table("failures", "Fits that failed", ("Where", "Number"), tuple(rows))


def tree_table(key: str, caption: str, tree: Mapping[str, Any]) -> Table:
    """Make a table of a tree of settings, one row a leaf.

    Parameters
    ----------
    key, caption : str
    tree : mapping
        Of mappings and plain values.

    Returns
    -------
    Table
    """
    return Table(key, caption, ("Name", "Value"), tuple(_leaves(tree, "")), (1,))


def _leaves(tree: Mapping[str, Any], prefix: str) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    for name, value in tree.items():
        if isinstance(value, Mapping):
            rows += _leaves(value, f"{prefix}{name}.")
        else:
            rows.append((f"{prefix}{name}", _leaf(value)))
    return rows


def _leaf(value: Any) -> str:
    if value is None or value == "":
        return UNKNOWN
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(_leaf(item) for item in value) if value else "none"
    return str(value)
