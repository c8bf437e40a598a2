"""Two massless products at a plane: radii and energies that go with a largest radius.

With γ = √s/(2 m_e) and a plane at distance D, a product at polar angle θ* in the centre of mass arrives at
R = (D/γ) tan(θ*/2), and its partner, at π − θ*, at (D/γ)²/R. These are the formulas of the two-cluster
selection of PADME Run III (arXiv:2503.05650). All functions are pure and broadcast.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from x17.apparatus.cell_map import FloatArray
from x17.constants import ELECTRON_MASS_MEV


def gamma(sqrt_s: ArrayLike) -> FloatArray:
    """Lorentz factor of the centre of mass: √s/(2 m_e).

    Parameters
    ----------
    sqrt_s : array_like
        MeV.

    Returns
    -------
    ndarray
    """
    return np.asarray(np.asarray(sqrt_s, dtype=np.float64) / (2.0 * ELECTRON_MASS_MEV))


def r_min_mm(sqrt_s: ArrayLike, distance_mm: ArrayLike, r_max_mm: ArrayLike) -> FloatArray:
    """Radius of the partner of a cluster at R_max: R_min = (D/γ)²/R_max.

    Parameters
    ----------
    sqrt_s : array_like
        MeV.
    distance_mm : array_like
        D, from the target to the plane.
    r_max_mm : array_like

    Returns
    -------
    ndarray
        mm.
    """
    return np.asarray(np.square(np.asarray(distance_mm) / gamma(sqrt_s)) / np.asarray(r_max_mm))


def energy_at_mev(sqrt_s: ArrayLike, distance_mm: ArrayLike, radius_mm: ArrayLike) -> FloatArray:
    """Energy of a product at a radius: E = γ√s / (1 + (γR/D)²).

    Parameters
    ----------
    sqrt_s : array_like
        MeV.
    distance_mm : array_like
        D, from the target to the plane.
    radius_mm : array_like
        R.

    Returns
    -------
    ndarray
        MeV.
    """
    boost = gamma(sqrt_s)
    ratio = boost * np.asarray(radius_mm) / np.asarray(distance_mm)
    return np.asarray(boost * np.asarray(sqrt_s) / (1.0 + np.square(ratio)))


def largest_cos_theta(sqrt_s: ArrayLike, distance_mm: ArrayLike, inner_mm: ArrayLike) -> FloatArray:
    """Largest |cos θ*| of a pair whose inner product stays outside a radius: (x² − 1)/(x² + 1), x = D/(γR).

    Parameters
    ----------
    sqrt_s : array_like
        MeV.
    distance_mm : array_like
        D, from the target to the plane.
    inner_mm : array_like
        R.

    Returns
    -------
    ndarray
        0 if no pair does.
    """
    x = np.asarray(distance_mm) / gamma(sqrt_s) / np.maximum(np.asarray(inner_mm), 1e-6)
    x2 = np.square(np.maximum(x, 1.0))
    return np.asarray((x2 - 1.0) / (x2 + 1.0))
