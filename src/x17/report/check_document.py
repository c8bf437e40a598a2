"""The checks as a JSON document and as CSV."""

from __future__ import annotations

from typing import Any

from x17.report.tables import csv_text
from x17.statistics.check_fit import CheckFit
from x17.statistics.check_result import Check, CheckResult, CheckRow
from x17.statistics.global_p import GlobalP
from x17.statistics.impacts import Impacts

Document = dict[str, Any]

COLUMNS = (
    "check",
    "variation",
    "label",
    "status",
    "reason",
    "k_constraint",
    "mass_mev",
    "g_ve",
    "q",
    "local_p",
    "limit",
    "toy_limit",
    "change_signal_sigma",
    "change_mass_mev",
    "change_g_ve",
    "change_q",
    "change_z",
    "change_limit",
)


def check_document(result: CheckResult, settings: Document) -> Document:
    """The content of `checks.json`.

    Parameters
    ----------
    result : CheckResult
    settings : dict
        The resolved settings.

    Returns
    -------
    dict
        Masses in MeV, couplings as g_ve; p-values one-sided; what is not known is null.
    """
    injected = result.injected
    return {
        "scan": result.scan_name,
        "cl": result.cl,
        "reference_mass_mev": result.reference_mass_mev,
        "n_toys": result.n_toys,
        "n_experiments": result.n_experiments,
        "window_mev": list(result.window_mev),
        "unchanged": _row(result.nominal),
        "checks": [_check(check) for check in result.checks],
        "impacts": _impacts(result.impacts),
        "impacts_reason": result.impacts_reason,
        "injected_boson": injected
        and {
            "mass_mev": injected.mass_mev,
            "g_ve": injected.g_ve,
            "larger_excess": injected.larger_excess.value,
            "larger_excess_interval": list(injected.larger_excess.interval()),
            "n_experiments": injected.larger_excess.n_toys,
        },
        "notes": list(result.notes),
        "settings": settings,
    }


def _check(check: Check) -> Document:
    return {
        "name": check.name,
        "title": check.title,
        "question": check.question,
        "status": check.status.value,
        "reason": check.reason,
        "published": check.published,
        "comparisons": [
            {
                "what": c.what,
                "published": c.published,
                "published_error": c.published_error,
                "found": c.found,
                "found_error": c.found_error,
                "difference": c.difference,
            }
            for c in check.comparisons
        ],
        "tension_sigma": check.tension,
        "variations": [_row(row) for row in check.rows],
    }


def _row(row: CheckRow) -> Document:
    change = row.change
    toy = row.toy_limit
    return {
        "name": row.name,
        "label": row.label,
        "sentence": row.sentence,
        "period": row.period,
        "status": row.status.value,
        "reason": row.reason,
        **({} if row.fit is None else _fit(row.fit)),
        "toy_limit": toy and {"g_ve": toy.coupling, "low": toy.low, "high": toy.high, "reason": toy.reason},
        "change": change
        and {
            "signal_sigma": change.signal_sigma,
            "mass_mev": change.mass_mev,
            "g_ve": change.g_ve,
            "q": change.q,
            "z": change.z,
            "limit": change.limit,
        },
        "global_p": [_global(found) for found in row.global_p],
    }


def _fit(fit: CheckFit) -> Document:
    best, line = fit.best, fit.sideband.line
    return {
        "k_constraint": fit.k_constraint,
        "best_fit": {
            "mass_mev": best.mass_mev if best.g_ve > 0.0 else None,
            "mass_interval_mev": list(best.mass_interval_mev),
            "g_ve": best.g_ve,
            "g_ve_interval": list(best.g_ve_interval),
            "q": best.q,
            "chi2": best.chi2,
        },
        "local_p": fit.local_p,
        "local_z": fit.z,
        "background_chi2": fit.background.chi2,
        "n_points": fit.background.n_points,
        "reference": {
            "mass_mev": fit.reference_mass_mev,
            "g2": fit.reference_signal,
            "g2_err": fit.reference_error,
            "limit": fit.reference_limit,
        },
        "sideband": {
            "constant": line.constant,
            "constant_err": line.constant_err,
            "slope_per_mev": line.slope,
            "slope_err": line.slope_err,
            "chi2": line.chi2,
            "ndf": line.ndf,
            "p_value": fit.sideband.p_value,
            "masked_mev": list(fit.sideband.masked_mev),
        },
        "nuisances": {n.name: {"value": n.value, "error": n.error, "pull": n.pull} for n in best.nuisances},
    }


def _global(found: GlobalP) -> Document:
    low, high = found.fraction.interval()
    return {
        "statistic": found.statistic.value,
        "observed": found.observed,
        "mass_mev": found.mass_mev,
        "p": found.fraction.value,
        "p_low": low,
        "p_high": high,
        "n_toys": found.fraction.n_toys,
    }


def _impacts(impacts: Impacts | None) -> Document | None:
    if impacts is None:
        return None
    return {
        "mass_mev": impacts.mass_mev,
        "g2": impacts.signal,
        "g2_err": impacts.error,
        "g2_err_nuisances_held": impacts.statistics_error,
        "q": impacts.q,
        "nuisances": [
            {
                "name": item.name,
                "value": item.value,
                "error": item.error,
                "width": item.width,
                "pull": item.pull,
                "impact_before": None if item.before is None else list(item.before),
                "impact_after": list(item.after),
                "q_after": list(item.q_after),
            }
            for item in impacts.nuisances
        ],
    }


def check_csv(result: CheckResult) -> str:
    """Content of `checks.csv`: a line for every variation, the unchanged analysis first.

    Parameters
    ----------
    result : CheckResult

    Returns
    -------
    str
    """
    rows = [("", result.nominal)] + [(check.name, row) for check in result.checks for row in check.rows]
    return csv_text(COLUMNS, (_cells(name, row) for name, row in rows))


def _cells(check: str, row: CheckRow) -> tuple[object, ...]:
    fit, change = row.fit, row.change
    fitted: tuple[object, ...] = (None,) * 6
    if fit is not None:
        mass = fit.best.mass_mev if fit.best.g_ve > 0.0 else None
        fitted = (fit.k_constraint, mass, fit.best.g_ve, fit.best.q, fit.local_p, fit.reference_limit)
    changes: tuple[object, ...] = (None,) * 6
    if change is not None:
        changes = (change.signal_sigma, change.mass_mev, change.g_ve, change.q, change.z, change.limit)
    toy = row.toy_limit.coupling if row.toy_limit else None
    return (check, row.name, row.label, row.status.value, row.reason, *fitted, toy, *changes)
