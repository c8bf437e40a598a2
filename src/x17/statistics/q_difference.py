"""What a simplified likelihood costs: the change of Q(M, g) against the full one on a grid."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.statistics.batch_minimum import BatchMinimum
from x17.statistics.data_sets import observed
from x17.statistics.model import ScanModel
from x17.statistics.profile_fit import q_statistic

FloatArray = NDArray[np.float64]

Profile = Callable[[float, FloatArray], BatchMinimum]
"""From a mass (MeV) and signals u = g², shape (n,): the minima of the simplified χ² over its nuisances."""


@dataclass(frozen=True, slots=True, eq=False)
class QDifference:
    """Q of a simplified likelihood minus Q of the full one, for the scan's own data.

    Attributes
    ----------
    masses : ndarray, shape (n_masses,)
        MeV.
    couplings : ndarray, shape (n_couplings,)
        g_ve.
    full, simplified : ndarray, shape (n_masses, n_couplings)
        Q; meaningful where `ok`.
    ok : ndarray of bool, shape (n_masses, n_couplings)
        Where both fits converged.
    """

    masses: FloatArray
    couplings: FloatArray
    full: FloatArray
    simplified: FloatArray
    ok: NDArray[np.bool_]

    @property
    def difference(self) -> FloatArray:
        """Shape (n_masses, n_couplings); zero where a fit failed."""
        return np.where(self.ok, self.simplified - self.full, 0.0)

    @property
    def largest(self) -> float:
        """The largest |ΔQ| of the grid."""
        return float(np.abs(self.difference).max())

    @property
    def place_of_largest(self) -> tuple[float, float]:
        """Mass in MeV and coupling of the largest |ΔQ|."""
        i, k = np.unravel_index(int(np.abs(self.difference).argmax()), self.full.shape)
        return float(self.masses[i]), float(self.couplings[k])

    @property
    def n_failed(self) -> int:
        """Points of the grid without two converged fits."""
        return int((~self.ok).sum())

    def largest_below(self, q: float) -> float:
        """The largest |ΔQ| where the full Q is below a value: where limits and best fits are read off.

        Parameters
        ----------
        q : float

        Returns
        -------
        float
            Zero if Q is nowhere below.
        """
        near = self.ok & (self.full < q)
        return float(np.abs(self.difference[near]).max(initial=0.0))

    def at_mass(self, index: int) -> QDifference:
        """One row of the grid.

        Parameters
        ----------
        index : int

        Returns
        -------
        QDifference
        """
        row = slice(index, index + 1)
        return QDifference(
            self.masses[row], self.couplings, self.full[row], self.simplified[row], self.ok[row]
        )


def q_difference(
    model: ScanModel, masses: FloatArray, couplings: FloatArray, profile: Profile
) -> QDifference:
    """Compare Q of a simplified likelihood with that of the full one, for the scan's own data.

    Parameters
    ----------
    model : ScanModel
    masses : ndarray, shape (n_masses,)
        MeV.
    couplings : ndarray, shape (n_couplings,)
        g_ve.
    profile : callable
        Of the simplified likelihood.

    Returns
    -------
    QDifference
    """
    full = q_statistic(model, observed(model), masses[:, None], couplings[None, :])
    q, ok = np.empty((masses.size, couplings.size)), np.empty((masses.size, couplings.size), dtype=np.bool_)
    signals = np.append(0.0, couplings**2)
    for i, mass in enumerate(masses):
        fits = profile(float(mass), signals)
        q[i] = fits.chi2[1:] - fits.chi2[0]
        ok[i] = fits.converged[1:] & fits.converged[0]
    return QDifference(masses, couplings, full.q[0], q, ok & full.ok[0])
