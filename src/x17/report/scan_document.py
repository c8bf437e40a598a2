"""A scan as a plain document: its points with the observable, corrections, error budget and constants."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np

from x17.kinematics import beam_energy_mev
from x17.scan import EnergyScan
from x17.scan.corrections import CORRECTIONS, weighted_mean
from x17.scan.error_budget import error_budget
from x17.scan.observable import g_r, g_r_relative_err
from x17.scan.sealed_scan import OpenPart

VALIDATION_COLUMNS = ("tag_and_probe", "rmax_shift")
"""Measurements beside the table, shown and not undone."""
COUNT_KEYS = ("n2", "g_r", "g_r_err_percent", "n2_err_percent")
"""What of a point follows from its count."""


def scan_document(scan: EnergyScan) -> dict[str, Any]:
    """Everything `x17 scan show` prints.

    Parameters
    ----------
    scan : EnergyScan

    Returns
    -------
    dict
        Plain numbers, strings, lists; energies in MeV, errors of the budget in percent.
    """
    budget = error_budget(scan)
    used = scan.selection.mask(scan.scan_part)
    searched = scan.search_points()
    efficiency = scan.signal_efficiency.copy()
    efficiency[searched.row] = searched.signal_efficiency
    observable, relative = g_r(scan), g_r_relative_err(scan)
    energy = beam_energy_mev(scan.sqrt_s_mev, scan.constants.electron_mass_mev)
    points = []
    for i in np.argsort(scan.sqrt_s_mev, kind="stable"):
        point: dict[str, Any] = {
            "period": int(scan.period[i]),
            "scan_part": int(scan.scan_part[i]),
            "used": bool(used[i]),
            "sqrt_s_mev": float(scan.sqrt_s_mev[i]),
            "beam_energy_mev": float(energy[i]),
            "n2": float(scan.n2[i]),
            "n_pot_1e9": float(scan.n_pot[i] / 1e9),
            "background_1e6": float(scan.background_per_pot[i] * 1e6),
            "signal_efficiency": float(efficiency[i]),
            "g_r": float(observable[i]),
            "g_r_err_percent": float(100.0 * relative[i]),
            "n2_err_percent": float(100.0 / np.sqrt(scan.n2[i])),
            "n_pot_err_percent": float(100.0 * scan.n_pot_err[i] / scan.n_pot[i]),
            "background_err_percent": float(100.0 * scan.background_err[i] / scan.background_per_pot[i]),
        }
        for name in VALIDATION_COLUMNS:
            column = getattr(scan, name)
            if column is not None:
                point[name] = float(column[i])
        points.append(point)
    return {
        "name": scan.name,
        "source": scan.source,
        "normalisation": scan.normalisation,
        "digest": scan.digest,
        "n_points": len(scan),
        "n_used": int(used.sum()),
        "scan_parts": [asdict(part) for part in scan.selection.parts],
        "repairs": [asdict(repair) for repair in scan.repairs],
        "corrections": [
            {
                "name": step.name,
                "meaning": step.meaning,
                "factor_of": step.target,
                "applied": step.name in scan.applied_corrections,
                "weighted_mean": weighted_mean(scan, step.name) if step.name in scan.columns else None,
            }
            for step in CORRECTIONS
        ],
        "error_budget": {
            "mean_percent": budget.means,
            "published": [asdict(item) for item in budget.published],
        },
        "model": scan.constants.plain(),
        "notes": list(scan.notes),
        "points": points,
    }


def sealed_document(part: OpenPart) -> dict[str, Any]:
    """Everything `x17 scan show` prints of a sealed scan; None where it follows from counts that are sealed.

    Parameters
    ----------
    part : OpenPart

    Returns
    -------
    dict
        As `scan_document`; besides, `n_sealed`, and `sealed` for each point.
    """
    document = scan_document(part.expected)
    opened = None if part.sealed.all() else scan_document(part.open_scan(part.expected.name))
    known = {} if opened is None else {point["period"]: point for point in opened["points"]}
    hidden = dict.fromkeys(COUNT_KEYS)
    document["points"] = [
        {**point, **known.get(point["period"], hidden), "sealed": point["period"] not in known}
        for point in document["points"]
    ]
    if opened is None:
        means = document["error_budget"]["mean_percent"]
        document["error_budget"]["mean_percent"] = means | {"n2": None, "total": None}
        document["digest"] = None
        document["notes"] += ["The counts of all energy points are sealed."]
    else:
        for key in ("digest", "corrections", "error_budget", "notes"):
            document[key] = opened[key]
    return document | {"n_sealed": part.n_sealed}
