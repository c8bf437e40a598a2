"""The automatic side band: mask the window whose removal leaves the smoothest rest, fit K(s) to that rest.

"Blind unblinding" of arXiv:2503.05650: a window of consecutive points slides over the scan sorted in √s; a
straight line is fitted to the points outside, and the window that leaves the smallest χ² is masked.
"""

from dataclasses import dataclass

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
    from scipy.special import gammaincc

    n = len(points)
    if window_size < 1 or n - window_size < 3:
        raise UsageError(
            f"a window of {window_size} points leaves {n - window_size} of {n} for the side band; "
            "allowed: at least 1 in the window and 3 outside; set model.window_size"
        )
    y, variance = g_r(points), g_r_err(points) ** 2
    fits: list[StraightLine] = []
    for start in range(n - window_size + 1):
        keep = np.ones(n, dtype=np.bool_)
        keep[start : start + window_size] = False
        if constant:
            fits.append(fit_constant(y[keep], variance[keep], center))
        else:
            fits.append(fit_line(points.sqrt_s_mev[keep], y[keep], variance[keep], center))
    chi2 = np.array([fit.chi2 for fit in fits])
    tied = np.flatnonzero(chi2 < chi2.min() + CHI2_TIE)
    chosen = int(tied[0])
    line = fits[chosen]
    masked = np.zeros(n, dtype=np.bool_)
    masked[chosen : chosen + window_size] = True
    edges = [
        (float(points.sqrt_s_mev[k]), float(points.sqrt_s_mev[k + window_size - 1]), float(chi2[k]))
        for k in tied
    ]
    return SidebandFit(
        line=line,
        p_value=float(gammaincc(0.5 * line.ndf, 0.5 * line.chi2)),
        masked=masked,
        masked_mev=edges[0][:2],
        ties=tuple(edges[1:]),
        pulls=((y - line(points.sqrt_s_mev)) / np.sqrt(variance))[~masked],
    )
