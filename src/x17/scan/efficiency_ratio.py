"""The line through ε_S/B, the signal efficiency over the background yield, against √s."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from x17.scan.straight_line import StraightLine, fit_line

if TYPE_CHECKING:
    from x17.scan.search_points import SearchPoints

FloatArray = NDArray[np.float64]


def fit_efficiency_ratio(points: "SearchPoints", center: float = 16.92) -> StraightLine:
    """Fit r(s) = ε_S/B = Q0 + Q1 (√s − center) over the search points.

    The total error of B is used, the added relative one included; a repaired efficiency keeps its raw error.

    Parameters
    ----------
    points : SearchPoints
        The points of one scan.
    center : float
        √s at which Q0 is the value, MeV; take `ModelConstants.center_sqrt_s_mev`.

    Returns
    -------
    StraightLine
        `constant` is Q0, `slope` is Q1 in 1/MeV.
    """
    return fit_ratio_line(
        points.sqrt_s_mev,
        (points.signal_efficiency, points.signal_efficiency_err),
        (points.background_per_pot, points.background_err),
        center,
    )


def fit_ratio_line(
    sqrt_s: FloatArray,
    efficiency: tuple[FloatArray, FloatArray],
    background: tuple[FloatArray, FloatArray],
    center: float,
) -> StraightLine:
    """Fit the line through ε_S/B from plain arrays.

    (σ_r/r)² = (σ_ε/ε_S)² + (σ_B/B)².

    Parameters
    ----------
    sqrt_s : ndarray, shape (n,)
        Centre-of-mass energies, MeV.
    efficiency, background : pair of ndarray, shape (n,)
        Values and total standard errors of ε_S and of B.
    center : float
        √s at which the constant is the value, MeV.

    Returns
    -------
    StraightLine

    Raises
    ------
    UsageError
        Fewer than two different energies, or a point without any error.
    """
    ratio = efficiency[0] / background[0]
    relative = np.hypot(efficiency[1] / efficiency[0], background[1] / background[0])
    return fit_line(sqrt_s, ratio, (ratio * relative) ** 2, center)
