"""Feldman–Cousins intervals with toys: likelihood-ratio ranking, nuisances profiled (physics/9711021).

With t(g) = Q(g) − min over g'² ≥ 0 of Q(g'), the interval at CL is made of the couplings where t of the data
is at most c(g), the CL quantile of t over toys with that coupling. The quantile at each tested coupling has a
binomial error; c(g) is a curve through all of them, so that the ends of the interval have a Monte-Carlo
error. At g = 0 the toys are those without a boson, t(0) = −min Q: one more point of the curve.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.statistics.bounded_gaussian import bounded_critical, bounded_density
from x17.statistics.data_sets import DataSets
from x17.statistics.fit_status import FitStatus
from x17.statistics.model import ScanModel
from x17.statistics.profile_fit import fit_background, fit_fixed_signal, fit_free_signal
from x17.statistics.toy_set import Arrays

FloatArray = NDArray[np.float64]

_ORDER = 2
"""Of the polynomial by which c(g) may differ from its asymptotic shape."""


@dataclass(frozen=True, slots=True, eq=False)
class CriticalValues:
    """Critical values at n couplings, measured with toys.

    Attributes
    ----------
    signal : ndarray, shape (n,)
        u = g².
    value : ndarray, shape (n,)
        The quantile.
    n_toys : ndarray of int, shape (n,)
        Toys that it is taken of.
    n_failed : int
        Toys left out because a fit failed.
    """

    signal: FloatArray
    value: FloatArray
    n_toys: NDArray[np.int64]
    n_failed: int


def critical_values(couplings: FloatArray, signal: Arrays, background: Arrays, cl: float) -> CriticalValues:
    """Critical values at each tested coupling, and at zero.

    Parameters
    ----------
    couplings : ndarray, shape (n,)
        g_ve.
    signal, background : Arrays
        `q`, `q_best` and `status` of toys with the boson of each coupling and without, shape (n_toys, n).
        Background toys of all couplings serve for g = 0.
    cl : float

    Returns
    -------
    CriticalValues
        Shape (n + 1,) if every coupling has toys; those without are left out.
    """
    good_s, good_b = (np.asarray(toys["status"] == FitStatus.CONVERGED) for toys in (signal, background))
    t_signal = np.asarray(signal["q"], dtype=np.float64) - np.asarray(signal["q_best"], dtype=np.float64)
    t_zero = -np.asarray(background["q_best"], dtype=np.float64)
    samples = [(0.0, t_zero[good_b])]
    samples += [(float(g) ** 2, t_signal[good_s[:, k], k]) for k, g in enumerate(couplings)]
    samples = [(u, t) for u, t in samples if t.size]
    return CriticalValues(
        np.array([u for u, _ in samples]),
        np.array([np.quantile(t, cl, method="median_unbiased") for _, t in samples]),
        np.array([t.size for _, t in samples]),
        int((~good_s).sum() + (~good_b).sum()),
    )


@dataclass(frozen=True, slots=True, eq=False)
class CriticalCurve:
    """c(u): the asymptotic shape for a Gaussian û, times a polynomial fitted to the toys.

    Attributes
    ----------
    error : float
        σ of û, which fixes the asymptotic shape.
    cl : float
    largest : float
        Largest u with toys; the polynomial stays there beyond.
    coefficients, covariance : ndarray
        Of the polynomial in u/largest.
    """

    error: float
    cl: float
    largest: float
    coefficients: FloatArray
    covariance: FloatArray

    def at(self, signal: float) -> tuple[float, float]:
        """The critical value and its Monte-Carlo error.

        Parameters
        ----------
        signal : float
            u = g² ≥ 0.

        Returns
        -------
        (float, float)
        """
        shape = float(bounded_critical(signal / self.error, self.cl))
        powers = min(signal / self.largest, 1.0) ** np.arange(self.coefficients.size)
        spread = float(np.sqrt(powers @ self.covariance @ powers))
        return shape * float(powers @ self.coefficients), shape * spread


def fit_critical_curve(values: CriticalValues, error: float, cl: float) -> CriticalCurve:
    """Fit the curve through the critical values by least squares.

    The error of a quantile is √(CL (1 − CL)/n) over the density of t there, which is taken from the
    asymptotic law: from the toys it would come out small where the quantile is low by chance, and the curve
    low with it.

    Parameters
    ----------
    values : CriticalValues
        At one coupling at least.
    error : float
        σ of û.
    cl : float

    Returns
    -------
    CriticalCurve
    """
    shape = bounded_critical(values.signal / error, cl)
    largest = float(values.signal.max())
    order = min(_ORDER, values.signal.size - 1)
    design = np.vander(values.signal / largest, order + 1, increasing=True)
    density = bounded_density(values.signal / error, cl)
    spread = np.asarray(np.sqrt(cl * (1.0 - cl) / values.n_toys) / density / shape, dtype=np.float64)
    weighted = design / spread[:, None]
    covariance = np.asarray(np.linalg.inv(weighted.T @ weighted), dtype=np.float64)
    coefficients = covariance @ (weighted.T @ (values.value / shape / spread))
    return CriticalCurve(error, cl, largest, coefficients, covariance)


@dataclass(frozen=True, slots=True)
class IntervalEnd:
    """One end of an interval in u = g², and its Monte-Carlo error."""

    signal: float
    error: float


def likelihood_ratio(model: ScanModel, data: DataSets, mass: float) -> tuple[Callable[[float], float], float]:
    """T(u) of the data.

    Parameters
    ----------
    model : ScanModel
    data : DataSets
        One data set.
    mass : float
        MeV.

    Returns
    -------
    callable
        t at u = g² ≥ 0.
    float
        The best u, zero or above.
    """
    best = fit_free_signal(model, data, mass, bounded=True)
    u_best = float(best.signal[0]) if best.signal[0] > 0.0 else 0.0
    lowest = float(best.chi2[0])

    def t(signal: float) -> float:
        fit = fit_fixed_signal(model, data, mass, signal) if signal > 0.0 else fit_background(model, data)
        return float(fit.chi2.flat[0]) - lowest

    return t, u_best


def feldman_cousins_interval(
    t: Callable[[float], float], best: float, curve: CriticalCurve, largest: float
) -> tuple[IntervalEnd, IntervalEnd | None]:
    """The interval where t is at most the critical value.

    Parameters
    ----------
    t : callable
        Of the data, rising to either side of `best`.
    best : float
        The best u ≥ 0, where t is zero.
    curve : CriticalCurve
    largest : float
        No upper end is sought above this u.

    Returns
    -------
    lower : IntervalEnd
        Zero if g = 0 is inside.
    upper : IntervalEnd or None
        None if it lies above `largest`.
    """
    from scipy.optimize import brentq

    def beyond(signal: float) -> float:
        return t(signal) - curve.at(signal)[0]

    def end(low: float, high: float) -> IntervalEnd:
        tolerance = 1e-9 * largest
        root = float(brentq(beyond, low, high, xtol=tolerance))
        step = 1e-3 * curve.error
        slope = (beyond(root + step) - beyond(max(root - step, 0.0))) / (root + step - max(root - step, 0.0))
        return IntervalEnd(root, curve.at(root)[1] / abs(slope))

    lower = end(0.0, best) if best > 0.0 and beyond(0.0) > 0.0 else IntervalEnd(0.0, 0.0)
    return lower, end(best, largest) if best < largest and beyond(largest) > 0.0 else None
