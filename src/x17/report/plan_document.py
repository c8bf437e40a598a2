"""A plan as a JSON document and a CSV table."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from x17.projection.planning_criteria import UNITS
from x17.projection.planning_diary import DiaryEntry
from x17.projection.planning_result import PlanResult
from x17.projection.planning_schedule import ScheduledPoint
from x17.projection.planning_verdict import PowerCurve
from x17.report.tables import csv_text

Document = dict[str, Any]

COLUMNS = (
    "number",
    "beam_energy_mev",
    "sqrt_s_mev",
    "positrons",
    "hours",
    "total_positrons",
    "total_hours",
    "total_gain",
)


def _entry(entry: DiaryEntry) -> Document:
    return {
        **asdict(entry.point),
        "g_r": entry.g_r,
        "g_r_err": entry.g_r_err,
        "no_boson": entry.no_boson,
        "mass_mev": entry.mass_mev,
    }


def _curve(curve: PowerCurve) -> Document:
    steps = []
    for positrons, share in zip(curve.positrons.tolist(), curve.shares, strict=True):
        low, high = share.interval()
        steps.append({"positrons": positrons, "share": share.value, "share_low": low, "share_high": high})
    return {
        "strategy": curve.strategy.value,
        "verdict": "confirmed" if curve.true else "excluded",
        "data_so_far": curve.with_old,
        "positrons_needed": curve.needed.value,
        "positrons_needed_low": curve.needed.low,
        "positrons_needed_high": curve.needed.high,
        "n_toys": curve.shares[0].n_toys,
        "n_failed": curve.shares[0].n_failed,
        "steps": steps,
    }


def plan_document(result: PlanResult) -> Document:
    """The numbers as a plain document; energies and masses in MeV, an unknown end null.

    Parameters
    ----------
    result : PlanResult

    Returns
    -------
    dict
    """
    schedule, beam = result.schedule, result.beam
    return {
        "scan": result.scan_name,
        "criterion": schedule.criterion.value,
        "unit": UNITS[schedule.criterion],
        "beam": asdict(beam),
        "best_share": result.best_share,
        "so_far": {"no_boson": result.no_boson, "mass_mev": result.likely_mass_mev},
        "schedule": [asdict(point) for point in schedule.points],
        "settings": [
            {"beam_energy_mev": energy, "sqrt_s_mev": root_s, "first_gain": gain}
            for energy, root_s, gain in zip(
                schedule.energies_mev.tolist(),
                schedule.sqrt_s_mev.tolist(),
                schedule.first_gain.tolist(),
                strict=True,
            )
        ],
        "adaptive": {"truth": asdict(result.truth), "points": [_entry(entry) for entry in result.diary]}
        if result.diary
        else None,
        "comparison": {
            "boson": asdict(result.boson),
            "cl": result.cl,
            "curves": [_curve(curve) for curve in result.curves],
            "information": [
                {
                    "strategy": one.strategy.value,
                    "bits": one.bits.tolist(),
                    "bits_err": one.error.tolist(),
                }
                for one in result.average
            ],
        }
        if result.curves
        else None,
        "warnings": list(result.warnings),
    }


def _cells(point: ScheduledPoint) -> list[object]:
    return [getattr(point, name) for name in COLUMNS]


def plan_csv(result: PlanResult) -> str:
    """The schedule as CSV, a row for each point.

    Parameters
    ----------
    result : PlanResult

    Returns
    -------
    str
    """
    return csv_text(COLUMNS, (_cells(point) for point in result.schedule.points))
