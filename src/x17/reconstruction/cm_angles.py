"""Directions of clusters about the beam line, in the laboratory and in the centre of mass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.apparatus import two_body
from x17.reconstruction.beam_line import BeamLine

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Directions:
    """Directions of clusters seen from the target, about the beam line.

    All arrays have shape (n,).

    Attributes
    ----------
    tan_theta : ndarray
        Tangent of the polar angle θ to the beam line in the laboratory.
    azimuth : ndarray
        About the beam line, rad, −π to π, 0 along x; the same in the laboratory and in the centre of mass.
    """

    tan_theta: FloatArray
    azimuth: FloatArray

    def radius_mm(self, distance_mm: float) -> FloatArray:
        """Distance from the beam line in a plane across it: R = D tan θ.

        Parameters
        ----------
        distance_mm : float
            D, from the target to the plane.

        Returns
        -------
        ndarray, shape (n,)
            mm.
        """
        return distance_mm * self.tan_theta

    def theta_cm(self, sqrt_s: float) -> FloatArray:
        """Polar angle in the centre of mass, of a massless particle.

        Parameters
        ----------
        sqrt_s : float
            MeV.

        Returns
        -------
        ndarray, shape (n,)
            rad.
        """
        return theta_cm(self.tan_theta, sqrt_s)


def theta_cm(tan_theta: FloatArray, sqrt_s: float) -> FloatArray:
    """Polar angle in the centre of mass of a massless particle: tan(θ*/2) = γ (1 + β) tan(θ/2).

    This is the boost by −β of a momentum of any size: energies do not enter. For electrons the error is of
    the order of (m_e/E)². With the half angle nothing cancels at the small angles of the laboratory.

    Parameters
    ----------
    tan_theta : ndarray
        Of the polar angle in the laboratory, 0 or more.
    sqrt_s : float
        MeV.

    Returns
    -------
    ndarray
        rad, the shape of `tan_theta`.
    """
    boost = float(two_body.gamma(sqrt_s))
    tan_half = tan_theta / (1.0 + np.sqrt(1.0 + np.square(tan_theta)))
    return np.asarray(2.0 * np.arctan((boost + np.sqrt(boost**2 - 1.0)) * tan_half))


def expected_energy_mev(tan_theta: FloatArray, sqrt_s: float) -> FloatArray:
    """Energy of a massless product at a polar angle in the laboratory: ½√s/(γ (1 − β cos θ)).

    Parameters
    ----------
    tan_theta : ndarray
        Of the polar angle, 0 or more.
    sqrt_s : float
        MeV.

    Returns
    -------
    ndarray
        MeV, the shape of `tan_theta`.
    """
    boost = float(two_body.gamma(sqrt_s))
    beta = np.sqrt(1.0 - boost**-2)
    secant = np.sqrt(1.0 + np.square(tan_theta))
    # 1 − β cos θ = (1 − cos θ) + (1 − β) cos θ, each without cancellation.
    behind = np.square(tan_theta) / (secant * (1.0 + secant)) + 1.0 / (boost**2 * (1.0 + beta) * secant)
    return np.asarray(0.5 * sqrt_s / (boost * behind))


def directions(
    x: FloatArray, y: FloatArray, z_mm: float, run: IntArray, beam_lines: Sequence[BeamLine]
) -> Directions:
    """Directions of points at a plane, from the spot at the target, about the beam line of their run.

    Parameters
    ----------
    x, y : ndarray, shape (n,)
        mm.
    z_mm : float
        Plane of the points: the front face of the calorimeter and the depth given to clusters.
    run : ndarray of int, shape (n,)
        Which of `beam_lines`.
    beam_lines : sequence of BeamLine

    Returns
    -------
    Directions

    Notes
    -----
    The axes across the line are the projections of x and y; the line leans by milliradians, so they stay at
    right angles to better than the square of that.
    """
    spot = np.array([[b.target_x_mm, b.target_y_mm, b.target_z_mm] for b in beam_lines])
    slope = np.array([b.slopes for b in beam_lines])
    # Tables of a few runs; what is taken from them is one number a cluster.
    norm = np.sqrt(1.0 + (slope**2).sum(axis=1))
    x, y, z = x - spot[run, 0], y - spot[run, 1], z_mm - spot[run, 2]
    slope_x, slope_y = slope[run, 0], slope[run, 1]
    along = (x * slope_x + y * slope_y + z) / norm[run]
    across_x = x - along * slope_x / norm[run]
    across_y = y - along * slope_y / norm[run]
    across_z = z - along / norm[run]
    across = np.sqrt(across_x**2 + across_y**2 + across_z**2)
    return Directions(across / along, np.arctan2(across_y, across_x))


def delta_phi(azimuth_1: FloatArray, azimuth_2: FloatArray) -> FloatArray:
    """|φ₁ − φ₂|, 0 to 2π; not folded, so that a shift from π keeps its sign on either side of the branch.

    Parameters
    ----------
    azimuth_1, azimuth_2 : ndarray
        rad, −π to π.

    Returns
    -------
    ndarray
    """
    return np.asarray(np.abs(azimuth_1 - azimuth_2))
