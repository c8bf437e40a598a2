"""A counted scan on a terminal, in lines of at most 80 characters."""

from __future__ import annotations

import math
import textwrap

from x17.report.calibration_budget import RUN3_POINT_PERCENT, budget_lines, in_quadrature
from x17.report.calibration_page import calibration_headline
from x17.report.calibration_tables import ageing_table, left_out_table, validation_table
from x17.report.number_text import UNKNOWN, scientific
from x17.scan.calibration import Calibration, calibration_of
from x17.scan.counted import CountedScan
from x17.scan.error_budget import COMMON, POINT

COLUMNS = 80


def count_text(counted: CountedScan) -> str:
    """Write what was counted: points, checks, what is left out, ageing and error budget.

    Parameters
    ----------
    counted : CountedScan

    Returns
    -------
    str
        Without a newline at the end.
    """
    calibration = calibration_of(counted)
    parts = [
        textwrap.wrap(calibration_headline(counted, calibration), COLUMNS),
        _points(counted, calibration),
        [_check(*row) for row in validation_table(calibration).rows],
        [f"ageing, {row[0].lower():<24}{row[1]}" for row in ageing_table(calibration).rows],
        _left_out(counted),
        _budget(counted, calibration),
    ]
    return "\n\n".join("\n".join(part) for part in parts)


def _check(what: str, value: str, chi2: str, p: str) -> str:
    return what if value == UNKNOWN else f"{what:<31}{value:<24}χ²/ndf {chi2}, P {p}"


def _points(counted: CountedScan, calibration: Calibration) -> list[str]:
    scan, g_r = counted.assembled.scan, calibration.scan.g_r
    ratio = calibration.periods.ratio.value
    probes = dict(zip(calibration.periods.period.tolist(), ratio.tolist(), strict=True))
    lines = ["period part  √s [MeV]         N2      N_PoT         B    T&P      g_R ± err"]
    for i, number in enumerate(scan.period.tolist()):
        probe = f"{probes[number]:.4f}" if math.isfinite(probes[number]) else UNKNOWN
        lines.append(
            f"{number:>6}{scan.scan_part[i]:>5}{scan.sqrt_s_mev[i]:>10.3f}{scan.n2[i]:>11.1f}"
            f"{scientific(float(scan.n_pot[i]), 4):>11}{scientific(float(scan.background_per_pot[i]), 4):>10}"
            f"{probe:>7}{g_r.value[i]:>9.4f} ± {g_r.error[i]:.4f}"
        )
    return lines


def _left_out(counted: CountedScan) -> list[str]:
    lines = []
    for what, why in left_out_table(counted).rows:
        lines += textwrap.wrap(
            f"left out: {what[0].lower()}{what[1:]}: {why}", COLUMNS, subsequent_indent="  "
        )
    return lines


def _budget(counted: CountedScan, calibration: Calibration) -> list[str]:
    found = budget_lines(counted.assembled.scan.published_budget, calibration)
    lines = ["errors in %                              here   Run III"]
    for kind, total in ((POINT, "single points"), (COMMON, "common to all")):
        for line in found:
            if line.kind == kind:
                lines.append(_row(f"{line.quantity}: {line.source}", line.here, line.run3))
        lines.append(_row(f"{total}, in quadrature", *in_quadrature(found, kind)))
        if kind == POINT:
            lines.append(_row("g_R in the scan, mean", calibration.scan.mean_percent, RUN3_POINT_PERCENT))
    return lines


def _row(name: str, here: float | None, run3: float | None) -> str:
    cells = [UNKNOWN if value is None else f"{value:.2f}" for value in (here, run3)]
    return f"  {name:<36}{cells[0]:>7}{cells[1]:>10}"
