"""The target: a thin slab that measures the beam with strips."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from x17.apparatus.quantity import Count, Length, Part, Position, Quantity
from x17.errors import Problem, UsageError
from x17.theory.target import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class ActiveTarget(Part):
    """A square target with strips along x on one face and along y on the other.

    Attributes
    ----------
    z_mm : float
        Front face.
    material : str
        As `x17.theory.target` knows it.
    density_g_cm3 : float
    thickness_mm : float
    side_mm : float
        Of the square.
    n_strips : int
        In each of x and y.
    strip_pitch_mm, strip_width_mm : float
    charge_collection_um : float
        Distance over which charge is collected.
    pairs_per_um : float
        Electron-hole pairs that a positron makes per length.
    """

    z_mm: Position
    material: str
    density_g_cm3: Annotated[float, Quantity("g/cm³", above=0.0, most=30.0)]
    thickness_mm: Length = 0.1
    side_mm: Length = 20.0
    n_strips: Count = 16
    strip_pitch_mm: Length = 1.0
    strip_width_mm: Length = 0.85
    charge_collection_um: Annotated[float, Quantity("µm", above=0.0, most=1e5)] = 12.0
    pairs_per_um: Annotated[float, Quantity("1/µm", above=0.0, most=1e4)] = 36.0

    def contradictions(self) -> list[Problem]:
        """Find an unknown or too thick slab, and strips that overlap or stand out."""
        problems = []
        try:
            self.slab  # noqa: B018  (the theory's own check of a target)
        except UsageError as error:
            problems.append(Problem(str(error), None, "material"))
        if self.strip_width_mm > self.strip_pitch_mm:
            allowed = f"at most strip_pitch_mm = {self.strip_pitch_mm:g}"
            problems.append(
                Problem("strips overlap", None, "strip_width_mm", f"{self.strip_width_mm:g}", allowed)
            )
        if self.n_strips * self.strip_pitch_mm > self.side_mm:
            allowed = f"at most side_mm / strip_pitch_mm = {self.side_mm / self.strip_pitch_mm:g}"
            problems.append(
                Problem("strips wider than the target", None, "n_strips", str(self.n_strips), allowed)
            )
        return problems

    @property
    def slab(self) -> Target:
        """The target as the theory sees it: material, thickness, density."""
        return Target(self.material, self.thickness_mm, self.density_g_cm3)
