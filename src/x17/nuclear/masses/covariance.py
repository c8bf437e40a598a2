"""Covariance of measurements whose systematic errors are partly common."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from x17.errors import UsageError

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


def check_correlations(rho: float, across: float) -> None:
    """Refuse correlations for which there is no covariance.

    Parameters
    ----------
    rho, across : float
        Of systematic errors within a laboratory, and between two.

    Raises
    ------
    UsageError
        `rho` outside 0 to 1, or `across` outside 0 to `rho`.
    """
    if not 0.0 <= rho <= 1.0:
        raise UsageError(f"--rho is {rho:g}; allowed: 0 (independent) to 1 (fully common)")
    if not 0.0 <= across <= rho:
        raise UsageError(f"--across is {across:g}; allowed: 0 to that within a laboratory, {rho:g}")


def common_covariance(
    stat: FloatArray, syst: FloatArray, laboratory: IntArray, rho: float, across: float = 0.0
) -> FloatArray:
    """Covariance with systematic errors that are correlated within a laboratory.

        C_ij = δ_ij (stat_i² + syst_i²) + (1 − δ_ij) ρ_ij syst_i syst_j

    with ρ_ij = ρ for two rows of one laboratory and `across` for rows of two.

    Parameters
    ----------
    stat, syst : ndarray, shape (n,)
        Standard errors, in one unit.
    laboratory : ndarray of int, shape (n,)
        Equal numbers for rows of one laboratory.
    rho : float
        Correlation of systematic errors within a laboratory, 0 to 1.
    across : float
        The same between laboratories, 0 to `rho`: above it the matrix could not be one of covariances.

    Returns
    -------
    ndarray, shape (n, n)
        Positive definite if every statistical error is above zero.

    Raises
    ------
    UsageError
        A correlation outside its range.
    """
    check_correlations(rho, across)
    same = laboratory[:, None] == laboratory[None, :]
    correlation = np.where(same, rho, across)
    np.fill_diagonal(correlation, 1.0)
    return np.asarray(np.outer(syst, syst) * correlation + np.diag(np.square(stat)))
