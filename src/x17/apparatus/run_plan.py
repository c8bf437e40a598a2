"""The run plan: at which energies the beam runs, and for how many positrons."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from x17.apparatus.quantity import Part, Positrons, Quantity, SqrtS
from x17.errors import Problem
from x17.kinematics import beam_energy_mev

Whole = Annotated[int, Quantity("", least=-(10**9), most=10**9)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Period(Part):
    """Running at one energy.

    Attributes
    ----------
    number : int
    sqrt_s_mev : float
        Centre-of-mass energy; a file may give `beam_energy_mev` instead.
    n_pot : float
        Positrons on target.
    scan_part : int
        Group of periods; negative if they are not searched.
    """

    number: Whole
    sqrt_s_mev: SqrtS
    n_pot: Positrons
    scan_part: Whole = 0

    @property
    def beam_energy_mev(self) -> float:
        """Total energy of the positrons, MeV: (s − 2 m_e²)/(2 m_e)."""
        return float(beam_energy_mev(self.sqrt_s_mev))


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPlan(Part):
    """Periods in the order of data taking.

    Attributes
    ----------
    periods : tuple of Period
        May be empty.
    """

    periods: tuple[Period, ...] = ()

    def contradictions(self) -> list[Problem]:
        """Find numbers that are given twice."""
        counts = Counter(period.number for period in self.periods)
        return [
            Problem("period given twice", None, "periods", f"number {number}")
            for number, times in counts.items()
            if times > 1
        ]

    def __len__(self) -> int:
        return len(self.periods)

    @property
    def number(self) -> NDArray[np.int64]:
        """Numbers of the periods, shape (n_periods,)."""
        return np.array([period.number for period in self.periods], dtype=np.int64)

    @property
    def scan_part(self) -> NDArray[np.int64]:
        """Groups of the periods, shape (n_periods,)."""
        return np.array([period.scan_part for period in self.periods], dtype=np.int64)

    @property
    def sqrt_s_mev(self) -> NDArray[np.float64]:
        """Centre-of-mass energies, MeV, shape (n_periods,)."""
        return np.array([period.sqrt_s_mev for period in self.periods], dtype=np.float64)

    @property
    def beam_energy_mev(self) -> NDArray[np.float64]:
        """Total energies of the positrons, MeV, shape (n_periods,)."""
        return beam_energy_mev(self.sqrt_s_mev)

    @property
    def n_pot(self) -> NDArray[np.float64]:
        """Positrons on target, shape (n_periods,)."""
        return np.array([period.n_pot for period in self.periods], dtype=np.float64)
