"""The automatic side band: mask the window whose removal leaves the smoothest rest, fit K(s) to that rest.

"Blind unblinding" of arXiv:2503.05650: a window of consecutive points slides over the scan sorted in √s; a
straight line is fitted to the points outside, and the window that leaves the smallest χ² is masked.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from x17.errors import UsageError
from x17.scan import SearchPoints
from x17.scan.observable import g_r, g_r_err
from x17.scan.straight_line import StraightLine, fit_line

FloatArray = NDArray[np.float64]

CHI2_TIE = 0.01
"""Windows whose χ² differ by less are ties: the lowest start is taken."""


@dataclass(frozen=True, slots=True, eq=False)
class SidebandFit:
    """The masked window and the line through the rest.

    Attributes
    ----------
    line : StraightLine
        K(s) from the side band, constant at `center`; its χ² and degrees of freedom.
    p_value : float
        Probability of a larger χ².
    masked : ndarray of bool, shape (n_points,)
        The points inside the window.
    masked_mev : (float, float)
        √s of the first and the last masked point.
    ties : tuple of (float, float, float)
        First and last √s and χ² of other windows within `CHI2_TIE`.
    pulls : ndarray, shape (n_points − window,)
        (g_R − K)/σ of the side band's points, by rising √s.
    """

    line: StraightLine
    p_value: float
    masked: NDArray[np.bool_]
    masked_mev: tuple[float, float]
    ties: tuple[tuple[float, float, float], ...]
    pulls: FloatArray

    @property
    def masked_center_mev(self) -> float:
        """Mean of the first and the last masked √s, MeV."""
        return 0.5 * (self.masked_mev[0] + self.masked_mev[1])


def fit_constant(y: FloatArray, variance: FloatArray, center: float) -> StraightLine:
    """Weighted mean, in the form of a line of slope zero.

    Parameters
    ----------
    y, variance : ndarray, shape (n,)
    center : float
        Recorded in the result; a constant does not depend on it.

    Returns
    -------
    StraightLine
        With zero slope and zero slope error; n − 1 degrees of freedom.
    """
    weight = 1.0 / variance
    mean = float(np.sum(weight * y) / np.sum(weight))
    covariance = np.array([[1.0 / np.sum(weight), 0.0], [0.0, 0.0]])
    return StraightLine(mean, 0.0, covariance, float(np.sum(weight * (y - mean) ** 2)), y.size - 1, center)


def fit_sideband(
    points: SearchPoints, window_size: int, center: float, *, constant: bool = False
) -> SidebandFit:
    """Find the window to mask and fit K(s) outside it.

    Parameters
    ----------
    points : SearchPoints
        Points by rising √s.
    window_size : int
        Consecutive points in the window.
    center : float
        √s at which the constant is quoted, MeV.
    constant : bool
        Fit a constant instead of a line.

    Returns
    -------
    SidebandFit

    Raises
    ------
    UsageError
        Fewer than three points would remain outside the window.
    """
    n = len(points)
    if window_size < 1 or n - window_size < 3:
        raise UsageError(
            f"a window of {window_size} points leaves {n - window_size} of {n} for the side band; "
            "allowed: at least 1 in the window and 3 outside; set model.window_size"
        )
    chi2 = np.empty(n - window_size + 1)
    for start in range(chi2.size):
        chi2[start] = _line_outside(points, _window(n, start, window_size), center, constant).chi2
    tied = np.flatnonzero(chi2 < chi2.min() + CHI2_TIE)
    edges = [
        (float(points.sqrt_s_mev[k]), float(points.sqrt_s_mev[k + window_size - 1]), float(chi2[k]))
        for k in tied
    ]
    masked = _window(n, int(tied[0]), window_size)
    return replace(fit_outside(points, masked, center, constant=constant), ties=tuple(edges[1:]))


def fit_outside(
    points: SearchPoints, masked: NDArray[np.bool_], center: float, *, constant: bool = False
) -> SidebandFit:
    """Fit K(s) outside a window that is known beforehand; what is masked is not looked at.

    Parameters
    ----------
    points : SearchPoints
        Points by rising √s.
    masked : ndarray of bool, shape (n_points,)
        The points to leave out.
    center : float
        √s at which the constant is quoted, MeV.
    constant : bool
        Fit a constant instead of a line.

    Returns
    -------
    SidebandFit
        Without ties.

    Raises
    ------
    UsageError
        No point is masked, or fewer than three remain.
    """
    from scipy.special import gammaincc

    if not masked.any() or np.count_nonzero(~masked) < 3:
        raise UsageError(
            f"{np.count_nonzero(masked)} of {masked.size} searched points are masked; "
            "allowed: at least 1 masked and 3 beside it"
        )
    line = _line_outside(points, masked, center, constant)
    keep = ~masked
    y, error = g_r(points)[keep], g_r_err(points)[keep]
    inside = points.sqrt_s_mev[masked]
    return SidebandFit(
        line=line,
        p_value=float(gammaincc(0.5 * line.ndf, 0.5 * line.chi2)),
        masked=masked,
        masked_mev=(float(inside[0]), float(inside[-1])),
        ties=(),
        pulls=(y - line(points.sqrt_s_mev[keep])) / error,
    )


def _window(n: int, start: int, size: int) -> NDArray[np.bool_]:
    masked = np.zeros(n, dtype=np.bool_)
    masked[start : start + size] = True
    return masked


def _line_outside(
    points: SearchPoints, masked: NDArray[np.bool_], center: float, constant: bool
) -> StraightLine:
    keep = ~masked
    y, variance = g_r(points)[keep], g_r_err(points)[keep] ** 2
    if constant:
        return fit_constant(y, variance, center)
    return fit_line(points.sqrt_s_mev[keep], y, variance, center)
