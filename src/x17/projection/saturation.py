"""Where more positrons stop helping: the expected limit against statistics, with the errors and without."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from x17.projection.limiting_errors import BuildModel
from x17.projection.projected_scan import RunDesign
from x17.projection.reach import MEDIAN, FloatArray, asimov_error, band_of
from x17.projection.systematics import Systematics

STATISTICS = tuple(float(value) for value in np.geomspace(1.0, 100.0, 13))
"""Factors on the positrons."""

WITHIN = 0.10
"""Statistics saturate where the limit is this close to the one of infinitely many positrons."""

_INFINITE = 1e7


@dataclass(frozen=True, slots=True, eq=False)
class Saturation:
    """Median expected limit on g_ve at one mass against statistics; arrays have shape (n,).

    Attributes
    ----------
    mass_mev : float
    statistics : ndarray
        Factor on the positrons of every point.
    limit : ndarray
        With all errors.
    counts_only : ndarray
        With no errors but those of the counts: goes as statistics^(−1/4).
    floor : float
        With all errors and infinitely many positrons.
    saturates_at : float or None
        Statistics from which the limit is within 10 % of the floor; None beyond 10⁴.
    """

    mass_mev: float
    statistics: FloatArray
    limit: FloatArray
    counts_only: FloatArray
    floor: float
    saturates_at: float | None


def saturation(
    build: BuildModel, design: RunDesign, systematics: Systematics, mass: float, cl: float = 0.90
) -> Saturation:
    """Find the expected limit at one mass against statistics.

    Parameters
    ----------
    build : callable
        Makes the likelihood of a run and its errors.
    design : RunDesign
    systematics : Systematics
    mass : float
        MeV.
    cl : float

    Returns
    -------
    Saturation

    Raises
    ------
    X17Error
        A fit failed.
    """
    masses = np.array([mass])

    def limit(statistics: float, errors: Systematics) -> float:
        sigma = asimov_error(build(design.times(statistics), errors), masses)
        return float(band_of(np.zeros(1), sigma, cl)[MEDIAN, 0])

    factors = np.array(STATISTICS)
    floor = limit(_INFINITE, systematics)
    return Saturation(
        mass_mev=mass,
        statistics=factors,
        limit=np.array([limit(factor, systematics) for factor in STATISTICS]),
        counts_only=np.array([limit(factor, systematics.none) for factor in STATISTICS]),
        floor=floor,
        saturates_at=_crossing(lambda factor: limit(factor, systematics) / floor - 1.0 - WITHIN),
    )


def _crossing(excess: Callable[[float], float]) -> float | None:
    """Statistics at which a falling function passes zero, between 10⁻² and 10⁴."""
    low, high = 1e-2, 1e4
    if excess(high) > 0.0:
        return None
    if excess(low) <= 0.0:
        return low
    for _ in range(30):
        middle = float(np.sqrt(low * high))
        low, high = (middle, high) if excess(middle) > 0.0 else (low, middle)
    return high
