"""The figures of a calibration, one a module; each takes a calibration and only draws."""

from __future__ import annotations

from collections.abc import Callable

from matplotlib.figure import Figure

from x17.report.figures.calibration.ageing import draw_ageing
from x17.report.figures.calibration.budget import draw_budget
from x17.report.figures.calibration.counted_points import draw_counted_points
from x17.report.figures.calibration.cross_checks import draw_cross_checks
from x17.report.figures.calibration.leakage import draw_leakage
from x17.report.figures.calibration.runs import draw_runs
from x17.report.figures.calibration.selection import draw_selection
from x17.report.figures.calibration.side_bands import draw_side_bands
from x17.report.figures.calibration.stability import draw_stability
from x17.report.figures.calibration.tag_probe import draw_tag_probe
from x17.report.figures.calibration.validation import draw_validation
from x17.scan.calibration import Calibration

CALIBRATION_FIGURES: dict[str, Callable[[Calibration], Figure]] = {
    "points": draw_counted_points,
    "budget": draw_budget,
    "validation": draw_validation,
    "selection": draw_selection,
    "side_bands": draw_side_bands,
    "tag_probe": draw_tag_probe,
    "stability": draw_stability,
    "leakage": draw_leakage,
    "ageing": draw_ageing,
    "runs": draw_runs,
    "cross_checks": draw_cross_checks,
}
"""File stem to the function that draws it, in the order of a report."""


def calibration_figures(calibration: Calibration) -> dict[str, Callable[[Calibration], Figure]]:
    """The figures that a calibration has: none without anything to show.

    Parameters
    ----------
    calibration : Calibration

    Returns
    -------
    dict
        File stem to the function that draws it, in the order of a report.
    """
    missing = set()
    if calibration.r_max is None and calibration.margin is None:
        missing.add("stability")
    probes = calibration.periods.tag_and_probe
    if not (probes.data.known.any() or probes.simulated.known.any()):
        missing.add("tag_probe")
    if calibration.scan.below_sqrt_s.size == 0 and calibration.scan.over_period.size == 0:
        missing.add("validation")
    return {stem: draw for stem, draw in CALIBRATION_FIGURES.items() if stem not in missing}
