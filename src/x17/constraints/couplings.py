"""How a boson couples to other fermions than electrons, which decides which bounds say something of g_ve."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from x17.errors import UsageError


class Probe(StrEnum):
    """The coupling that a measurement bounds."""

    ELECTRONS = "electrons"
    PROTONS = "protons"
    """ε_p = 2ε_u + ε_d, through π⁰ → γX."""
    MUONS = "muons"


@dataclass(frozen=True, slots=True)
class CouplingRatios:
    """Couplings to other fermions over that to electrons, g_ve.

    Attributes
    ----------
    protons : float
        (2ε_u + ε_d)/ε_e; 0 is a protophobic boson, ±1 one that couples as a dark photon does.
    muons : float
        g_µ/g_ve; 0 if nothing is assumed of muons.

    Raises
    ------
    UsageError
        A ratio that is not finite.
    """

    protons: float = 0.0
    muons: float = 0.0

    def __post_init__(self) -> None:
        for name, value in (("protons", self.protons), ("muons", self.muons)):
            if not math.isfinite(value):
                raise UsageError(f"the coupling to {name} over that to electrons is {value}; allowed: finite")

    def of(self, probe: Probe) -> float:
        """Size of the probed coupling over g_ve.

        Parameters
        ----------
        probe : Probe

        Returns
        -------
        float
            0 or above; 0 if the measurement then says nothing of g_ve.
        """
        if probe is Probe.ELECTRONS:
            return 1.0
        return abs(self.protons if probe is Probe.PROTONS else self.muons)
