"""The tables of a stored search that HEPData, ROOT and CSV are made of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from x17.report.interchange.result_table import ErrorColumn, ResultTable, Value, Variable
from x17.report.stored_results import Row, StoredResults
from x17.scan.columns import BY_NAME, LARGEST
from x17.scan.error_budget import error_budget

ENERGY_POINTS = "energy_points"
"""The table that a scan is read back from: its columns are those of a scan table."""


def result_tables(results: StoredResults) -> tuple[ResultTable, ...]:
    """All tables that the results have.

    Parameters
    ----------
    results : StoredResults

    Returns
    -------
    tuple of ResultTable
        Observable, limits, likelihood, local p-values, global p-values if there are any, nuisances, error
        budget and the scan itself.
    """
    tables = [
        _observable(results),
        _limits(results),
        _local_p(results),
        _likelihood(results),
        _nuisances(results),
        _error_budget(results),
        _energy_points(results),
    ]
    if results.summary.get("global_p"):
        tables.insert(3, _global_p(results.summary["global_p"]))
    if results.scan.published_budget:
        tables.insert(-1, _published_budget(results))
    return tuple(_without_empty(table) for table in tables)


def _without_empty(table: ResultTable) -> ResultTable:
    """Leave out columns that hold nothing: the limits by toys of a search without toys."""
    kept = tuple(v for v in table.dependent if any(value is not None for value in v.values))
    return replace(table, dependent=kept)


def _column(rows: Iterable[Row], name: str) -> tuple[float | None, ...]:
    return tuple(row[name] for row in rows)


def _difference(upper: tuple[float | None, ...], lower: tuple[float | None, ...]) -> tuple[float | None, ...]:
    return tuple(
        None if a is None or b is None else max(a - b, 0.0) for a, b in zip(upper, lower, strict=True)
    )


def _sqrt_s(rows: tuple[Row, ...]) -> Variable:
    return Variable("sqrt_s_mev", "Centre-of-mass energy", "MeV", _column(rows, "sqrt_s_mev"))


def _mass(rows: tuple[Row, ...]) -> Variable:
    return Variable("mass_mev", "Boson mass", "MeV", _column(rows, "mass_mev"))


def _observable(results: StoredResults) -> ResultTable:
    rows = results.curves
    error = _column(rows, "g_r_err")
    curves = (
        ("g_r_sideband", "K from the side band"),
        ("g_r_background", "fit without a boson"),
        ("g_r_best_fit", "fit with a boson"),
    )
    return ResultTable(
        "observable",
        "Observable g_R",
        "g_R = N2 / (N_PoT B) against the centre-of-mass energy, with its uncorrelated error, and the fitted "
        "curves at the energy points. Masked is 1 for the points left out of the side-band fit.",
        (_sqrt_s(rows),),
        (
            Variable("g_r", "g_R", "", _column(rows, "g_r"), (ErrorColumn("", error, error),)),
            Variable("masked", "masked", "", tuple(int(row["masked"] or 0) for row in rows)),
            *(Variable(name, title, "", _column(rows, name)) for name, title in curves),
        ),
    )


def _limits(results: StoredResults) -> ResultTable:
    rows, limit = results.limits, results.summary["settings"]["limit"]
    level = {"Confidence level": f"{100.0 * limit['cl']:g} %"}
    observed = _column(rows, "g_observed")
    median = _column(rows, "g_median")
    band = tuple(
        ErrorColumn(
            label,
            _difference(median, _column(rows, f"g_minus_{label[0]}sigma")),
            _difference(_column(rows, f"g_plus_{label[0]}sigma"), median),
        )
        for label in ("1 sigma", "2 sigma")
    )
    toys = ErrorColumn(
        "Monte Carlo",
        _difference(observed, _column(rows, "g_observed_low")),
        _difference(_column(rows, "g_observed_high"), observed),
    )
    source = "pseudo-experiments" if results.summary.get("global_p") else "the Asimov data set"
    return ResultTable(
        "limits",
        "Upper limits on the coupling",
        f"Upper limits on g_ve against the boson mass at {100.0 * limit['cl']:g} % CL by CLs: observed, by "
        f"toys and asymptotically, and expected without a boson, from {source}. The errors of the expected "
        "limit are the ends of its bands, not uncertainties.",
        (_mass(rows),),
        (
            Variable("g_observed", "observed limit, toys", "", observed, (toys,), level),
            Variable(
                "g_observed_asymptotic",
                "observed limit, asymptotic",
                "",
                _column(rows, "g_observed_asymptotic"),
                (),
                level,
            ),
            Variable("g_median", "median expected limit", "", median, band, level),
        ),
    )


def _local_p(results: StoredResults) -> ResultTable:
    rows = results.limits
    return ResultTable(
        "local_p",
        "Local p-values",
        "Asymptotic one-sided p-value from q0 at each boson mass; 0.5 where there is no excess. The masses "
        "that were tried are not accounted for.",
        (_mass(rows),),
        (Variable("local_p", "local p-value", "", _column(rows, "local_p")),),
    )


def _global_p(windows: list[dict[str, Any]]) -> ResultTable:
    found = [
        (f"{w['window_mev'][0]:g} to {w['window_mev'][1]:g}", name, entry)
        for w in windows
        for name, entry in w["global"].items()
    ]
    values = tuple(entry["p"] for _, _, entry in found)
    interval = ErrorColumn(
        "Monte Carlo",
        _difference(values, tuple(entry.get("p_low") for _, _, entry in found)),
        _difference(tuple(entry.get("p_high") for _, _, entry in found), values),
    )
    return ResultTable(
        "global_p",
        "Global p-values",
        "One-sided p-value of the largest excess in a window of boson masses, by each definition, from "
        "pseudo-experiments without a boson.",
        (
            Variable("window_mev", "Window of boson masses", "MeV", tuple(w for w, _, _ in found)),
            Variable("definition", "Definition", "", tuple(name for _, name, _ in found)),
        ),
        (Variable("global_p", "global p-value", "", values, (interval,)),),
    )


def _likelihood(results: StoredResults) -> ResultTable:
    rows = results.likelihood
    return ResultTable(
        "likelihood",
        "Profile likelihood ratio",
        "Q(M, g) = χ²(S+B) − χ²(B) of the data, each minimised over the nuisances.",
        (_mass(rows), Variable("g_ve", "Coupling g_ve", "", _column(rows, "g_ve"))),
        (Variable("q", "Q", "", _column(rows, "q")),),
    )


def _nuisances(results: StoredResults) -> ResultTable:
    fits = {name: results.summary[name]["nuisances"] for name in ("background_fit", "best_fit")}
    names = tuple(fits["background_fit"])

    def variable(name: str, title: str) -> Variable:
        fit = fits[name]
        errors = tuple(float(fit[k]["error"]) for k in names)
        values = tuple(float(fit[k]["value"]) for k in names)
        return Variable(name, title, "", values, (ErrorColumn("", errors, errors),))

    pulls = tuple(fits["best_fit"][k]["pull"] for k in names)
    return ResultTable(
        "nuisances",
        "Nuisance parameters",
        "Fitted values without and with a boson; pulls are (value − centre)/width of the constraint.",
        (Variable("parameter", "Parameter", "", names),),
        (
            variable("background_fit", "without a boson"),
            variable("best_fit", "with a boson"),
            Variable("pull", "pull with a boson", "", pulls),
        ),
    )


def _error_budget(results: StoredResults) -> ResultTable:
    budget = error_budget(results.scan)
    parts = (("n2", "error of N2"), ("n_pot", "error of N_PoT"), ("background", "error of B"))
    return ResultTable(
        "error_budget",
        "Error budget of the energy points",
        "Relative errors of g_R at each searched energy point: 1/√N2, N_PoT and B with the common part "
        "added, and their quadratic sum.",
        (Variable("sqrt_s_mev", "Centre-of-mass energy", "MeV", _floats(budget.sqrt_s_mev)),),
        (
            *(Variable(f"{n}_percent", title, "%", _floats(getattr(budget, n))) for n, title in parts),
            Variable("total_percent", "error of g_R", "%", _floats(budget.total)),
        ),
    )


def _published_budget(results: StoredResults) -> ResultTable:
    items = results.scan.published_budget
    return ResultTable(
        "published_error_budget",
        "Published error budget",
        "Contributions to the error as the source of the scan quotes them: of each point, or common to all.",
        (
            Variable("quantity", "Quantity", "", tuple(item.quantity for item in items)),
            Variable("source", "Source", "", tuple(item.source for item in items)),
            Variable("kind", "Kind", "", tuple(item.kind for item in items)),
        ),
        (Variable("percent", "relative error", "%", tuple(item.percent for item in items)),),
    )


def _energy_points(results: StoredResults) -> ResultTable:
    columns = results.scan.columns
    variables = []
    for name, array in columns.items():
        column = BY_NAME[name]
        title = (
            column.meaning
            if column.high < LARGEST or column.error_of is None
            else f"error of {column.error_of}"
        )
        values: tuple[Value, ...] = (
            tuple(int(v) for v in array) if column.integer else tuple(_or_none(float(v)) for v in array)
        )
        variables.append(Variable(name, title, column.unit, values, (), {"Column": name}))
    independent = tuple(v for v in variables if v.name == "sqrt_s_mev")
    return ResultTable(
        ENERGY_POINTS,
        "Energy points of the scan",
        "The input of the search, column by column, in the order of its table.",
        independent,
        tuple(v for v in variables if v.name != "sqrt_s_mev"),
    )


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else value


def _floats(array: Any) -> tuple[float, ...]:
    return tuple(float(value) for value in array)
