"""A combination of masses as a JSON document and a CSV table."""

from __future__ import annotations

from typing import Any

from x17.combination.joint_fit import JointFit
from x17.combination.joint_result import JointResult
from x17.report.tables import csv_text

Document = dict[str, Any]

COLUMNS = ("mass_mev", "delta_chi2_mass", "q", "g_ve", "total")


def _fit(fit: JointFit) -> Document:
    return {
        "mass_mev": fit.mass_mev,
        "mass_intervals_mev": [list(piece) for piece in fit.mass_intervals_mev],
        "g_ve": fit.g_ve,
        "g_ve_intervals": [list(piece) for piece in fit.g_intervals],
        "total": fit.total,
        "q": fit.q,
        "delta_chi2_mass": fit.mass_chi2,
        "tension": fit.tension,
        "tension_p": fit.tension_p,
    }


def joint_document(result: JointResult) -> Document:
    """The numbers as a plain document; masses in MeV, couplings as g_ve.

    Parameters
    ----------
    result : JointResult

    Returns
    -------
    dict
    """
    fit, gaussian = result.fit, result.gaussian
    document: Document = {
        "scan": result.scan_name,
        "with": result.term_name,
        "joint": _fit(fit),
        "nuclear": {"mass_mev": fit.term_mass_mev, "mass_err_mev": fit.term_error_mev},
        "scan_alone": {
            "mass_mev": fit.scan_mass_mev,
            "mass_intervals_mev": [list(piece) for piece in fit.scan_intervals_mev],
            "g_ve": fit.scan_g_ve,
            "q": fit.scan_q,
        },
        "gaussian": gaussian and {"mass_mev": gaussian[0], "mass_err_mev": gaussian[1]},
        "variants": [
            {
                "with": variant.name,
                "nuclear_mass_mev": variant.fit.term_mass_mev,
                "nuclear_mass_err_mev": variant.fit.term_error_mev,
                **_fit(variant.fit),
            }
            for variant in result.variants
        ],
        "warnings": list(result.warnings),
    }
    if result.p_value is not None:
        low, high = result.p_value.interval()
        document["constrained_p"] = {
            "p": result.p_value.value,
            "p_low": low,
            "p_high": high,
            "z": result.p_value.significance,
            "n_toys": result.p_value.n_toys,
            "n_failed": result.p_value.n_failed,
        }
    return document


def joint_csv(result: JointResult) -> str:
    """The two terms and their sum against the mass.

    Parameters
    ----------
    result : JointResult

    Returns
    -------
    str
    """
    curve = result.fit.curve
    columns = (curve.masses, curve.mass_chi2, curve.q, curve.g_ve, curve.total)
    return csv_text(COLUMNS, zip(*(column.tolist() for column in columns), strict=True))
