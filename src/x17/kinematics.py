"""Kinematics of a positron beam on electrons: √s ↔ beam energy, and where a boson resonates.

All functions are pure, accept scalars or arrays of any shape (they broadcast) and work in MeV.
"""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from x17.constants import ELECTRON_MASS_MEV

FloatArray = NDArray[np.float64]


def beam_energy_mev(sqrt_s: ArrayLike, electron_mass: float = ELECTRON_MASS_MEV) -> FloatArray:
    """Total energy of the positron that gives √s on an electron at rest.

    E = (s − 2 m_e²) / (2 m_e).

    Parameters
    ----------
    sqrt_s : array_like
        Centre-of-mass energy, MeV.
    electron_mass : float
        m_e, MeV.

    Returns
    -------
    ndarray
        Beam energy in MeV, the shape of `sqrt_s`.
    """
    s = np.square(np.asarray(sqrt_s, dtype=np.float64))
    return np.asarray((s - 2.0 * electron_mass**2) / (2.0 * electron_mass))


def sqrt_s_mev(beam_energy: ArrayLike, electron_mass: float = ELECTRON_MASS_MEV) -> FloatArray:
    """Centre-of-mass energy of a positron on an electron at rest; the inverse of `beam_energy_mev`.

    Parameters
    ----------
    beam_energy : array_like
        Total positron energy, MeV.
    electron_mass : float
        m_e, MeV.

    Returns
    -------
    ndarray
        √s in MeV, the shape of `beam_energy`.
    """
    energy = np.asarray(beam_energy, dtype=np.float64)
    return np.asarray(np.sqrt(2.0 * electron_mass**2 + 2.0 * electron_mass * energy))


def resonance_energy_mev(
    mass: ArrayLike, electron_mass: float = ELECTRON_MASS_MEV, binding_energy: float = 0.0
) -> FloatArray:
    """Beam energy at which a boson of the given mass is made on shell on a bound electron.

    E_res = (M² − 2 m_e²) / (2 (m_e + W_b)).

    Parameters
    ----------
    mass : array_like
        Boson mass M, MeV.
    electron_mass : float
        m_e, MeV.
    binding_energy : float
        W_b, MeV: the energy of the bound electron relative to one at rest (−7e-6 for diamond).

    Returns
    -------
    ndarray
        Resonant beam energy in MeV, the shape of `mass`.
    """
    m2 = np.square(np.asarray(mass, dtype=np.float64))
    return np.asarray((m2 - 2.0 * electron_mass**2) / (2.0 * (electron_mass + binding_energy)))


def round_down(value: float) -> float:
    """The largest of 1, 2 and 5 times a power of ten that is not larger.

    Parameters
    ----------
    value : float
        Above 0.

    Returns
    -------
    float
    """
    power = 10.0 ** math.floor(math.log10(value))
    return max(factor for factor in (1.0, 2.0, 5.0) if factor * power <= value * (1.0 + 1e-9)) * power


def mass_step_mev(sqrt_s: float, relative_spread: float) -> float:
    """Step of boson masses as fine as the line: the spread of √s, b √s/2, rounded down to 1, 2 or 5 · 10ⁿ.

    Parameters
    ----------
    sqrt_s : float
        MeV.
    relative_spread : float
        b, of the beam energy.

    Returns
    -------
    float
        MeV: 0.02 at PADME.
    """
    return round_down(0.5 * relative_spread * sqrt_s)
