"""Angles that reach the calorimeter of a setup: where generators begin and end.

They go in steps of two from the values of PADME Run III, so that small changes of a geometry keep the random
numbers, and with them the events.
"""

from __future__ import annotations

import math

import numpy as np

from x17.apparatus.setup import Setup
from x17.errors import UsageError

_NARROWEST, _WIDEST = 0.015, 0.12
"""At PADME, rad: its hole ends at 53 mm of 3640, its outermost crystals at 318."""

_LARGEST = math.radians(30.0)
_OUTSIDE_MM = 60.0
"""Particles this far beside the outermost centres still leave something in the crystals."""
_EDGE = 1.03
"""Of the hole: what hits its very rim goes down the wall."""

WIDEST_COSINE = 0.6
"""Of pairs that are generated: wider than any that fits the calorimeter of Run III, 0.40 with its margins."""
_COSINES = (WIDEST_COSINE, 0.8, 0.9, 0.95)


def narrowest_angle(setup: Setup) -> float:
    """Angle to the beam inside which particles vanish in the hole of the calorimeter, rad.

    Parameters
    ----------
    setup : Setup

    Returns
    -------
    float
        0.015 / 2ⁿ.

    Raises
    ------
    UsageError
        A calorimeter without a hole.
    """
    edge = _EDGE * setup.hole_edge_mm / setup.face_distance_mm
    if edge <= 0.0:
        raise UsageError(
            f"setup {setup.name}: the calorimeter has no hole for the beam; leave out the crystals about the "
            "axis in [calorimeter] stretches"
        )
    return _NARROWEST / 2.0 ** max(math.ceil(math.log2(_NARROWEST / edge)), 0)


def widest_angle(setup: Setup) -> float:
    """Angle to the beam beyond which nothing reaches the calorimeter, rad.

    Parameters
    ----------
    setup : Setup

    Returns
    -------
    float
        0.12 · 2ⁿ, n positive or negative.

    Raises
    ------
    UsageError
        A calorimeter so near that small angles do not hold.
    """
    cells = setup.calorimeter.cells
    outermost = float(np.hypot(cells.x_mm, cells.y_mm).max()) + _OUTSIDE_MM
    rim = math.atan(outermost / setup.face_distance_mm)
    if rim > _LARGEST:
        raise UsageError(
            f"setup {setup.name}: its calorimeter reaches {outermost:.0f} mm at a distance of "
            f"{setup.face_distance_mm:.0f} mm; x17 holds for angles below 30 degrees, put it further away"
        )
    return _WIDEST * 2.0 ** math.ceil(math.log2(rim / _WIDEST))


def widest_cosine(setup: Setup, sqrt_s: float) -> float:
    """Largest |cos θ*| of pairs that are worth generating.

    Parameters
    ----------
    setup : Setup
    sqrt_s : float
        MeV.

    Returns
    -------
    float

    Raises
    ------
    UsageError
        The selection takes pairs at almost any angle.
    """
    accepted = setup.largest_cos_theta(sqrt_s)
    for cosine in _COSINES:
        if accepted < cosine:
            return cosine
    raise UsageError(
        f"setup {setup.name}: at √s = {sqrt_s:.2f} MeV the radii of the selection take pairs up to "
        f"|cos θ*| = {accepted:.3f}; allowed: below {_COSINES[-1]:g}; lower [pair_cuts] r_max_mm or "
        "margin_cells, or move the calorimeter"
    )
