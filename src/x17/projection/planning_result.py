"""What planning gives: a schedule, a campaign that was played, and strategies compared."""

from __future__ import annotations

from dataclasses import dataclass

from x17.projection.planning_average import AverageInformation
from x17.projection.planning_beam import BeamTime
from x17.projection.planning_campaign import Truth
from x17.projection.planning_diary import DiaryEntry
from x17.projection.planning_schedule import Schedule
from x17.projection.planning_verdict import PowerCurve


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class PlanResult:
    """A plan.

    Attributes
    ----------
    scan_name : str
    beam : BeamTime
    schedule : Schedule
    best_share : float
        Positrons of the point that tells most per hour.
    no_boson : float
        Posterior probability of no boson, from the data so far.
    likely_mass_mev : float
        Mass of the most probable boson.
    diary : tuple of DiaryEntry
        Of one adaptive campaign; empty without.
    truth : Truth
        Of the diary.
    boson : Truth
        The one that the strategies are to decide about.
    curves : tuple of PowerCurve
        Empty without toys.
    average : tuple of AverageInformation
        Of every strategy; empty without toys.
    toys : int
    cl : float
        Of exclusions.
    warnings : tuple of str
    """

    scan_name: str
    beam: BeamTime
    schedule: Schedule
    best_share: float
    no_boson: float
    likely_mass_mev: float
    diary: tuple[DiaryEntry, ...] = ()
    truth: Truth
    boson: Truth
    curves: tuple[PowerCurve, ...] = ()
    average: tuple[AverageInformation, ...] = ()
    toys: int = 0
    cl: float = 0.90
    warnings: tuple[str, ...] = ()
