"""e⁺e⁻ → γγ at tree level, with the electron mass.

dσ/dΩ = α²/(sβ) [1 + 2β²(1−β²)(1−c²) − β⁴c⁴]/(1−β²c²)²,  β = √(1 − 4m²/s)

(Berestetskii, Lifshitz, Pitaevskii, Quantum Electrodynamics, §88), per direction of one photon. The
photons are identical: an integral over both directions counts each pair twice and is halved here.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from x17.constants import ELECTRON_MASS_MEV, FINE_STRUCTURE, MICROBARN_MEV2
from x17.theory.qed.checks import checked_cosine, checked_sqrt_s, shared_cosine

FloatArray = NDArray[np.float64]


def two_photon_differential(
    sqrt_s: ArrayLike, cos_theta: ArrayLike, mass: float = ELECTRON_MASS_MEV
) -> FloatArray:
    """dσ/dΩ per photon direction in the centre-of-mass frame, µb/sr (not halved).

    Massless: (α²/s)(1+c²)/(1−c²), which diverges at |c| = 1.

    Parameters
    ----------
    sqrt_s : array_like
        Above 2 m_e, MeV.
    cos_theta : array_like
        −1 to 1; broadcasts with `sqrt_s`.
    mass : float
        Electron mass, MeV, > 0 if |cos θ| = 1 is asked for.

    Returns
    -------
    ndarray

    Raises
    ------
    UsageError
        √s at or below threshold, or |cos θ| > 1.
    """
    s, c2 = np.square(checked_sqrt_s(sqrt_s)), np.square(checked_cosine(cos_theta))
    beta2 = 1.0 - 4.0 * mass**2 / s
    top = 1.0 + 2.0 * beta2 * (1.0 - beta2) * (1.0 - c2) - beta2**2 * c2**2
    shape = top / np.square(1.0 - beta2 * c2)
    return np.asarray(FINE_STRUCTURE**2 / (s * np.sqrt(beta2)) * shape * MICROBARN_MEV2)


def two_photon_total(
    sqrt_s: ArrayLike, theta_range_deg: tuple[float, float], mass: float = ELECTRON_MASS_MEV
) -> FloatArray:
    """Cross section with both photons in a range of polar angle, identical photons halved, µb.

    With y = βc and D = 1 − y² the shape is −2(1−β²)²/D² + (4−2β²)/D − 1, whose integral is closed:
    ∫dy/D = artanh y, ∫dy/D² = (y/D + artanh y)/2. Over 0°…180° it is Dirac's total cross section.

    Parameters
    ----------
    sqrt_s : array_like
        Above 2 m_e, MeV.
    theta_range_deg : tuple of float
        (low, high), centre-of-mass polar angle, degrees, 0 ≤ low < 90 < high ≤ 180.
    mass : float
        Electron mass, MeV.

    Returns
    -------
    ndarray
        The shape of `sqrt_s`.

    Raises
    ------
    UsageError
        √s at or below threshold, or an impossible range.
    """
    s, edge = np.square(checked_sqrt_s(sqrt_s)), shared_cosine(theta_range_deg)
    beta = np.sqrt(1.0 - 4.0 * mass**2 / s)
    y = beta * edge
    artanh = np.arctanh(y)
    half = -((1.0 - beta**2) ** 2) * (y / (1.0 - y**2) + artanh) + (4.0 - 2.0 * beta**2) * artanh - y
    # ∫ over both directions is 2π · 2 · half / β; identical photons take one factor 2 away.
    return np.asarray(2.0 * np.pi * FINE_STRUCTURE**2 / (s * beta**2) * half * MICROBARN_MEV2)
