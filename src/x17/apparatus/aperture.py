"""What lies between target and calorimeter: the bore of the magnet and the exit window."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from x17.apparatus.cell_map import BoolArray
from x17.apparatus.quantity import Length, Part, Position, Width
from x17.errors import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Aperture(Part):
    """A rectangular bore about the axis, and a window at the end of the vacuum.

    Attributes
    ----------
    bore_width_mm, bore_height_mm : float
        Inner size of the vacuum chamber in the magnet, x and y.
    bore_z_min_mm, bore_z_max_mm : float
        Its ends.
    window_z_mm : float
        Exit window.
    window_radius_mm : float
        Of its rim.
    window_sagitta_mm : float
        How far the spherical cap stands out; 0 for a flat one.
    window_thickness_mm : float
    window_material : str
    flange_outer_radius_mm, flange_thickness_mm : float
        Metal ring around the window.
    """

    bore_width_mm: Length
    bore_height_mm: Length
    bore_z_min_mm: Position
    bore_z_max_mm: Position
    window_z_mm: Position = 2300.0
    window_radius_mm: Length = 326.0
    window_sagitta_mm: Width = 29.0
    window_thickness_mm: Width = 2.5
    window_material: str = "carbon"
    flange_outer_radius_mm: Length = 375.0
    flange_thickness_mm: Width = 23.0

    def contradictions(self) -> list[Problem]:
        """Find a bore or a window the wrong way round."""
        problems = []
        for low, high in (
            ("bore_z_min_mm", "bore_z_max_mm"),
            ("bore_z_max_mm", "window_z_mm"),
            ("window_radius_mm", "flange_outer_radius_mm"),
        ):
            if getattr(self, low) >= getattr(self, high):
                allowed = f"above {low} = {getattr(self, low):g}"
                problems.append(Problem("too small", None, high, f"{getattr(self, high):g}", allowed))
        return problems


def inside_bore(
    aperture: Aperture,
    x_mm: ArrayLike,
    y_mm: ArrayLike,
    z_mm: ArrayLike,
    slope_x: ArrayLike,
    slope_y: ArrayLike,
) -> BoolArray:
    """Whether straight tracks pass the bore.

    A track at (x, y, z) with slopes dx/dz and dy/dz is at x + (z' − z) dx/dz at z'. It is inside between
    two planes if it is inside at both of them, because a rectangle is convex; the part of the bore behind
    the start does not count.

    Parameters
    ----------
    aperture : Aperture
    x_mm, y_mm : array_like
        Start of the tracks; these and the slopes broadcast.
    z_mm : array_like
        z of the start.
    slope_x, slope_y : array_like
        dx/dz and dy/dz.

    Returns
    -------
    ndarray of bool
    """
    x, y, z = (np.asarray(a, dtype=np.float64) for a in (x_mm, y_mm, z_mm))
    shapes = (x.shape, y.shape, z.shape, np.shape(slope_x), np.shape(slope_y))
    inside = np.ones(np.broadcast_shapes(*shapes), np.bool_)
    for end in (aperture.bore_z_min_mm, aperture.bore_z_max_mm):
        path = np.maximum(end - z, 0.0)
        inside &= np.abs(x + path * np.asarray(slope_x)) < 0.5 * aperture.bore_width_mm
        inside &= np.abs(y + path * np.asarray(slope_y)) < 0.5 * aperture.bore_height_mm
    return np.asarray(inside | (z > aperture.bore_z_max_mm))
