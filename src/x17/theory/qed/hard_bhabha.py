"""e⁺e⁻ → e⁺e⁻γ with a photon above the separator, inside a selection: quasi-Monte-Carlo integration.

dσ = ¼Σ|M|²/(2sβ) · ω dω dΩ_k/(16π³) · β* dΩ*/(32π²), β the velocity of the beams, β* and Ω* those of the
electron where the leptons are back to back. Three maps follow the peaks: the photon along a beam, along the
electron and along the positron; each point is weighted by the sum of their densities.
"""

import numpy as np
from numpy.typing import NDArray

from x17.constants import ELECTRON_MASS_MEV, MICROBARN_MEV2
from x17.theory.qed.born_bhabha import bhabha_differential
from x17.theory.qed.checks import shared_cosine
from x17.theory.qed.lattice import integrate
from x17.theory.qed.radiative_bhabha import radiative_bhabha_squared
from x17.theory.qed.sampling import (
    CosineTable,
    both_beams_cosine,
    both_beams_density,
    one_leg_cosine,
    one_leg_density,
)
from x17.theory.qed.selection import Selection
from x17.theory.qed.three_bodies import beams, decay, direction, direction_around, photon_momentum

FloatArray = NDArray[np.float64]

_SHARES = (0.5, 0.25, 0.25)  # of the points: beams, electron, positron


def hard_bhabha(
    sqrt_s: float, selection: Selection, separator: float, seed: int, tolerance_ub: float
) -> tuple[float, float]:
    """Cross section of e⁺e⁻ → e⁺e⁻γ with ω > separator · √s/2 that passes the selection, µb.

    Parameters
    ----------
    sqrt_s : float
        Centre-of-mass energy, MeV.
    selection : Selection
    separator : float
        Least photon energy over √s/2, well below 1.
    seed : int
        Seed of the shifts.
    tolerance_ub : float
        Statistical error at which to stop, µb.

    Returns
    -------
    tuple of float
        Value and standard error, µb.
    """
    mass = ELECTRON_MASS_MEV
    edge = shared_cosine(selection.theta_range_deg)
    table = CosineTable.around(lambda c: bhabha_differential(sqrt_s, c), edge)
    beam_beta = float(np.sqrt(1.0 - 4.0 * mass**2 / sqrt_s**2))
    lowest = separator * 0.5 * sqrt_s
    highest = 0.5 * sqrt_s * (1.0 - 4.0 * mass**2 / sqrt_s**2)
    if selection.recombine_deg is None:
        highest = min(highest, (1.0 - selection.min_energy) * sqrt_s)
    log_range = np.log(highest / lowest)
    flux = 2.0 * sqrt_s**2 * beam_beta

    def integrand(u: FloatArray) -> FloatArray:
        omega = lowest * np.exp(log_range * u[0])
        beta = np.sqrt(1.0 - 4.0 * mass**2 / (sqrt_s**2 - 2.0 * sqrt_s * omega))
        cos_k, unit = _point(u, table, beam_beta, beta)
        photon = photon_momentum(omega, cos_k)
        p3, p4, velocity = decay(sqrt_s, photon, unit, mass)
        kept = selection.accepts(p3, p4, photon, sqrt_s)
        values = np.zeros(omega.size)
        if not kept.any():
            return values
        p1, p2 = beams(sqrt_s, mass, int(kept.sum()))
        squared = radiative_bhabha_squared(p1, p2, p3[:, kept], p4[:, kept], photon[:, kept])
        density = _density(cos_k, photon, unit, table, beam_beta, beta)
        measure = omega**2 * log_range / (16.0 * np.pi**3) * velocity / (32.0 * np.pi**2) / density
        values[kept] = squared * measure[kept] / flux * MICROBARN_MEV2
        return values

    return integrate(integrand, 5, seed, tolerance_ub)


def _point(
    u: FloatArray, table: CosineTable, beam_beta: float, beta: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Cosine of the photon and direction of the electron, from one of the three maps chosen by u[4]."""
    phi = 2.0 * np.pi * u[3]
    from_beam = u[4] < _SHARES[0]
    sign = np.where(u[4] < _SHARES[0] + _SHARES[1], 1.0, -1.0)  # along the electron or the positron
    leg = table.sample(u[1])
    cos_k = np.where(from_beam, both_beams_cosine(u[1], beam_beta), sign * leg)
    free = direction(table.sample(u[2]), phi)
    around = sign * direction_around(cos_k, one_leg_cosine(u[2], beta), phi)
    return cos_k, np.where(from_beam, free, around)


def _density(
    cos_k: FloatArray,
    photon: FloatArray,
    unit: FloatArray,
    table: CosineTable,
    beam_beta: float,
    beta: FloatArray,
) -> FloatArray:
    """Density of the points in dΩ_k dΩ*, the sum of the three maps'."""
    x = np.sum(unit * photon[1:], axis=0) / photon[0]
    beams_part = both_beams_density(cos_k, beam_beta) * table.density(unit[2])
    electron = table.density(cos_k) * one_leg_density(x, beta)
    positron = table.density(-cos_k) * one_leg_density(-x, beta)
    total = _SHARES[0] * beams_part + _SHARES[1] * electron + _SHARES[2] * positron
    return np.asarray(total / (2.0 * np.pi) ** 2)
