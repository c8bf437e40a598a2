"""π⁰ → γX: how often, for which couplings to quarks, and how a published limit reads in them."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]

NEUTRAL_PION_MASS_MEV = 134.9768
"""Mass of π⁰, MeV (Particle Data Group 2022: 134.9768(5) MeV)."""


def proton_coupling(up: ArrayLike, down: ArrayLike) -> FloatArray:
    """ε_p = 2ε_u + ε_d, the charge of a proton under the boson in units of e.

    The amplitude of π⁰ → γX is that of π⁰ → γγ with one charge replaced: proportional to
    Q_u ε_u − Q_d ε_d = (2ε_u + ε_d)/3. It vanishes for ε_d = −2ε_u: such a boson is protophobic.

    Parameters
    ----------
    up, down : array_like
        ε_u and ε_d.

    Returns
    -------
    ndarray
    """
    return np.asarray(2.0 * np.asarray(up, dtype=np.float64) + np.asarray(down, dtype=np.float64))


def branching_ratio(mass: ArrayLike, proton: ArrayLike, to_electrons: float = 1.0) -> FloatArray:
    """BR(π⁰ → γX, X → e⁺e⁻) over BR(π⁰ → γγ) for a vector.

    2 ε_p² (1 − m²/m_π²)³ BR(X → e⁺e⁻) (J. R. Batley et al., Phys. Lett. B 746 (2015) 178, for ε_p = ε;
    J. L. Feng et al., Phys. Rev. Lett. 117 (2016) 071803, for other charges).

    Parameters
    ----------
    mass : array_like
        m, MeV.
    proton : array_like
        ε_p.
    to_electrons : float
        BR(X → e⁺e⁻).

    Returns
    -------
    ndarray
        0 above the mass of the pion.
    """
    phase_space = np.maximum(1.0 - np.square(np.asarray(mass, dtype=np.float64) / NEUTRAL_PION_MASS_MEV), 0.0)
    charge = np.square(np.asarray(proton, dtype=np.float64))
    return np.asarray(2.0 * charge * phase_space**3 * to_electrons)


def largest_protophobia_ratio(limit: ArrayLike, electron: ArrayLike) -> FloatArray:
    """Largest |2ε_u + ε_d| / |ε_e| that a limit of the kind ε < `limit` on a dark photon allows.

    Parameters
    ----------
    limit : array_like
        Published limit on ε of a boson that couples to quarks and electrons by their charges.
    electron : array_like
        ε_e of the boson in question, above 0.

    Returns
    -------
    ndarray
        For BR(X → e⁺e⁻) = 1.
    """
    return np.asarray(np.asarray(limit, dtype=np.float64) / np.abs(np.asarray(electron, dtype=np.float64)))
