"""Three-body states: a photon, and two equal bodies back to back in the frame it leaves behind."""

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


def beams(sqrt_s: float, mass: float, events: int) -> tuple[FloatArray, FloatArray]:
    """Incoming electron along +z and positron along −z, shape (4, events) each."""
    energy = 0.5 * sqrt_s
    momentum = np.sqrt(energy**2 - mass**2)
    ones = np.ones((1, events))
    return np.array([[energy], [0.0], [0.0], [momentum]]) * ones, np.array(
        [[energy], [0.0], [0.0], [-momentum]]
    ) * ones


def photon_momentum(omega: FloatArray, cosine: FloatArray) -> FloatArray:
    """Photon of energy ω in the x–z plane, shape (4, events)."""
    sine = np.sqrt(np.maximum(1.0 - cosine**2, 0.0))
    return np.asarray(omega * np.stack([np.ones_like(cosine), sine, np.zeros_like(sine), cosine]))


def direction(cosine: FloatArray, phi: FloatArray) -> FloatArray:
    """Unit vectors from polar coordinates, shape (3, events)."""
    sine = np.sqrt(np.maximum(1.0 - cosine**2, 0.0))
    return np.stack([sine * np.cos(phi), sine * np.sin(phi), cosine])


def direction_around(axis_cosine: FloatArray, cosine: FloatArray, phi: FloatArray) -> FloatArray:
    """Unit vectors at polar coordinates around an axis in the x–z plane, shape (3, events)."""
    local = direction(cosine, phi)
    axis_sine = np.sqrt(np.maximum(1.0 - axis_cosine**2, 0.0))
    x = local[0] * axis_cosine + local[2] * axis_sine
    return np.stack([x, local[1], local[2] * axis_cosine - local[0] * axis_sine])


def decay(
    sqrt_s: float, photon: FloatArray, unit: FloatArray, mass: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Two bodies of equal mass, back to back along ±unit in the rest frame of what the photon recoils from.

    Parameters
    ----------
    sqrt_s : float
        MeV.
    photon : ndarray, shape (4, events)
    unit : ndarray, shape (3, events)
        Direction of the first body in that rest frame, whose axes are parallel to the centre of mass'.
    mass : float
        MeV.

    Returns
    -------
    tuple of ndarray
        Momenta of the two bodies in the centre of mass, shape (4, events), and their velocity β* there.
    """
    total = np.concatenate([[sqrt_s - photon[0]], -photon[1:]])
    invariant = np.sqrt(sqrt_s**2 - 2.0 * sqrt_s * photon[0])
    energy = 0.5 * invariant
    velocity = np.sqrt(1.0 - (mass / energy) ** 2)
    momentum = energy * velocity * unit
    along = np.sum(total[1:] * momentum, axis=0)
    bodies = []
    for sign in (1.0, -1.0):
        push = sign * along / (invariant * (total[0] + invariant)) + energy / invariant
        spatial = sign * momentum + total[1:] * push
        bodies.append(np.concatenate([[(total[0] * energy + sign * along) / invariant], spatial]))
    return bodies[0], bodies[1], velocity
