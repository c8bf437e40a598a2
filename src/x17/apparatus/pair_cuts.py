"""The cuts on a pair of clusters that belong to the geometry of the apparatus."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
from numpy.typing import ArrayLike

from x17.apparatus.cell_map import BoolArray
from x17.apparatus.quantity import Duration, Length, Part, Quantity, Width

AppliesTo = Literal["first", "both"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PairCuts(Part):
    """Radii, azimuth, energies, time and distance; the angles in the centre of mass are not among them.

    Attributes
    ----------
    r_max_mm : float
        Largest radius about the beam axis at the calorimeter.
    r_max_applies_to : {"first", "both"}
        The clusters it is asked of; the other needs R > R_min − margin only.
    plane_depth_mm : float
        Depth behind the front face of the plane in which radii are compared with R_min and R_max.
    cluster_depth_mm : float
        Depth behind the front face that is given to a cluster when angles are made from its position.
    margin_cells, margin_cell_mm : float
        R_min is lowered by margin_cells · margin_cell_mm.
    azimuth_half_width_rad : float
        Both clusters lie within this angle of the horizontal; π/2 for no cut.
    e_min_factor, e_max_factor : float
        Both energies lie between e_min_factor · E_min and E_max / e_max_factor.
    time_window_ns : float
        Largest |Δt|.
    min_separation_mm : float
        Least distance of the two clusters.
    """

    r_max_mm: Length = 270.0
    r_max_applies_to: AppliesTo = "first"
    plane_depth_mm: Width = 0.0
    cluster_depth_mm: Width = 71.55
    margin_cells: Annotated[float, Quantity("", least=0.0, most=100.0)] = 1.5
    margin_cell_mm: Length = 21.12
    azimuth_half_width_rad: Annotated[float, Quantity("rad", above=0.0, most=0.5 * np.pi)] = 0.7
    e_min_factor: Annotated[float, Quantity("", least=0.0, most=1.0)] = 0.4
    e_max_factor: Annotated[float, Quantity("", above=0.0, most=1.0)] = 0.7
    time_window_ns: Duration = 5.0
    min_separation_mm: Width = 60.0

    @property
    def margin_mm(self) -> float:
        """By which R_min is lowered, mm."""
        return self.margin_cells * self.margin_cell_mm

    def inside_wedge(self, azimuth_rad: ArrayLike) -> BoolArray:
        """Whether azimuths lie in the wedge: |sin φ| ≤ sin(half width).

        Parameters
        ----------
        azimuth_rad : array_like
            Any real angle, rad; 0 and π are horizontal.

        Returns
        -------
        ndarray of bool
        """
        return np.asarray(np.abs(np.sin(azimuth_rad)) <= np.sin(self.azimuth_half_width_rad))
