"""The charge a passing positron sees: the nucleus, its screening, and the atom's electrons themselves."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from x17.constants import AVOGADRO_PER_MOL, ELECTRON_MASS_MEV, HBAR_C_MEV_MM
from x17.errors import UsageError
from x17.theory.target import Target
from x17.theory.target_scattering.checks import FloatArray, floats, require

FERMI_PER_MEV = 1.0 / (HBAR_C_MEV_MM * 1e12)
"""1 fm in MeV⁻¹."""


@dataclass(frozen=True, slots=True)
class Atom:
    """An atom at rest as a target, described by its form factors of the squared momentum transfer t = q².

    Elastic: |F|² = Z² [a²t/(1 + a²t)]² F_N(t)², with the Thomas–Fermi–Molière radius
    a = 184.15 e^(−1/2) Z^(−1/3)/m_e (Tsai, RMP 46 (1974) 815: the elastic form factor in the
    one-parameter form whose complete-screening limit is Tsai's L_rad = ln(184.15 Z^(−1/3))). Inelastic, on
    the atom's electrons: Z [a'²t/(1 + a'²t)]², a' = 1194 e^(−1/2) Z^(−2/3)/m_e, likewise from
    L'_rad = ln(1194 Z^(−2/3)).

    The nucleus is a harmonic-oscillator (1s²1pⁿ) charge, F_N = [1 − δ b²t/(2(2+3δ))] exp(−b²t/4),
    δ = (Z−2)/3, with b from the charge radius, r² = 3b²(2+5δ)/(2(2+3δ)) (Hofstadter, RMP 28 (1956) 214):
    for 3 ≤ Z ≤ 8, and good below the first diffraction minimum, for carbon q ≈ 350 MeV. For another Z the
    nucleus is Tsai's, F_N = 1/(1 + r²t/6), which has the same slope.

    Attributes
    ----------
    charge_number : int
        Z, at least 1. L_rad and L'_rad are Tsai's for Z ≥ 5; lighter atoms need their own radii.
    molar_mass_g : float
        A, g/mol.
    nuclear_radius_fm : float
        Root-mean-square charge radius, fm; 0 for a point.
    screening_length : float or None
        a in 1/MeV; None for the Tsai value above, `math.inf` for a bare nucleus.
    inelastic_length : float or None
        a' in 1/MeV; None for the Tsai value above.

    Raises
    ------
    UsageError
        Z below 1, a Z below 5 without radii, a mass or a length that is not positive, a negative radius.
    """

    charge_number: int
    molar_mass_g: float
    nuclear_radius_fm: float = 0.0
    screening_length: float | None = None
    inelastic_length: float | None = None

    def __post_init__(self) -> None:
        z = self.charge_number
        require(z >= 1, "charge number", z, "1 or above")
        require(self.molar_mass_g > 0.0, "molar mass in g", self.molar_mass_g, "above 0")
        radius = self.nuclear_radius_fm
        require(0.0 <= radius < math.inf, "nuclear radius in fm", radius, "0 or above")
        lengths = (self.screening_length, self.inelastic_length)
        if z < 5 and None in lengths:
            raise UsageError(f"Tsai's screening radii hold for Z ≥ 5; for Z = {z} give both lengths")
        for length in lengths:
            require(length is None or length > 0.0, "screening length in 1/MeV", length or 0.0, "above 0")

    @property
    def elastic_radius(self) -> float:
        """Screening length a, 1/MeV."""
        if self.screening_length is not None:
            return self.screening_length
        return 184.15 * math.exp(-0.5) / math.cbrt(self.charge_number) / ELECTRON_MASS_MEV

    @property
    def inelastic_radius(self) -> float:
        """Length a' of the inelastic form factor, 1/MeV."""
        if self.inelastic_length is not None:
            return self.inelastic_length
        return 1194.0 * math.exp(-0.5) / math.cbrt(self.charge_number) ** 2 / ELECTRON_MASS_MEV

    def nuclear(self, t_mev2: ArrayLike) -> FloatArray:
        """Charge form factor F_N of the nucleus, 1 at t = 0.

        Parameters
        ----------
        t_mev2 : array_like
            t = q² ≥ 0, MeV².

        Returns
        -------
        ndarray

        Raises
        ------
        UsageError
            A negative t.
        """
        t = floats(t_mev2)
        require(t >= 0.0, "squared momentum transfer in MeV²", t, "0 or above")
        r2 = (self.nuclear_radius_fm * FERMI_PER_MEV) ** 2
        if not 3 <= self.charge_number <= 8:
            return np.asarray(1.0 / (1.0 + r2 * t / 6.0))
        delta = (self.charge_number - 2) / 3.0
        b2 = r2 * 2.0 * (2.0 + 3.0 * delta) / (3.0 * (2.0 + 5.0 * delta))
        return np.asarray((1.0 - delta * b2 * t / (2.0 * (2.0 + 3.0 * delta))) * np.exp(-b2 * t / 4.0))

    def elastic(self, t_mev2: ArrayLike) -> FloatArray:
        """Squared elastic form factor |F|², Z² between the scales of atom and nucleus.

        Parameters
        ----------
        t_mev2 : array_like
            t = q² ≥ 0, MeV².

        Returns
        -------
        ndarray

        Raises
        ------
        UsageError
            A negative t.
        """
        t = floats(t_mev2)
        screening = t / (t + self.elastic_radius**-2) if math.isfinite(self.elastic_radius) else 1.0
        return np.asarray((self.charge_number * screening * self.nuclear(t)) ** 2)

    def inelastic(self, t_mev2: ArrayLike) -> FloatArray:
        """Squared form factor of scattering that excites or ionises the atom, Z well above the atom's scale.

        The electrons are taken as heavy: for q ≪ m_e only.

        Parameters
        ----------
        t_mev2 : array_like
            t = q² ≥ 0, MeV².

        Returns
        -------
        ndarray

        Raises
        ------
        UsageError
            A negative t.
        """
        t = floats(t_mev2)
        require(t >= 0.0, "squared momentum transfer in MeV²", t, "0 or above")
        return np.asarray(self.charge_number * (t / (t + self.inelastic_radius**-2)) ** 2)

    def atoms_per_microbarn(self, density_g_cm3: float, thickness_mm: float) -> float:
        """Atoms per area of a slab, N_A ρ d/A, so that a cross section in µb times it is a probability.

        Parameters
        ----------
        density_g_cm3 : float
            ρ, g/cm³.
        thickness_mm : float
            d, mm.

        Returns
        -------
        float
            Atoms per µb (10⁻³⁰ cm²).

        Raises
        ------
        UsageError
            A density or thickness that is not positive.
        """
        require(density_g_cm3 > 0.0, "density in g/cm³", density_g_cm3, "above 0")
        require(thickness_mm > 0.0, "thickness in mm", thickness_mm, "above 0")
        return AVOGADRO_PER_MOL * density_g_cm3 * (thickness_mm / 10.0) / self.molar_mass_g * 1e-30


_CHARGE_RADIUS_FM = {
    3: 2.4440,
    4: 2.5190,
    6: 2.4702,
    13: 3.0610,
    14: 3.1224,
    22: 3.5921,
    26: 3.7377,
    29: 3.8823,
    74: 5.3658,
    79: 5.4371,
}
"""Of ⁷Li, ⁹Be, ¹²C, ²⁷Al, ²⁸Si, ⁴⁸Ti, ⁵⁶Fe, ⁶³Cu, ¹⁸⁴W and ¹⁹⁷Au, by Z (Angeli and Marinova)."""

_TSAI_LIGHT = {3: (4.74, 5.805), 4: (4.71, 5.924)}
"""L_rad and L'_rad of the elements for which the formulas do not hold: Tsai, RMP 46 (1974) 815, table B.2."""


def atom_of(target: Target) -> Atom:
    """The atom of a target.

    Parameters
    ----------
    target : Target

    Returns
    -------
    Atom
        With the charge radius of the most abundant isotope, and for Z < 5 with Tsai's radiation logarithms:
        a = e^(L_rad − 1/2)/m_e, and likewise a'.
    """
    z = target.atomic_number
    screening, inelastic = (
        (math.exp(length - 0.5) / ELECTRON_MASS_MEV for length in _TSAI_LIGHT[z])
        if z in _TSAI_LIGHT
        else (None, None)
    )
    return Atom(z, target.molar_mass_g, _CHARGE_RADIUS_FM[z], screening, inelastic)


CARBON = Atom(charge_number=6, molar_mass_g=12.011, nuclear_radius_fm=2.4702)
"""Carbon; charge radius of ¹²C: 2.4702(22) fm (Angeli and Marinova, ADNDT 99 (2013) 69)."""
