"""The methods that set a limit, and the form in which each of them reports it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


class Method(StrEnum):
    """What a limit is built on; `pcl` comes in two forms, with a `LimitName` each."""

    CLS = "cls"
    CLSB = "clsb"
    PCL = "pcl"
    FC = "fc"
    ROLKE = "rolke"
    STAT = "stat"


class LimitName(StrEnum):
    """A limit by name."""

    CLS = "cls"
    """P_S/(1 − P_B) = 1 − CL."""
    CLSB = "clsb"
    """P_S = 1 − CL."""
    PCL = "pcl"
    """The larger of CLs+b and the median limit expected by CLs: the published power constraint."""
    PCL_STANDARD = "pcl-standard"
    """The larger of CLs+b and its own −1σ expectation: the power constraint of arXiv:1105.3166."""
    FC = "fc"
    """Feldman–Cousins interval."""
    ROLKE = "rolke"
    """Profile-likelihood interval of the counts around the resonance."""
    STAT = "stat"
    """What the statistics of the counts alone would allow; no observed limit."""

    @property
    def method(self) -> Method:
        """The method it belongs to."""
        return Method.PCL if self is LimitName.PCL_STANDARD else Method(self.value)


class Calculation(StrEnum):
    """How the distribution of the statistic is known."""

    TOYS = "toys"
    ASYMPTOTIC = "asymptotic"
    COUNTS = "counts"
    """From summed counts, without the likelihood of the scan."""


@dataclass(frozen=True, slots=True, eq=False)
class Intervals:
    """Intervals on u = g², all of one shape.

    Attributes
    ----------
    lower, upper : ndarray
        As the method gives them, below zero too: that says that g = 0 is outside. The lower end of an upper
        limit is minus infinity.
    """

    lower: FloatArray
    upper: FloatArray

    def contains(self, signal: float) -> NDArray[np.bool_]:
        """Which of them contain a value.

        Parameters
        ----------
        signal : float
            u = g².

        Returns
        -------
        ndarray of bool
        """
        return np.asarray((self.lower <= signal) & (signal <= self.upper))


def upper_limits(upper: FloatArray) -> Intervals:
    """One-sided intervals.

    Parameters
    ----------
    upper : ndarray

    Returns
    -------
    Intervals
    """
    return Intervals(np.full_like(upper, -np.inf), upper)


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodLimit:
    """A limit on g_ve at one mass by one method.

    Attributes
    ----------
    mass_mev : float
    name : LimitName
    calculation : Calculation
    coupling : float or None
        Upper limit, or the upper end of an interval; None if there is none, and `reason` says why. Zero if
        every coupling is excluded, which `reason` says too.
    low, high : float or None
        Its Monte-Carlo interval, one standard deviation; None without toys.
    lower : float or None
        Lower end of an interval; None for an upper limit.
    n_toys, n_failed : int
        Toys of each hypothesis at each coupling, and toys left out because a fit failed.
    reason : str
        Empty if all is well.
    """

    mass_mev: float
    name: LimitName
    calculation: Calculation
    coupling: float | None
    low: float | None = None
    high: float | None = None
    lower: float | None = None
    n_toys: int = 0
    n_failed: int = 0
    reason: str = ""


EVERYTHING_EXCLUDED = "every coupling is excluded, and g = 0 with them: the data lie below the background"


def coupling_of(signal: float) -> float:
    """The g_ve of u = g², zero below zero.

    Parameters
    ----------
    signal : float

    Returns
    -------
    float
    """
    return float(np.sqrt(max(signal, 0.0)))


def limit_from_interval(
    mass: float,
    name: LimitName,
    calculation: Calculation,
    intervals: Intervals,
    index: int,
    max_coupling: float,
) -> MethodLimit:
    """One of the intervals as a result.

    Parameters
    ----------
    mass : float
        MeV.
    name : LimitName
    calculation : Calculation
    intervals : Intervals
    index : int
        Which of them.
    max_coupling : float
        No limit is given above.

    Returns
    -------
    MethodLimit
    """
    lower, upper = float(intervals.lower[index]), float(intervals.upper[index])
    coupling: float | None = coupling_of(upper)
    reason = EVERYTHING_EXCLUDED if upper < 0.0 else ""
    if upper > max_coupling**2:
        coupling, reason = None, f"no limit below g = {max_coupling:g}"
    return MethodLimit(
        mass_mev=mass,
        name=name,
        calculation=calculation,
        coupling=coupling,
        lower=coupling_of(lower) if np.isfinite(lower) else None,
        reason=reason,
    )
