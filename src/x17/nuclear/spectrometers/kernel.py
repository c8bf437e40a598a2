"""Compiled loop: which two arms a pair hits, and where."""

from __future__ import annotations

import math

import numba as nb
import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


@nb.njit(error_model="numpy", nogil=True, cache=True)
def _meets(
    arm: FloatArray, face: FloatArray, vertex: FloatArray, way: FloatArray, at: FloatArray
) -> bool:  # pragma: no cover - compiled
    """Whether a ray meets the face of an arm; `at` takes the place, across and along."""
    toward = way[0] * arm[0, 0] + way[1] * arm[0, 1] + way[2] * arm[0, 2]
    if toward <= 0.0:
        return False
    depth = vertex[0] * arm[0, 0] + vertex[1] * arm[0, 1] + vertex[2] * arm[0, 2]
    length = (face[0] - depth) / toward
    across, along = 0.0, 0.0
    for i in range(3):
        place = vertex[i] + length * way[i]
        across += place * arm[1, i]
        along += place * arm[2, i]
    at[0], at[1] = across, along
    return bool(abs(across) <= face[1] and abs(along) <= face[2])


@nb.njit(error_model="numpy", nogil=True, cache=True)
def trace_pairs(
    axes: FloatArray,
    face: FloatArray,
    cone_cos: float,
    spot: FloatArray,
    uniforms: FloatArray,
    cos_theta: FloatArray,
    arms: NDArray[np.int8],
    places: FloatArray,
) -> None:  # pragma: no cover - compiled
    """Send pairs of given opening angles to the arms, each positron into the cone about one of them.

    Parameters
    ----------
    axes : ndarray (k, 3, 3)
        Normal, across and along of every arm.
    face : ndarray (3,)
        Distance, half width and half height of the faces, mm.
    cone_cos : float
        Cosine of the cone's half angle.
    spot : ndarray (n, 2)
        x and y of the vertices, mm.
    uniforms : ndarray (n, 3)
        In [0, 1): arm and cosine in its cone together, azimuth in the cone, the electron's azimuth about the
        positron.
    cos_theta : ndarray (n,)
        Of the opening angles.
    arms : ndarray (n, 2)
        Written to: arm of positron and electron, −1 for none. A positron that misses the arm of its cone is a
        miss even if it meets another: then every direction to an arm is drawn with the same density.
    places : ndarray (n, 2, 2)
        Written to: across and along, mm, where an arm is hit.
    """
    vertex, first, second = np.zeros(3), np.zeros(3), np.zeros(3)
    for i in range(cos_theta.size):
        arms[i, 0], arms[i, 1] = -1, -1
        vertex[0], vertex[1] = spot[i, 0], spot[i, 1]
        pick = uniforms[i, 0] * axes.shape[0]
        k = min(int(pick), axes.shape[0] - 1)
        c = 1.0 - (pick - k) * (1.0 - cone_cos)
        s = math.sqrt(max(1.0 - c * c, 0.0))
        turn = 2.0 * math.pi * uniforms[i, 1]
        cos_turn, sin_turn = math.cos(turn), math.sin(turn)
        about = 2.0 * math.pi * uniforms[i, 2]
        sine = math.sqrt(max(1.0 - cos_theta[i] * cos_theta[i], 0.0))
        # The electron: along the positron, away from the arm's normal, and around it.
        out, side = sine * math.cos(about), sine * math.sin(about)
        for j in range(3):
            radial = cos_turn * axes[k, 1, j] + sin_turn * axes[k, 2, j]
            around = cos_turn * axes[k, 2, j] - sin_turn * axes[k, 1, j]
            first[j] = c * axes[k, 0, j] + s * radial
            second[j] = cos_theta[i] * first[j] + out * (c * radial - s * axes[k, 0, j]) + side * around
        if not _meets(axes[k], face, vertex, first, places[i, 0]):
            continue
        arms[i, 0] = k
        for other in range(axes.shape[0]):
            if other != k and _meets(axes[other], face, vertex, second, places[i, 1]):
                arms[i, 1] = other
                break
