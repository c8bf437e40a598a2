"""Energy spectrum of the photons, all angles together, by Bethe's integrals over the momentum transfer.

An approximation for high energies; with the differential formula it shares nothing but the form factor.
"""

import math

import numpy as np
from numpy.typing import ArrayLike

from x17.constants import AVOGADRO_PER_MOL, ELECTRON_MASS_MEV, FINE_STRUCTURE, MICROBARN_MEV2
from x17.theory.target_scattering.atom import CARBON, Atom
from x17.theory.target_scattering.checks import FloatArray, floats, require, require_beam_energy

_NODES = 200


def bremsstrahlung_spectrum(
    photon_energy_mev: ArrayLike, beam_energy_mev: float, atom: Atom = CARBON, inelastic: bool = True
) -> FloatArray:
    """Cross section dσ/dk for a photon of energy k in any direction.

    dσ/dk = (4α³/(m²k)) {[1 + (1−y)²] I₁ − (2/3)(1−y) I₂}, y = k/E, with δ = m²k/(2E(E−k)) and

    I₁ = 1 + ∫_δ^m dq (q−δ)² |F|²/(Z²q³),
    I₂ = 5/6 + ∫_δ^m dq [q³ − 6δ²q ln(q/δ) + 3δ²q − 4δ³] |F|²/(Z²q⁴), times Z²

    (Bethe, Proc. Camb. Phil. Soc. 30 (1934) 524; Tsai, RMP 46 (1974) 815). It holds for E, E − k ≫ m_e with
    corrections of relative order δ/m_e (0.1 % at 200 MeV of 283, about 1 % at the highest k allowed), for a
    point nucleus; no Coulomb correction, −0.04 % for carbon.

    Parameters
    ----------
    photon_energy_mev : array_like
        k, 0 < k ≤ E − 20 m_e, MeV.
    beam_energy_mev : float
        Total energy E, MeV.
    atom : Atom
        The target atom.
    inelastic : bool
        Add the atom's electrons, Z in the place of Z², as Tsai does.

    Returns
    -------
    ndarray
        µb/MeV, of the shape of `photon_energy_mev`.

    Raises
    ------
    UsageError
        An energy outside the ranges above.
    """
    require_beam_energy(beam_energy_mev)
    k = floats(photon_energy_mev)
    end = beam_energy_mev - 20.0 * ELECTRON_MASS_MEV
    require((k > 0.0) & (k <= end), "photon energy in MeV", k, f"above 0, up to E − 20 m_e = {end:g}")
    y = k / beam_energy_mev
    delta = ELECTRON_MASS_MEV**2 * y / (2.0 * (beam_energy_mev - k))
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    half = np.log(ELECTRON_MASS_MEV / delta)[..., None] / 2.0
    x = np.exp(-half * (1.0 + nodes))  # δ/q from 1 to δ/m
    t = (delta[..., None] / x) ** 2
    form = atom.elastic(t) / atom.nuclear(t) ** 2
    charges = float(atom.charge_number**2)
    if inelastic:
        form = form + atom.inelastic(t)
        charges += atom.charge_number
    measure = half * weights * form
    first = charges + np.sum(measure * (1.0 - x) ** 2, axis=-1)
    second = charges * 5.0 / 6.0 + np.sum(
        measure * (1.0 + x**2 * (3.0 + 6.0 * np.log(x)) - 4.0 * x**3), axis=-1
    )
    scale = 4.0 * FINE_STRUCTURE**3 / ELECTRON_MASS_MEV**2 * MICROBARN_MEV2
    return np.asarray(scale / k * ((1.0 + (1.0 - y) ** 2) * first - 2.0 / 3.0 * (1.0 - y) * second))


def radiation_length_g_cm2(atom: Atom = CARBON) -> float:
    """Radiation length of the model, at complete screening.

    1/X₀ = 4α r_e² (N_A/A) (Z² L_rad + Z L'_rad) as Tsai defines it, without his Coulomb correction (−0.04 %
    for carbon) and with both logarithms from the form factors, L = 1 + ∫₀^m dq |F|²/(Z² q).

    Parameters
    ----------
    atom : Atom
        The target atom, with finite screening lengths.

    Returns
    -------
    float
        g/cm².

    Raises
    ------
    UsageError
        An unscreened atom, whose radiation length does not exist at infinite energy.
    """
    total = 0.0
    pairs = ((atom.elastic_radius, atom.charge_number**2), (atom.inelastic_radius, atom.charge_number))
    for radius, charges in pairs:
        require(radius < math.inf, "screening length in 1/MeV", radius, "finite")
        reach = (radius * ELECTRON_MASS_MEV) ** 2
        # ∫₀^m q³ dq/(q² + a⁻²)² in closed form.
        total += charges * (1.0 + 0.5 * (math.log1p(reach) - reach / (1.0 + reach)))
    per_atom = 4.0 * FINE_STRUCTURE**3 / ELECTRON_MASS_MEV**2 * MICROBARN_MEV2 * 1e-30 * total
    return atom.molar_mass_g / (AVOGADRO_PER_MOL * per_atom)
