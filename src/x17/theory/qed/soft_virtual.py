"""Soft and virtual photons at O(α): relative to the tree level, finite, photons below a separator included.

Bhabha: the loop and soft integrals of F. A. Berends, R. Kleiss and S. Jadach, Nucl. Phys. B 202 (1982) 63 and
M. Caffo, R. Gatto, E. Remiddi, Nucl. Phys. B 252 (1985) 378, summed over channels as in A. B. Arbuzov et al.,
hep-ph/9702262. Two photons: F. A. Berends and R. Kleiss, Nucl. Phys. B 186 (1981) 22, with their mass terms.

Both are expansions for s, |t|, |u| ≫ m²: the neglected terms are about (α/π)(m²/|t|) ln²(s/m²), 2e-4 at
17 MeV and 90°. The coefficient of the separator's logarithm is taken exactly in the mass (`soft_photons`),
since the hard photons it must cancel against are. Vacuum polarisation is not included.
"""

import numpy as np
from numpy.typing import NDArray

from x17.constants import ELECTRON_MASS_MEV, FINE_STRUCTURE
from x17.theory.qed.born_bhabha import mandelstam
from x17.theory.qed.soft_photons import annihilation_strength, bhabha_strength

FloatArray = NDArray[np.float64]


def bhabha_constant(cos_theta: FloatArray) -> FloatArray:
    """K_SV of Bhabha scattering: the part that depends on neither the mass nor the separator.

    K = −1 − 2 Li₂(sin²θ/2) + 2 Li₂(cos²θ/2) + [(π²/3)(2c⁴−3c³−15c) + 2(2c⁴−3c³+9c²+3c+21) ln²sin
    − 4(c⁴+c²−2c) ln²cos − 4(c³+4c²+5c+6) ln²tan + 2(c³−3c²+7c−5) ln cos + 2(3c³+9c²+5c+31) ln sin]/(3+c²)²,
    the logarithms of functions of θ/2.

    Parameters
    ----------
    cos_theta : ndarray
        Inside −1…1, the electron against the electron.

    Returns
    -------
    ndarray
        Same shape.
    """
    from scipy.special import spence

    c = np.asarray(cos_theta, dtype=np.float64)
    sin2, cos2 = 0.5 * (1.0 - c), 0.5 * (1.0 + c)
    log_sin, log_cos = 0.5 * np.log(sin2), 0.5 * np.log(cos2)
    polynomial = (
        np.pi**2 / 3.0 * (2.0 * c**4 - 3.0 * c**3 - 15.0 * c)
        + 2.0 * (2.0 * c**4 - 3.0 * c**3 + 9.0 * c**2 + 3.0 * c + 21.0) * log_sin**2
        - 4.0 * (c**4 + c**2 - 2.0 * c) * log_cos**2
        - 4.0 * (c**3 + 4.0 * c**2 + 5.0 * c + 6.0) * (log_sin - log_cos) ** 2
        + 2.0 * (c**3 - 3.0 * c**2 + 7.0 * c - 5.0) * log_cos
        + 2.0 * (3.0 * c**3 + 9.0 * c**2 + 5.0 * c + 31.0) * log_sin
    )
    # scipy's spence(x) is Li₂(1 − x).
    dilogarithms = 2.0 * (spence(sin2) - spence(cos2))
    return np.asarray(-1.0 + dilogarithms + polynomial / np.square(3.0 + c**2))


def bhabha_soft_virtual(sqrt_s: float, cos_theta: FloatArray, separator: float) -> FloatArray:
    """δ: dσ(soft + virtual) = dσ₀ (1 + δ) for Bhabha scattering.

    δ = (α/π) [B ln Δ + 3(ln(s/m²) − 1) + K_SV(c)], B → 4(ln(st/(um²)) − 1), photons of ω < Δ √s/2 included.

    Parameters
    ----------
    sqrt_s : float
        MeV, ≫ m_e.
    cos_theta : ndarray
        Inside −1…1, with |t|, |u| ≫ m².
    separator : float
        Δ ≪ 1.

    Returns
    -------
    ndarray
        Shape of `cos_theta`.
    """
    s, t, _ = mandelstam(sqrt_s, cos_theta)
    log_mass = np.log(s / ELECTRON_MASS_MEV**2)
    bracket = bhabha_strength(s, t) * np.log(separator) + 3.0 * (log_mass - 1.0) + bhabha_constant(cos_theta)
    return np.asarray(FINE_STRUCTURE / np.pi * bracket)


def two_photon_soft_virtual(sqrt_s: float, cos_theta: FloatArray, separator: float) -> FloatArray:
    """δ: dσ(soft + virtual) = dσ₀ (1 + δ) for e⁺e⁻ → γγ.

    δ = (α/π) [2(ln(s/m²) − 1)(ln Δ + 3/4) + K_SV(c)] up to mass terms, photons of ω < Δ √s/2 included.

    Parameters
    ----------
    sqrt_s : float
        MeV, ≫ m_e.
    cos_theta : ndarray
        −1 to 1; the terms in m²/(1 ∓ c) of the collinear region are kept.
    separator : float
        Δ ≪ 1.

    Returns
    -------
    ndarray
        Shape of `cos_theta`.
    """
    c = np.asarray(cos_theta, dtype=np.float64)
    beta = np.sqrt(1.0 - 4.0 * ELECTRON_MASS_MEV**2 / sqrt_s**2)
    m2 = 4.0 * ELECTRON_MASS_MEV**2 / sqrt_s**2 / beta**2  # (m/|p|)²
    v = 0.5 * np.log(4.0 / m2)
    constant = -(2.0 * (1.0 - 2.0 * v) * (v - np.log(beta)) + 1.5 - np.pi**2 / 3.0)
    constant = constant - _one_direction(c, 1.0 / beta, m2, v) - _one_direction(-c, 1.0 / beta, m2, v)
    strength = annihilation_strength(sqrt_s**2)
    return np.asarray(FINE_STRUCTURE / np.pi * (strength * np.log(separator) + constant))


def _one_direction(c: FloatArray, e: float, m2: float, v: float) -> FloatArray:
    """Half of the angular part of Berends and Kleiss; the other half is at −c. e = E/|p|."""
    from scipy.special import spence

    c2, x = c**2, e + c
    u = 0.5 * np.log(2.0 * x / m2)
    eta = spence(2.0 * x / m2) + np.pi**2 / 6.0  # Li₂(1 − 2x/m²) + π²/6
    massless = -2.0 * v**2 * (3.0 - c2) - 4.0 * v * c2 + (4.0 * u * v + eta) * (5.0 + 2.0 * c + c2)
    massless -= u * (7.0 - 8.0 * c + c2)
    massive = 2.0 * u / (x - 0.5 * m2) + (eta - np.pi**2 / 3.0) * m2**2 / x**3
    massive += (2.0 - 4.0 * u) * m2 / x**2
    return np.asarray(0.5 / (1.0 + c2) * (massless + (e**2 - c2) * massive))
