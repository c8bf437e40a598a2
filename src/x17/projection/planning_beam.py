"""What the beam can do: the energies its magnets can be set to, the time that positrons and a change take."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.apparatus.setup import Setup
from x17.errors import UsageError
from x17.projection.machine import Machine

FloatArray = NDArray[np.float64]

LEAST_POSITRONS = 1_000_000_000
"""Of a point: some 3500 pairs in PADME, a statistical error of 1.7 %."""

SETUP_HOURS = 5.0
"""A period of Run III is a day; 1e10 positrons are 19 h of it."""

MOST_ENERGIES = 1000

_ROUNDING = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class BeamTime:
    """Settings of a beam and their cost.

    Attributes
    ----------
    anchor_mev : float
        An energy that the magnets were set to; the others lie whole steps away.
    step_mev : float
        Between neighbouring settings.
    lowest_mev, highest_mev : float
        Energies that may be asked for.
    positrons_per_hour : float
    setup_hours : float
        To change the energy.
    least_positrons : int
        That make a point.
    energy_spread : float
        Relative Gaussian width of the energy.

    Raises
    ------
    UsageError
        A number outside its range, or no setting between the ends.
    """

    anchor_mev: float
    step_mev: float
    lowest_mev: float
    highest_mev: float
    positrons_per_hour: float
    setup_hours: float = SETUP_HOURS
    least_positrons: int = LEAST_POSITRONS
    energy_spread: float = 0.0025

    def __post_init__(self) -> None:
        if not 0.0 < self.step_mev < 100.0:
            raise UsageError(
                f"the step between settings is {self.step_mev:g} MeV; allowed: above 0, below 100"
            )
        if not 0.0 <= self.setup_hours <= 1000.0:
            raise UsageError(f"--setup-hours is {self.setup_hours:g}; allowed: 0 to 1000")
        if self.least_positrons < 1:
            raise UsageError(f"--least is {self.least_positrons}; allowed: 1 positron or more")
        steps = (self.highest_mev - self.lowest_mev) / self.step_mev
        if steps > MOST_ENERGIES:
            raise UsageError(
                f"{steps:.0f} settings between {self.lowest_mev:g} and {self.highest_mev:g} MeV; "
                f"allowed: {MOST_ENERGIES} or fewer, take a larger step or a shorter range"
            )
        if self.energies_mev.size == 0:
            raise UsageError(
                f"no setting of the magnets, {self.step_mev:g} MeV apart with one at {self.anchor_mev:.2f} "
                f"MeV, is in {self.lowest_mev:g}:{self.highest_mev:g} MeV; widen --energies"
            )

    @property
    def energies_mev(self) -> FloatArray:
        """All settings, rising, MeV."""
        low = np.ceil((self.lowest_mev - self.anchor_mev) / self.step_mev - _ROUNDING)
        high = np.floor((self.highest_mev - self.anchor_mev) / self.step_mev + _ROUNDING)
        return self.anchor_mev + self.step_mev * np.arange(low, high + 1.0)

    @property
    def warnings(self) -> tuple[str, ...]:
        """Sentences about settings that are possible and of little use."""
        spread = self.energy_spread * 0.5 * (self.lowest_mev + self.highest_mev)
        if self.step_mev >= spread:
            return ()
        return (
            f"the step between settings, {self.step_mev:g} MeV, is below the spread of the beam, "
            f"{spread:.2f} MeV: neighbouring settings see nearly the same line",
        )

    def hours(self, positrons: float, *, change: bool) -> float:
        """Time for one point.

        Parameters
        ----------
        positrons : float
        change : bool
            Whether the energy is another one than before.

        Returns
        -------
        float
        """
        return positrons / self.positrons_per_hour + (self.setup_hours if change else 0.0)

    def shares(self, positrons: float, steps: int) -> tuple[int, ...]:
        """Share positrons among points, in whole positrons and as evenly as that allows.

        Parameters
        ----------
        positrons : float
            Left; a fraction of one is given up.
        steps : int

        Returns
        -------
        tuple of int
            Of length `steps`; their sum is the whole number below `positrons`.

        Raises
        ------
        UsageError
            No points, or fewer positrons than they need.
        """
        if not 1 <= steps <= MOST_ENERGIES:
            raise UsageError(f"--steps is {steps}; allowed: 1 to {MOST_ENERGIES} points")
        if not 0.0 < positrons < 1e18:
            raise UsageError(f"--positrons is {positrons:g}; allowed: above 0, below 1e18")
        whole = int(positrons)
        if whole // steps < self.least_positrons:
            most = whole // self.least_positrons
            advice = f"take --steps {most} or fewer" if most else "collect more, or lower --least"
            raise UsageError(
                f"--positrons {positrons:g} in {steps} points is {positrons / steps:.3g} for each; "
                f"a point needs {self.least_positrons:.3g}: {advice}"
            )
        each, rest = divmod(whole, steps)
        return tuple(each + (k < rest) for k in range(steps))


def beam_time(
    setup: Setup,
    anchor_mev: float,
    energies_mev: tuple[float, float],
    *,
    share_of_step: float = 0.5,
    setup_hours: float = SETUP_HOURS,
    least_positrons: int = LEAST_POSITRONS,
) -> BeamTime:
    """Settings of the beam of an apparatus.

    Parameters
    ----------
    setup : Setup
    anchor_mev : float
        An energy that the magnets were set to.
    energies_mev : (float, float)
        Lowest and highest energy that may be asked for.
    share_of_step : float
        0.5 for settings half a step of the dipole apart, as two interleaved scans have them.
    setup_hours : float
    least_positrons : int

    Returns
    -------
    BeamTime

    Raises
    ------
    UsageError
        Energies that the machine does not have.
    """
    beam, machine = setup.beam, Machine.of_setup(setup)
    low, high = energies_mev
    if not low <= high:
        raise UsageError(f"--energies is {low:g}:{high:g}; allowed: LO ≤ HI, MeV")
    machine.refuse_unreachable([low, high], "--energies")
    return BeamTime(
        anchor_mev=anchor_mev,
        step_mev=share_of_step * beam.energy_step_mev,
        lowest_mev=low,
        highest_mev=high,
        positrons_per_hour=3600.0 * machine.positrons_per_s,
        setup_hours=setup_hours,
        least_positrons=least_positrons,
        energy_spread=machine.energy_spread,
    )
