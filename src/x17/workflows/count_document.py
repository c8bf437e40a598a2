"""What was counted, as plain values: the content of `counts.json`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from x17.reconstruction.data_quality import RunQuality
from x17.reconstruction.flux.period_flux import PeriodFlux
from x17.reconstruction.flux.run_sums import RunSums
from x17.reconstruction.flux.status import FluxStatus
from x17.scan.counted import CountedPeriod, CountedScan
from x17.scan.straight_line import StraightLine
from x17.workflows.counted_periods import CountedPeriods

Document = dict[str, Any]


def count_document(run: CountedScan, command: str = "") -> Document:
    """Everything that was counted, as plain values.

    Parameters
    ----------
    run : CountedScan
    command : str
        As typed.

    Returns
    -------
    dict
        For JSON.
    """
    scan, checks = run.assembled.scan, run.assembled.validation
    rows = {row.period.number: row for row in run.periods}
    points = []
    for i, number in enumerate(scan.period):
        of_scan = {
            "n_pot": float(scan.n_pot[i]),
            "n_pot_err": float(scan.n_pot_err[i]),
            "background_per_pot": float(scan.background_per_pot[i]),
            "background_err": float(scan.background_err[i]),
            "signal_efficiency": float(scan.signal_efficiency[i]),
            "g_r": float(scan.n2[i] / (scan.n_pot[i] * scan.background_per_pot[i])),
        }
        points.append(_point(rows[int(number)], run.flux) | of_scan)
    return {
        "command": command,
        "scan": scan.name,
        "settings": dict(run.settings),
        "points": points,
        "left_out": [asdict(entry) for entry in run.assembled.left_out],
        "runs_left_out": _runs_left_out(run.runs, run.quality),
        "normalisation": asdict(checks.normalisation) if checks.normalisation else None,
        "below_resonance": _line(checks.below),
        "over_resonance": asdict(checks.over) if checks.over else None,
        "ageing": _ageing(run.flux),
    }


def document_without_scan(found: CountedPeriods, reason: str, command: str = "") -> Document:
    """The same where no scan could be made: every counted period, its background as simulated.

    Parameters
    ----------
    found : CountedPeriods
    reason : str
        Why there is no scan.
    command : str
        As typed.

    Returns
    -------
    dict
        For JSON; `scan` is None.
    """
    return {
        "command": command,
        "scan": None,
        "why_no_scan": reason,
        "settings": found.settings.document(),
        "points": [_point(row, found.flux) for row in found.counted],
        "left_out": [
            {"period": lost.period, "reason": lost.detail or lost.status.sentence} for lost in found.lost
        ],
        "runs_left_out": _runs_left_out(found.runs, found.quality),
        "ageing": _ageing(found.flux),
    }


def _point(row: CountedPeriod, flux: PeriodFlux) -> Document:
    """One period, before the background is scaled and common errors are added."""
    i = int(np.flatnonzero(flux.period == row.period.number)[0])
    found, n_pot = row.count.count, float(flux.n_pot[i])
    background = row.expectation.electrons_per_pot + row.expectation.photons_per_pot
    expected = n_pot * background
    flow = row.selection.cut_flow
    return {
        "period": row.period.number,
        "scan_part": row.period.scan_part,
        "sqrt_s_mev": row.expectation.sqrt_s_mev,
        "n2_raw": found.in_window,
        "n2": found.n2,
        "n2_err": found.n2_error,
        "n_pot": n_pot,
        "n_pot_err": float(flux.n_pot_err_raw[i]),
        "background_per_pot": background,
        "background_err": row.expectation.count.count.n2_error,
        "signal_efficiency": row.expectation.signal_efficiency,
        "g_r": found.n2 / expected if expected > 0.0 else None,
        "tag_and_probe_data": row.count.efficiency.efficiency,
        "tag_and_probe_simulated": row.expectation.count.efficiency.efficiency,
        "classes": {
            name: float(value) for name, value in zip(("ee", "gg", "mixed"), row.count.classes, strict=True)
        },
        "cut_flow": {name: int(n) for name, n in zip(flow.names, flow.events, strict=True)},
        "beam_lines": [status.name for status in row.selection.lines.status],
        "flux_status": FluxStatus(int(flux.status[i])).name,
    }


def _runs_left_out(runs: Sequence[RunSums], quality: RunQuality) -> list[Document]:
    return [
        {"period": one.period, "run": one.run, "reason": reason}
        for one, reason, good in zip(runs, quality.reasons, quality.good, strict=True)
        if not good
    ]


def _ageing(flux: PeriodFlux) -> Document:
    slope = flux.slope
    return {"slope": slope.slope, "slope_err": slope.slope_err, "source": slope.source.value}


def _line(line: StraightLine | None) -> Document | None:
    if line is None:
        return None
    names = ("constant", "constant_err", "slope", "slope_err", "chi2", "ndf")
    return {name: getattr(line, name) for name in names}
