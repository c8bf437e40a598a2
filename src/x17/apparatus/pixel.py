"""The pixel detector on the beam axis, which measures the spot."""

from __future__ import annotations

from dataclasses import dataclass

from x17.apparatus.quantity import Count, Length, Part, Position
from x17.errors import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Pixel(Part):
    """An array of pixel chips.

    Attributes
    ----------
    z_mm : float
    n_columns, n_rows : int
        Chips along x and y.
    pixels_per_side : int
        Of a chip.
    pixel_mm : float
        Side of a pixel.
    chip_step_mm : float
        From chip to chip.
    thickness_mm : float
        Of the silicon.
    """

    z_mm: Position
    n_columns: Count = 6
    n_rows: Count = 2
    pixels_per_side: Count = 256
    pixel_mm: Length = 0.055
    chip_step_mm: Length = 14.238
    thickness_mm: Length = 0.3

    def contradictions(self) -> list[Problem]:
        """Find chips that overlap."""
        chip = self.pixels_per_side * self.pixel_mm
        if self.chip_step_mm >= chip:
            return []
        allowed = f"at least pixels_per_side · pixel_mm = {chip:g}"
        return [Problem("chips overlap", None, "chip_step_mm", f"{self.chip_step_mm:g}", allowed)]
