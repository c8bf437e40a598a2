"""How often a boson takes the place of the photon: rates of a vector, and what spin and parity allow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from x17.errors import UsageError
from x17.nuclear.multipole import Multipole
from x17.nuclear.transitions.levels import Level
from x17.theory.boson import SpinParity

FloatArray = NDArray[np.float64]

_PARITY = {
    SpinParity.VECTOR: -1,
    SpinParity.AXIAL_VECTOR: +1,
    SpinParity.SCALAR: +1,
    SpinParity.PSEUDOSCALAR: -1,
}


def virtual_photon(multipole: Multipole, mass: ArrayLike, energy: float) -> FloatArray:
    """Rate of a massive photon over that of a real one, F = (q/W)^{2l+1} for Ml.

    For El F = (q/W)^{2l−1} [1 + l/(l+1) M²/W²], the second term being longitudinal; q² = W² − M². It follows
    from current conservation and wavelengths above the size of the nucleus.

    Parameters
    ----------
    multipole : Multipole
        With a photon.
    mass : array_like
        M, 0 to W, MeV.
    energy : float
        W, MeV.

    Returns
    -------
    ndarray

    Raises
    ------
    UsageError
        E0, or a mass above the energy.
    """
    if not multipole.has_photon:
        raise UsageError("E0 has no photon to compare with; allowed: " + ", ".join(list(Multipole)[1:]))
    m = np.asarray(mass, dtype=np.float64)
    if np.any((m > energy) | (m < 0.0)):
        raise UsageError(
            f"a mass of {float(np.max(m)):g} MeV from a transition of {energy:g} MeV: no decay; "
            "allowed: 0 to the energy"
        )
    order, q = multipole.angular_momentum, np.sqrt(np.maximum(1.0 - (m / energy) ** 2, 0.0))
    if multipole.electric:
        return np.asarray(q ** (2 * order - 1) * (1.0 + order / (order + 1.0) * (m / energy) ** 2))
    return np.asarray(q ** (2 * order + 1))


def vector_rate(
    mass: ArrayLike,
    energy: float,
    proton_coupling: float,
    neutron_coupling: float,
    multipole: Multipole = Multipole.M1,
) -> FloatArray:
    """Γ_X/Γ_γ of a vector in an isoscalar transition, (ε_p + ε_n)² F.

    For M1 F is (k_X/k_γ)³: arXiv:1604.07411, arXiv:1608.03591.

    Parameters
    ----------
    mass : array_like
        m_X, MeV.
    energy : float
        W, MeV.
    proton_coupling, neutron_coupling : float
        ε_p and ε_n, in units of e.
    multipole : Multipole

    Returns
    -------
    ndarray

    Raises
    ------
    UsageError
        As for `virtual_photon`.
    """
    return np.asarray((proton_coupling + neutron_coupling) ** 2 * virtual_photon(multipole, mass, energy))


def isoscalar_coupling(rate: float, mass: float, energy: float) -> float:
    """|ε_p + ε_n| behind a measured Γ_X/Γ_γ of an isoscalar M1 transition; the inverse of `vector_rate`.

    Parameters
    ----------
    rate : float
        Γ_X/Γ_γ, with X → e⁺e⁻ always.
    mass, energy : float
        m_X and W, MeV.

    Returns
    -------
    float

    Raises
    ------
    UsageError
        A negative rate, or a mass that is not below the energy.
    """
    if rate < 0.0:
        raise UsageError(f"a rate of {rate:g}; allowed: 0 or above")
    factor = float(virtual_photon(Multipole.M1, mass, energy))
    if factor == 0.0:
        raise UsageError(
            f"a boson of {mass:g} MeV at its threshold has no rate; allowed: below {energy:g} MeV"
        )
    return float(np.sqrt(rate / factor))


@dataclass(frozen=True, slots=True)
class IsospinMixing:
    """Coefficients of a transition's isoscalar and isovector couplings.

    Γ_X/Γ_γ = |isoscalar (ε_p + ε_n) + isovector (ε_p − ε_n)|² F.

    Attributes
    ----------
    isoscalar, isovector : float
    """

    isoscalar: float
    isovector: float

    def rate(self, mass: ArrayLike, energy: float, proton: float, neutron: float) -> FloatArray:
        """Γ_X/Γ_γ of a vector, M1.

        Parameters
        ----------
        mass : array_like
            m_X, MeV.
        energy : float
            W, MeV.
        proton, neutron : float
            ε_p and ε_n.

        Returns
        -------
        ndarray
        """
        effective = self.isoscalar * (proton + neutron) + self.isovector * (proton - neutron)
        return np.asarray(effective**2 * virtual_photon(Multipole.M1, mass, energy))


MIXED_18_15 = IsospinMixing(-0.09, 1.09)
"""8Be at 18.15 MeV with isospin mixing, arXiv:1608.03591 [literature: verify before quoting]."""

MIXED_AND_BROKEN_18_15 = IsospinMixing(0.05, 0.95)
"""The same with isospin breaking besides, arXiv:1608.03591 [literature: verify before quoting]."""


def partial_waves(upper: Level, lower: Level, letter: SpinParity) -> tuple[int, ...]:
    """Orbital angular momenta L with which a boson can leave, if parity is conserved.

    P_i = P_f P_X (−1)^L, and J_i is among the sums of J_f, J_X and L.

    Parameters
    ----------
    upper, lower : Level
    letter : SpinParity

    Returns
    -------
    tuple of int
        In rising order; empty where the boson is forbidden.
    """
    spins = range(abs(lower.spin - letter.spin), lower.spin + letter.spin + 1)
    waves = [
        wave
        for wave in range(upper.spin + max(spins) + 1)
        if upper.parity == lower.parity * _PARITY[letter] * (-1) ** wave
        and any(abs(spin - wave) <= upper.spin <= spin + wave for spin in spins)
    ]
    return tuple(waves)
