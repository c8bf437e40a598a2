"""The magnetic field between target and calorimeter."""

from __future__ import annotations

from dataclasses import dataclass

from x17.apparatus.quantity import Field, Part, Position
from x17.errors import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidualField(Part):
    """A uniform transverse field over a range of z, none elsewhere.

    Attributes
    ----------
    bx_t, by_t : float
    z_min_mm, z_max_mm : float
    dipole_on : bool
        Whether the field is that of the powered dipole, and not what is left of it.
    """

    bx_t: Field = 0.0
    by_t: Field = 0.0
    z_min_mm: Position = -490.0
    z_max_mm: Position = 508.8
    dipole_on: bool = False

    def contradictions(self) -> list[Problem]:
        """Find an empty range of z."""
        if self.z_min_mm < self.z_max_mm:
            return []
        allowed = f"above z_min_mm = {self.z_min_mm:g}"
        return [Problem("range is empty", None, "z_max_mm", f"{self.z_max_mm:g}", allowed)]
