"""A measured magnetic moment as a bound on the coupling of a boson."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from x17.constraints.curve import Band
from x17.constraints.magnetic_moment import Lepton, moment_per_coupling_squared
from x17.theory.boson import SpinParity

FloatArray = NDArray[np.float64]


class MomentRule(StrEnum):
    """What is asked of the contribution a of a boson, Δa ± σ measured minus predicted."""

    MAGNITUDE = "magnitude"
    """|a| ≤ |Δa| + nσ, whatever the signs: the rule of limit tables, weak where the signs differ."""
    SIGNED = "signed"
    """Δa − nσ ≤ a ≤ Δa + nσ; may exclude every coupling, zero among them."""


@dataclass(frozen=True, slots=True)
class MomentMeasurement:
    """Measured minus predicted (g − 2)/2.

    Attributes
    ----------
    lepton : Lepton
    deviation, error : float
        Δa and its standard deviation.
    n_sigma : float
        n.
    rule : MomentRule
    """

    lepton: Lepton
    deviation: float
    error: float
    n_sigma: float
    rule: MomentRule

    def mass_ranges(self) -> tuple[tuple[float, float], ...]:
        """All masses: empty."""
        return ()

    def contribution_range(self) -> tuple[float, float]:
        """Smallest and largest contribution of a boson that is allowed."""
        reach = self.n_sigma * self.error
        if self.rule is MomentRule.MAGNITUDE:
            return -(abs(self.deviation) + reach), abs(self.deviation) + reach
        return self.deviation - reach, self.deviation + reach

    def bands(self, mass: FloatArray, boson: SpinParity) -> tuple[Band, ...]:
        """Excluded couplings to the lepton: those above what is allowed, and those below if zero is excluded.

        Parameters
        ----------
        mass : ndarray, shape (n,)
            MeV.
        boson : SpinParity

        Returns
        -------
        tuple of Band
            One that is open at both ends if no coupling is allowed.
        """
        per_square = moment_per_coupling_squared(mass, boson, self.lepton)
        low, high = self.contribution_range()
        # The sign of a is that of the boson, at every mass: turn the range so that a is positive.
        least, most = (low, high) if per_square.flat[0] > 0.0 else (-high, -low)
        everywhere = np.ones(mass.shape, dtype=bool)
        if most < 0.0:
            return (Band(np.zeros(mass.shape), np.full(mass.shape, np.inf), everywhere),)
        size = np.abs(per_square)
        above = Band(np.sqrt(most / size), np.full(mass.shape, np.inf), everywhere)
        if least <= 0.0:
            return (above,)
        return (Band(np.zeros(mass.shape), np.sqrt(least / size), everywhere), above)
