"""Resonant production e⁺e⁻ → X on electrons of a target: cross sections and the yield per positron.

The electron bound in the target has energy m_e + W_b and momentum k along the beam: s = m_e² + E_b² − k² +
2 (E E_b − p k). A boson of mass m is made at the beam energy where s = m²; the flux factor of the moving
electron cancels the Jacobian of that condition, so that the area under the yield is the one at rest.
Sources: arXiv:2209.09261, arXiv:2403.15387.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from x17.constants import ELECTRON_MASS_MEV, FINE_STRUCTURE, MICROBARN_MEV2
from x17.errors import UsageError
from x17.theory.boson import Boson
from x17.theory.compton import ComptonProfile, momentum_grid
from x17.theory.target import Target

FloatArray = NDArray[np.float64]

BINDING_ENERGY_MEV = -7e-6
"""W_b of electrons in diamond, MeV."""

_ATOMIC_MOMENTUM_MEV = FINE_STRUCTURE * ELECTRON_MASS_MEV
_CM2_PER_MICROBARN = 1e-30


def breit_wigner_ub(boson: Boson, sqrt_s: ArrayLike) -> FloatArray:
    """Cross section of e⁺e⁻ → X → e⁺e⁻ at fixed √s, µb.

    σ = 4π (2J + 1)/(s − 4m_e²) · m²Γ²/((s − m²)² + m²Γ²).

    Parameters
    ----------
    boson : Boson
        With a coupling above 0.
    sqrt_s : array_like
        Above 2 m_e, MeV.

    Returns
    -------
    ndarray

    Raises
    ------
    UsageError
        √s below threshold.
    """
    s = np.square(np.asarray(sqrt_s, dtype=np.float64))
    if np.any(s <= 4.0 * ELECTRON_MASS_MEV**2):
        raise UsageError(f"√s lies below 2 m_e = {2 * ELECTRON_MASS_MEV:.4f} MeV")
    m2, width = boson.mass_mev**2, boson.width_mev
    flux = 4.0 * math.pi * (2 * boson.spin_parity.spin + 1) / (s - 4.0 * ELECTRON_MASS_MEV**2)
    resonance = m2 * width**2 / ((s - m2) ** 2 + m2 * width**2)
    return np.asarray(flux * resonance * MICROBARN_MEV2)


def narrow_width_area_ub_mev2(boson: Boson) -> float:
    """∫ σ ds of the narrow resonance, µb MeV²: 4π² (2J + 1) mΓ/(m² − 4m_e²).

    πg² for V and A and πg²/2 for S and P, up to terms in m_e²/m².

    Parameters
    ----------
    boson : Boson

    Returns
    -------
    float
    """
    m2 = boson.mass_mev**2
    spin = 2 * boson.spin_parity.spin + 1
    area = 4.0 * math.pi**2 * spin * boson.mass_mev * boson.width_mev / (m2 - 4.0 * ELECTRON_MASS_MEV**2)
    return area * MICROBARN_MEV2


def resonant_energy_mev(
    mass: float, momentum: ArrayLike, binding_energy: float = BINDING_ENERGY_MEV
) -> FloatArray:
    """Beam energy that makes a boson on an electron of given momentum along the beam, exactly.

    Solves s(E) = m² with p = √(E² − m_e²); near E₀/(1 − k/m_e), E₀ = (m² − 2m_e²)/(2m_e).

    Parameters
    ----------
    mass : float
        Boson mass, MeV.
    momentum : array_like
        k, positive along the beam, below E_b = m_e + W_b; MeV.
    binding_energy : float
        W_b, MeV.

    Returns
    -------
    ndarray
        Total beam energy, MeV.

    Raises
    ------
    UsageError
        A momentum that no beam energy can match.
    """
    k = np.asarray(momentum, dtype=np.float64)
    bound = ELECTRON_MASS_MEV + binding_energy
    if np.any(k >= bound):
        raise UsageError("an electron that moves with the beam at the speed of light is never caught")
    # E E_b − p k = C with p² = E² − m_e²: a quadratic equation for E.
    c = 0.5 * (mass**2 - ELECTRON_MASS_MEV**2 - bound**2 + k**2)
    root = np.sqrt(np.maximum(c**2 - ELECTRON_MASS_MEV**2 * (bound**2 - k**2), 0.0))
    return np.asarray((c * bound + k * root) / (bound**2 - k**2))


@dataclass(frozen=True, slots=True, eq=False)
class YieldCurve:
    """Bosons per positron on target against the beam energy.

    Attributes
    ----------
    beam_energy_mev, yield_per_pot : ndarray, shape (n,)
    area_mev : float
        Area under the whole curve, MeV.
    area_in_range_mev : float
        Area between the first and the last energy, by the trapezoidal rule, MeV.
    resonance_energy_mev : float
        Where the boson resonates on an electron at rest.
    """

    beam_energy_mev: FloatArray
    yield_per_pot: FloatArray
    area_mev: float
    area_in_range_mev: float
    resonance_energy_mev: float


def yield_curve(
    boson: Boson,
    target: Target,
    beam_energies: ArrayLike,
    relative_spread: float,
    profile: ComptonProfile | None = None,
    binding_energy: float = BINDING_ENERGY_MEV,
) -> YieldCurve:
    """Yield per positron on target, with the beam's energy spread and the motion of the bound electrons.

    Y(E) = n_e d ∫ dq J(q)/Z · a(q) · Gauss(E; E_res(q), σ), with σ = b E_res(0), a(q) the area of the narrow
    resonance for electrons of that momentum. Energy loss in the target is neglected.

    Parameters
    ----------
    boson : Boson
    target : Target
    beam_energies : array_like, shape (n,)
        Mean beam energies, MeV.
    relative_spread : float
        b, standard deviation of the beam energy over the resonance energy, > 0.
    profile : ComptonProfile, optional
        Electrons at rest by default.
    binding_energy : float
        W_b, MeV.

    Returns
    -------
    YieldCurve

    Raises
    ------
    UsageError
        A spread that is not positive, or a profile of another element.
    """
    if not (math.isfinite(relative_spread) and 0.0 < relative_spread <= 0.2):
        raise UsageError(f"the relative beam spread is {relative_spread}; allowed: above 0, at most 0.2")
    if profile is not None and round(profile.electrons) != target.atomic_number:
        raise UsageError(
            f"the Compton profile {profile.name} has {profile.electrons:g} electrons, "
            f"but {target.material} has Z = {target.atomic_number}"
        )
    energies = np.atleast_1d(np.asarray(beam_energies, dtype=np.float64))
    centers, areas = momentum_distribution(boson, profile, binding_energy)
    rest = float(resonant_energy_mev(boson.mass_mev, 0.0, binding_energy))
    sigma = relative_spread * rest
    gauss = np.exp(-0.5 * ((energies[:, None] - centers) / sigma) ** 2) / (sigma * math.sqrt(2.0 * math.pi))
    per_cm2 = target.electrons_per_cm2 * _CM2_PER_MICROBARN
    values = per_cm2 * (gauss @ areas)
    return YieldCurve(
        energies,
        values,
        per_cm2 * float(areas.sum()),
        float(np.trapezoid(values, energies)) if energies.size > 1 else 0.0,
        rest,
    )


def momentum_distribution(
    boson: Boson, profile: ComptonProfile | None, binding_energy: float = BINDING_ENERGY_MEV
) -> tuple[FloatArray, FloatArray]:
    """Resonance energies of the electrons of an atom, and the share of ∫ σ dE each contributes.

    The rate on a moving electron is 2π|M|² δ(s − m²)/(4 p E_b) per unit of path and density: flux and
    relative velocity cancel. ∫ dE gives 1/(4 p E_b |ds/dE|), ds/dE = 2 (E_b − k E/p).

    Parameters
    ----------
    boson : Boson
    profile : ComptonProfile or None
        None: electrons at rest.
    binding_energy : float
        W_b, MeV.

    Returns
    -------
    energy : ndarray, shape (n,)
        Resonance energies, MeV.
    area : ndarray, shape (n,)
        Contributions to ∫ σ dE per electron, µb MeV.
    """
    if profile is None:
        q, weight = np.zeros(1), np.ones(1)
    else:
        q, weight = momentum_grid()
        density = profile.density(q) * weight
        weight = density / density.sum()
    k = _ATOMIC_MOMENTUM_MEV * q
    energy = resonant_energy_mev(boson.mass_mev, k, binding_energy)
    momentum = np.sqrt(energy**2 - ELECTRON_MASS_MEV**2)
    bound = ELECTRON_MASS_MEV + binding_energy
    # |M|² follows from the area on a free electron at rest, where the flux is 4 p m_e = 2 √(s (s − 4m_e²)).
    m2 = boson.mass_mev**2
    matrix_element = (
        narrow_width_area_ub_mev2(boson) * math.sqrt(m2 * (m2 - 4.0 * ELECTRON_MASS_MEV**2)) / math.pi
    )
    slope = 2.0 * np.abs(bound - k * energy / momentum)
    return energy, weight * 2.0 * math.pi * matrix_element / (4.0 * momentum * bound * slope)
