"""The boson masses that a search takes when it is not told: those that its energies reach."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from x17.errors import UsageError
from x17.kinematics import mass_step_mev, round_down
from x17.scan import EnergyScan

AUTO, COARSE = "auto", "coarse"
"""Masses of the scan, and the same in steps twice as large, for a first look."""

PUBLISHED_MASSES = "16.22:17.72:0.02"
PUBLISHED_COARSE = "16.22:17.70:0.04"
"""Of PADME Run III, for every scan that reaches them."""

FARTHEST = 0.05
"""Relative distance of a mass from the nearest end of the scan, some twenty times the width of a line."""

_FEWEST_STEPS = 20


def allowed_masses(scan: EnergyScan) -> tuple[float, float]:
    """Lowest and highest mass of which a scan says anything, MeV.

    Parameters
    ----------
    scan : EnergyScan

    Returns
    -------
    (float, float)
    """
    sqrt_s = scan.search_points().sqrt_s_mev
    return (1.0 - FARTHEST) * float(sqrt_s.min()), (1.0 + FARTHEST) * float(sqrt_s.max())


def refuse_far_masses(masses: Iterable[float], scan: EnergyScan) -> None:
    """Refuse masses of which a scan says nothing.

    Parameters
    ----------
    masses : iterable of float
        MeV.
    scan : EnergyScan

    Raises
    ------
    UsageError
        One of them is far from every energy point.
    """
    low, high = allowed_masses(scan)
    for mass in masses:
        if not low <= mass <= high:
            raise UsageError(
                f"--masses: {mass:g} MeV is far from every energy point of {scan.name}; allowed: {low:.2f} "
                f"to {high:.2f} MeV, e.g. --masses {0.5 * (low + high):.4g}"
            )


def masses_of(scan: EnergyScan, text: str = AUTO) -> str:
    """Masses of a search as LO:HI:STEP.

    The published grid where the scan reaches all of it; otherwise from the lowest to the highest √s in steps
    of about half the relative spread of the beam times √s, which is the width of the line in mass.

    Parameters
    ----------
    scan : EnergyScan
    text : str
        `auto`, `coarse`, or LO:HI:STEP, which comes back.

    Returns
    -------
    str

    Raises
    ------
    UsageError
        All energies of the scan are the same.
    """
    if text not in (AUTO, COARSE):
        return text
    low, high = allowed_masses(scan)
    first, last, _ = (float(part) for part in PUBLISHED_MASSES.split(":"))
    if low <= first and last <= high:
        return PUBLISHED_MASSES if text == AUTO else PUBLISHED_COARSE
    sqrt_s = scan.search_points().sqrt_s_mev
    lowest, highest = float(sqrt_s.min()), float(sqrt_s.max())
    if not lowest < highest:
        raise UsageError(
            f"{scan.name}: all energies are √s = {lowest:g} MeV; give the masses with --masses LO:HI:STEP"
        )
    return masses_between(
        lowest, highest, scan.constants.beam_energy_spread, every=1.0 if text == AUTO else 2.0
    )


def masses_between(lowest: float, highest: float, relative_spread: float, *, every: float = 1.0) -> str:
    """Masses from one √s to another in steps of a width of the line, as LO:HI:STEP.

    Parameters
    ----------
    lowest, highest : float
        MeV.
    relative_spread : float
        Of the beam energy; that of √s is half of it.
    every : float
        Factor on the step.

    Returns
    -------
    str
    """
    step = mass_step_mev(0.5 * (lowest + highest), relative_spread)
    return grid_text(lowest, highest, every * min(step, round_down((highest - lowest) / _FEWEST_STEPS)))


def grid_text(lowest: float, highest: float, step: float) -> str:
    """Whole steps between two ends, as LO:HI:STEP.

    Parameters
    ----------
    lowest, highest, step : float
        MeV.

    Returns
    -------
    str
    """
    begin, end = math.ceil(lowest / step - 1e-9), math.floor(highest / step + 1e-9)
    digits = max(0, 1 - math.floor(math.log10(step)))
    ends = (np.format_float_positional(round(n * step, digits), trim="-") for n in (begin, end))
    return ":".join([*ends, np.format_float_positional(round(step, digits), trim="-")])
