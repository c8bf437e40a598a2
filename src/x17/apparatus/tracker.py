"""The tracker of charged particles: a gas detector in front of the calorimeter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from numpy.typing import ArrayLike

from x17.apparatus.cell_map import BoolArray
from x17.apparatus.quantity import Duration, Fraction, Length, Part, Position, Quantity, Time, Width
from x17.errors import Problem

Slope = Annotated[float, Quantity("mrad", least=0.0, most=1e3)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracker(Part):
    """A plane that measures place and direction of charged particles; takes the place of the tagger.

    PADME installed one of micromegas for its Run IV; its numbers are not public: the defaults are stand-ins.

    Attributes
    ----------
    gap_to_calorimeter_mm : float
        From the middle of the tracker to the front face of the calorimeter.
    width_mm, height_mm : float
        Of the part that sees particles.
    offset_x_mm, offset_y_mm : float
        Of its middle.
    hole_side_mm : float
        Side of the square in its middle that sees nothing, for the beam.
    charged_efficiency : float
        Share of the charged particles whose track is found.
    radiation_lengths : float
        Of what stands before and in the tracker: where photons convert.
    position_resolution_mm, angle_resolution_mrad, time_resolution_ns : float
        Gaussian errors of a track, in each of x and y.
    match_distance_mm, match_angle_mrad, match_time_ns : float
        Largest distance between a track, taken on to the depth of clusters, and a cluster; between its slope
        and the line from the target to the cluster, in each of x and y; between their times.
    """

    gap_to_calorimeter_mm: Width = 60.0
    width_mm: Length = 700.0
    height_mm: Length = 700.0
    offset_x_mm: Position = 0.0
    offset_y_mm: Position = 0.0
    hole_side_mm: Width = 90.0
    charged_efficiency: Fraction = 0.98
    radiation_lengths: Fraction = 0.005
    position_resolution_mm: Width = 0.5
    angle_resolution_mrad: Slope = 5.0
    time_resolution_ns: Time = 5.0
    match_distance_mm: Length = 30.0
    match_angle_mrad: Slope = 25.0
    match_time_ns: Duration = 20.0

    def contradictions(self) -> list[Problem]:
        """Find a hole that leaves nothing of the tracker."""
        smaller = min(self.width_mm, self.height_mm)
        if self.hole_side_mm < smaller:
            return []
        return [
            Problem("hole too large", None, "hole_side_mm", f"{self.hole_side_mm:g}", f"below {smaller:g}")
        ]

    def covers(self, x_mm: ArrayLike, y_mm: ArrayLike) -> BoolArray:
        """Whether places lie on the part that sees particles.

        Parameters
        ----------
        x_mm, y_mm : array_like

        Returns
        -------
        ndarray of bool
        """
        x = np.abs(np.asarray(x_mm, dtype=np.float64) - self.offset_x_mm)
        y = np.abs(np.asarray(y_mm, dtype=np.float64) - self.offset_y_mm)
        inside = (x <= 0.5 * self.width_mm) & (y <= 0.5 * self.height_mm)
        return np.asarray(inside & (np.maximum(x, y) >= 0.5 * self.hole_side_mm))
