"""Two-body kinematics: from an angle in the centre-of-mass frame to momenta in the laboratory."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class TwoBody:
    """Two products of one mass, back to back in the centre-of-mass frame.

    Attributes
    ----------
    energy : ndarray, shape (n, 2)
        Laboratory, MeV.
    momentum : ndarray, shape (n, 2, 3)
        MeV.
    """

    energy: FloatArray
    momentum: FloatArray


def decay(
    total_energy: FloatArray,
    total_momentum: FloatArray,
    direction: FloatArray,
    product_mass: float,
    cos_theta: FloatArray,
    phi: FloatArray,
) -> TwoBody:
    """Let a system of given energy and momentum go into two particles of equal mass.

    With M² = E² − P², E* = M/2 and p* = √(M²/4 − µ²) the first product has, along the direction of motion,
    p∥ = (E p* cos θ* + P E*)/M and energy (E E* + P p* cos θ*)/M.

    Parameters
    ----------
    total_energy, total_momentum : ndarray, shape (n,)
        E and P of the system, MeV.
    direction : ndarray, shape (n, 3)
        Unit vectors of its motion.
    product_mass : float
        µ, MeV.
    cos_theta, phi : ndarray, shape (n,)
        Direction of the first product in the centre-of-mass frame, about `direction`; φ from the x axis.

    Returns
    -------
    TwoBody
    """
    mass = np.sqrt(total_energy**2 - total_momentum**2)
    e_star = 0.5 * mass
    p_star = np.sqrt(np.maximum(e_star**2 - product_mass**2, 0.0))
    across = np.sqrt(np.maximum(1.0 - cos_theta**2, 0.0)) * p_star
    along = total_energy / mass * p_star * cos_theta
    shift = total_momentum / mass * e_star
    energy = total_energy / mass * e_star
    lean = total_momentum / mass * p_star * cos_theta
    first, second = perpendicular(direction)
    transverse = across[:, None] * (np.cos(phi)[:, None] * first + np.sin(phi)[:, None] * second)
    forward = [(shift + sign * along)[:, None] * direction for sign in (1.0, -1.0)]
    return TwoBody(
        np.stack([energy + lean, energy - lean], axis=1),
        np.stack([forward[0] + transverse, forward[1] - transverse], axis=1),
    )


def perpendicular(direction: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Two unit vectors across directions near the z axis.

    Parameters
    ----------
    direction : ndarray, shape (n, 3)
        Unit vectors.

    Returns
    -------
    first, second : ndarray, shape (n, 3)
        The first in the plane of the direction and x, the second close to y.
    """
    first = np.array([1.0, 0.0, 0.0]) - direction[:, :1] * direction
    first /= np.linalg.norm(first, axis=1, keepdims=True)
    return first, np.cross(direction, first)
