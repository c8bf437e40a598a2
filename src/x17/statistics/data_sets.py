"""Data sets in the form the fits take, counted by the leading axis: the scan, toys, Asimov data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from x17.statistics.model_settings import CountTerm

if TYPE_CHECKING:
    from x17.statistics.model import ScanModel

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class DataSets:
    """A batch of data sets for one model.

    Attributes
    ----------
    first, second : ndarray, shape (n_data, n_points)
        Neyman term: g_R and its weight (inverse variance). Count terms: N2 and N_PoT·B.
    centers : ndarray, shape (n_data, n_parameters)
        Measured values of the nuisances.
    """

    first: FloatArray
    second: FloatArray
    centers: FloatArray

    def __len__(self) -> int:
        return int(self.first.shape[0])


def observable(
    model: ScanModel, n2: FloatArray, n_pot: FloatArray, background: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """g_R = N/(P B) and its relative variance, 1/N + (σ_P/P)² + (σ_B/B)².

    Parameters
    ----------
    model : ScanModel
        Gives the absolute errors σ_P, σ_B, less what it carries as nuisances common to several points.
    n2, n_pot, background : ndarray, shape (n_data, n_points)
        Two-cluster counts, positrons on target, expected background per positron; all > 0.

    Returns
    -------
    g_r, relative_variance : ndarray, shape (n_data, n_points)
    """
    points = model.points
    relative = 1.0 / n2 + (points.n_pot_err / n_pot) ** 2 + (points.background_err / background) ** 2
    return n2 / (n_pot * background), relative


def from_counts(
    model: ScanModel,
    n2: ArrayLike,
    n_pot: ArrayLike,
    background: ArrayLike,
    centers: ArrayLike | None = None,
) -> DataSets:
    """Data sets from counts, fluxes and backgrounds; the observable and its weight are built from them.

    The weight is of the Neyman type: the variance is that of the *observed* g_R (`observable`).

    Parameters
    ----------
    model : ScanModel
        The model whose data these are.
    n2, n_pot, background : array_like, shape (n_data, n_points) or (n_points,)
        Two-cluster counts, positrons on target, expected background per positron; all > 0.
    centers : array_like, shape (n_data, n_parameters) or (n_parameters,), optional
        Measured values of the nuisances; the model's own by default.

    Returns
    -------
    DataSets
    """
    n2, n_pot, background = (np.atleast_2d(np.asarray(a, dtype=np.float64)) for a in (n2, n_pot, background))
    shape = np.broadcast_shapes(n2.shape, n_pot.shape, background.shape)
    n2 = np.broadcast_to(n2, shape)
    measured = np.asarray(model.centers if centers is None else centers, dtype=np.float64)
    measured = np.array(np.broadcast_to(measured, (n2.shape[0], model.centers.size)))
    if model.settings.count_term is not CountTerm.NEYMAN:
        return DataSets(np.array(n2), np.array(np.broadcast_to(n_pot * background, shape)), measured)
    y, relative = observable(model, n2, n_pot, background)
    return DataSets(y, 1.0 / (y**2 * relative), measured)


def observed(model: ScanModel) -> DataSets:
    """The scan itself, as a batch of one.

    Parameters
    ----------
    model : ScanModel

    Returns
    -------
    DataSets
    """
    points = model.points
    return from_counts(model, points.n2, points.n_pot, points.background_per_pot)


def asimov(model: ScanModel, expected_g_r: ArrayLike) -> DataSets:
    """Data that are exactly as expected: the median experiment.

    Parameters
    ----------
    model : ScanModel
    expected_g_r : array_like, shape (n_points,) or (n_data, n_points)
        Expected observable.

    Returns
    -------
    DataSets
    """
    points = model.points
    counts = np.asarray(expected_g_r) * points.n_pot * points.background_per_pot
    return from_counts(model, counts, points.n_pot, points.background_per_pot)
