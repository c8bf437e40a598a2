"""What the accelerator can deliver: a range of energies, a step, a spread and a rate."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from x17.apparatus.beam import Beam
from x17.apparatus.setup import Setup
from x17.errors import UsageError

_SECONDS_PER_HOUR = 3600.0
_ROUNDING = 1e-5
"""Of energies from √s, with one electron mass or the other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """Limits of a positron beam; the defaults are those of the linac of PADME.

    Positrons of 200 to 500 MeV, 49 bunches a second of about 3000 (the collaboration's talk on Run III).

    Attributes
    ----------
    lowest_energy_mev, highest_energy_mev : float
        Total energies that the beam can have, MeV.
    energy_step_mev : float
        Smallest change of the energy, MeV: a stand-in, half of what Run III used between its two scans.
    energy_spread : float
        Relative Gaussian spread of the energy within a bunch.
    positrons_per_s : float
        Mean rate on target.
    """

    lowest_energy_mev: float = 200.0
    highest_energy_mev: float = 500.0
    energy_step_mev: float = 0.375
    energy_spread: float = 0.0025
    positrons_per_s: float = 3000.0 * 49.0

    @classmethod
    def of_beam(cls, beam: Beam) -> Machine:
        """The machine with the energies, the spread and the rate of a setup's beam.

        Parameters
        ----------
        beam : Beam
            If it does not say its energies, they are those of PADME's linac, or its one energy outside them.

        Returns
        -------
        Machine
        """
        made = cls(energy_spread=beam.energy_spread, positrons_per_s=beam.positrons_per_s)
        return replace(
            made.with_energies([beam.energy_mev]),
            **{
                name: value
                for name in ("lowest_energy_mev", "highest_energy_mev")
                if (value := getattr(beam, name)) is not None
            },
        )

    @classmethod
    def of_setup(cls, setup: Setup) -> Machine:
        """The machine of a setup; what its run plan asks for it can do.

        Parameters
        ----------
        setup : Setup

        Returns
        -------
        Machine
        """
        machine = cls.of_beam(setup.beam)
        if setup.beam.lowest_energy_mev is None and setup.beam.highest_energy_mev is None:
            return machine.with_energies(setup.run_plan.beam_energy_mev)
        return machine

    def with_energies(self, beam_energies_mev: ArrayLike) -> Machine:
        """The same, or for energies of another machine one that has those and no more.

        Parameters
        ----------
        beam_energies_mev : array_like
            Energies that were run, or are planned, MeV.

        Returns
        -------
        Machine
        """
        energies = np.asarray(beam_energies_mev, dtype=np.float64).ravel()
        reachable = (energies >= self.lowest_energy_mev) & (energies <= self.highest_energy_mev)
        if reachable.all():
            return self
        return replace(
            self,
            lowest_energy_mev=float(energies.min()) * (1.0 - _ROUNDING),
            highest_energy_mev=float(energies.max()) * (1.0 + _ROUNDING),
        )

    def hours_for(self, n_pot: ArrayLike) -> NDArray[np.float64]:
        """Beam time in which positrons arrive, h: 1e10 take 19 h.

        Parameters
        ----------
        n_pot : array_like

        Returns
        -------
        ndarray
        """
        return np.asarray(n_pot, dtype=np.float64) / self.positrons_per_s / _SECONDS_PER_HOUR

    def refuse_unreachable(self, beam_energies_mev: ArrayLike, option: str) -> None:
        """Refuse energies that the beam cannot have.

        Parameters
        ----------
        beam_energies_mev : array_like
            MeV.
        option : str
            Where they come from, for the message.

        Raises
        ------
        UsageError
            An energy outside the range of the machine.
        """
        energies = np.atleast_1d(np.asarray(beam_energies_mev, dtype=np.float64))
        outside = energies[(energies < self.lowest_energy_mev) | (energies > self.highest_energy_mev)]
        if outside.size:
            raise UsageError(
                f"{option}: the beam cannot have {outside[0]:g} MeV; allowed: positrons of "
                f"{self.lowest_energy_mev:g} to {self.highest_energy_mev:g} MeV; choose energies inside, "
                "or name the setup with the machine that has them"
            )
