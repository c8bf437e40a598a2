"""Weighted least-squares straight line, in closed form."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from x17.errors import UsageError

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class StraightLine:
    """A fitted line y = constant + slope (x − center).

    Attributes
    ----------
    constant, slope : float
        Fitted parameters.
    covariance : ndarray, shape (2, 2)
        Covariance of (constant, slope), read-only.
    chi2 : float
        Weighted sum of squared residuals.
    ndf : int
        Points minus two.
    center : float
        The x at which `constant` is the value.
    """

    constant: float
    slope: float
    covariance: FloatArray
    chi2: float
    ndf: int
    center: float

    @property
    def constant_err(self) -> float:
        """Standard error of the constant."""
        return float(np.sqrt(self.covariance[0, 0]))

    @property
    def slope_err(self) -> float:
        """Standard error of the slope."""
        return float(np.sqrt(self.covariance[1, 1]))

    @property
    def correlation(self) -> float:
        """Correlation of constant and slope."""
        return float(self.covariance[0, 1] / (self.constant_err * self.slope_err))

    def __call__(self, x: ArrayLike) -> FloatArray:
        """Value of the line.

        Parameters
        ----------
        x : array_like
            Positions, any shape.

        Returns
        -------
        ndarray
            The shape of `x`.
        """
        return np.asarray(self.constant + self.slope * (np.asarray(x, dtype=np.float64) - self.center))


def fit_line(x: ArrayLike, y: ArrayLike, variance: ArrayLike, center: float) -> StraightLine:
    """Fit y = constant + slope (x − center) by weighted least squares.

    With w = 1/variance, x̄ and ȳ the weighted means and S = Σw, S_xx = Σw(x − x̄)²:
    slope = Σw(x − x̄)(y − ȳ)/S_xx, constant = ȳ + slope (center − x̄), Var(slope) = 1/S_xx,
    Var(constant) = 1/S + (center − x̄)²/S_xx, Cov = (center − x̄)/S_xx.
    (Particle Data Group, Review of Particle Physics, section "Statistics", least squares.)

    Parameters
    ----------
    x, y, variance : array_like, shape (n,)
        Positions, values and squared standard errors; at least two different positions.
    center : float
        The x at which `constant` is the value.

    Returns
    -------
    StraightLine

    Raises
    ------
    UsageError
        Shapes that differ, values that are not finite, a variance that is not positive, or fewer than two
        different positions.
    """
    x, y, variance = (np.asarray(a, dtype=np.float64) for a in (x, y, variance))
    _check(x, y, variance)
    # Sums are taken about the weighted mean: about `center` the determinant would cancel when it is far off.
    weight = 1.0 / variance
    total = weight.sum()
    x_mean = float((weight * x).sum() / total)
    y_mean = float((weight * y).sum() / total)
    s_xx = float((weight * (x - x_mean) ** 2).sum())
    slope = float((weight * (x - x_mean) * (y - y_mean)).sum() / s_xx)
    reach = center - x_mean
    covariance = np.array([[1.0 / total + reach**2 / s_xx, reach / s_xx], [reach / s_xx, 1.0 / s_xx]])
    covariance.flags.writeable = False
    residual = y - y_mean - slope * (x - x_mean)
    chi2 = float((weight * residual**2).sum())
    return StraightLine(y_mean + slope * reach, slope, covariance, chi2, x.size - 2, center)


def _check(x: FloatArray, y: FloatArray, variance: FloatArray) -> None:
    if x.ndim != 1 or x.shape != y.shape or x.shape != variance.shape:
        raise UsageError(
            f"a line needs x, y and variance of one length, not {x.shape}, {y.shape}, {variance.shape}"
        )
    if not (np.all(np.isfinite(x)) and np.all(np.isfinite(y)) and np.all(np.isfinite(variance))):
        raise UsageError("a line needs finite x, y and variance")
    if np.any(variance <= 0):
        raise UsageError("a line needs positive variances")
    if np.unique(x).size < 2:
        raise UsageError("a line needs at least two different positions")
