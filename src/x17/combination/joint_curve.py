"""χ²(m) of a mass and Q(m) of a scan on common masses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.combination.mass_term import MassTerm
from x17.errors import UsageError, X17Error
from x17.statistics.data_sets import DataSets
from x17.statistics.fit_status import FitStatus
from x17.statistics.model import ScanModel
from x17.statistics.profile_fit import fit_background, fit_free_signal

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class JointCurve:
    """The two terms of a joint likelihood, each with its coupling profiled over g ≥ 0.

    Attributes
    ----------
    masses : ndarray, shape (m,)
        MeV, rising.
    mass_chi2 : ndarray, shape (m,)
        χ²(m) of the mass measured elsewhere, less its minimum.
    q : ndarray, shape (m,)
        Q(m) = min over g of χ²(m, g) − χ² without a boson, never above zero.
    g_ve : ndarray, shape (m,)
        The g that minimises it, zero where a deficit is fitted.
    """

    masses: FloatArray
    mass_chi2: FloatArray
    q: FloatArray
    g_ve: FloatArray

    @property
    def total(self) -> FloatArray:
        """Δχ²(m) + Q(m), shape (m,): zero at the mass measured elsewhere without a boson in the scan."""
        return np.asarray(self.mass_chi2 + self.q)


def joint_curve(term: MassTerm, model: ScanModel, data: DataSets, masses: FloatArray) -> JointCurve:
    """Evaluate both terms.

    Parameters
    ----------
    term : MassTerm
    model : ScanModel
    data : DataSets
        One data set.
    masses : ndarray, shape (m,)
        MeV, rising.

    Returns
    -------
    JointCurve

    Raises
    ------
    UsageError
        Masses beyond the largest that the mass term knows.
    X17Error
        A fit to the scan failed.
    """
    if masses[-1] > term.largest_mass:
        raise UsageError(
            f"masses up to {masses[-1]:g} MeV, but one of the nuclear transitions makes none above "
            f"{term.largest_mass:.3f} MeV; take fewer masses, leave that row out, or fit masses, not angles"
        )
    background = fit_background(model, data)
    fit = fit_free_signal(model, data, masses, bounded=True)
    for status in (int(background.status[0]), int(fit.status.max())):
        if status != FitStatus.CONVERGED:
            raise X17Error(f"a fit to the scan failed: {FitStatus(status).sentence}")
    q = np.minimum(fit.chi2[0] - background.chi2[0], 0.0)
    coupling = np.sqrt(np.maximum(fit.signal[0], 0.0))
    return JointCurve(masses, term.chi2_at(masses) - term.chi2, q, coupling)
