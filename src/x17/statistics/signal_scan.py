"""The free signal of many experiments at every mass of a grid."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.statistics.asymptotic import cls_limit, estimate_signal
from x17.statistics.data_sets import DataSets
from x17.statistics.fit_status import FitStatus
from x17.statistics.model import ScanModel
from x17.statistics.profile_fit import fit_background

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class SignalScan:
    """û, σ and Q of n experiments at m masses.

    Attributes
    ----------
    masses : ndarray, shape (m,)
        MeV, rising.
    signal, error : ndarray, shape (n, m)
        û = ĝ², unbounded, and its ΔQ = 1 error.
    q : ndarray, shape (n, m)
        χ²(û) − χ²_B: what the signal gains, never above zero; zero where a fit failed.
    status : ndarray of int8, shape (n, m)
        Worst status of the fits behind it.
    """

    masses: FloatArray
    signal: FloatArray
    error: FloatArray
    q: FloatArray
    status: NDArray[np.int8]

    def __len__(self) -> int:
        return int(self.signal.shape[0])

    @property
    def complete(self) -> NDArray[np.bool_]:
        """Experiments whose fits all converged, shape (n,)."""
        return np.asarray(np.all(self.status == FitStatus.CONVERGED, axis=1))

    @property
    def excess_q(self) -> FloatArray:
        """Minimum of Q over g² ≥ 0, shape (n, m): zero where û is negative."""
        return np.asarray(np.where(self.signal > 0.0, self.q, 0.0))

    @property
    def signed_z(self) -> FloatArray:
        """Signed root of −Q, shape (n, m): the asymptotic local significance, negative for a deficit."""
        return np.asarray(np.copysign(np.sqrt(np.maximum(-self.q, 0.0)), self.signal))

    def limits(self, cl: float) -> FloatArray:
        """Upper limits on g_ve by asymptotic CLs, shape (n, m).

        Parameters
        ----------
        cl : float
            Confidence level.

        Returns
        -------
        ndarray
        """
        return np.asarray(np.sqrt(cls_limit(self.signal, self.error, cl)))

    def select(self, rows: NDArray[np.bool_] | slice, columns: NDArray[np.bool_] | slice) -> SignalScan:
        """Some of the experiments at some of the masses.

        Parameters
        ----------
        rows, columns : ndarray of bool or slice

        Returns
        -------
        SignalScan
        """
        signal, error, q = (
            np.ascontiguousarray(part[rows][:, columns]) for part in (self.signal, self.error, self.q)
        )
        status = np.ascontiguousarray(self.status[rows][:, columns])
        return SignalScan(self.masses[columns], signal, error, q, status)


def scan_signal(model: ScanModel, data: DataSets, masses: FloatArray) -> SignalScan:
    """Fit the signal of every data set at every mass.

    Parameters
    ----------
    model : ScanModel
    data : DataSets
        n data sets.
    masses : ndarray, shape (m,)
        Boson masses, MeV.

    Returns
    -------
    SignalScan
    """
    estimate = estimate_signal(model, data, masses)
    background = fit_background(model, data)
    status = np.maximum(estimate.status, background.status[:, None])
    q = np.subtract(
        estimate.chi2,
        background.chi2[:, None],
        out=np.zeros(estimate.chi2.shape),
        where=status == FitStatus.CONVERGED,
    )
    return SignalScan(masses, estimate.signal, estimate.error, q, status)
