"""Products of a positron beam on electrons at rest, seen in the laboratory: the exact two-body boost.

The centre of mass moves with γ = √s/(2m_e). A product of energy E* = √s/2 and momentum p* at polar angle θ*
has E = γ(E* + β p* c), p_z = γ(p* c + β E*), p_T = p* sin θ*, with c = cos θ* taken against the beam.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from x17.constants import ELECTRON_MASS_MEV
from x17.theory.qed.checks import checked_cosine, checked_sqrt_s

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class LaboratoryProduct:
    """One product in the laboratory.

    Attributes
    ----------
    theta_rad : ndarray
        Polar angle with the beam, rad.
    energy_mev : ndarray
        Total energy, MeV.
    solid_angle_ratio : ndarray
        dΩ*/dΩ: a centre-of-mass dσ/dΩ* times it is the laboratory dσ/dΩ.
    """

    theta_rad: FloatArray
    energy_mev: FloatArray
    solid_angle_ratio: FloatArray


def to_laboratory(sqrt_s: ArrayLike, cos_theta: ArrayLike, product_mass: float) -> LaboratoryProduct:
    """Angle and energy in the laboratory of a product at cos θ* in the centre of mass.

    dΩ*/dΩ = p³ / (γ p*² (p* + β E* c)).

    Parameters
    ----------
    sqrt_s : array_like
        Above 2 m_e, MeV.
    cos_theta : array_like
        Cosine of the product's polar angle with the positron beam; broadcasts with `sqrt_s`. For a lepton
        c = −1 is a product at rest, where the ratio of solid angles vanishes.
    product_mass : float
        Mass of each of the two equal products, MeV: 0 for a photon, m_e for a lepton.

    Returns
    -------
    LaboratoryProduct
        Arrays of the broadcast shape.

    Raises
    ------
    UsageError
        √s at or below threshold, or |cos θ| > 1.
    """
    energy, c = np.broadcast_arrays(checked_sqrt_s(sqrt_s), checked_cosine(cos_theta))
    gamma = energy / (2.0 * ELECTRON_MASS_MEV)
    gamma_beta = np.sqrt(np.square(gamma) - 1.0)
    e_cm = 0.5 * energy
    p_cm = np.sqrt(np.square(e_cm) - product_mass**2)
    p_z = gamma * p_cm * c + gamma_beta * e_cm
    p_t = p_cm * np.sqrt(1.0 - np.square(c))
    e_lab = gamma * e_cm + gamma_beta * p_cm * c
    p_lab = np.hypot(p_z, p_t)
    slope = p_cm**2 * (gamma * p_cm + gamma_beta * e_cm * c)
    at_rest = slope <= 0.0
    ratio = np.where(at_rest, 0.0, p_lab**3 / np.where(at_rest, 1.0, slope))
    return LaboratoryProduct(np.arctan2(p_t, p_z), e_lab, ratio)
