"""The results of a search as documents: `summary.json` and the three CSV tables.

Pure functions from results to text; `x17.report.files` puts them on disk. What is not known is null in JSON
and an empty cell in CSV.
"""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterable, Sequence
from typing import Any

from x17.report.significance_table import significance_document
from x17.statistics.best_fit import Nuisance
from x17.statistics.injected_boson import InjectedBoson
from x17.statistics.search_result import SearchResult
from x17.statistics.significance import Significance

Document = dict[str, Any]

LIMIT_COLUMNS = (
    "mass_mev",
    "g_observed",
    "g_observed_low",
    "g_observed_high",
    "g_observed_asymptotic",
    "g_median",
    "g_minus_2sigma",
    "g_minus_1sigma",
    "g_plus_1sigma",
    "g_plus_2sigma",
    "local_p",
    "notes",
)
LIKELIHOOD_COLUMNS = ("mass_mev", "g_ve", "q")
SCAN_COLUMNS = (
    "period",
    "sqrt_s_mev",
    "beam_energy_mev",
    "g_r",
    "g_r_err",
    "masked",
    "g_r_sideband",
    "g_r_background",
    "g_r_best_fit",
)


def json_text(document: object) -> str:
    """JSON with every not-finite number written as null.

    Parameters
    ----------
    document : object
        Dictionaries, lists, strings, numbers, booleans, None.

    Returns
    -------
    str
        Indented, ending in a newline.
    """
    return json.dumps(_finite(document), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _finite(value: object) -> object:
    if isinstance(value, dict):
        return {str(key): _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Comma-separated text; floats with ten significant digits, None as an empty cell.

    Parameters
    ----------
    header : sequence of str
    rows : iterable of sequence

    Returns
    -------
    str
    """
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow([_cell(value) for value in row])
    return stream.getvalue()


def _cell(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.10g}" if math.isfinite(value) else ""
    return value


def _nuisances(nuisances: Iterable[Nuisance]) -> Document:
    return {n.name: {"value": n.value, "error": n.error, "pull": n.pull} for n in nuisances}


def summary_document(result: SearchResult, settings: Document) -> Document:
    """The content of `summary.json`.

    Parameters
    ----------
    result : SearchResult
    settings : dict
        The resolved settings.

    Returns
    -------
    dict
        Masses and √s in MeV, couplings as g_ve; p-values one-sided.
    """
    sideband, line, best, local = result.sideband, result.sideband.line, result.best, result.local_p
    fraction = local.limit
    low, high = fraction.interval() if fraction else (None, None)
    return {
        "scan": result.scan_name,
        "sideband": {
            "constant": line.constant,
            "constant_err": line.constant_err,
            "slope_per_mev": line.slope,
            "slope_err": line.slope_err,
            "correlation": line.correlation if line.slope_err > 0.0 else None,
            "chi2": line.chi2,
            "ndf": line.ndf,
            "p_value": sideband.p_value,
            "masked_mev": list(sideband.masked_mev),
            "masked_center_mev": sideband.masked_center_mev,
            "ties": [{"masked_mev": [a, b], "chi2": chi2} for a, b, chi2 in sideband.ties],
            "criteria": [
                {"name": c.name, "value": c.value, "threshold": c.threshold, "passed": c.passed}
                for c in result.criteria
            ],
        },
        "background_fit": {
            "chi2": result.background.chi2,
            "n_points": result.background.n_points,
            "nuisances": _nuisances(result.background.nuisances),
        },
        "best_fit": {
            "mass_mev": best.mass_mev,
            "mass_interval_mev": list(best.mass_interval_mev),
            "g_ve": best.g_ve,
            "g_ve_interval": list(best.g_ve_interval),
            "q": best.q,
            "chi2": best.chi2,
            "nuisances": _nuisances(best.nuisances),
        },
        "k_treatments": [
            {"k_constraint": k.k_constraint, "mass_mev": k.mass_mev, "g_ve": k.g_ve, "q": k.q, "used": k.used}
            for k in result.k_variants
        ],
        "local_p": {
            "mass_mev": local.mass_mev,
            "p_q0": local.p_q0,
            "z_q0": local.z_q0,
            "p_limit": fraction.value if fraction else None,
            "p_limit_low": low,
            "p_limit_high": high,
            "n_toys": fraction.n_toys if fraction else None,
        },
        "global_p": [significance_document(window) for window in result.significance],
        "failed_fits": result.failures,
        "notes": list(result.notes),
        "settings": settings,
    }


def limits_csv(result: SearchResult) -> str:
    """Content of `limits.csv`: one row a mass, couplings as g_ve at the search's confidence level.

    Parameters
    ----------
    result : SearchResult

    Returns
    -------
    str
    """
    rows = []
    for point in result.limits:
        toy = point.toy
        minus2, minus1, median, plus1, plus2 = point.expected
        rows.append(
            (
                point.mass_mev,
                toy.coupling if toy else None,
                toy.low if toy else None,
                toy.high if toy else None,
                point.asymptotic,
                median,
                minus2,
                minus1,
                plus1,
                plus2,
                point.local_p,
                "; ".join(point.notes),
            )
        )
    return csv_text(LIMIT_COLUMNS, rows)


def likelihood_csv(result: SearchResult) -> str:
    """Content of `likelihood.csv`: Q on the grid; empty where the fit failed.

    Parameters
    ----------
    result : SearchResult

    Returns
    -------
    str
    """
    grid = result.q_map
    return csv_text(
        LIKELIHOOD_COLUMNS,
        (
            (float(mass), float(coupling), float(grid.q[i, k]) if grid.ok[i, k] else None)
            for i, mass in enumerate(grid.masses)
            for k, coupling in enumerate(grid.couplings)
        ),
    )


def scan_csv(result: SearchResult) -> str:
    """Content of `scan.csv`: the observable and the fitted curves, by rising √s.

    Parameters
    ----------
    result : SearchResult

    Returns
    -------
    str
    """
    points, curves = result.points, result.curves
    return csv_text(
        SCAN_COLUMNS,
        (
            (
                int(points.period[i]),
                float(points.sqrt_s_mev[i]),
                float(points.beam_energy_mev[i]),
                float(curves.g_r[i]),
                float(curves.g_r_err[i]),
                int(result.sideband.masked[i]),
                float(curves.sideband[i]),
                float(curves.background[i]),
                float(curves.best_fit[i]),
            )
            for i in range(len(points))
        ),
    )


def band_csv(result: Significance, injected: InjectedBoson | None = None) -> str:
    """The expected band of the pseudo-experiments and the observed limit.

    Parameters
    ----------
    result : Significance
    injected : InjectedBoson, optional
        Adds the band of experiments with a boson.

    Returns
    -------
    str
        A line for each mass; couplings g_ve with their Monte-Carlo intervals.
    """
    bands = [("", result.band)] + ([("injected_", injected.band)] if injected else [])
    names = ("minus_2", "minus_1", "median", "plus_1", "plus_2")
    header = ["mass_mev", "observed"]
    header += [
        f"{prefix}{name}{end}" for prefix, _ in bands for name in names for end in ("", "_low", "_high")
    ]
    rows = [
        [float(mass), float(result.observed_limits[k])]
        + [
            float(part[i, k])
            for _, band in bands
            for i in range(len(names))
            for part in (band.limits, band.low, band.high)
        ]
        for k, mass in enumerate(result.band.masses)
    ]
    return csv_text(header, rows)
