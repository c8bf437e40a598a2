"""The mass from nuclear measurements as a JSON document and a CSV table."""

from __future__ import annotations

from math import degrees
from typing import Any

from x17.nuclear.masses.mass_fit import MassFit
from x17.nuclear.masses.mass_result import MassResult
from x17.nuclear.masses.measurement import Measurement
from x17.nuclear.masses.shipped import ExternalMass
from x17.nuclear.masses.toys import MassToys
from x17.report.tables import csv_text
from x17.statistics.monte_carlo import TailFraction

Document = dict[str, Any]

COLUMNS = (
    "key",
    "nucleus",
    "experiment",
    "grade",
    "mass_mev",
    "stat_mev",
    "syst_mev",
    "excitation_mev",
    "angle_deg",
    "angle_measured",
    "weight",
    "pull",
    "source",
    "note",
)


def goodness(fit: MassFit, toys: MassToys) -> TailFraction:
    """Share of toys that fit no better than the data.

    Parameters
    ----------
    fit : MassFit
    toys : MassToys

    Returns
    -------
    TailFraction
    """
    n = toys.n_converged
    return TailFraction(toys.count_above(fit.chi2), n, len(toys) - n)


def coverage(toys: MassToys) -> TailFraction:
    """Share of toys whose interval holds the true mass.

    Parameters
    ----------
    toys : MassToys

    Returns
    -------
    TailFraction
    """
    n = toys.n_converged
    return TailFraction(toys.count_covered(), n, len(toys) - n)


def _fit(fit: MassFit) -> Document:
    return {
        "mass_mev": fit.mass_mev,
        "mass_err_mev": fit.error_mev,
        "chi2": fit.chi2,
        "ndf": fit.ndf,
        "p_value": fit.p_value,
        "n_measurements": len(fit.rows),
        "converged": fit.converged,
    }


def measurement_document(fit: MassFit, k: int) -> Document:
    """One measurement of a fit.

    Parameters
    ----------
    fit : MassFit
    k : int
        Its place among the rows.

    Returns
    -------
    dict
        By the names of `COLUMNS`.
    """
    row, inputs = fit.rows[k], fit.inputs
    return {
        "key": row.key,
        "nucleus": row.nucleus,
        "experiment": row.experiment,
        "grade": row.grade.value,
        "mass_mev": float(inputs.masses[k]),
        "stat_mev": row.mass_stat_mev,
        "syst_mev": row.mass_syst_mev,
        "excitation_mev": float(inputs.relation.excitation[k]),
        "angle_deg": degrees(float(inputs.angles[k])),
        "angle_measured": not inputs.derived[k],
        "weight": float(fit.weights[k]),
        "pull": float(fit.pulls[k]),
        "source": row.source,
        "note": row.note,
    }


def mass_document(result: MassResult) -> Document:
    """The numbers as a plain document; masses in MeV.

    Parameters
    ----------
    result : MassResult

    Returns
    -------
    dict
    """
    fit, choices = result.fit, result.fit.choices
    document: Document = {
        "table": result.table.name,
        "rows": result.selection,
        "fit_to": choices.source.value,
        "rho": choices.rho,
        "across": choices.across,
        "statistical_only": choices.statistical_only,
        **_fit(fit),
        "measurements": [measurement_document(fit, k) for k in range(len(fit.rows))],
        "left_out": [_left_out(row) for row in result.table.rows if row not in fit.rows],
        "nuclei": [{"nucleus": name, **_fit(one)} for name, one in result.nuclei.fits.items()],
        "consistency": {
            "chi2": result.nuclei.chi2,
            "ndf": result.nuclei.ndf,
            "p_value": result.nuclei.p_value,
        },
        "rho_scan": [
            {
                "rho": one.choices.rho,
                **_fit(one),
                "weights": {row.key: float(w) for row, w in zip(one.rows, one.weights, strict=True)},
            }
            for one in result.rho_scan
        ],
        "variants": [{"name": variant.name, **_fit(variant.fit)} for variant in result.variants],
        "external": [_external(one, fit) for one in result.external],
        "rates": [_rate(row) for row in result.rates],
        "warnings": list(fit.warnings),
    }
    return document | ({"toys": _toys(fit, result.toys)} if result.toys else {})


def _left_out(row: Measurement) -> Document:
    return {"key": row.key, "grade": row.grade.value, "why": why_left_out(row)}


def why_left_out(row: Measurement) -> str:
    """Why a row is no part of the default fit.

    Parameters
    ----------
    row : Measurement

    Returns
    -------
    str
    """
    if not row.measures_mass:
        return "a limit on the rate"
    if row.replaced_by:
        return f"{row.replaced_by} stands in its place" + (", grade C" if row.grade == "C" else "")
    return f"grade {row.grade.value}"


def _external(one: ExternalMass, fit: MassFit) -> Document:
    return {
        "key": one.key,
        "mass_mev": one.mass_mev,
        "mass_err_mev": one.error_mev,
        "contains": list(one.contains),
        "difference_mev": fit.mass_mev - one.mass_mev,
        "grade": one.grade.value,
        "source": one.source,
        "note": one.note,
    }


def _rate(row: Measurement) -> Document:
    return {
        "key": row.key,
        "nucleus": row.nucleus,
        "experiment": row.experiment,
        "rate": row.rate,
        "rate_err": row.rate_err,
        "rate_limit": row.rate_limit,
        "hypothesis_p": row.hypothesis_p,
        "grade": row.grade.value,
        "source": row.source,
        "note": row.note,
    }


def _toys(fit: MassFit, toys: MassToys) -> Document:
    tail, cover = goodness(fit, toys), coverage(toys)
    low, high = tail.interval()
    mass = toys.mass[toys.converged]
    return {
        "n_toys": len(toys),
        "n_failed": tail.n_failed,
        "p_value": tail.value,
        "p_low": low,
        "p_high": high,
        "coverage": cover.value,
        "coverage_low": cover.interval()[0],
        "coverage_high": cover.interval()[1],
        "mean_mev": float(mass.mean()) if mass.size else None,
        "spread_mev": float(mass.std()) if mass.size else None,
    }


def mass_csv(result: MassResult) -> str:
    """The measurements of the fit, one a row.

    Parameters
    ----------
    result : MassResult

    Returns
    -------
    str
    """
    rows = [measurement_document(result.fit, k) for k in range(len(result.fit.rows))]
    return csv_text(COLUMNS, [[row[name] for name in COLUMNS] for row in rows])
