"""Systematic errors of a run that has not been taken, and what more statistics does to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np


class Quantity(StrEnum):
    """What an error is an error of; relative, but for the slope of K."""

    FLUX = "flux"
    """Positrons on target of a point."""
    BACKGROUND = "background"
    """B, the expected two-cluster yield per positron, of a point."""
    EFFICIENCY = "efficiency"
    """Signal efficiency of a point; its line over B is what enters the likelihood."""
    K_CONSTANT = "k_constant"
    K_SLOPE = "k_slope"
    """In 1/MeV."""
    SIGNAL_YIELD = "signal_yield"
    """A, the area of the line."""
    LORENTZ_WIDTH = "lorentz_width"
    BEAM_SPREAD = "beam_spread"


class Scaling(StrEnum):
    """What an error does as statistics grow."""

    FIXED = "fixed"
    COUNTS = "counts"
    """As 1/√(counts of a point)."""
    LINE = "line"
    """As the error of a straight line through all points."""


class Group(StrEnum):
    """Errors that are switched off together, to see what limits a run."""

    K = "K"
    FLUX = "flux"
    BACKGROUND = "B"
    EFFICIENCY = "efficiency"
    BEAM_SPREAD = "beam spread"
    LINE_SHAPE = "line shape"


MEMBERS: Mapping[Group, tuple[Quantity, ...]] = {
    Group.K: (Quantity.K_CONSTANT, Quantity.K_SLOPE),
    Group.FLUX: (Quantity.FLUX,),
    Group.BACKGROUND: (Quantity.BACKGROUND,),
    Group.EFFICIENCY: (Quantity.EFFICIENCY,),
    Group.BEAM_SPREAD: (Quantity.BEAM_SPREAD,),
    Group.LINE_SHAPE: (Quantity.SIGNAL_YIELD, Quantity.LORENTZ_WIDTH),
}

NUISANCES_OF: Mapping[Quantity, tuple[str, ...]] = {
    Quantity.K_CONSTANT: ("P0",),
    Quantity.K_SLOPE: ("P1",),
    Quantity.EFFICIENCY: ("Q0", "Q1"),
    Quantity.SIGNAL_YIELD: ("A",),
    Quantity.LORENTZ_WIDTH: ("gamma",),
    Quantity.BEAM_SPREAD: ("b",),
}
"""Nuisances of the likelihood that an error of zero holds at their central values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSize:
    """How much a run measures.

    Attributes
    ----------
    counts : float
        Mean two-cluster counts of a point.
    k_constant_err, k_slope_err : float
        Errors of a line in √s through g_R of all points; the slope's in 1/MeV. 0 where not yet known.
    """

    counts: float
    k_constant_err: float = 0.0
    k_slope_err: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SystematicError:
    """One error and its source.

    Attributes
    ----------
    quantity : Quantity
    source : str
    error : float
        One standard deviation: relative, in 1/MeV for the slope of K.
    scales : Scaling
    """

    quantity: Quantity
    source: str
    error: float
    scales: Scaling = Scaling.FIXED


@dataclass(frozen=True, slots=True, kw_only=True)
class Systematics:
    """All systematic errors of a run.

    Attributes
    ----------
    name, source : str
        Short name, and where the numbers come from.
    reference : RunSize
        The run at which errors that scale have their given values.
    errors : tuple of SystematicError
    """

    name: str
    source: str
    reference: RunSize
    errors: tuple[SystematicError, ...]

    def total(self, quantity: Quantity, size: RunSize) -> float:
        """Error of a quantity in a run of some size, its sources in quadrature.

        Parameters
        ----------
        quantity : Quantity
        size : RunSize

        Returns
        -------
        float
        """
        parts = [item.error * self._factor(item, size) for item in self.errors if item.quantity is quantity]
        return float(np.sqrt(np.sum(np.square(parts))))

    def _factor(self, item: SystematicError, size: RunSize) -> float:
        if item.scales is Scaling.COUNTS:
            return float(np.sqrt(self.reference.counts / size.counts))
        if item.scales is Scaling.LINE:
            if item.quantity is Quantity.K_SLOPE:
                return size.k_slope_err / self.reference.k_slope_err
            return size.k_constant_err / self.reference.k_constant_err
        return 1.0

    def times(self, group: Group, factor: float) -> Systematics:
        """The same with the errors of one group multiplied.

        Parameters
        ----------
        group : Group
        factor : float
            0 switches them off.

        Returns
        -------
        Systematics
        """
        return replace(
            self,
            errors=tuple(
                replace(item, error=factor * item.error) if item.quantity in MEMBERS[group] else item
                for item in self.errors
            ),
        )

    @property
    def none(self) -> Systematics:
        """The same with every error at zero."""
        return replace(self, errors=())

    @property
    def held(self) -> tuple[str, ...]:
        """Nuisances of the likelihood without an error, in its order; they are held where they are."""
        present = {item.quantity for item in self.errors if item.error > 0.0}
        return tuple(
            name for quantity, names in NUISANCES_OF.items() if quantity not in present for name in names
        )
