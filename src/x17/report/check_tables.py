"""The tables of the checks, as rows of text."""

from __future__ import annotations

from x17.report.html_tables import Table
from x17.report.number_text import (
    UNKNOWN,
    confidence,
    fraction_short,
    mass_text,
    probability,
    scaled,
    signed,
    with_error,
)
from x17.statistics.check_fit import CheckFit
from x17.statistics.check_result import Check, CheckResult, CheckRow, Comparison
from x17.statistics.global_p import GlobalP
from x17.statistics.impacts import Impacts

LEAVE_ONE_OUT = "leave-one-out"
"""The check with a row for every point: too many for the overview."""

_G = 1e4  # couplings are shown in units of 1e-4
_U = 1e8  # and u = g² in units of 1e-8


def header(result: CheckResult) -> tuple[str, ...]:
    """Titles of the columns of `cells`.

    Parameters
    ----------
    result : CheckResult

    Returns
    -------
    tuple of str
    """
    at = f"{mass_text(result.reference_mass_mev)} MeV"
    toys = (f"by toys, at {at}",) if result.n_toys else ()
    return (
        "Variation",
        "K",
        "M [MeV]",
        "g_ve [10⁻⁴]",
        "Q",
        "Local p",
        f"Limit at {at} [10⁻⁴]",
        *toys,
        f"Δĝ² at {at} [σ]",
        "ΔM [MeV]",
        "ΔQ",
        "Δ limit [%]",
        "Remark",
    )


def cells(result: CheckResult, row: CheckRow) -> tuple[str, ...]:
    """One variation.

    Parameters
    ----------
    result : CheckResult
    row : CheckRow

    Returns
    -------
    tuple of str
        As many as in `header`.
    """
    n_changes = 4
    toys = (_toy_text(row),) if result.n_toys else ()
    if row.fit is None:
        blank = (UNKNOWN,) * (6 + len(toys) + n_changes)
        return (row.label, *blank, f"{row.status.value}: {row.reason}")
    change = row.change
    changes = (UNKNOWN,) * n_changes
    if change is not None:
        changes = (
            signed(change.signal_sigma, 2),
            signed(change.mass_mev, 3),
            signed(change.q, 2),
            signed(100.0 * change.limit, 1),
        )
    return (row.label, *fit_cells(row.fit), *toys, *changes, row.reason)


def fit_cells(fit: CheckFit) -> tuple[str, ...]:
    """Constraint on K, mass, coupling, Q, local p and limit.

    Parameters
    ----------
    fit : CheckFit

    Returns
    -------
    tuple of str
    """
    best = fit.best
    excess = best.g_ve > 0.0
    return (
        fit.k_constraint,
        f"{best.mass_mev:.3f}" if excess else UNKNOWN,
        scaled(best.g_ve, _G, 2),
        signed(best.q, 2),
        probability(fit.local_p),
        scaled(fit.reference_limit, _G, 2),
    )


def _toy_text(row: CheckRow) -> str:
    toy = row.toy_limit
    if toy is None or toy.coupling is None:
        return UNKNOWN
    if toy.low is None or toy.high is None:
        return scaled(toy.coupling, _G, 2)
    return with_error(_G * toy.coupling, 0.5 * _G * (toy.high - toy.low))


def _note(result: CheckResult) -> str:
    return (
        "Mass, coupling, Q and the local p-value (one-sided, from Q) are those of the best fit; limits at "
        f"{confidence(result.cl)}. Changes are against the unchanged data with the same treatment of K, "
        "those of the treatment of K itself against the unchanged analysis. Δĝ²: change "
        "of the free signal at one mass in units of its error."
    )


def overview_table(result: CheckResult) -> Table:
    """All variations but those that leave one point out.

    Parameters
    ----------
    result : CheckResult

    Returns
    -------
    Table
    """
    rows = [cells(result, result.nominal)]
    for check in result.checks:
        if check.name != LEAVE_ONE_OUT:
            rows += [cells(result, row) for row in check.rows]
    titles = header(result)
    caption = "Every variation; one point left out has a table of its own"
    return Table("overview", caption, titles, tuple(rows), (1, len(titles) - 1), _note(result))


def rows_table(result: CheckResult, check: Check) -> Table:
    """The variations of one check, below the unchanged analysis.

    Parameters
    ----------
    result : CheckResult
    check : Check

    Returns
    -------
    Table
    """
    titles = header(result)
    rows = (cells(result, result.nominal), *(cells(result, row) for row in check.rows))
    return Table(f"rows-{check.name}", check.title, titles, rows, (1, len(titles) - 1))


def comparison_table(check: Check) -> Table:
    """The published numbers of a check beside those found here.

    Parameters
    ----------
    check : Check

    Returns
    -------
    Table
    """
    rows = tuple(
        (
            c.what,
            with_error(c.published, c.published_error or 0.0),
            _found_text(c),
            signed(c.difference, 3),
        )
        for c in check.comparisons
    )
    note = (
        "Equivalent σ: the global significance by the published deviation of limits from their band."
        if any(c.what.startswith("equivalent") for c in check.comparisons)
        else ""
    )
    titles = ("Number", "Published", "Here", "Difference")
    return Table(f"published-{check.name}", "Beside the published numbers", titles, rows, (), note)


def _found_text(comparison: Comparison) -> str:
    """What was found, to as many decimals as was published if it has no error."""
    c = comparison
    if c.found is None:
        return UNKNOWN
    if c.found_error:
        return with_error(c.found, c.found_error)
    return f"{c.found:.{len(str(c.published).partition('.')[2])}f}"


def global_table(check: Check, result: CheckResult) -> Table:
    """Global p-values of the variations that have them, below those of the unchanged analysis.

    Parameters
    ----------
    check : Check
    result : CheckResult

    Returns
    -------
    Table
    """
    rows = [
        (row.label, *(cell for found in row.global_p for cell in _global_cells(found)))
        for row in (result.nominal, *check.rows)
        if row.global_p
    ]
    low, high = result.window_mev
    caption = (
        f"Global p-values, {mass_text(low)} to {mass_text(high)} MeV, {result.n_experiments} experiments"
    )
    titles = ("Variation", "p, published deviation", "at [MeV]", "σ", "p, deepest Q", "at [MeV]", "σ")
    return Table(f"global-{check.name}", caption, titles, tuple(rows))


def _global_cells(found: GlobalP) -> tuple[str, str, str]:
    fraction = found.fraction
    z = f"{fraction.significance:.2f}".replace("-", "−") if fraction.successes else UNKNOWN
    return fraction_short(fraction), mass_text(found.mass_mev), z


def impact_table(impacts: Impacts) -> Table:
    """Pulls and impacts, largest impact after the fit first.

    Parameters
    ----------
    impacts : Impacts

    Returns
    -------
    Table
    """
    rows = tuple(
        (
            item.name,
            with_error(item.value, item.error),
            signed(item.pull, 2),
            UNKNOWN if item.width is None else f"{item.error / item.width:.2f}",
            UNKNOWN if item.before is None else _pair(item.before, _U, 3),
            _pair(item.after, _U, 3),
            _pair(item.q_after, 1.0, 2),
        )
        for item in impacts.nuisances
    )
    titles = (
        "Nuisance",
        "Fitted",
        "Pull",
        "Error / width",
        "Impact before [10⁻⁸]",
        "Impact after [10⁻⁸]",
        "ΔQ after",
    )
    note = (
        "Impact: change of ĝ² (unbounded, at this mass) with the nuisance held one standard deviation below "
        "/ above its fitted value and all others fitted again; before: the width of its constraint, after: "
        f"its fitted error. ĝ² is {with_error(_U * impacts.signal, _U * impacts.error)} in 10⁻⁸; with every "
        f"nuisance held its error is {impacts.statistics_error * _U:.2f}: what the points alone leave. ΔQ: "
        "change of Q with the nuisance held there in both fits."
    )
    caption = f"Nuisances of the fit at {impacts.mass_mev:.3f} MeV, by impact"
    return Table("impacts", caption, titles, rows, (), note)


def _pair(values: tuple[float, float], scale: float, decimals: int) -> str:
    return " / ".join(signed(scale * value, decimals) for value in values)
