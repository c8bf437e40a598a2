"""A thin target of one element: how many electrons a positron meets."""

from __future__ import annotations

import math
from dataclasses import dataclass

from x17.constants import AVOGADRO_PER_MOL
from x17.errors import UsageError

MAX_AREAL_DENSITY = 0.351
"""g/cm² of 1 mm of diamond: below, the positron's energy loss is neglected."""

DIAMOND = "diamond"

_MATERIALS: dict[str, tuple[str, int, float, float]] = {
    # name: (element, Z, A in g/mol, density in g/cm³); PDG, atomic and nuclear properties of materials
    "beryllium": ("Be", 4, 9.0121831, 1.848),
    "lithium": ("Li", 3, 6.94, 0.534),
    "carbon": ("C", 6, 12.011, 3.51),
    DIAMOND: ("C", 6, 12.011, 3.51),
    "graphite": ("C", 6, 12.011, 2.21),
    "aluminium": ("Al", 13, 26.9815385, 2.699),
    "silicon": ("Si", 14, 28.0855, 2.329),
    "titanium": ("Ti", 22, 47.867, 4.54),
    "iron": ("Fe", 26, 55.845, 7.874),
    "copper": ("Cu", 29, 63.546, 8.96),
    "tungsten": ("W", 74, 183.84, 19.30),
    "gold": ("Au", 79, 196.966569, 19.32),
}


@dataclass(frozen=True, slots=True)
class Target:
    """A target of one element.

    Attributes
    ----------
    material : str
        One of `known_materials`; carbon is diamond, PADME's target.
    thickness_mm : float
    density_g_cm3 : float or None
        The material's own by default.

    Raises
    ------
    UsageError
        Unknown material, a thickness or density that is not positive, or a target so thick that the
        positron's energy loss could not be neglected.
    """

    material: str = DIAMOND
    thickness_mm: float = 0.1
    density_g_cm3: float | None = None

    def __post_init__(self) -> None:
        if self.material not in _MATERIALS:
            raise UsageError(f"unknown material {self.material!r}; known: {', '.join(_MATERIALS)}")
        density = _MATERIALS[self.material][3] if self.density_g_cm3 is None else self.density_g_cm3
        object.__setattr__(self, "density_g_cm3", density)
        for name, value in (("thickness", self.thickness_mm), ("density", density)):
            if not (math.isfinite(value) and value > 0.0):
                raise UsageError(f"the target's {name} is {value}; allowed: above 0")
        if self.areal_density > MAX_AREAL_DENSITY:
            raise UsageError(
                f"the target has {self.areal_density:.3g} g/cm²; allowed: at most {MAX_AREAL_DENSITY} g/cm² "
                "(1 mm of diamond), because the energy loss of the positron is neglected"
            )

    @classmethod
    def parse(cls, text: str) -> Target:
        """Read MATERIAL:THICKNESS, the thickness in mm or with a unit: `carbon:0.1mm`, `diamond:100um`.

        Parameters
        ----------
        text : str

        Returns
        -------
        Target

        Raises
        ------
        UsageError
            Not of that form, or a target that cannot be.
        """
        material, _, thickness = text.partition(":")
        number, scale = thickness.strip(), 1.0
        for unit, factor in (("um", 1e-3), ("µm", 1e-3), ("mm", 1.0), ("cm", 10.0)):
            if number.endswith(unit):
                number, scale = number[: -len(unit)], factor
                break
        try:
            return cls(material.strip(), float(number) * scale)
        except ValueError:
            raise UsageError(f"--target {text!r}; allowed: MATERIAL:THICKNESS, e.g. carbon:0.1mm") from None

    @property
    def element(self) -> str:
        """Symbol of the element."""
        return _MATERIALS[self.material][0]

    @property
    def atomic_number(self) -> int:
        """Z."""
        return _MATERIALS[self.material][1]

    @property
    def molar_mass_g(self) -> float:
        """A, g/mol."""
        return _MATERIALS[self.material][2]

    @property
    def areal_density(self) -> float:
        """Mass per area, g/cm²."""
        assert self.density_g_cm3 is not None
        return self.density_g_cm3 * self.thickness_mm * 0.1

    @property
    def atoms_per_cm2(self) -> float:
        """Atoms per area, 1/cm²: ρ d N_A/A."""
        return self.areal_density * AVOGADRO_PER_MOL / _MATERIALS[self.material][2]

    @property
    def electrons_per_cm2(self) -> float:
        """Electrons per area, 1/cm²; 1.056e22 for 0.1 mm of diamond."""
        return self.atoms_per_cm2 * self.atomic_number


def known_materials() -> tuple[str, ...]:
    """Names that `Target` takes.

    Returns
    -------
    tuple of str
    """
    return tuple(_MATERIALS)
