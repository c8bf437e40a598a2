"""Integrals of the Born densities: pair coefficients, shares above an angle, distributions."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from x17.constants import ELECTRON_MASS_MEV, FINE_STRUCTURE
from x17.errors import UsageError
from x17.nuclear.multipole import Multipole
from x17.nuclear.pair_angles.born import pair_density, require_transition
from x17.nuclear.pair_angles.emission import virtual_photon
from x17.nuclear.pair_angles.unit_square import energy_at, energy_slope, share_at, square_density

FloatArray = NDArray[np.float64]

NODES = 64
"""Gauss–Legendre nodes in each direction: the coefficients are then right to 1e-9."""


def _nodes(low: float, high: float) -> tuple[FloatArray, FloatArray]:
    x, w = np.polynomial.legendre.leggauss(NODES)
    return 0.5 * (high - low) * x + 0.5 * (high + low), 0.5 * (high - low) * w


def integral_above(
    multipole: Multipole, energy: float, theta: float = 0.0, y_cut: float | None = None
) -> float:
    """Pairs per photon with an opening angle above θ; for E0 up to a constant.

    Parameters
    ----------
    multipole : Multipole
    energy : float
        W, MeV.
    theta : float
        rad, 0 to π.
    y_cut : float, optional
        Largest |E₊ − E₋|/(E₊ + E₋), of total energies.

    Returns
    -------
    float

    Raises
    ------
    UsageError
        A transition below 2 m_e, an angle or a cut out of range.
    """
    require_transition(energy)
    if not 0.0 <= theta <= math.pi:
        raise UsageError(f"an opening angle of {math.degrees(theta):g} degrees; allowed: 0 to 180")
    if y_cut is not None and not 0.0 < y_cut <= 1.0:
        raise UsageError(f"a cut on |y| of {y_cut:g}; allowed: above 0, at most 1")
    first = 0.0 if y_cut is None else float(share_at(energy, 0.5 * energy * (1.0 - y_cut)))
    # E₊ and E₋ are alike: one half does.
    s, s_weight = _nodes(first, 0.5)
    v, v_weight = _nodes(0.0, 1.0)
    _, density = square_density(multipole, energy, s[:, None], v[None, :], theta)
    return float(2.0 * s_weight @ density @ v_weight)


def pair_coefficient(multipole: Multipole, energy: float) -> float | None:
    """α_pair: internal pairs per photon.

    Parameters
    ----------
    multipole : Multipole
    energy : float
        W, MeV.

    Returns
    -------
    float or None
        None for E0, which has no photon.

    Raises
    ------
    UsageError
        A transition below 2 m_e.
    """
    return integral_above(multipole, energy) if multipole.has_photon else None


def fraction_above(
    multipole: Multipole, energy: float, theta: float, y_cut: float | None = None, *, of_cut: bool = False
) -> float:
    """Share of pairs with an opening angle above θ.

    Parameters
    ----------
    multipole : Multipole
    energy : float
        W, MeV.
    theta : float
        rad.
    y_cut : float, optional
        Largest |y| of the pairs that count.
    of_cut : bool
        Among the pairs that pass the cut, instead of among all.

    Returns
    -------
    float

    Raises
    ------
    UsageError
        As for `integral_above`.
    """
    whole = integral_above(multipole, energy, 0.0, y_cut if of_cut else None)
    return integral_above(multipole, energy, theta, y_cut) / whole


def angle_density(
    multipole: Multipole, energy: float, theta: ArrayLike, y_cut: float | None = None
) -> FloatArray:
    """Density of the opening angle per rad, over the pairs that pass a cut on |y|.

    Parameters
    ----------
    multipole : Multipole
    energy : float
        W, MeV.
    theta : array_like, shape (n,)
        rad.
    y_cut : float, optional

    Returns
    -------
    ndarray, shape (n,)

    Raises
    ------
    UsageError
        As for `integral_above`.
    """
    angle = np.atleast_1d(np.asarray(theta, dtype=np.float64))
    whole = integral_above(multipole, energy, 0.0, y_cut)
    first = 0.0 if y_cut is None else float(share_at(energy, 0.5 * energy * (1.0 - y_cut)))
    s, weight = _nodes(first, 0.5)
    plus = energy_at(energy, s)
    density = pair_density(multipole, energy, plus[:, None], np.cos(angle)[None, :])
    return np.asarray(2.0 * (weight * energy_slope(energy, s)) @ density * np.sin(angle) / whole)


def mass_density(multipole: Multipole, energy: float, pair_mass: ArrayLike) -> FloatArray:
    """Pairs per photon and per dM² of the pair's mass, in closed form.

    (α/3π) (1/M²) √(1 − 4m²/M²) (1 + 2m²/M²) F, with F of `x17.nuclear.pair_angles.emission.virtual_photon`:
    the pair as the decay of a virtual photon. Independent of `pair_density`.

    Parameters
    ----------
    multipole : Multipole
        With a photon.
    energy : float
        W, MeV.
    pair_mass : array_like
        M, 2 m_e to W, MeV.

    Returns
    -------
    ndarray
        1/MeV².

    Raises
    ------
    UsageError
        E0, or a mass out of range.
    """
    mass2 = np.square(np.asarray(pair_mass, dtype=np.float64))
    r = ELECTRON_MASS_MEV**2 / mass2
    factor = virtual_photon(multipole, np.sqrt(mass2), energy)
    decay = np.sqrt(np.maximum(1.0 - 4.0 * r, 0.0)) * (1.0 + 2.0 * r)
    return np.asarray(FINE_STRUCTURE / (3.0 * math.pi) / mass2 * decay * factor)
