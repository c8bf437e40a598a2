"""What can be chosen about the number of positrons on target."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from x17.errors import UsageError


class SlopeSource(StrEnum):
    """Where the slope of the ageing comes from."""

    FITTED = "fitted"
    SETUP = "setup"


@dataclass(frozen=True, slots=True, kw_only=True)
class FluxSettings:
    """Choices about the flux; the last three make it wrong on purpose, to see where that shows.

    Attributes
    ----------
    apply_leakage, apply_ageing : bool
        Corrections that are made.
    slope_source : SlopeSource
        Fitted to the flux proxies where they reach, or that of the setup.
    min_periods : int
        Periods with a proxy that a fit needs; with fewer the setup's slope is taken.
    min_dose : float
        Share of all positrons that these periods must span for a fit.
    pivot_share : float
        Dose at which the charge per positron holds, as a share of all.
    period_err : float
        Relative scatter of the lead glass from period to period, which the proxies share: that of the beam
        energy.
    fill_err : float
        Relative error of positrons that are counted by the target's charge where the lead glass is missing.
    unknown_leakage_err : float
        Relative error of the leakage factor of a run without a spot: its published scatter over the periods.
    least_response : float
        Response below which the beam counts as beside the lead glass.
    ageing_constant_err : float
        Relative, common to all periods, as published.
    charge_error : float
        Relative error put on the charge per positron.
    leakage_error : float
        Relative error put on the leakage factor of all runs.
    slope_error : float
        Added to the slope of the ageing.

    Raises
    ------
    UsageError
        A number outside its range.
    """

    apply_leakage: bool = True
    apply_ageing: bool = True
    slope_source: SlopeSource = SlopeSource.FITTED
    min_periods: int = 8
    min_dose: float = 0.3
    pivot_share: float = 0.5
    period_err: float = 0.003
    fill_err: float = 0.033
    unknown_leakage_err: float = 0.018
    least_response: float = 0.2
    ageing_constant_err: float = 0.003
    charge_error: float = 0.0
    leakage_error: float = 0.0
    slope_error: float = 0.0

    def __post_init__(self) -> None:
        if self.min_periods < 3:
            raise UsageError(f"flux.min_periods is {self.min_periods}; allowed: 3 or more")
        for name in (
            "min_dose",
            "pivot_share",
            "period_err",
            "fill_err",
            "unknown_leakage_err",
            "ageing_constant_err",
        ):
            if not 0.0 <= getattr(self, name) <= 1.0:
                raise UsageError(f"flux.{name} is {getattr(self, name)}; allowed: 0 to 1")
        if not 0.0 < self.least_response <= 1.0:
            raise UsageError(f"flux.least_response is {self.least_response}; allowed: above 0, at most 1")
        for name in ("charge_error", "leakage_error", "slope_error"):
            if not math.isfinite(getattr(self, name)) or abs(getattr(self, name)) > 0.5:
                raise UsageError(f"flux.{name} is {getattr(self, name)}; allowed: -0.5 to 0.5")
