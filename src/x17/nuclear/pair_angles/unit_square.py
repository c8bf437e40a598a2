"""Energy and angle of a pair from a point of the unit square in which the densities are smooth.

s sets the energy, E₊ = m + (W − 2m) sin²(πs/2), so that momenta start linearly at both ends; v sets the
mass, ln M² evenly from its smallest (Θ = 0) to its largest value (Θ = π), which straightens the peak at small
angles.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from x17.constants import ELECTRON_MASS_MEV
from x17.nuclear.multipole import Multipole
from x17.nuclear.pair_angles.born import density_of, pair_invariants

FloatArray = NDArray[np.float64]

_SMALLEST = 1e-6
"""s is kept this far from its ends, where a momentum is zero and the angle means nothing."""


class SquarePoint(NamedTuple):
    """A pair, and the area its point stands for.

    Attributes
    ----------
    positron_energy, cos_theta : ndarray
        E₊, MeV, and cos Θ.
    jacobian : ndarray
        |d(E₊, cos Θ)/d(s, v)|, MeV.
    """

    positron_energy: FloatArray
    cos_theta: FloatArray
    jacobian: FloatArray


def energy_at(energy: float, s: FloatArray) -> FloatArray:
    """E₊ at s.

    Parameters
    ----------
    energy : float
        W, MeV.
    s : ndarray
        0 to 1.

    Returns
    -------
    ndarray
        MeV.
    """
    inside = np.clip(s, _SMALLEST, 1.0 - _SMALLEST)
    return ELECTRON_MASS_MEV + (energy - 2.0 * ELECTRON_MASS_MEV) * np.sin(0.5 * math.pi * inside) ** 2


def energy_slope(energy: float, s: FloatArray) -> FloatArray:
    """dE₊/ds.

    Parameters
    ----------
    energy : float
        W, MeV.
    s : ndarray
        0 to 1.

    Returns
    -------
    ndarray
        MeV.
    """
    return np.asarray(0.5 * math.pi * (energy - 2.0 * ELECTRON_MASS_MEV) * np.sin(math.pi * s))


def share_at(energy: float, positron_energy: ArrayLike) -> FloatArray:
    """Place s of an energy, the inverse of `energy_at`.

    Parameters
    ----------
    energy : float
        W, MeV.
    positron_energy : array_like
        MeV.

    Returns
    -------
    ndarray
        0 to 1.
    """
    share = (np.asarray(positron_energy) - ELECTRON_MASS_MEV) / (energy - 2.0 * ELECTRON_MASS_MEV)
    return np.asarray(2.0 / math.pi * np.arcsin(np.sqrt(np.clip(share, 0.0, 1.0))))


def point_of(energy: float, s: FloatArray, v: FloatArray, theta_above: float = 0.0) -> SquarePoint:
    """The pair of a point; v runs over the angles above `theta_above`.

    Parameters
    ----------
    energy : float
        W, MeV.
    s, v : ndarray
        0 to 1.
    theta_above : float
        The angle at v = 0, rad.

    Returns
    -------
    SquarePoint
    """
    plus = energy_at(energy, s)
    at_zero = pair_invariants(energy, plus, math.cos(theta_above))
    product = at_zero.product
    largest = at_zero.mass2 + 2.0 * product * (1.0 + math.cos(theta_above))
    length = np.log(largest / at_zero.mass2)
    growth = at_zero.mass2 * np.expm1(v * length)
    cos_theta = np.clip(math.cos(theta_above) - growth / (2.0 * product), -1.0, 1.0)
    return SquarePoint(
        plus, cos_theta, energy_slope(energy, s) * length * (at_zero.mass2 + growth) / (2.0 * product)
    )


def square_density(
    multipole: Multipole, energy: float, s: FloatArray, v: FloatArray, theta_above: float = 0.0
) -> tuple[SquarePoint, FloatArray]:
    """The pairs of points, and the density per ds dv there.

    Parameters
    ----------
    multipole : Multipole
    energy : float
        W, MeV.
    s, v : ndarray
        0 to 1; they broadcast.
    theta_above : float
        The angle at v = 0, rad.

    Returns
    -------
    point : SquarePoint
    density : ndarray
    """
    point = point_of(energy, s, v, theta_above)
    pair = pair_invariants(energy, point.positron_energy, point.cos_theta)
    return point, density_of(multipole, energy, pair) * point.jacobian
