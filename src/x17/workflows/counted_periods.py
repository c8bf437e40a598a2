"""Counts and fluxes of periods, before they are made into a scan."""

from __future__ import annotations

from dataclasses import dataclass

from x17.apparatus import Setup
from x17.apparatus.run_plan import Period
from x17.reconstruction.data_quality import RunQuality
from x17.reconstruction.flux.period_flux import PeriodFlux
from x17.reconstruction.flux.run_sums import RunSums
from x17.reconstruction.period_counts import CountStatus
from x17.scan.counted import CountedPeriod
from x17.workflows.count_settings import CountSettings

SOURCE = "counted by x17 from reconstructed events"


@dataclass(frozen=True, slots=True)
class LostPeriod:
    """A period that could not be counted.

    Attributes
    ----------
    period : int
    status : CountStatus
    detail : str
        What exactly is wrong; empty if the status says it all.
    """

    period: int
    status: CountStatus
    detail: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class CountedPeriods:
    """Counts and fluxes, before they are made into a scan.

    Attributes
    ----------
    setup : Setup
    plan : tuple of Period
        Those that there are data of, in the order of data taking.
    counted : tuple of CountedPeriod
    lost : tuple of LostPeriod
    flux : PeriodFlux
        Of all periods of `plan`.
    runs : tuple of RunSums
        All runs, those left out included.
    quality : RunQuality
        Of `runs`.
    settings : CountSettings
    source : str
        Where the events come from.
    """

    setup: Setup
    plan: tuple[Period, ...]
    counted: tuple[CountedPeriod, ...]
    lost: tuple[LostPeriod, ...]
    flux: PeriodFlux
    runs: tuple[RunSums, ...]
    quality: RunQuality
    settings: CountSettings
    source: str = SOURCE
