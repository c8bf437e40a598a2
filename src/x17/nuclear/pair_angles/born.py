"""Internal pair creation in Born approximation: the density in energy and opening angle.

The formulas of M. E. Rose, Phys. Rev. 76 (1949) 678, with the electron mass and without the nucleus' charge,
in a form with the mass M of the pair and its momentum q. With A = E₊E₋, P = p₊p₋ cos Θ, q² = p₊² + p₋² + 2P,
M² = W² − q², ρ = A − m² + P and T = M²/2 − p₊²p₋² sin²Θ/q²:

    d²α/(dE₊ dcos Θ) = (2α/π) p₊p₋/(q M⁴) × (q/W)^{2l+1} T                                    for Ml
                                           × (q/W)^{2l−1} [T + l/(l+1) M⁴ρ/(W²q²)]            for El
                     ∝ p₊p₋ ρ                                                                  for E0
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from x17.constants import ELECTRON_MASS_MEV, FINE_STRUCTURE
from x17.errors import UsageError
from x17.nuclear.multipole import Multipole

FloatArray = NDArray[np.float64]

_M2 = ELECTRON_MASS_MEV**2
_LARGEST_ENERGY_MEV = 100.0


def require_transition(energy: float) -> None:
    """Refuse a transition energy at which no pair is made, or which no nuclear level has.

    Parameters
    ----------
    energy : float
        W, MeV.

    Raises
    ------
    UsageError
    """
    threshold = 2.0 * ELECTRON_MASS_MEV
    if not threshold < energy <= _LARGEST_ENERGY_MEV:
        raise UsageError(
            f"a transition of {energy:g} MeV; allowed: above 2 m_e = {threshold:.4f} MeV, "
            f"at most {_LARGEST_ENERGY_MEV:g} MeV"
        )


class PairInvariants(NamedTuple):
    """What the densities are made of, MeV to the power of the dimension.

    Attributes
    ----------
    product : ndarray
        p₊p₋.
    q2 : ndarray
        Square of the pair's momentum.
    mass2 : ndarray
        M², square of the pair's mass.
    rho, transverse : ndarray
        ρ and T of the module.
    """

    product: FloatArray
    q2: FloatArray
    mass2: FloatArray
    rho: FloatArray
    transverse: FloatArray


def pair_invariants(energy: float, positron_energy: ArrayLike, cos_theta: ArrayLike) -> PairInvariants:
    """Invariants of a pair, without the cancellations of the textbook's form.

    Parameters
    ----------
    energy : float
        W, MeV.
    positron_energy : array_like
        Total energy E₊, m_e to W − m_e, MeV.
    cos_theta : array_like
        Cosine of the opening angle.

    Returns
    -------
    PairInvariants
    """
    plus = np.asarray(positron_energy, dtype=np.float64)
    c, minus = np.asarray(cos_theta, dtype=np.float64), energy - plus
    a = plus * minus
    p2 = np.maximum((plus**2 - _M2) * (minus**2 - _M2), 0.0)
    product = np.sqrt(p2)
    difference = plus - minus
    # A − m² − p₊p₋ = m² (E₊ − E₋)²/(A − m² + p₊p₋), and the like for M² and q².
    rho = _M2 * difference**2 / (a - _M2 + product) + product * (1.0 + c)
    mass2 = 2.0 * _M2 * (1.0 + (plus**2 + minus**2 - _M2) / (a + product)) + 2.0 * product * (1.0 - c)
    sums = np.sqrt(np.maximum(plus**2 - _M2, 0.0)) + np.sqrt(np.maximum(minus**2 - _M2, 0.0))
    q2 = np.maximum((difference * energy / sums) ** 2 + 2.0 * product * (1.0 + c), 1e-24)
    transverse = 0.5 * mass2 - p2 * (1.0 - c**2) / q2
    return PairInvariants(product, q2, mass2, rho, transverse)


def pair_density(
    multipole: Multipole, energy: float, positron_energy: ArrayLike, cos_theta: ArrayLike
) -> FloatArray:
    """Pairs per photon, per dE₊ dcos Θ; for E0, which has no photon, up to a constant.

    Parameters
    ----------
    multipole : Multipole
    energy : float
        W, MeV.
    positron_energy : array_like
        E₊, m_e to W − m_e, MeV; broadcasts with `cos_theta`.
    cos_theta : array_like
        −1 to 1.

    Returns
    -------
    ndarray
        1/MeV.

    Raises
    ------
    UsageError
        A transition below 2 m_e.
    """
    require_transition(energy)
    return density_of(multipole, energy, pair_invariants(energy, positron_energy, cos_theta))


def density_of(multipole: Multipole, energy: float, pair: PairInvariants) -> FloatArray:
    """The density from invariants, as `pair_density`.

    Parameters
    ----------
    multipole : Multipole
    energy : float
        W, MeV.
    pair : PairInvariants

    Returns
    -------
    ndarray
    """
    if multipole is Multipole.E0:
        return np.asarray(pair.product * pair.rho)
    order, q = multipole.angular_momentum, np.sqrt(pair.q2)
    if multipole.electric:
        longitudinal = order / (order + 1.0) * pair.mass2**2 * pair.rho / (energy**2 * pair.q2)
        strength = (q / energy) ** (2 * order - 1) * (pair.transverse + longitudinal)
    else:
        strength = (q / energy) ** (2 * order + 1) * pair.transverse
    return np.asarray(2.0 * FINE_STRUCTURE / math.pi * pair.product / (q * pair.mass2**2) * strength)
