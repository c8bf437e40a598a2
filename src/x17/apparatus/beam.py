"""The positron beam where it meets the target."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Annotated

from x17.apparatus.quantity import (
    BeamEnergy,
    Duration,
    Energy,
    Field,
    Fraction,
    Length,
    Part,
    Position,
    Positrons,
    Quantity,
    Width,
)
from x17.errors import Problem

_SECONDS_PER_HOUR = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Beam(Part):
    """A pulsed positron beam.

    Attributes
    ----------
    energy_mev : float
        Total energy for which the setup is described; a run plan has its own.
    lowest_energy_mev, highest_energy_mev : float or None
        Energies that the machine can deliver; None if the setup does not say.
    energy_spread, energy_spread_err : float
        Relative Gaussian spread of the energy within a bunch, and its uncertainty.
    energy_scale_err : float
        Relative uncertainty of the energy that all settings have in common.
    energy_step_mev : float
        Between neighbouring settings of the first dipole.
    dipole_field_t : float
        Field of the first dipole at `energy_mev`, T.
    collimators_mm : tuple of float
        Openings of the collimators at which `energy_spread` holds.
    spot_sigma_x_mm, spot_sigma_y_mm : float
        Gaussian widths at the target.
    divergence_mrad : float
        Gaussian width of the angle to the axis, in each of x and y.
    center_x_mm, center_y_mm : float
        Centre of the spot.
    tilt_x_mrad, tilt_y_mrad : float
        Mean slopes dx/dz and dy/dz.
    positrons_per_bunch : float
        Mean; the number in a bunch is Poisson distributed.
    bunch_length_ns : float
    micro_bunch_on_ns, micro_bunch_period_ns : float
        A bunch is a train of micro-bunches.
    repetition_rate_hz : float
    """

    energy_mev: BeamEnergy
    energy_spread: Fraction = 0.0025
    energy_spread_err: Fraction = 0.0005
    energy_scale_err: Fraction = 0.005
    energy_step_mev: Energy = 1.5
    dipole_field_t: Field = -0.5308
    collimators_mm: tuple[Length, ...] = (1.74, 4.2, 1.9, 5.0)
    spot_sigma_x_mm: Width = 1.0
    spot_sigma_y_mm: Width = 1.0
    divergence_mrad: Annotated[float, Quantity("mrad", least=0.0, most=100.0)] = 1.0
    center_x_mm: Position = 0.0
    center_y_mm: Position = 0.0
    tilt_x_mrad: Annotated[float, Quantity("mrad", least=-100.0, most=100.0)] = 0.0
    tilt_y_mrad: Annotated[float, Quantity("mrad", least=-100.0, most=100.0)] = 0.0
    positrons_per_bunch: Positrons = 3000.0
    bunch_length_ns: Duration = 250.0
    micro_bunch_on_ns: Duration = 0.15
    micro_bunch_period_ns: Duration = 0.5
    repetition_rate_hz: Annotated[float, Quantity("Hz", above=0.0, most=1e9)] = 49.0
    lowest_energy_mev: BeamEnergy | None = None
    highest_energy_mev: BeamEnergy | None = None

    def contradictions(self) -> list[Problem]:
        """Find a micro-bunch longer than its period, one longer than the bunch, or an energy out of reach."""
        problems = []
        low, high = self.lowest_energy_mev or 0.0, self.highest_energy_mev or math.inf
        if not low <= self.energy_mev <= high:
            allowed = f"lowest_energy_mev to highest_energy_mev = {low:g} to {high:g}"
            problems.append(
                Problem("not an energy of the machine", None, "energy_mev", f"{self.energy_mev:g}", allowed)
            )
        for short, long in (
            ("micro_bunch_on_ns", "micro_bunch_period_ns"),
            ("micro_bunch_period_ns", "bunch_length_ns"),
        ):
            if getattr(self, short) > getattr(self, long):
                allowed = f"at most {long} = {getattr(self, long):g}"
                problems.append(Problem("too long", None, short, f"{getattr(self, short):g}", allowed))
        return problems

    @property
    def energy_sigma_mev(self) -> float:
        """Gaussian width of the energy: spread times energy, MeV."""
        return self.energy_spread * self.energy_mev

    @property
    def positrons_per_s(self) -> float:
        """Mean rate: positrons per bunch times repetition rate, 1/s."""
        return self.positrons_per_bunch * self.repetition_rate_hz

    def hours_for(self, n_pot: float) -> float:
        """Beam time in which a number of positrons arrives, h.

        Parameters
        ----------
        n_pot : float

        Returns
        -------
        float
        """
        return n_pot / self.positrons_per_s / _SECONDS_PER_HOUR

    def dipole_field_at(self, energy_mev: float) -> float:
        """Field of the first dipole that selects an energy, T: proportional to it, on the same orbit.

        Parameters
        ----------
        energy_mev : float

        Returns
        -------
        float
        """
        return self.dipole_field_t * energy_mev / self.energy_mev

    def energy_spread_at(self, opening: float) -> float:
        """Relative energy spread with all collimators opened by a factor.

        The momentum band that passes is proportional to the opening.

        Parameters
        ----------
        opening : float
            Opening relative to `collimators_mm`.

        Returns
        -------
        float
        """
        return self.energy_spread * opening
