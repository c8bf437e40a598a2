"""What a run is expected to exclude and to discover: asymptotic, from data that are exactly as expected.

Without a boson the signal û is Gaussian about zero with the Asimov error σ_A: its quantiles give the
expected limit. With a boson q0 of the median experiment is that of data exactly as expected, and √q0 is
Gaussian of unit width about it (Cowan, Cranmer, Gross and Vitells, EPJC 71 (2011) 1554), so that a
significance Z is reached with probability Φ(√q0 − Z). Runs that are combined have each a K of its own and
the boson in common: q0 add, and so do 1/σ². Constraints on the line shape are taken to be independent;
they are small.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from x17.errors import X17Error
from x17.statistics.asymptotic import BAND_QUANTILES, cls_limit, estimate_signal, expected_error
from x17.statistics.data_sets import asimov, observed
from x17.statistics.fit_status import FitStatus
from x17.statistics.model import SIGNAL_INDEX, ScanModel
from x17.statistics.profile_fit import fit_background

FloatArray = NDArray[np.float64]

MEDIAN = BAND_QUANTILES.index(0.0)
EVIDENCE, DISCOVERY = 3.0, 5.0
"""Significances by which reach is quoted."""


@dataclass(frozen=True, slots=True, eq=False)
class Reach:
    """Expected limits and significances of one run, or of several together.

    Attributes
    ----------
    masses : ndarray, shape (m,)
        MeV.
    couplings : ndarray, shape (c,)
        g_ve.
    error : ndarray, shape (m,)
        σ_A: error of g² without a boson.
    band : ndarray, shape (5, m)
        Expected limits on g_ve at `BAND_QUANTILES`.
    z : ndarray, shape (m, c)
        Median local significance of a boson.
    cl : float
        Confidence level of the limits.
    """

    masses: FloatArray
    couplings: FloatArray
    error: FloatArray
    band: FloatArray
    z: FloatArray
    cl: float

    @property
    def median(self) -> FloatArray:
        """Median expected limit on g_ve, shape (m,)."""
        return np.asarray(self.band[MEDIAN])

    def power(self, threshold: float) -> FloatArray:
        """Probability to reach a local significance, Φ(Z_median − threshold), shape (m, c).

        Parameters
        ----------
        threshold : float
            Standard deviations.

        Returns
        -------
        ndarray
        """
        from scipy.special import ndtr

        return np.asarray(ndtr(self.z - threshold))

    def coupling_at(self, threshold: float) -> FloatArray:
        """Coupling at which the median experiment reaches a local significance, shape (m,).

        Parameters
        ----------
        threshold : float
            Standard deviations.

        Returns
        -------
        ndarray
            NaN where no coupling of the grid is enough, or the smallest is already.
        """
        found = np.full(self.masses.size, np.nan)
        for row, z in enumerate(self.z):
            if z[0] < threshold <= z[-1]:
                # z goes as g²: the line between neighbours is one in g².
                found[row] = np.sqrt(np.interp(threshold, z, np.square(self.couplings)))
        return found


def find_reach(
    models: Sequence[ScanModel], masses: ArrayLike, couplings: ArrayLike, cl: float = 0.90
) -> Reach:
    """Find expected limits and median significances.

    Parameters
    ----------
    models : sequence of ScanModel
        One run, or several that are combined.
    masses : array_like, shape (m,)
        MeV, rising.
    couplings : array_like, shape (c,)
        g_ve, rising, above zero.
    cl : float

    Returns
    -------
    Reach

    Raises
    ------
    X17Error
        A fit failed.
    """
    m, g = np.asarray(masses, dtype=np.float64), np.asarray(couplings, dtype=np.float64)
    weight = sum(1.0 / np.square(asimov_error(model, m)) for model in models)
    error = np.asarray(1.0 / np.sqrt(weight))
    q0 = np.sum([median_q0(model, m[:, None], g) for model in models], axis=0)
    return Reach(m, g, error, band_of(np.zeros_like(error), error, cl), np.sqrt(q0), cl)


def band_of(signal: FloatArray, error: FloatArray, cl: float) -> FloatArray:
    """Limits on g_ve of experiments that lie N standard deviations from the median one.

    Parameters
    ----------
    signal, error : ndarray, shape (m,)
        û of the median experiment, and σ.
    cl : float

    Returns
    -------
    ndarray, shape (5, m)
        At `BAND_QUANTILES`.
    """
    return np.stack([np.sqrt(cls_limit(signal + n * error, error, cl)) for n in BAND_QUANTILES])


def asimov_error(model: ScanModel, masses: FloatArray) -> FloatArray:
    """σ_A of g² at each mass, of data without a boson at the central values of all nuisances.

    Parameters
    ----------
    model : ScanModel
    masses : ndarray, shape (m,)
        MeV.

    Returns
    -------
    ndarray, shape (m,)

    Raises
    ------
    X17Error
        A fit failed.
    """
    estimate = expected_error(model, model.centers, masses)
    _refuse_failed(estimate.status)
    return estimate.error


def median_q0(model: ScanModel, masses: ArrayLike, couplings: ArrayLike) -> FloatArray:
    """q0 of data that are exactly as expected with a boson: χ² of the fit without one.

    The fit with a boson describes such data perfectly.

    Parameters
    ----------
    model : ScanModel
    masses, couplings : array_like
        MeV and g_ve; they broadcast.

    Returns
    -------
    ndarray
        Of the broadcast shape.

    Raises
    ------
    X17Error
        A fit failed.
    """
    mass, g = np.broadcast_arrays(np.asarray(masses, np.float64), np.asarray(couplings, np.float64))
    theta = np.tile(model.centers, (mass.size, 1))
    theta[:, SIGNAL_INDEX] = np.square(g).ravel()
    fit = fit_background(model, asimov(model, model.expected_g_r(theta, mass.ravel())))
    _refuse_failed(fit.status)
    return np.asarray(np.maximum(fit.chi2, 0.0).reshape(mass.shape))


def estimate_with_boson(
    models: Sequence[ScanModel], masses: ArrayLike, boson: tuple[float, float]
) -> tuple[FloatArray, FloatArray]:
    """û and σ at each mass, of the median experiment with a boson; runs are combined by their weights.

    Parameters
    ----------
    models : sequence of ScanModel
    masses : array_like, shape (m,)
        MeV.
    boson : (float, float)
        Mass in MeV and g_ve of the boson that is put in.

    Returns
    -------
    signal, error : ndarray, shape (m,)

    Raises
    ------
    X17Error
        A fit failed.
    """
    m = np.asarray(masses, dtype=np.float64)
    weight, moment = np.zeros(m.size), np.zeros(m.size)
    for model in models:
        theta = model.centers.copy()
        theta[SIGNAL_INDEX] = boson[1] ** 2
        estimate = estimate_signal(model, asimov(model, model.expected_g_r(theta, boson[0])), m)
        _refuse_failed(estimate.status)
        weight += 1.0 / np.square(estimate.error[0])
        moment += estimate.signal[0] / np.square(estimate.error[0])
    return moment / weight, 1.0 / np.sqrt(weight)


def band_after_data(
    models: Sequence[ScanModel], measured: ScanModel, masses: ArrayLike, cl: float
) -> FloatArray:
    """Limits on g_ve that are expected once runs are added to data that are there, if there is no boson.

    û = (û_data/σ_data² + Σ û_i/σ_i²)/W with W the sum of all weights; only the new runs vary.

    Parameters
    ----------
    models : sequence of ScanModel
        Runs to come.
    measured : ScanModel
        The likelihood of the data that are there.
    masses : array_like, shape (m,)
        MeV.
    cl : float

    Returns
    -------
    ndarray, shape (5, m)
        At `BAND_QUANTILES`.

    Raises
    ------
    X17Error
        A fit failed.
    """
    m = np.asarray(masses, dtype=np.float64)
    old = estimate_signal(measured, observed(measured), m)
    _refuse_failed(old.status)
    new = np.sum([1.0 / np.square(asimov_error(model, m)) for model in models], axis=0)
    known = 1.0 / np.square(old.error[0])
    total = known + new
    error = 1.0 / np.sqrt(total)
    signals = (known * old.signal[0] + n * np.sqrt(new) for n in BAND_QUANTILES)
    return np.stack([np.sqrt(cls_limit(signal / total, error, cl)) for signal in signals])


def _refuse_failed(status: NDArray[np.int8]) -> None:
    worst = FitStatus(int(np.max(status)))
    if worst is not FitStatus.CONVERGED:
        raise X17Error(
            f"a fit to expected data failed: {worst.sentence}; take masses within the energies of the run"
        )
