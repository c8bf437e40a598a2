"""Asymptotic limits and p-values: from the free signal û and its error, without toys.

The signal strength is u = g². With û Gaussian of width σ about the truth,
CLs(u) = Φ((û − u)/σ) / Φ(û/σ), hence

    u_limit = û + σ Φ⁻¹(1 − (1 − CL) Φ(û/σ)).

σ is where Q has risen by one above its minimum. The form of Cowan, Cranmer, Gross and Vitells (EPJC 71 (2011)
1554) with an Asimov data set is the alternative.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from x17.statistics.data_sets import DataSets, asimov
from x17.statistics.fit_status import FitStatus
from x17.statistics.model import ScanModel
from x17.statistics.profile_fit import FitBatch, fit_background, fit_fixed_signal, fit_free_signal

FloatArray = NDArray[np.float64]

BAND_QUANTILES = (-2.0, -1.0, 0.0, 1.0, 2.0)
"""Of the expected limit: 2.28, 15.87, 50, 84.13, 97.72 %, in standard deviations."""


class AsymptoticForm(StrEnum):
    """Which asymptotic formula gives the limit."""

    DELTA_Q = "delta-q"
    """û and the ΔQ = 1 error of the data set itself."""
    ASIMOV = "asimov"
    """The q̃ statistic with the error from the Asimov data set."""


@dataclass(frozen=True, slots=True, eq=False)
class SignalEstimate:
    """û and σ of a batch, shape S; both are finite everywhere and mean something where `ok`.

    Attributes
    ----------
    signal : ndarray
        û = ĝ², unbounded.
    error : ndarray
        σ: Q(û + σ) = Q(û) + 1.
    chi2 : ndarray
        χ² at û.
    status : ndarray of int8
        Worst status of the fits behind it.
    """

    signal: FloatArray
    error: FloatArray
    chi2: FloatArray
    status: NDArray[np.int8]

    @property
    def ok(self) -> NDArray[np.bool_]:
        """Where all fits converged."""
        return np.asarray(self.status == FitStatus.CONVERGED)


def estimate_signal(
    model: ScanModel, data: DataSets, mass: ArrayLike, *, iterations: int = 3
) -> SignalEstimate:
    """Fit the signal freely and find its ΔQ = 1 error.

    Parameters
    ----------
    model : ScanModel
    data : DataSets
    mass : array_like, shape T
        Boson mass, MeV.
    iterations : int
        Rounds of σ ← σ/√ΔQ(σ); each gains two digits, three leave less than 1e-8.

    Returns
    -------
    SignalEstimate
        Shape (n_data,) + T.
    """
    mass = np.asarray(mass, dtype=np.float64)
    free = fit_free_signal(model, data, mass)
    masses = np.broadcast_to(mass, free.chi2.shape)
    status = free.status.copy()
    # Where a fit failed σ stays what it was, one at first: finite, so that whoever reads it needs no guard.
    sigma = np.where(free.ok, free.last_err, 1.0)
    for _ in range(iterations):
        shifted = fit_fixed_signal(model, data, masses, free.signal + sigma, paired=True)
        status = np.maximum(status, shifted.status)
        good = status == FitStatus.CONVERGED
        rise = np.subtract(shifted.chi2, free.chi2, out=np.ones_like(sigma), where=good)
        sigma = sigma / np.sqrt(np.maximum(rise, 1e-6))
    return SignalEstimate(free.signal, sigma, free.chi2, status)


def cls_value(signal: ArrayLike, error: ArrayLike, tested: ArrayLike) -> FloatArray:
    """Asymptotic CLs of a tested signal, Φ((û − u)/σ) / Φ(û/σ).

    Parameters
    ----------
    signal, error : array_like
        û and σ.
    tested : array_like
        u = g² to be tested.

    Returns
    -------
    ndarray
        Of the broadcast shape.
    """
    from scipy.special import log_ndtr

    sigma = np.asarray(error, dtype=np.float64)
    pull, distance = (
        np.asarray(signal, dtype=np.float64) / sigma,
        np.asarray(tested, dtype=np.float64) / sigma,
    )
    return np.asarray(np.exp(log_ndtr(pull - distance) - log_ndtr(pull)))


def cls_limit(signal: ArrayLike, error: ArrayLike, cl: float) -> FloatArray:
    """Upper limit on u = g² by asymptotic CLs.

    u = û + σ Φ⁻¹(1 − (1 − CL) Φ(û/σ)).

    Parameters
    ----------
    signal, error : array_like
        û and σ.
    cl : float
        Confidence level, e.g. 0.90.

    Returns
    -------
    ndarray
    """
    from scipy.special import log_ndtr, ndtri_exp

    u, sigma = np.asarray(signal, dtype=np.float64), np.asarray(error, dtype=np.float64)
    # Φ⁻¹(1 − x) = −Φ⁻¹(x), in logarithms: x underflows long before the limit loses its meaning.
    return np.asarray(u - sigma * ndtri_exp(np.log1p(-cl) + log_ndtr(u / sigma)))


def expected_truth(model: ScanModel, background: FitBatch) -> FloatArray:
    """Parameters of the median experiment without a boson.

    The nominal values; what no constraint ties down is taken from the fit to the data.

    Parameters
    ----------
    model : ScanModel
    background : FitBatch
        Fit without a boson to one data set.

    Returns
    -------
    ndarray, shape (n_parameters,)
    """
    truth = model.centers.copy()
    loose = [i for i in model.free if model.precision[i, i] == 0.0]
    truth[loose] = background.parameters.reshape(-1, truth.size)[0, loose]
    return truth


def expected_error(model: ScanModel, truth: FloatArray, mass: ArrayLike) -> SignalEstimate:
    """Error σ_A of the signal in the median experiment without a boson.

    Parameters
    ----------
    model : ScanModel
    truth : ndarray, shape (n_parameters,)
    mass : array_like, shape T
        Boson mass, MeV.

    Returns
    -------
    SignalEstimate
        Shape T.
    """
    batch = estimate_signal(model, asimov(model, model.expected_g_r(truth, 17.0)), mass)
    return SignalEstimate(batch.signal[0], batch.error[0], batch.chi2[0], batch.status[0])


def expected_limits(error: ArrayLike, cl: float) -> FloatArray:
    """Median expected limit on g and its ±1, 2σ band.

    An experiment whose û lies N standard deviations above zero sets the limit `cls_limit(N σ_A, σ_A)`.

    Parameters
    ----------
    error : array_like, shape T
        σ_A from `expected_error`.
    cl : float

    Returns
    -------
    ndarray, shape (5,) + T
        Coupling g_ve at `BAND_QUANTILES`.
    """
    sigma = np.asarray(error, dtype=np.float64)
    return np.stack([np.sqrt(cls_limit(n * sigma, sigma, cl)) for n in BAND_QUANTILES])


def asimov_cls_limit(
    model: ScanModel,
    data: DataSets,
    mass: ArrayLike,
    estimate: SignalEstimate,
    asimov_error: ArrayLike,
    cl: float,
) -> FloatArray:
    """Upper limit on u by CLs with the q̃ statistic and the Asimov error.

    CLs(u) = [1 − Φ(√q)] / Φ(√q_A − √q) for q ≤ q_A = (u/σ_A)², and beyond, as q̃ requires for û < 0,
    [1 − Φ((q + q_A)/(2√q_A))] / Φ((q_A − q)/(2√q_A)); σ_A is that of the background-only Asimov data set.

    Parameters
    ----------
    model : ScanModel
    data : DataSets
        One data set.
    mass : array_like, shape T
        Boson mass, MeV.
    estimate : SignalEstimate
        Of the same data and masses, shape (1,) + T.
    asimov_error : array_like, shape T
        σ_A.
    cl : float

    Returns
    -------
    ndarray, shape T
    """
    from scipy.special import log_ndtr

    mass = np.asarray(mass, dtype=np.float64)
    sigma_a = np.asarray(asimov_error, dtype=np.float64)
    u_hat = estimate.signal[0]
    reference = np.where(
        u_hat >= 0.0,
        estimate.chi2[0],
        fit_background(model, data).chi2[0],
    )
    low = np.maximum(u_hat, 0.0)
    high = low + 8.0 * np.maximum(estimate.error[0], sigma_a)
    for _ in range(50):
        middle = 0.5 * (low + high)
        fit = fit_fixed_signal(model, data, mass, middle)
        root_q = np.sqrt(np.maximum(fit.chi2[0] - reference, 0.0))
        root_a = middle / sigma_a
        beyond = root_q > root_a
        tail = np.where(beyond, (root_q**2 + root_a**2) / (2.0 * root_a), root_q)
        power = np.where(beyond, (root_a**2 - root_q**2) / (2.0 * root_a), root_a - root_q)
        log_cls = log_ndtr(-tail) - log_ndtr(power)
        excluded = log_cls < np.log1p(-cl)
        high, low = np.where(excluded, middle, high), np.where(excluded, low, middle)
    return np.asarray(0.5 * (low + high))


def discovery_z(estimate: SignalEstimate, background_chi2: ArrayLike) -> FloatArray:
    """Local significance z = √q0, with q0 = χ²_B − χ²(û) where û > 0 and zero elsewhere.

    Parameters
    ----------
    estimate : SignalEstimate
        Shape S.
    background_chi2 : array_like
        χ² without a boson, broadcast against S.

    Returns
    -------
    ndarray, shape S
        Zero where the fit failed.
    """
    reference = np.broadcast_to(np.asarray(background_chi2, dtype=np.float64), estimate.chi2.shape)
    q0 = np.subtract(reference, estimate.chi2, out=np.zeros(estimate.chi2.shape), where=estimate.ok)
    return np.asarray(np.where(estimate.signal > 0.0, np.sqrt(np.maximum(q0, 0.0)), 0.0))
