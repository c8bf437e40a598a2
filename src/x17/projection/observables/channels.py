"""Which channel moves: what the signals in e⁺e⁻ and in γγ say of the boson.

A vector cannot decay to two photons (Landau, Yang): only N_ee moves. A pseudoscalar may, with a share
r = Γ_γγ/(Γ_ee + Γ_γγ) of its decays that its coupling to photons decides; made on electrons in any case, it
gives u (1 − r) in e⁺e⁻ and u r in γγ. At r = 0 nothing here tells it from a vector.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from x17.errors import UsageError

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ShareInterval:
    """The share of decays to two photons that goes with two measured signals.

    Attributes
    ----------
    share : float
        Best r from 0 to 1, with u ≥ 0.
    low, high : float
        Where χ² has risen by 1, within 0 to 1.
    electrons_only_z, photons_only_z : float
        √ of the rise of χ² at r = 0 and at r = 1: how strongly these are disfavoured.
    """

    share: float
    low: float
    high: float
    electrons_only_z: float
    photons_only_z: float


def share_chi2(signal: ArrayLike, covariance: ArrayLike, share: ArrayLike) -> FloatArray:
    """χ² of a share of decays to two photons, the strength u ≥ 0 free.

    With d = (1 − r, r) the best strength is û = dᵀC⁻¹x / dᵀC⁻¹d, and χ² = xᵀC⁻¹x − max(dᵀC⁻¹x, 0)²/dᵀC⁻¹d.

    Parameters
    ----------
    signal : array_like, shape (2,)
        Signals in decays to electrons and to photons.
    covariance : array_like, shape (2, 2)
    share : array_like
        r, from 0 to 1.

    Returns
    -------
    ndarray
        Of the shape of `share`.
    """
    x = np.asarray(signal, dtype=np.float64)
    inverse = np.linalg.inv(np.asarray(covariance, dtype=np.float64))
    r = np.asarray(share, dtype=np.float64)
    direction = np.stack([1.0 - r, r], axis=-1)
    along = np.maximum(direction @ (inverse @ x), 0.0)
    return np.asarray(
        x @ inverse @ x - along**2 / np.einsum("...i,ij,...j->...", direction, inverse, direction)
    )


def share_interval(signal: ArrayLike, covariance: ArrayLike, steps: int = 2000) -> ShareInterval:
    """Best share of decays to two photons, and its interval.

    Parameters
    ----------
    signal : array_like, shape (2,)
    covariance : array_like, shape (2, 2)
    steps : int
        Of the grid from 0 to 1.

    Returns
    -------
    ShareInterval
    """
    grid = np.linspace(0.0, 1.0, steps + 1)
    rise = share_chi2(signal, covariance, grid)
    rise = rise - rise.min()
    inside = grid[rise <= 1.0]
    ends = np.sqrt(rise[[0, -1]])
    return ShareInterval(
        float(grid[rise.argmin()]), float(inside[0]), float(inside[-1]), float(ends[0]), float(ends[1])
    )


def separation_z(covariance: ArrayLike, strength: float, truth: float, other: float) -> float:
    """Median significance against one share of decays to two photons if another is true.

    Parameters
    ----------
    covariance : array_like, shape (2, 2)
        Of the signals in the two channels.
    strength : float
        u = g² of the boson, times the ratio of its line's area to that of the likelihood.
    truth, other : float
        r that is true, and r that is tested.

    Returns
    -------
    float
    """
    x = strength * np.array([1.0 - truth, truth])
    return math.sqrt(max(float(share_chi2(x, covariance, other)), 0.0))


def share_of_couplings(mass_mev: float, g_electrons: float, g_photons_per_gev: float) -> float:
    """Share of decays to two photons of a pseudoscalar with both couplings.

    Γ_ee = g² m √(1 − 4m_e²/m²)/(8π), Γ_γγ = g_γγ² m³/(64π), with L = −¼ g_γγ a F F̃ (Particle Data Group,
    review of axions).

    Parameters
    ----------
    mass_mev : float
    g_electrons : float
        g, without a unit.
    g_photons_per_gev : float
        g_γγ, 1/GeV.

    Returns
    -------
    float

    Raises
    ------
    UsageError
        A boson that does not decay.
    """
    from x17.theory.boson import Boson, SpinParity

    electrons = Boson(mass_mev, SpinParity.PSEUDOSCALAR, g_electrons).width_mev
    photons = (1e-3 * g_photons_per_gev) ** 2 * mass_mev**3 / (64.0 * math.pi)
    if electrons + photons == 0.0:
        raise UsageError("without a coupling to electrons or photons the boson does not decay")
    return photons / (electrons + photons)
