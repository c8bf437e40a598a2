"""What each figure of a calibration shows."""

from __future__ import annotations

from x17.report.caption import Caption
from x17.scan.calibration import Calibration


def calibration_captions(calibration: Calibration) -> dict[str, Caption]:
    """Captions by file stem.

    Parameters
    ----------
    calibration : Calibration

    Returns
    -------
    dict
        One for every figure that a calibration may have.
    """
    return {
        "points": _POINTS,
        "budget": _BUDGET,
        "validation": _VALIDATION,
        "selection": _SELECTION,
        "side_bands": _side_bands(calibration),
        "tag_probe": _TAG_PROBE,
        "stability": _STABILITY,
        "leakage": _LEAKAGE,
        "ageing": _AGEING,
        "runs": _RUNS,
        "cross_checks": _CROSS_CHECKS,
    }


_GAPS = " The energy axis leaves gaps out; points of one energy are spread in the order of data taking."

_POINTS = Caption(
    "Counts over expectation",
    "g_R = N2 / (N_PoT · B) of every point in the scan, those for validation included, with the errors that "
    "points do not share. B is scaled as the scan says." + _GAPS,
    "Points with error bars about 1 against centre-of-mass energy, in up to three groups.",
)
_BUDGET = Caption(
    "What makes the error of each point",
    "Squared relative errors of the contributions, stacked, so that their sum is the square of the error of "
    "g_R, whose size is on the right axis. Searched points by rising energy. Tag and probe, cuts and spot, "
    "and the beam energy enter as the constants that the scan holds.",
    "Stacked bars, one a point; the statistics of the counts is the largest part.",
)
_VALIDATION = Caption(
    "Beside the resonance",
    "Above: N2 / (N_PoT · B) below the resonance, B scaled to their mean, with a straight line. Below: "
    "N2 / N_PoT over the resonance at one energy, which must be constant whatever B is. Errors without the "
    "constants that are added to every point.",
    "Two panels of a few points with error bars, a line through the upper and a constant through the lower.",
)
_SELECTION = Caption(
    "Selection",
    "Above: events of all periods with a pair after each cut; diamonds: simulated two-body events for as "
    "many positrons, B scaled as the scan says. The difference is bremsstrahlung and chance pairs, which the "
    "side bands take off in the end. Below: the pairs by what the charged tagger saw, side bands taken off, "
    "binomial errors." + _GAPS,
    "Horizontal bars that become shorter cut by cut, and three rows of points of the shares of ee, γγ and "
    "mixed pairs.",
)
_TAG_PROBE = Caption(
    "Tag and probe",
    "Efficiency for a cluster of each period, in data and in simulation; below, the ratio with its weighted "
    "mean. The simulation has none of the losses of the real detector: the ratio corrects B, once for each "
    "of the two clusters." + _GAPS,
    "Two rows of points with error bars; the lower one scatters about a horizontal line.",
)
_STABILITY = Caption(
    "Stability of the cuts",
    "Yield with a varied cut over that with the cuts of the analysis, mean over periods with their yields as "
    "weights; R_min and the energies follow R_max. Below: change of data over simulation; its errors are "
    "those of the events that differ.",
    "Rising curves of data and simulation that lie on each other, and their ratio minus one below.",
)
_LEAKAGE = Caption(
    "Leakage of the lead glass",
    "Above: factor of each period in the order of data taking. Below: factor of each run against the height "
    "of its spot at the lead glass, extrapolated from target and pixel detector; the curve is the response "
    "map over a spot of mean width. Dashed: the factor at which the charge per positron holds.",
    "Points scattered below a dashed line, and points along a hump-shaped curve.",
)
_AGEING = Caption(
    "Ageing of the lead glass",
    "Energy in the calorimeter, and charge of the target, per positron of the lead glass before its ageing "
    "is corrected, against the positrons that came before. A signal that falls with dose makes both rise. "
    "Black bars: statistics; grey: with the scatter that the fit found beyond it.",
    "Two panels of points that rise along straight lines.",
)
_RUNS = Caption(
    "Runs",
    "Mean spot at the target, centre of gravity of two-body pairs at the calorimeter (runs with enough pairs "
    "of their own), and energy in the calorimeter for each positron, relative to what theory expects of the "
    "beam energy. Runs outside the shaded band are left out.",
    "Three panels of points along the number of the run.",
)
_CROSS_CHECKS = Caption(
    "Independent cross-checks",
    "Gaussian core of E1 + E2 and of the time difference of the pairs in both windows, which the selection "
    "hardly uses: mean, E1 + E2 less the beam energy, and width." + _GAPS,
    "Four rows of points of data and simulation that follow each other.",
)


def _side_bands(calibration: Calibration) -> Caption:
    angles = calibration.angles
    return Caption(
        "Windows and side bands",
        "Pairs of all periods. Above: each angle for pairs in the window of the other; green: window, "
        "orange: side bands, red: simulated two-body events for as many positrons; dashed: mean level of the "
        f"{angles.background:.0f} pairs that are taken off. Below: the plane of the two angles. Background "
        "is the side band in θ₁ + θ₂ times the ratio of the two away from the peak in Δφ.",
        "Two peaked distributions on a logarithmic axis and a map of both angles with a box around the peak.",
    )
