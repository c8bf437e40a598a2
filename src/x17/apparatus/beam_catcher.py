"""The beam catcher: lead glass that counts the positrons of a bunch by their charge."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated

import numpy as np
from numpy.typing import ArrayLike

from x17.apparatus.cell_map import FloatArray
from x17.apparatus.quantity import BeamEnergy, Factor, Fraction, Length, Part, Position, Positrons, Quantity
from x17.errors import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class BeamCatcher(Part):
    """A block of lead glass on the beam axis, behind the calorimeter.

    Attributes
    ----------
    z_mm : float
        Front face.
    length_mm, front_width_mm, front_height_mm, back_width_mm, back_height_mm : float
        A block that may widen towards the back.
    density_g_cm3 : float
    charge_per_positron_pc : float
        At `reference_energy_mev`, pC.
    charge_per_positron_err : float
        Its relative uncertainty, common to all runs.
    reference_energy_mev : float
    min_positrons : float
        Bunches with fewer are left out.
    leakage_reference : float
        Leakage factor at which the charge per positron holds.
    leakage_err : float
        Relative uncertainty of the leakage factor.
    ageing_slope, ageing_slope_err : float
        Relative change of the response over all positrons of the run.
    impact_y_mm, impact_response : tuple of float
        Relative response against the height of the impact, straight lines between the points, 0 outside.
    impact_scale, impact_scale_err : float
        Measured over simulated response near the centre.
    """

    z_mm: Position
    length_mm: Length = 370.0
    front_width_mm: Length = 97.3
    front_height_mm: Length = 97.7
    back_width_mm: Length = 109.8
    back_height_mm: Length = 110.0
    density_g_cm3: Annotated[float, Quantity("g/cm³", above=0.0, most=30.0)] = 5.57
    charge_per_positron_pc: Annotated[float, Quantity("pC", above=0.0, most=1e6)] = 0.239
    charge_per_positron_err: Fraction = 0.02
    reference_energy_mev: BeamEnergy = 402.5
    min_positrons: Positrons = 250.0
    leakage_reference: Factor = 0.922
    leakage_err: Fraction = 0.005
    ageing_slope: Annotated[float, Quantity("", least=-1.0, most=1.0)] = 0.097
    ageing_slope_err: Fraction = 0.007
    impact_y_mm: tuple[Position, ...] = ()
    impact_response: tuple[Annotated[float, Quantity("", least=0.0, most=10.0)], ...] = ()
    impact_scale: Factor = 1.0
    impact_scale_err: Fraction = 0.0

    def contradictions(self) -> list[Problem]:
        """Find a response table whose columns differ in length or whose heights do not rise."""
        problems = []
        if len(self.impact_y_mm) != len(self.impact_response):
            value, allowed = f"{len(self.impact_response)} values", f"{len(self.impact_y_mm)} as impact_y_mm"
            problems.append(Problem("tables differ in length", None, "impact_response", value, allowed))
        for low, high in pairwise(self.impact_y_mm):
            if low >= high:
                allowed = f"above {low:g}, the height before it"
                problems.append(Problem("not sorted", None, "impact_y_mm", f"{high:g}", allowed))
        return problems

    def response_at(self, y_mm: ArrayLike) -> FloatArray:
        """Relative response at the height of an impact; 1 everywhere without a table.

        Parameters
        ----------
        y_mm : array_like

        Returns
        -------
        ndarray
            Interpolated linearly, 0 outside the table.
        """
        y = np.asarray(y_mm, dtype=np.float64)
        if not self.impact_y_mm:
            return np.ones_like(y)
        return np.interp(y, self.impact_y_mm, self.impact_response, left=0.0, right=0.0)

    def charge_pc(self, positrons: ArrayLike, beam_energy_mev: ArrayLike) -> FloatArray:
        """Charge of a bunch: positrons · charge per positron · E/E_ref.

        Parameters
        ----------
        positrons, beam_energy_mev : array_like
            They broadcast.

        Returns
        -------
        ndarray
            pC.
        """
        scale = np.asarray(beam_energy_mev, dtype=np.float64) / self.reference_energy_mev
        return np.asarray(np.asarray(positrons, dtype=np.float64) * self.charge_per_positron_pc * scale)

    def positrons(self, charge_pc: ArrayLike, beam_energy_mev: ArrayLike) -> FloatArray:
        """Positrons of a bunch from its charge; the inverse of `charge_pc`.

        Parameters
        ----------
        charge_pc, beam_energy_mev : array_like
            They broadcast.

        Returns
        -------
        ndarray
        """
        return np.asarray(np.asarray(charge_pc, dtype=np.float64) / self.charge_pc(1.0, beam_energy_mev))
