"""e⁺e⁻ → γγγ with every photon above the separator, inside a selection: quasi-Monte-Carlo integration.

The softest of the three photons takes the part of the radiated one: ∫/3! over all is 3 ∫/3! over the states
where a named photon is the softest. dσ = ½ · ¼Σ|M|²/(2sβ) · ω dω dΩ_k/(16π³) · dΩ*/(32π²), Ω* the direction
of one harder photon where both are back to back.
"""

import numpy as np
from numpy.typing import NDArray

from x17.constants import ELECTRON_MASS_MEV, MICROBARN_MEV2
from x17.theory.qed.born_two_photon import two_photon_differential
from x17.theory.qed.checks import shared_cosine
from x17.theory.qed.lattice import integrate
from x17.theory.qed.sampling import CosineTable, both_beams_cosine, both_beams_density
from x17.theory.qed.selection import Selection
from x17.theory.qed.three_bodies import beams, decay, direction, photon_momentum
from x17.theory.qed.three_photon import three_photon_squared

FloatArray = NDArray[np.float64]


def hard_two_photon(
    sqrt_s: float, selection: Selection, separator: float, seed: int, tolerance_ub: float
) -> tuple[float, float]:
    """Cross section of e⁺e⁻ → γγγ, all ω > separator · √s/2, whose two hardest photons pass, µb.

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
    table = CosineTable.around(lambda c: two_photon_differential(sqrt_s, c), edge)
    beam_beta = float(np.sqrt(1.0 - 4.0 * mass**2 / sqrt_s**2))
    lowest, highest = separator * 0.5 * sqrt_s, sqrt_s / 3.0
    log_range = np.log(highest / lowest)
    flux = 2.0 * sqrt_s**2 * beam_beta

    def integrand(u: FloatArray) -> FloatArray:
        omega = lowest * np.exp(log_range * u[0])
        cos_k = both_beams_cosine(u[1], beam_beta)
        unit = direction(table.sample(u[2]), 2.0 * np.pi * u[3])
        photon = photon_momentum(omega, cos_k)
        k1, k2, _ = decay(sqrt_s, photon, unit, 0.0)
        kept = (np.minimum(k1[0], k2[0]) > omega) & selection.accepts(k1, k2, photon, sqrt_s)
        values = np.zeros(omega.size)
        if not kept.any():
            return values
        p1, p2 = beams(sqrt_s, mass, int(kept.sum()))
        squared = three_photon_squared(p1, p2, (k1[:, kept], k2[:, kept], photon[:, kept]))
        density = both_beams_density(cos_k, beam_beta) * table.density(unit[2]) / (2.0 * np.pi) ** 2
        measure = omega**2 * log_range / (16.0 * np.pi**3) / (32.0 * np.pi**2) / density
        values[kept] = 0.5 * squared * measure[kept] / flux * MICROBARN_MEV2
        return values

    return integrate(integrand, 4, seed, tolerance_ub)
