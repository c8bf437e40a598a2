"""The running of α by lepton loops, and what it does to Bhabha scattering at tree level.

Δα_l(q²) = (α/3π) [−5/3 − y + (1 + y/2) √(1−y) ln|(1+√(1−y))/(1−√(1−y))|], y = 4m_l²/q²; for y > 1 the last
term is (1 + y/2) 2√(y−1) arctan(1/√(y−1)). α(q²) = α/(1 − Δα). Hadrons add about 1e-6 below 20 MeV and are
left out; so is the imaginary part, (α/3)² in the rate.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from x17.constants import ELECTRON_MASS_MEV, FINE_STRUCTURE
from x17.theory.qed.born_bhabha import BhabhaPart, bhabha_kernel, mandelstam

FloatArray = NDArray[np.float64]

LEPTON_MASSES_MEV = (ELECTRON_MASS_MEV, 105.6583755, 1776.86)
"""e, µ, τ (Particle Data Group 2022), MeV."""


def lepton_loop(q2: ArrayLike, mass: float) -> FloatArray:
    """Re Δα of one lepton.

    Parameters
    ----------
    q2 : array_like
        Momentum transfer squared, not zero, MeV².
    mass : float
        Lepton mass, MeV.

    Returns
    -------
    ndarray
    """
    q2 = np.asarray(q2, dtype=np.float64)
    y = 4.0 * mass**2 / q2
    open_root = np.sqrt(np.maximum(1.0 - y, 0.0))
    closed_root = np.sqrt(np.maximum(y - 1.0, 1e-300))
    is_open = y < 1.0
    safe = np.where(is_open, open_root, 0.5)
    logarithm = safe * np.log(np.abs((1.0 + safe) / (1.0 - safe)))
    term = np.where(is_open, logarithm, 2.0 * closed_root * np.arctan(1.0 / closed_root))
    exact = -5.0 / 3.0 - y + (1.0 + 0.5 * y) * term
    # Far below a loop's threshold the terms cancel: −q²/(5m²) − 3q⁴/(140m⁴) instead.
    x = q2 / mass**2
    return np.asarray(
        FINE_STRUCTURE / (3.0 * np.pi) * np.where(np.abs(x) < 1e-3, -x / 5.0 - 3.0 * x**2 / 140, exact)
    )


def running(q2: ArrayLike) -> FloatArray:
    """α(q²)/α = 1/(1 − Δα) with three leptons.

    Parameters
    ----------
    q2 : array_like
        Not zero, MeV².

    Returns
    -------
    ndarray
    """
    loops = sum((lepton_loop(q2, mass) for mass in LEPTON_MASSES_MEV), start=np.float64(0.0))
    return np.asarray(1.0 / (1.0 - loops))


def running_bhabha_ratio(sqrt_s: float, cos_theta: FloatArray) -> FloatArray:
    """Tree-level Bhabha scattering with running α over that with α.

    Parameters
    ----------
    sqrt_s : float
        MeV.
    cos_theta : ndarray
        Below 1.

    Returns
    -------
    ndarray
        Shape of `cos_theta`.
    """
    s, t, _ = mandelstam(sqrt_s, cos_theta)
    in_s, in_t = running(s), running(t)
    parts = {part: bhabha_kernel(s, t, part=part) for part in BhabhaPart}
    total = in_t**2 * parts[BhabhaPart.T_CHANNEL] + in_s**2 * parts[BhabhaPart.S_CHANNEL]
    return np.asarray((total + in_s * in_t * parts[BhabhaPart.INTERFERENCE]) / parts[BhabhaPart.ALL])
