"""Emission of a soft photon: the eikonal factor and its integral over directions.

A soft photon multiplies the squared amplitude by −4πα J², J = Σ Q_i η_i p_i/(p_i·k). Averaged over
directions, −⟨ω²J²⟩ is a sum over pairs of G = ⟨ω² p·q/((p·k)(q·k))⟩ = artanh(v)/v, v the relative velocity
of p and q: a Lorentz invariant, exact in the mass (Yennie, Frautschi, Suura, Ann. Phys. 13 (1961) 379). The
emission probability per d ln ω is α/π times it.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from x17.constants import ELECTRON_MASS_MEV
from x17.theory.qed.spinors import dot

FloatArray = NDArray[np.float64]


def pair_function(product: ArrayLike, mass: float = ELECTRON_MASS_MEV) -> FloatArray:
    """G = artanh(v)/v of two equal masses with p·q given; → ln(2 p·q/m²) for p·q ≫ m².

    Parameters
    ----------
    product : array_like
        p·q > m², MeV².
    mass : float
        Mass, MeV.

    Returns
    -------
    ndarray
    """
    ratio = mass**2 / np.asarray(product, dtype=np.float64)
    v = np.sqrt(1.0 - ratio**2)
    # artanh v = ln((1 + v)/√(1 − v²)), and √(1 − v²) is the ratio itself.
    return np.asarray(np.log((1.0 + v) / ratio) / v)


def annihilation_strength(s: ArrayLike, mass: float = ELECTRON_MASS_MEV) -> FloatArray:
    """−⟨ω²J²⟩ of the incoming pair alone (e⁺e⁻ → γγ): 2(G(s) − 1) → 2(ln(s/m²) − 1).

    Parameters
    ----------
    s : array_like
        MeV².
    mass : float
        Mass, MeV.

    Returns
    -------
    ndarray
    """
    return np.asarray(2.0 * (pair_function(0.5 * np.asarray(s) - mass**2, mass) - 1.0))


def bhabha_strength(s: FloatArray, t: FloatArray, mass: float = ELECTRON_MASS_MEV) -> FloatArray:
    """−⟨ω²J²⟩ of all four legs of Bhabha scattering: 4(G(s) + G(t) − G(u) − 1) → 4(ln(st/(um²)) − 1).

    Parameters
    ----------
    s, t : ndarray
        MeV².
    mass : float
        Mass, MeV.

    Returns
    -------
    ndarray
    """
    m2 = mass**2
    u = 4.0 * m2 - s - t
    pair_s, pair_t, pair_u = (pair_function(x, mass) for x in (0.5 * s - m2, m2 - 0.5 * t, m2 - 0.5 * u))
    return np.asarray(4.0 * (pair_s + pair_t - pair_u - 1.0))


def eikonal_factor(
    k: FloatArray, incoming: tuple[FloatArray, ...], outgoing: tuple[FloatArray, ...] = ()
) -> FloatArray:
    """−J² for a photon k, electron first and positron second in each group, MeV⁻².

    Parameters
    ----------
    k : ndarray, shape (4, events)
    incoming, outgoing : tuple of ndarray, shape (4, events)

    Returns
    -------
    ndarray, shape (events,)
    """
    legs = [*zip(incoming, (1.0, -1.0), strict=True)]
    if outgoing:
        legs += [*zip(outgoing, (-1.0, 1.0), strict=True)]
    j = sum((sign * p / dot(p, k) for p, sign in legs), start=np.zeros_like(k))
    return -dot(j, j)
