"""A bound: what an experiment excludes, for which bosons, under which assumptions, and where it was read."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.constraints.couplings import CouplingRatios, Probe
from x17.constraints.curve import Band, Curve, Curves
from x17.constraints.intervals import Excluded
from x17.constraints.moment_measurement import MomentMeasurement
from x17.theory.boson import SpinParity

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Statement:
    """A result that excludes a model without being a limit on g_ve.

    Attributes
    ----------
    low_mev, high_mev : float
        Masses it holds for.
    excludes : str
        What it excludes.
    """

    low_mev: float
    high_mev: float
    excludes: str

    def mass_ranges(self) -> tuple[tuple[float, float], ...]:
        """The masses it holds for."""
        return ((self.low_mev, self.high_mev),)

    def bands(self, mass: FloatArray, boson: SpinParity) -> tuple[Band, ...]:
        """None: it says nothing of g_ve.

        Parameters
        ----------
        mass : ndarray, shape (n,)
        boson : SpinParity

        Returns
        -------
        tuple of Band
        """
        del mass, boson
        return ()


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Bound:
    """What one experiment says.

    Attributes
    ----------
    key : str
        Short name, as options take it.
    label : str
        Name in figures and tables.
    reference : str
        Citation.
    confidence : str
        Confidence level or number of standard deviations, as published.
    spin_parities : tuple of SpinParity
        Bosons it holds for.
    probe : Probe
        The coupling it bounds.
    rule : Curve, Curves, MomentMeasurement or Statement
        What it excludes, in the probed coupling as g.
    read_at_source : bool
        Whether the numbers were read in the publication itself.
    origin : str
        Where they were read.
    assumptions : str
        What must hold for the bound to hold.
    note : str
        Anything else.
    used : bool
        Whether it counts unless asked for.
    why_not : str
        Why it does not.
    own : bool
        Whether it is a limit of ours, from a search.
    """

    key: str
    label: str
    reference: str
    confidence: str
    spin_parities: tuple[SpinParity, ...]
    rule: Curve | Curves | MomentMeasurement | Statement
    probe: Probe = Probe.ELECTRONS
    read_at_source: bool = False
    origin: str = ""
    assumptions: str = ""
    note: str = ""
    used: bool = True
    why_not: str = ""
    own: bool = False

    def covers(self, mass: float) -> bool:
        """Whether it says anything at a mass.

        Parameters
        ----------
        mass : float
            MeV.

        Returns
        -------
        bool
        """
        ranges = self.rule.mass_ranges()
        return not ranges or any(low - 1e-9 <= mass <= high + 1e-9 for low, high in ranges)

    def silence(self, mass: float, boson: SpinParity, ratios: CouplingRatios) -> str:
        """Why it says nothing of g_ve of a boson.

        Parameters
        ----------
        mass : float
            MeV.
        boson : SpinParity
        ratios : CouplingRatios

        Returns
        -------
        str
            Empty if it does say something.
        """
        if boson not in self.spin_parities:
            return f"holds for {', '.join(self.spin_parities)} only"
        if not self.covers(mass):
            ranges = ", ".join(_range_text(low, high) for low, high in self.rule.mass_ranges())
            return f"known at {ranges} MeV only"
        if isinstance(self.rule, Statement):
            return f"no limit on g_ve: {self.rule.excludes}"
        if ratios.of(self.probe) == 0.0:
            return f"bounds the coupling to {self.probe.value}, taken as zero"
        return ""

    def bands(self, mass: FloatArray, boson: SpinParity, ratios: CouplingRatios) -> tuple[Band, ...]:
        """Excluded g_ve.

        Parameters
        ----------
        mass : ndarray, shape (n,)
            MeV.
        boson : SpinParity
        ratios : CouplingRatios

        Returns
        -------
        tuple of Band
            Empty if it says nothing of such a boson at any mass.
        """
        ratio = ratios.of(self.probe)
        if boson not in self.spin_parities or ratio == 0.0:
            return ()
        return tuple(
            Band(band.low / ratio, band.high / ratio, band.known) for band in self.rule.bands(mass, boson)
        )

    def excluded(self, mass: float, boson: SpinParity, ratios: CouplingRatios) -> tuple[Excluded, ...]:
        """Excluded intervals of g_ve at one mass.

        Parameters
        ----------
        mass : float
            MeV.
        boson : SpinParity
        ratios : CouplingRatios

        Returns
        -------
        tuple of Excluded
        """
        return tuple(
            Excluded(float(band.low[0]), float(band.high[0]), self.key)
            for band in self.bands(np.array([mass]), boson, ratios)
            if band.known[0]
        )


def _range_text(low: float, high: float) -> str:
    return f"{low:g}" if math.isclose(low, high) else f"{low:g} to {high:g}"
