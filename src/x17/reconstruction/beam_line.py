"""The beam as the analysis knows it: where it hits the target, and where it would hit the calorimeter."""

from __future__ import annotations

from dataclasses import dataclass

from x17.apparatus.setup import Setup


@dataclass(frozen=True, slots=True, kw_only=True)
class BeamLine:
    """A straight line from the spot at the target to the centre of gravity at the calorimeter, of one run.

    Attributes
    ----------
    target_x_mm, target_y_mm : float
        Centre of the spot at the target.
    target_z_mm : float
    cog_x_mm, cog_y_mm : float
        Centre of gravity of the energy of pairs at the calorimeter.
    cog_z_mm : float
        Plane of the centre of gravity.
    """

    target_x_mm: float
    target_y_mm: float
    target_z_mm: float
    cog_x_mm: float
    cog_y_mm: float
    cog_z_mm: float

    @classmethod
    def nominal(cls, setup: Setup) -> BeamLine:
        """The line that the setup describes, down to the front face of the calorimeter.

        Parameters
        ----------
        setup : Setup

        Returns
        -------
        BeamLine
        """
        z = setup.calorimeter.front_face_z_mm
        x, y = setup.beam_axis_mm(z)
        return cls(
            target_x_mm=setup.beam.center_x_mm,
            target_y_mm=setup.beam.center_y_mm,
            target_z_mm=setup.target.z_mm,
            cog_x_mm=float(x),
            cog_y_mm=float(y),
            cog_z_mm=z,
        )

    @property
    def slopes(self) -> tuple[float, float]:
        """dx/dz and dy/dz."""
        length = self.cog_z_mm - self.target_z_mm
        return (self.cog_x_mm - self.target_x_mm) / length, (self.cog_y_mm - self.target_y_mm) / length

    def at(self, z_mm: float) -> tuple[float, float]:
        """Where the line crosses a plane.

        Parameters
        ----------
        z_mm : float

        Returns
        -------
        x, y : float
            mm.
        """
        slope_x, slope_y = self.slopes
        path = z_mm - self.target_z_mm
        return self.target_x_mm + slope_x * path, self.target_y_mm + slope_y * path
