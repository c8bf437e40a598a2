"""Where bremsstrahlung is likely: the mixture of densities from which photon and positron are drawn.

Directions are points u = 2 sin(θ/2) (cos φ, sin φ) of a disc of radius 2, in which equal areas are equal
solid angles. Three channels cover the peaks of the cross section: *balanced* (a small momentum transfer, the
positron opposite the photon), *final* (the photon along the scattered positron) and *initial* (the photon
along the beam, the positron scattered elastically). Any point may come from any of them, so the weight uses
their sum.
"""

import math
from dataclasses import dataclass

import numpy as np

from x17.constants import ELECTRON_MASS_MEV
from x17.theory.target_scattering.checks import FloatArray

DRAWS = 6
"""Uniform numbers an event takes."""

_BALANCED, _FINAL = 0.5, 0.25  # the rest is initial
_SCREENING_MEV = 5e-3  # of the order of 1/a; only the efficiency depends on it


@dataclass(frozen=True, slots=True)
class Proposal:
    """Density of (ln k, u_γ, u_e) for a region.

    Attributes
    ----------
    beam_energy : float
        E, MeV.
    photon_energy : tuple of float
        Lowest and highest k, MeV.
    photon_u, positron_u : tuple of float
        Lowest and highest |u| of each.
    """

    beam_energy: float
    photon_energy: tuple[float, float]
    photon_u: tuple[float, float]
    positron_u: tuple[float, float]

    def draw(self, uniforms: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Events from uniform numbers.

        Parameters
        ----------
        uniforms : ndarray, shape (n, DRAWS)

        Returns
        -------
        k : ndarray, shape (n,)
            Photon energies, MeV.
        u_photon, u_positron : ndarray, shape (n,), complex
            Directions u as complex numbers; they may lie outside the region.
        """
        pick, energy, first, second = uniforms[:, 0], uniforms[:, 1], uniforms[:, 2], uniforms[:, 3]
        turn_one, turn_two = (np.exp(2j * math.pi * uniforms[:, i]) for i in (4, 5))
        low, high = self.photon_energy
        k = low * (high / low) ** energy
        cone, final_cone = self._cones(k)
        photon = _draw(first, *self.photon_u, cone, power=2) * turn_one
        ratio, reach = self._recoil(k)
        kick = _draw(second, 0.0, reach, self._transfer(k, np.abs(photon)), power=1) * turn_two
        balanced = -ratio * photon - kick
        positron = _draw(first, *self.positron_u, final_cone, power=2) * turn_one
        beside = positron + _draw(second, 0.0, 4.0, final_cone, power=1) * turn_two
        along_beam = _draw(second, *self.photon_u, cone, power=1) * turn_two
        is_balanced, is_final = pick < _BALANCED, pick < _BALANCED + _FINAL
        u_photon = np.where(is_balanced, photon, np.where(is_final, beside, along_beam))
        return k, u_photon, np.where(is_balanced, balanced, positron)

    def density(self, k: FloatArray, u_photon: FloatArray, u_positron: FloatArray) -> FloatArray:
        """Density per dk dΩ_γ dΩ' at points of the region.

        Parameters
        ----------
        k : ndarray
            Photon energies, MeV.
        u_photon, u_positron : ndarray, complex
            Directions u.

        Returns
        -------
        ndarray
            1/(MeV sr²).
        """
        cone, final_cone = self._cones(k)
        ratio, reach = self._recoil(k)
        kick, apart = np.abs(u_positron + ratio * u_photon), np.abs(u_photon - u_positron)
        photon, positron = np.abs(u_photon), np.abs(u_positron)
        balanced = _density(photon, *self.photon_u, cone, power=2) * _density(
            kick, 0.0, reach, self._transfer(k, photon), power=1
        )
        scattered = _density(positron, *self.positron_u, final_cone, power=2)
        final = scattered * _density(apart, 0.0, 4.0, final_cone, power=1)
        initial = scattered * _density(photon, *self.photon_u, cone, power=1)
        mixture = _BALANCED * balanced + _FINAL * final + (1.0 - _BALANCED - _FINAL) * initial
        return np.asarray(mixture / (k * math.log(self.photon_energy[1] / self.photon_energy[0])))

    def _cones(self, k: FloatArray) -> tuple[float, FloatArray]:
        return ELECTRON_MASS_MEV / self.beam_energy, ELECTRON_MASS_MEV / (self.beam_energy - k)

    def _recoil(self, k: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Ratio k/p' of the balanced directions, and the largest |u_e + (k/p') u_γ|."""
        ratio = k / np.sqrt((self.beam_energy - k) ** 2 - ELECTRON_MASS_MEV**2)
        return ratio, 2.0 + 2.0 * ratio

    def _transfer(self, k: FloatArray, photon: FloatArray) -> FloatArray:
        """The smallest momentum transfer for this photon, over p'."""
        final = self.beam_energy - k
        pf = np.sqrt(final**2 - ELECTRON_MASS_MEV**2)
        along = k / (2.0 * final) * (ELECTRON_MASS_MEV**2 / self.beam_energy + self.beam_energy * photon**2)
        return np.asarray(np.hypot(along, _SCREENING_MEV) / pf)


def _draw(
    uniform: FloatArray, low: float, high: FloatArray | float, scale: FloatArray | float, power: int
) -> FloatArray:
    """|u| with the density ∝ (u² + scale²)^(−power) per area, between low and high."""
    a, b = low**2 + np.square(scale), np.square(high) + np.square(scale)
    shifted = a * (b / a) ** uniform if power == 1 else 1.0 / (1.0 / a - uniform * (1.0 / a - 1.0 / b))
    return np.asarray(np.sqrt(np.maximum(shifted - np.square(scale), 0.0)))


def _density(
    u: FloatArray, low: float, high: FloatArray | float, scale: FloatArray | float, power: int
) -> FloatArray:
    """The density that `_draw` draws from, per area."""
    a, b = low**2 + np.square(scale), np.square(high) + np.square(scale)
    norm = np.log(b / a) if power == 1 else 1.0 / a - 1.0 / b
    inside = (u >= low) & (u <= high)
    return np.asarray(
        np.where(inside, 1.0 / (math.pi * norm * (np.square(u) + np.square(scale)) ** power), 0.0)
    )
