"""The points of a scan and those that could follow, as one model: points without data weigh nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from x17.errors import UsageError
from x17.kinematics import sqrt_s_mev
from x17.scan.straight_line import fit_line
from x17.statistics.data_sets import DataSets, observed
from x17.statistics.model import ScanModel
from x17.statistics.model_settings import CountTerm

FloatArray = NDArray[np.float64]

SAME_SETTING_MEV = 0.02
"""Beam energies this close are one setting: √s with three decimals says no more."""

_NO_NUMBER = -1


@dataclass(frozen=True, slots=True, eq=False)
class PlanSpace:
    """A model of n_old measured points followed by n_new possible ones, and the data so far.

    Attributes
    ----------
    model : ScanModel
        Of all n_old + n_new points, the old ones first.
    n_old : int
    y, weight : ndarray, shape (n_old,)
        Measured g_R and its inverse variance.
    rate : ndarray, shape (n_new,)
        B, pairs per positron: the line through the B of the old points.
    taken : ndarray, shape (n_new,)
        Positrons that an old point has within `SAME_SETTING_MEV` of a possible one.
    flux_err, background_err : float
        Relative errors of N_PoT and B of a new point: the median of the old ones.
    """

    model: ScanModel
    n_old: int
    y: FloatArray
    weight: FloatArray
    rate: FloatArray
    taken: FloatArray
    flux_err: float
    background_err: float

    @property
    def n_new(self) -> int:
        """Number of possible points."""
        return int(self.rate.size)

    @property
    def energies_mev(self) -> FloatArray:
        """Beam energies of the possible points, MeV, shape (n_new,)."""
        return np.asarray(self.model.points.beam_energy_mev[self.n_old :])

    @property
    def sqrt_s_mev(self) -> FloatArray:
        """Their √s, MeV, shape (n_new,)."""
        return np.asarray(self.model.points.sqrt_s_mev[self.n_old :])

    def new_weight(self, positrons: ArrayLike, g_r: ArrayLike) -> FloatArray:
        """Inverse variance of g_R that positrons at the possible points give.

        1/w = g_R² [1/(P B g_R) + (σ_P/P)² + (σ_B/B)²]: the last two stay, however often one comes back.

        Parameters
        ----------
        positrons : array_like, shape (..., n_new)
        g_r : array_like, shape (..., n_new)
            Expected g_R.

        Returns
        -------
        ndarray, shape (..., n_new)
            Zero without positrons.
        """
        y = np.asarray(g_r, dtype=np.float64)
        pairs = np.asarray(positrons, dtype=np.float64) * self.rate * y
        systematic = self.flux_err**2 + self.background_err**2
        return np.asarray(pairs / (y**2 * (1.0 + systematic * pairs)))

    def data_sets(self, y: FloatArray, weight: FloatArray, *, with_old: bool = True) -> DataSets:
        """Data so far and new data, as the fits take them.

        Parameters
        ----------
        y, weight : ndarray, shape (n, n_new)
            Of the new points; weight zero where there is none.
        with_old : bool
            False: the new points alone.

        Returns
        -------
        DataSets
            n data sets.
        """
        n = y.shape[0]
        old_weight = self.weight if with_old else np.zeros(self.n_old)
        return DataSets(
            np.ascontiguousarray(np.hstack([np.tile(self.y, (n, 1)), y])),
            np.ascontiguousarray(np.hstack([np.tile(old_weight, (n, 1)), weight])),
            np.tile(self.model.centers, (n, 1)),
        )


def plan_space(model: ScanModel, energies_mev: FloatArray) -> PlanSpace:
    """Put possible points beside those of a scan.

    All visits to one setting make one point, whose errors of flux and background do not average. A new point
    is independent of the old ones; where an old one is at the same setting, only its worth knows of that.

    Parameters
    ----------
    model : ScanModel
        Of the scan so far.
    energies_mev : ndarray, shape (n_new,)
        Beam energies of the possible points.

    Returns
    -------
    PlanSpace

    Raises
    ------
    UsageError
        A likelihood with other than Gaussian points, or with nuisances common to several points.
    """
    if model.settings.count_term is not CountTerm.NEYMAN or model.templates.shape[1]:
        raise UsageError(
            "a plan needs model.count_term = neyman, B per point and no common errors of N_PoT or B; found "
            f"count_term = {model.settings.count_term.value} and {model.templates.shape[1]} common nuisances"
        )
    points, center = model.points, model.constants.center_sqrt_s_mev
    root_s = sqrt_s_mev(energies_mev, model.constants.electron_mass_mev)
    line = fit_line(points.sqrt_s_mev, points.background_per_pot, points.background_err**2, center)
    rate = line.constant + line.slope * (root_s - center)
    ratio = model.centers[5] + model.centers[6] * (root_s - center)
    flux_err = float(np.median(points.n_pot_err / points.n_pot))
    rate_err = float(np.median(points.background_err / points.background_per_pot))
    n = energies_mev.size
    same = np.abs(energies_mev[:, None] - points.beam_energy_mev) < SAME_SETTING_MEV
    numbers, ones, zeros = np.full(n, _NO_NUMBER), np.ones(n), np.zeros(n)
    added = {
        "row": numbers,
        "period": numbers,
        "scan_part": numbers,
        "sqrt_s_mev": root_s,
        "beam_energy_mev": energies_mev,
        "n2": rate,
        "n_pot": ones,
        "n_pot_err": flux_err * ones,
        "background_per_pot": rate,
        "background_err": rate_err * rate,
        "signal_efficiency": ratio * rate,
        "signal_efficiency_err": zeros,
    }
    union = replace(
        points, **{name: np.concatenate([getattr(points, name), values]) for name, values in added.items()}
    )
    whole = replace(
        model,
        points=union,
        rate_variance=np.zeros(len(union)),
        efficiency_err=np.zeros(len(union)),
        templates=np.zeros((len(union), 0)),
    )
    data = observed(model)
    return PlanSpace(
        model=whole,
        n_old=len(points),
        y=data.first[0],
        weight=data.second[0],
        rate=rate,
        taken=same @ points.n_pot,
        flux_err=flux_err,
        background_err=rate_err,
    )
