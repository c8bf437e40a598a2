"""Bremsstrahlung of a positron in the field of an atom, differential in both energies and both directions.

Lowest order in Zα and in α, the nucleus infinitely heavy (Bethe and Heitler, Proc. R. Soc. A 146 (1934) 83).
To this order positrons and electrons radiate alike.
"""

import math

import numpy as np
from numpy.typing import ArrayLike

from x17.constants import ELECTRON_MASS_MEV, FINE_STRUCTURE, MICROBARN_MEV2
from x17.theory.target_scattering.atom import CARBON, Atom
from x17.theory.target_scattering.checks import FloatArray, floats, require, require_beam_energy


def point_cross_section(
    photon_energy: FloatArray,
    photon_angle: FloatArray,
    positron_angle: FloatArray,
    azimuth: FloatArray,
    beam_energy: float,
) -> tuple[FloatArray, FloatArray]:
    """Kernel: the cross section on a bare unit charge, and the squared momentum transfer; nothing is checked.

    With n the photon's direction, D = E − p·n, D' = E' − p'·n, q = p − p' − k and T = p'×n/D', S = p×n/D,

    dσ/(dk dΩ_γ dΩ') = α³/(4π²) (p'/p) / (k q⁴) [4 (E T − E' S)² − q² (T − S)² + 2 k² (q×n)²/(D D')],

    which is the Bethe–Heitler formula with its three angular terms drawn together into squares: the vectors
    vanish with q, while the scalar terms only cancel. Differences of nearly equal momenta are formed from
    half-angle sines and from m², so that angles of 1e-6 rad keep their digits.

    Parameters
    ----------
    photon_energy, photon_angle, positron_angle, azimuth : ndarray
        As in `bremsstrahlung_cross_section`; they broadcast.
    beam_energy : float
        E, MeV.

    Returns
    -------
    cross_section : ndarray
        µb/(MeV sr²) for a form factor of one.
    t : ndarray
        q², MeV².
    """
    m2 = ELECTRON_MASS_MEV**2
    k, energy, final = photon_energy, beam_energy, beam_energy - photon_energy
    p = math.sqrt(energy**2 - m2)
    pf = np.sqrt(final**2 - m2)
    sin_g, cos_g, sin_e = np.sin(photon_angle), np.cos(photon_angle), np.sin(positron_angle)
    half_sum, half_diff = (positron_angle + photon_angle) / 2, (positron_angle - photon_angle) / 2
    # d = n' − n, component by component.
    dx = 2.0 * np.cos(half_sum) * np.sin(half_diff) - 2.0 * sin_e * np.sin(azimuth / 2) ** 2
    dy = sin_e * np.sin(azimuth)
    dz = -2.0 * np.sin(half_sum) * np.sin(half_diff)
    initial = m2 / (energy + p) + 2.0 * p * np.sin(photon_angle / 2) ** 2
    outgoing = m2 / (final + pf) + 0.5 * pf * (dx**2 + dy**2 + dz**2)
    # p'×n = p' d×n and p×n = (0, p sin θ, 0).
    cross_x, cross_y, cross_z = pf * dy * cos_g, pf * (dz * sin_g - dx * cos_g), -pf * dy * sin_g
    beam_cross = p * sin_g
    tx, ty, tz, source = cross_x / outgoing, cross_y / outgoing, cross_z / outgoing, beam_cross / initial
    along = (
        m2 / (final + pf)
        - m2 / (energy + p)
        + 2.0 * pf * np.sin(positron_angle / 2) ** 2
        + 2.0 * k * np.sin(photon_angle / 2) ** 2
    )
    across_x = k * sin_g + pf * sin_e * np.cos(azimuth)
    t = along**2 + across_x**2 + (pf * dy) ** 2
    bracket = 4.0 * (energy**2 * (tx**2 + tz**2) + (energy * ty - final * source) ** 2)
    bracket -= t * (tx**2 + (ty - source) ** 2 + tz**2)
    bracket += 2.0 * k**2 * (cross_x**2 + (beam_cross - cross_y) ** 2 + cross_z**2) / (initial * outgoing)
    scale = FINE_STRUCTURE**3 / (4.0 * math.pi**2) * MICROBARN_MEV2
    return np.asarray(scale * pf / (p * k * t**2) * bracket), np.asarray(t)


def bremsstrahlung_cross_section(
    photon_energy_mev: ArrayLike,
    photon_angle: ArrayLike,
    positron_angle: ArrayLike,
    azimuth: ArrayLike,
    beam_energy_mev: float,
    atom: Atom = CARBON,
    inelastic: bool = False,
) -> FloatArray:
    """Differential cross section dσ/(dk dΩ_γ dΩ') of e⁺ + atom → e⁺ + atom + γ, with E' = E − k.

    The formula is that of `point_cross_section` times the atom's squared form factor at q². Born
    approximation: good for Zα/β ≪ 1 before and after; the nuclear recoil, q²/(2M), is neglected.

    Parameters
    ----------
    photon_energy_mev : array_like
        k, 0 < k < E − m_e, MeV.
    photon_angle, positron_angle : array_like
        Polar angles to the incoming positron, 0 to π, rad.
    azimuth : array_like
        Angle between photon and positron about the beam, rad.
    beam_energy_mev : float
        Total energy E of the incoming positron, MeV.
    atom : Atom
        The target atom.
    inelastic : bool
        Add the atom's electrons as heavy scatterers (`Atom.inelastic`): right for q ≪ m_e, the bulk of the
        rate and none of it at large angles.

    Returns
    -------
    ndarray
        µb/(MeV sr²), of the broadcast shape.

    Raises
    ------
    UsageError
        An energy or an angle outside the ranges above.
    """
    require_beam_energy(beam_energy_mev)
    k, theta_g, theta_e, phi = (
        floats(value) for value in (photon_energy_mev, photon_angle, positron_angle, azimuth)
    )
    end = beam_energy_mev - ELECTRON_MASS_MEV
    require((k > 0.0) & (k < end), "photon energy in MeV", k, f"above 0 and below E − m_e = {end:g}")
    for name, angle in (("photon angle", theta_g), ("positron angle", theta_e)):
        require((angle >= 0.0) & (angle <= math.pi), f"{name} in rad", angle, "0 to π")
    require(np.isfinite(phi), "azimuth in rad", phi, "any finite angle")
    point, t = point_cross_section(k, theta_g, theta_e, phi, beam_energy_mev)
    form = atom.elastic(t) + atom.inelastic(t) if inelastic else atom.elastic(t)
    return np.asarray(point * form)
