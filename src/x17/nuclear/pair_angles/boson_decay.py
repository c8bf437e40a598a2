"""X → e⁺e⁻ of a boson emitted by a nucleus: opening angles, energy asymmetry, and the smallest angle.

With W the boson's energy, β_X its velocity and β* that of the electrons in its rest frame, the energy
asymmetry is y = (E₊ − E₋)/(E₊ + E₋) = β_X β* cos θ*: flat between ±β_X β* without spin or polarisation.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from x17.constants import ELECTRON_MASS_MEV
from x17.errors import UsageError
from x17.nuclear.transitions.reactions import Reaction

FloatArray = NDArray[np.float64]


def theta_min(mass: ArrayLike, excitation: ArrayLike) -> FloatArray:
    """Smallest opening angle without recoil and electron mass, θ_min = 2 asin(m_X/E_x).

    Parameters
    ----------
    mass : array_like
        m_X, MeV.
    excitation : array_like
        E_x, taken as the boson's energy, MeV; broadcasts with `mass`.

    Returns
    -------
    ndarray
        rad.

    Raises
    ------
    UsageError
        A mass that is not between 0 and the energy.

    Notes
    -----
    PRD 108 (2023) 015009 uses it for the fit of a mass to angles.
    """
    m, w = np.asarray(mass, dtype=np.float64), np.asarray(excitation, dtype=np.float64)
    if not np.all((m > 0.0) & (m <= w)):
        raise UsageError(
            f"a boson of {float(np.max(m)):g} MeV from a transition of {float(np.min(w)):g} MeV: no decay; "
            "allowed: a mass above 0 and at most the energy"
        )
    return np.asarray(2.0 * np.arcsin(m / w))


@dataclass(frozen=True, slots=True)
class EmittedBoson:
    """A boson of given mass and total energy on its way to e⁺e⁻.

    Attributes
    ----------
    mass_mev : float
        Above 2 m_e, MeV.
    energy_mev : float
        W, at least the mass, MeV.

    Raises
    ------
    UsageError
        A mass that cannot decay to e⁺e⁻, or above the energy.
    """

    mass_mev: float
    energy_mev: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.mass_mev) and self.mass_mev > 2.0 * ELECTRON_MASS_MEV):
            raise UsageError(
                f"the boson's mass is {self.mass_mev:g} MeV; allowed: above 2 m_e = "
                f"{2.0 * ELECTRON_MASS_MEV:.4f} MeV"
            )
        if not (math.isfinite(self.energy_mev) and self.mass_mev <= self.energy_mev):
            raise UsageError(
                f"a boson of {self.mass_mev:g} MeV is above the energy of {self.energy_mev:g} MeV: no decay, "
                "the nucleus does not emit it; allowed: a mass of at most the energy"
            )

    @property
    def beta(self) -> float:
        """Velocity β_X of the boson."""
        return math.sqrt(1.0 - (self.mass_mev / self.energy_mev) ** 2)

    @property
    def beta_star(self) -> float:
        """Velocity β* of the electrons in the boson's rest frame, √(1 − 4 m_e²/m_X²)."""
        return math.sqrt(1.0 - 4.0 * (ELECTRON_MASS_MEV / self.mass_mev) ** 2)

    @property
    def y_max(self) -> float:
        """β_X β*: the density of y is flat between plus and minus this."""
        return self.beta * self.beta_star

    @property
    def theta_min(self) -> float:
        """Smallest opening angle with the electron mass, rad.

        The pair that shares the energy equally has tan(Θ/2) = β* √(1 − β_X²)/β_X; where β_X ≥ β* both can fly
        along the boson and the angle is zero.
        """
        if self.beta >= self.beta_star:
            return 0.0
        return 2.0 * math.atan2(self.beta_star * self.mass_mev / self.energy_mev, self.beta)

    def opening_angle(self, y: ArrayLike) -> FloatArray:
        """Opening angle of a pair of given energy asymmetry.

        cos Θ = (E₊E₋ − m_X²/2 + m_e²)/(p₊p₋) with E± = W (1 ± y)/2; without the electron mass
        1 − 2 m_X²/(W² (1 − y²)).

        Parameters
        ----------
        y : array_like
            Asymmetry, −`y_max` to `y_max`.

        Returns
        -------
        ndarray
            rad, the shape of `y`.

        Raises
        ------
        UsageError
            An asymmetry that the decay does not have.
        """
        share = np.asarray(y, dtype=np.float64)
        # A cosine of ±1 times β_X β* may be off by rounding.
        if np.any(np.abs(share) > self.y_max * (1.0 + 1e-12)):
            raise UsageError(f"an asymmetry beyond ±{self.y_max:.4f}, which this boson does not reach")
        plus, minus = 0.5 * self.energy_mev * (1.0 + share), 0.5 * self.energy_mev * (1.0 - share)
        m2 = ELECTRON_MASS_MEV**2
        product = np.sqrt((plus**2 - m2) * (minus**2 - m2))
        return np.asarray(
            np.arccos(np.clip((plus * minus - 0.5 * self.mass_mev**2 + m2) / product, -1.0, 1.0))
        )

    def asymmetry_at(self, theta: ArrayLike) -> FloatArray:
        """The |y| at which a pair opens by θ: the inverse of `opening_angle` on y ≥ 0.

        Parameters
        ----------
        theta : array_like
            rad.

        Returns
        -------
        ndarray
            0 below the smallest angle, `y_max` at 180 degrees.

        Notes
        -----
        The angle rises with |y| where β_X < β*. With P = E₊E₋ = W² (1 − y²)/4 and
        p₊²p₋² = P² − m²(W² − 2P) + m⁴ the condition is a quadratic equation in P.
        """
        angle = np.asarray(theta, dtype=np.float64)
        a, c2 = np.square(np.sin(angle)), np.square(np.cos(angle))
        m2, w2 = ELECTRON_MASS_MEV**2, self.energy_mev**2
        shift = 0.5 * self.mass_mev**2 - m2
        # (P − shift)² = c² (P² + 2 m² P − m² W² + m⁴); the sign of cos θ tells which root.
        b = -(shift + c2 * m2)
        c = shift**2 + c2 * (m2 * w2 - m2**2)
        root = np.sqrt(np.maximum(b**2 - a * c, 0.0))
        # The smaller root without its cancellation; the larger one is infinite at θ = 0.
        with np.errstate(divide="ignore"):
            product = np.where(np.cos(angle) > 0.0, (root - b) / a, c / (root - b))
        y = np.sqrt(np.clip(1.0 - 4.0 * product / w2, 0.0, None))
        return np.asarray(np.minimum(y, self.y_max))

    def fraction_above(self, theta: ArrayLike, y_cut: float | None = None) -> FloatArray:
        """Share of the decays that open by more than θ, and lie within a cut on |y|.

        Parameters
        ----------
        theta : array_like
            rad.
        y_cut : float, optional
            Largest |y|, of total energies.

        Returns
        -------
        ndarray
        """
        top = self.y_max if y_cut is None else min(y_cut, self.y_max)
        if self.y_max == 0.0:  # at rest: back to back
            return np.where(np.asarray(theta) < math.pi, 1.0, 0.0)
        above = np.maximum(top - self.asymmetry_at(theta), 0.0)
        return np.asarray(above / self.y_max)

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
        y = self.y_max * (2.0 * rng.random(n) - 1.0)
        return 0.5 * self.energy_mev * (1.0 + y), np.cos(self.opening_angle(y))


def emitted_with_recoil(mass: float, reaction: Reaction, beam_energy: float) -> EmittedBoson:
    """The boson from a capture to the ground state, in the frame where the excited nucleus is at rest.

    Two bodies: E_X = (M*² + m_X² − m_f²)/(2 M*) with M* = m_f + E_x.

    Parameters
    ----------
    mass : float
        m_X, MeV.
    reaction : Reaction
    beam_energy : float
        Kinetic energy of the projectile, MeV.

    Returns
    -------
    EmittedBoson

    Raises
    ------
    UsageError
        A beam energy out of range or below the threshold of the boson.
    """
    excitation = float(reaction.excitation_mev(beam_energy))
    if mass > excitation:
        threshold = float(reaction.beam_energy_mev(mass))
        raise UsageError(
            f"a beam of {beam_energy:g} MeV on {reaction.target.name} excites {excitation:.4f} MeV, below "
            f"the boson's {mass:g} MeV: no decay; allowed: a beam above {threshold:.4f} MeV, "
            "or a lighter boson"
        )
    final = reaction.product.mass_mev
    excited = final + excitation
    # At threshold rounding may put the energy below the mass.
    return EmittedBoson(mass, max((excited**2 + mass**2 - final**2) / (2.0 * excited), mass))
