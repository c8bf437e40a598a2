"""The observable of the search, g_R(s) = N2 / (N_PoT · B), and its error point by point."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from x17.scan.search_points import SearchPoints

if TYPE_CHECKING:
    from x17.scan.energy_scan import EnergyScan

FloatArray = NDArray[np.float64]


def g_r(points: "SearchPoints | EnergyScan") -> FloatArray:
    """Divide the yield by the expected background, g_R = N2 / (N_PoT · B).

    Without a boson it follows K(s), a line close to 1 (arXiv:2503.05650).

    Parameters
    ----------
    points : SearchPoints or EnergyScan
        The searched points, or every row of a table.

    Returns
    -------
    ndarray, shape (n,)
    """
    return np.asarray(points.n2 / (points.n_pot * points.background_per_pot))


def g_r_relative_err(points: "SearchPoints | EnergyScan") -> FloatArray:
    """Compute the relative standard error of g_R, √(1/N2 + (σ_P/P)² + (σ_B/B)²).

    Parameters
    ----------
    points : SearchPoints or EnergyScan
        The searched points, or every row of a table.

    Returns
    -------
    ndarray, shape (n,)
    """
    flux = points.n_pot_err / points.n_pot
    background = points.background_err / points.background_per_pot
    return np.asarray(np.sqrt(1.0 / points.n2 + flux**2 + background**2))


def g_r_err(points: "SearchPoints | EnergyScan") -> FloatArray:
    """Compute the standard error of g_R.

    The weight is of the Neyman type: the error scales with the observed g_R, as in the published analysis.

    Parameters
    ----------
    points : SearchPoints or EnergyScan
        The searched points, or every row of a table.

    Returns
    -------
    ndarray, shape (n,)
    """
    return g_r(points) * g_r_relative_err(points)
