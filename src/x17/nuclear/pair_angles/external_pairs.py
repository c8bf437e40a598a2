"""External pairs: photons of the transition that convert in matter around the target.

Energies follow Bethe and Heitler without screening, which fits light elements at 6 to 25 MeV; each lepton
leaves at the angle to the photon of a dipole boosted to its energy, dΩ/(1 − β cos θ)², and their azimuths are
taken as independent. That is right for the bulk at θ ~ m/E and for the power of the tail, not for its last
factor of two; scattering in the converter, which widens the bulk, is left out.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.constants import AVOGADRO_PER_MOL, ELECTRON_MASS_MEV, FINE_STRUCTURE, MICROBARN_MEV2
from x17.errors import UsageError

FloatArray = NDArray[np.float64]

_LOWEST_MEV = 5.0
"""Below, the formulas of high energies are off by more than a tenth."""


def _require(energy: float) -> None:
    if not _LOWEST_MEV <= energy <= 100.0:
        raise UsageError(f"external pairs of a photon of {energy:g} MeV; allowed: {_LOWEST_MEV:g} to 100 MeV")


def external_pairs_per_photon(
    energy: float, atomic_number: float, molar_mass: float, thickness_g_cm2: float
) -> float:
    """Conversions of a photon in a thin layer.

    σ = α r_e² Z (Z + 1) [28/9 ln(2k/m) − 218/27]: Bethe–Heitler at high energy without screening,
    conversions on electrons through Z + 1. For carbon and 20 MeV it gives 0.13 b.

    Parameters
    ----------
    energy : float
        k, 5 to 100 MeV.
    atomic_number : float
        Z.
    molar_mass : float
        g/mol.
    thickness_g_cm2 : float
        Of the layer along the photon.

    Returns
    -------
    float

    Raises
    ------
    UsageError
        An energy out of range, a negative thickness, or an atom that is none.
    """
    _require(energy)
    if not (thickness_g_cm2 >= 0.0 and atomic_number > 0.0 and molar_mass > 0.0):
        raise UsageError("a converter needs a thickness of 0 or above, and positive Z and molar mass")
    radius2 = (FINE_STRUCTURE / ELECTRON_MASS_MEV) ** 2 * MICROBARN_MEV2 * 1e-30  # cm²
    logarithm = 28.0 / 9.0 * math.log(2.0 * energy / ELECTRON_MASS_MEV) - 218.0 / 27.0
    cross_section = FINE_STRUCTURE * radius2 * atomic_number * (atomic_number + 1.0) * logarithm
    return cross_section * AVOGADRO_PER_MOL / molar_mass * thickness_g_cm2


@dataclass(frozen=True, slots=True)
class ExternalPairs:
    """A source of external pairs.

    Attributes
    ----------
    energy_mev : float
        Of the photon, 5 to 100 MeV.

    Raises
    ------
    UsageError
        An energy out of range.
    """

    energy_mev: float

    def __post_init__(self) -> None:
        _require(self.energy_mev)

    def energy_density(self, share: FloatArray) -> FloatArray:
        """Density of the positron's share x = E₊/k, up to a constant.

        [x² + (1−x)² + 2/3 x(1−x)] [ln(2 k x(1−x)/m) − 1/2], zero where that is negative.

        Parameters
        ----------
        share : ndarray

        Returns
        -------
        ndarray
        """
        product = share * (1.0 - share)
        scale = 2.0 * self.energy_mev / ELECTRON_MASS_MEV
        logarithm = np.log(np.maximum(scale * product, 1e-300)) - 0.5
        return np.asarray((1.0 - 4.0 / 3.0 * product) * np.maximum(logarithm, 0.0))

    def draw(self, n: int, rng: np.random.Generator) -> tuple[FloatArray, FloatArray]:
        """Pairs.

        Parameters
        ----------
        n : int
        rng : Generator

        Returns
        -------
        positron_energy, cos_theta : ndarray, shape (n,)
            Total energy, MeV, and cosine of the opening angle.
        """
        plus = self.energy_mev * self._shares(n, rng)
        uniforms = rng.random((3, n))
        first = _boosted_cosine(plus, uniforms[0])
        second = _boosted_cosine(self.energy_mev - plus, uniforms[1])
        across = np.sqrt((1.0 - first**2) * (1.0 - second**2))
        cos_theta = first * second + across * np.cos(2.0 * math.pi * uniforms[2])
        return plus, np.clip(cos_theta, -1.0, 1.0)

    def _shares(self, n: int, rng: np.random.Generator) -> FloatArray:
        low = ELECTRON_MASS_MEV / self.energy_mev
        ceiling = float(self.energy_density(np.linspace(low, 0.5, 2001)).max()) * 1.001
        found, missing = [np.empty(0)], n
        while missing > 0:
            uniforms = rng.random((2, 2 * missing + 64))
            share = low + (1.0 - 2.0 * low) * uniforms[0]
            found.append(share[uniforms[1] * ceiling < self.energy_density(share)][:missing])
            missing -= found[-1].size
        return np.concatenate(found)


def _boosted_cosine(energy: FloatArray, uniform: FloatArray) -> FloatArray:
    """Cosines with the density ∝ 1/(1 − β cos θ)²: an even cosine in the rest frame, boosted."""
    beta = np.sqrt(np.maximum(1.0 - (ELECTRON_MASS_MEV / energy) ** 2, 0.0))
    even = 2.0 * uniform - 1.0
    return np.asarray((even + beta) / (1.0 + beta * even))
