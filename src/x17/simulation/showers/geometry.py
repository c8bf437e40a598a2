"""The block of crystals in which the showers are made."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CrystalBlock:
    """A square block of painted crystals with sheets of Tedlar between them; the defaults are PADME's.

    Attributes
    ----------
    crystal_mm, length_mm : float
        Width and length of a crystal of BGO.
    paint_mm : float
        Thickness of the paint on every face.
    gap_mm, sheet_mm : float
        Distance between two painted crystals, and the sheet of Tedlar in the middle of it; the rest is air.
    cells : int
        Crystals along each side, odd.
    """

    crystal_mm: float = 21.0
    length_mm: float = 230.0
    paint_mm: float = 0.115
    gap_mm: float = 0.120
    sheet_mm: float = 0.050
    cells: int = 11

    @property
    def pitch_mm(self) -> float:
        """Distance between the centres of neighbouring crystals."""
        return self.crystal_mm + 2.0 * self.paint_mm + self.gap_mm


REFERENCE_DEPTH_MM = 45.0
"""Depth in the crystals at which the axis of a shower is compared with the cells; the mean depth of the
energy of showers of 100 to 300 MeV is 37 to 61 mm."""

DEPTH_SPREAD_MM = 30.0
"""Spread of the deposited energy in depth."""
