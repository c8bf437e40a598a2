"""The tables of a calibration, as rows of text."""

from __future__ import annotations

import math

import numpy as np

from x17.report.html_tables import Table
from x17.report.number_text import UNKNOWN, probability, scientific, signed, with_error
from x17.scan.calibration import Calibration, MeanStability
from x17.scan.counted import CountedPeriod, CountedScan
from x17.scan.validation import ConstantFit, chi2_probability


def period_table(counted: CountedScan, calibration: Calibration) -> Table:
    """Make the table of the points of the scan.

    Parameters
    ----------
    counted : CountedScan
    calibration : Calibration
        Of it.

    Returns
    -------
    Table
    """
    scan, g_r = counted.assembled.scan, calibration.scan.g_r
    known = {row.period.number: row for row in counted.periods}
    ratio = dict(zip(calibration.periods.period.tolist(), _ratios(calibration), strict=True))
    rows = []
    for i, number in enumerate(scan.period.tolist()):
        rows.append(
            (
                str(number),
                str(scan.scan_part[i]).replace("-", "−"),
                f"{scan.sqrt_s_mev[i]:.3f}",
                f"{known[number].count.count.in_window:.0f}",
                with_error(float(scan.n2[i]), float(scan.n2_err[i])),
                scientific(float(scan.n_pot[i]), 4),
                scientific(float(scan.background_per_pot[i]), 4),
                f"{100.0 * scan.signal_efficiency[i]:.2f}",
                ratio[number],
                _factor(scan.energy_loss, i),
                _factor(scan.ageing, i),
                with_error(float(g_r.value[i]), float(g_r.error[i])),
                f"{calibration.scan.total_percent[i]:.2f}",
            )
        )
    titles = (
        "Period",
        "Part",
        "√s [MeV]",
        "Pairs",
        "N2",
        "N_PoT",
        "B",
        "ε_S [%]",
        "Tag and probe, data/sim.",
        "Energy loss",
        "Ageing",
        "g_R",
        "Its error [%]",
    )
    note = "Pairs: in both windows, before the side bands are taken off. Part below 0: not searched."
    return Table("periods", "Points of the scan", titles, tuple(rows), (), note)


def _ratios(calibration: Calibration) -> list[str]:
    ratio = calibration.periods.ratio
    known = zip(ratio.value.tolist(), ratio.error.tolist(), strict=True)
    return [with_error(value, error) if math.isfinite(value) else UNKNOWN for value, error in known]


def _factor(column: np.ndarray | None, row: int) -> str:
    return UNKNOWN if column is None else f"{column[row]:.4f}"


def validation_table(calibration: Calibration) -> Table:
    """Make the table of the fits beside the resonance, and of the mean of tag and probe.

    Parameters
    ----------
    calibration : Calibration

    Returns
    -------
    Table
    """
    checks, rows = calibration.scan.validation, []
    if checks.normalisation is not None:
        rows.append(("Below: scale of B", *_constant(checks.normalisation, 1.0)))
    if checks.below is not None:
        line = checks.below
        value = f"({signed(100.0 * line.slope, 2)} ± {100.0 * line.slope_err:.2f}) %/MeV"
        rows.append(("Below: slope of N2/(N_PoT B)", value, *_goodness(line.chi2, line.ndf)))
    if checks.over is not None:
        rows.append(("Over: N2/N_PoT [10⁻⁶]", *_constant(checks.over, 1e6)))
    if calibration.periods.ratio_mean is not None:
        rows.append(("Tag and probe, data/simulation", *_constant(calibration.periods.ratio_mean, 1.0)))
    rows = rows or [("No points beside the resonance", UNKNOWN, UNKNOWN, UNKNOWN)]
    titles = ("Check", "Value", "χ²/ndf", "P(χ²)")
    return Table("validation", "Checks of counts and flux", titles, tuple(rows))


def _constant(fit: ConstantFit, scale: float) -> tuple[str, str, str]:
    return (with_error(scale * fit.value, scale * fit.error), *_goodness(fit.chi2, fit.ndf))


def _goodness(chi2: float, ndf: int) -> tuple[str, str]:
    return f"{chi2:.1f}/{ndf}", probability(chi2_probability(chi2, ndf)) if ndf > 0 else UNKNOWN


def cut_flow_table(calibration: Calibration) -> Table:
    """Make the table of the cuts.

    Parameters
    ----------
    calibration : Calibration

    Returns
    -------
    Table
    """
    flow, rows = calibration.cut_flow, []
    if flow is not None:
        for k, name in enumerate(flow.names):
            rows.append(
                (
                    name,
                    f"{flow.data[k]:.0f}",
                    _share(flow.data, k),
                    f"{flow.expected[k]:.0f}",
                    _share(flow.expected, k),
                )
            )
    titles = ("Cut", "Data", "of before [%]", "Simulated two-body", "of before [%]")
    note = "All periods. Simulated: two-body events for as many positrons, without other processes."
    return Table("cut-flow", "Events after each cut", titles, tuple(rows), (), note)


def _share(events: np.ndarray, k: int) -> str:
    return UNKNOWN if k == 0 or not events[k - 1] else f"{100.0 * events[k] / events[k - 1]:.2f}"


def left_out_table(counted: CountedScan) -> Table:
    """Make the table of periods and runs that are left out.

    Parameters
    ----------
    counted : CountedScan

    Returns
    -------
    Table
        Says so if there are none.
    """
    rows = [(f"Period {entry.period}", entry.reason) for entry in counted.assembled.left_out]
    quality = counted.quality
    for run, reason, good in zip(counted.runs, quality.reasons, quality.good, strict=True):
        if not good:
            rows.append((f"Period {run.period}, run {run.run}", reason))
    rows = rows or [("Nothing", f"all {len(counted.periods)} periods and {len(counted.runs)} runs are used")]
    return Table("left-out", "Left out", ("What", "Why"), tuple(rows), (1,))


def ageing_table(calibration: Calibration) -> Table:
    """Make the table of the slopes of the ageing.

    Parameters
    ----------
    calibration : Calibration

    Returns
    -------
    Table
    """
    ageing, rows = calibration.ageing, []
    for name, line in ageing.lines.items():
        scatter = f"{100.0 * float(line.scatter / line.constant):.2f}"
        slope = with_error(float(line.slope), float(line.slope_err))
        rows.append((name.capitalize(), slope, scatter, str(line.n_points)))
    rows.append(
        (f"Used: {ageing.source.value}", with_error(ageing.slope, ageing.slope_err), UNKNOWN, UNKNOWN)
    )
    titles = ("Proxy", "Slope over all positrons", "Scatter beyond errors [%]", "Periods")
    note = "Run III found 0.095(7) with the calorimeter, 0.109(18) with the target, and quotes 0.097(7)."
    return Table("ageing", "Ageing of the lead glass", titles, tuple(rows), (), note)


def stability_table(key: str, caption: str, found: MeanStability) -> Table:
    """Make the table of a varied cut.

    Parameters
    ----------
    key, caption : str
    found : MeanStability

    Returns
    -------
    Table
    """
    rows = tuple(
        (
            f"{cut:g}",
            f"{found.data.value[k]:.4f}",
            f"{found.simulated.value[k]:.4f}",
            f"{signed(100.0 * (found.ratio.value[k] - 1.0), 2)} ± {100.0 * found.ratio.error[k]:.2f}",
        )
        for k, cut in enumerate(found.varied.tolist())
    )
    titles = ("Cut", "Data", "Simulation", "Data/simulation − 1 [%]")
    return Table(key, caption, titles, rows)


def band_table(counted: CountedScan, calibration: Calibration) -> Table:
    """Make the table of what the side bands take off.

    Parameters
    ----------
    counted : CountedScan
    calibration : Calibration

    Returns
    -------
    Table
    """
    angles, status = calibration.angles, [row.count.count.status for row in counted.periods]
    rows = [
        ("Pairs in both windows", f"{angles.in_window:.0f}"),
        ("Taken off", f"{angles.background:.0f}"),
        ("Share of the pairs", _part(angles.background, angles.in_window)),
    ]
    rows += [(f"Periods {kind.value}", str(status.count(kind))) for kind in dict.fromkeys(status)]
    rows += [(f"Pairs, {name}", _part(value, total)) for name, value, total in _classes(counted.periods)]
    return Table("bands", "Pairs, all periods", ("What", "Number"), tuple(rows))


def _classes(rows: tuple[CountedPeriod, ...]) -> list[tuple[str, float, float]]:
    sums = np.sum([row.count.classes for row in rows], axis=0) if rows else np.zeros(3)
    total = float(sums.sum())
    return [(name, float(sums[k]), total) for k, name in enumerate(("ee", "γγ", "mixed"))]


def _part(value: float, total: float) -> str:
    return f"{100.0 * value / total:.2f} %" if total else UNKNOWN
