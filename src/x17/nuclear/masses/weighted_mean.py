"""The mean of correlated measurements with the least variance, for one set or for many toys."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class WeightedMean:
    """Mean of n measurements, of one set or of a batch of shape S.

    Attributes
    ----------
    value, chi2 : ndarray, shape S
    error : float
        Standard error, the same for all sets.
    weights : ndarray, shape (n,)
        They add up to one; with strong correlations some are negative.
    """

    value: FloatArray
    chi2: FloatArray
    error: float
    weights: FloatArray


def weighted_mean(values: FloatArray, covariance: FloatArray) -> WeightedMean:
    """Generalised least squares for one common value, w = C⁻¹1/(1ᵀC⁻¹1).

    Parameters
    ----------
    values : ndarray, shape S + (n,)
    covariance : ndarray, shape (n, n)
        C, positive definite.

    Returns
    -------
    WeightedMean

    Notes
    -----
    With independent measurements this is the mean weighted by 1/σ². A weight is negative where a measurement
    is so strongly correlated with a better one that its excursions tell those of the other: the mean may
    then lie outside the measurements. Source: A. C. Aitken, Proc. R. Soc. Edinburgh 55 (1935) 42;
    L. Lyons, D. Gibaut, P. Clifford, Nucl. Instrum. Meth. A 270 (1988) 110.
    """
    precision = np.linalg.inv(covariance)
    information = float(precision.sum())
    weights = precision.sum(axis=0) / information
    value = np.asarray(values @ weights)
    residual = values - value[..., None]
    chi2 = np.einsum("...i,ij,...j->...", residual, precision, residual)
    return WeightedMean(value, np.asarray(chi2), information**-0.5, weights)


def group_chi2(values: FloatArray, covariance: FloatArray, group: NDArray[np.int64]) -> tuple[float, int]:
    """By how much χ² falls when every group has a mean of its own: the consistency of the groups.

    Parameters
    ----------
    values : ndarray, shape (n,)
    covariance : ndarray, shape (n, n)
    group : ndarray of int, shape (n,)
        Number of the group of each measurement.

    Returns
    -------
    chi2 : float
        χ²(one mean) − χ²(a mean for every group).
    ndf : int
        Groups less one.
    """
    labels = np.unique(group)
    design = (group[:, None] == labels[None, :]).astype(np.float64)
    precision = np.linalg.inv(covariance)
    means = np.linalg.solve(design.T @ precision @ design, design.T @ precision @ values)
    residual = values - design @ means
    one = float(weighted_mean(values, covariance).chi2)
    return one - float(residual @ precision @ residual), int(labels.size) - 1
