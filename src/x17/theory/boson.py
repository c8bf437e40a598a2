"""A boson hypothesis and what follows from it alone: width, lifetime, decay angles.

The couplings are g X_μ ē γ^μ (γ5) e for a vector (axial vector) and g X ē (iγ5) e for a scalar
(pseudoscalar); the only decay is to e⁺e⁻. Formulas: arXiv:2209.09261, arXiv:1802.04756, with the electron
mass kept.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from x17.constants import ELECTRON_MASS_MEV, ELEMENTARY_CHARGE, HBAR_C_MEV_MM, HBAR_MEV_S
from x17.errors import UsageError

FloatArray = NDArray[np.float64]


class SpinParity(StrEnum):
    """Spin and parity of the boson, by one letter."""

    VECTOR = "V"
    AXIAL_VECTOR = "A"
    SCALAR = "S"
    PSEUDOSCALAR = "P"

    @property
    def spin(self) -> int:
        """J: 1 for V and A, 0 for S and P."""
        return 1 if self in (SpinParity.VECTOR, SpinParity.AXIAL_VECTOR) else 0


@dataclass(frozen=True, slots=True)
class Boson:
    """A boson that couples to electrons.

    Attributes
    ----------
    mass_mev : float
        Mass, above 2 m_e, MeV.
    spin_parity : SpinParity
        V, A, S or P; the letter itself is accepted.
    g_ve : float
        Coupling to electrons, ≥ 0.

    Raises
    ------
    UsageError
        A mass that cannot decay to e⁺e⁻, a negative coupling or an unknown letter.
    """

    mass_mev: float
    spin_parity: SpinParity
    g_ve: float

    def __post_init__(self) -> None:
        letters = ", ".join(SpinParity)
        if self.spin_parity not in tuple(SpinParity):
            raise UsageError(f"unknown spin-parity {self.spin_parity!r}; allowed: {letters}")
        object.__setattr__(self, "spin_parity", SpinParity(self.spin_parity))
        if not (math.isfinite(self.mass_mev) and self.mass_mev > 2.0 * ELECTRON_MASS_MEV):
            threshold = 2.0 * ELECTRON_MASS_MEV
            raise UsageError(
                f"the boson's mass is {self.mass_mev} MeV; allowed: above 2 m_e = {threshold:.4f} MeV"
            )
        if not (math.isfinite(self.g_ve) and self.g_ve >= 0.0):
            raise UsageError(f"the coupling is {self.g_ve}; allowed: 0 or above")

    @classmethod
    def from_epsilon(cls, mass_mev: float, spin_parity: SpinParity, epsilon: float) -> Boson:
        """A boson of coupling g = ε e, e = 0.302822.

        Parameters
        ----------
        mass_mev : float
        spin_parity : SpinParity
        epsilon : float
            Coupling in units of the elementary charge.

        Returns
        -------
        Boson
        """
        return cls(mass_mev, spin_parity, epsilon * ELEMENTARY_CHARGE)

    @property
    def epsilon(self) -> float:
        """ε = g/e."""
        return self.g_ve / ELEMENTARY_CHARGE

    @property
    def velocity_of_electrons(self) -> float:
        """β of the electrons from a boson at rest, √(1 − 4 m_e²/m²)."""
        return math.sqrt(1.0 - 4.0 * (ELECTRON_MASS_MEV / self.mass_mev) ** 2)

    @property
    def width_mev(self) -> float:
        """Partial width to e⁺e⁻, MeV.

        With r = m_e²/m²: V g²m/(12π) √(1−4r) (1+2r); A g²m/(12π) (1−4r)^{3/2}; S g²m/(8π) (1−4r)^{3/2};
        P g²m/(8π) √(1−4r).
        """
        beta, r = self.velocity_of_electrons, (ELECTRON_MASS_MEV / self.mass_mev) ** 2
        scale = self.g_ve**2 * self.mass_mev / math.pi
        factors = {
            SpinParity.VECTOR: beta * (1.0 + 2.0 * r) / 12.0,
            SpinParity.AXIAL_VECTOR: beta**3 / 12.0,
            SpinParity.SCALAR: beta**3 / 8.0,
            SpinParity.PSEUDOSCALAR: beta / 8.0,
        }
        return scale * factors[self.spin_parity]

    @property
    def lifetime_s(self) -> float:
        """Mean lifetime at rest, s; infinite without coupling."""
        return HBAR_MEV_S / self.width_mev if self.width_mev > 0.0 else math.inf

    @property
    def ctau_mm(self) -> float:
        """Mean decay length at βγ = 1, mm; infinite without coupling."""
        return HBAR_C_MEV_MM / self.width_mev if self.width_mev > 0.0 else math.inf

    def decay_length_mm(self, energy_mev: ArrayLike) -> FloatArray:
        """Mean decay length βγ cτ of a boson of given total energy.

        Parameters
        ----------
        energy_mev : array_like
            Total energy, at least the mass, MeV.

        Returns
        -------
        ndarray
            Length in mm, of the same shape.

        Raises
        ------
        UsageError
            An energy below the mass.
        """
        energy = np.asarray(energy_mev, dtype=np.float64)
        if np.any(energy < self.mass_mev):
            raise UsageError(
                f"an energy of {float(energy.min()):g} MeV is below the boson's mass of {self.mass_mev:g} MeV"
            )
        return np.asarray(np.sqrt((energy / self.mass_mev) ** 2 - 1.0) * self.ctau_mm)

    def decay_density(self, cos_theta: ArrayLike) -> FloatArray:
        """Density of cos θ* of the electron for a boson made in e⁺e⁻ → X → e⁺e⁻, ∫ over −1…1 equal to one.

        V: ∝ β⁴ (1 + c²)/4 + 4r (1 − r) with r = m_e²/m² (both vertices flip helicity with the electron mass);
        A: ∝ 1 + c² (a 1⁺ state has no component of helicity zero); S, P: flat.

        Parameters
        ----------
        cos_theta : array_like
            c = cos θ* in the boson's rest frame, against the beam, −1 to 1.

        Returns
        -------
        ndarray
        """
        c = np.asarray(cos_theta, dtype=np.float64)
        if np.any(np.abs(c) > 1.0):
            raise UsageError("cos θ* lies outside −1 to 1")
        if self.spin_parity.spin == 0:
            return np.full(c.shape, 0.5)
        r = (ELECTRON_MASS_MEV / self.mass_mev) ** 2
        quadratic = 0.25 * (1.0 - 4.0 * r) ** 2
        flat = 4.0 * r * (1.0 - r) if self.spin_parity is SpinParity.VECTOR else 0.0
        return np.asarray((quadratic * (1.0 + c**2) + flat) / (quadratic * 8.0 / 3.0 + 2.0 * flat))

    def decay_fraction(self, low: float, high: float) -> float:
        """Share of decays with |cos θ*| from `low` to `high`, in closed form.

        Parameters
        ----------
        low, high : float
            0 ≤ low ≤ high ≤ 1.

        Returns
        -------
        float
        """
        if not 0.0 <= low <= high <= 1.0:
            raise UsageError(f"|cos θ*| from {low} to {high}; allowed: 0 ≤ low ≤ high ≤ 1")
        center, edge = (float(value) for value in self.decay_density(np.array([0.0, 1.0])))
        # The density is center + (edge − center) c² for every letter.
        return 2.0 * (center * (high - low) + (edge - center) * (high**3 - low**3) / 3.0)
