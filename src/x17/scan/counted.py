"""What was counted, period by period, on the way to a scan: the input of its calibration figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from x17.apparatus.run_plan import Period
from x17.apparatus.setup import Setup
from x17.reconstruction.angle_windows import AngleWindows
from x17.reconstruction.counting import PeriodCount
from x17.reconstruction.data_quality import RunQuality
from x17.reconstruction.expectation import PeriodExpectation
from x17.reconstruction.flux.period_flux import PeriodFlux
from x17.reconstruction.flux.run_sums import RunSums
from x17.reconstruction.period_selection import PeriodSelection
from x17.reconstruction.side_bands import SideBands
from x17.reconstruction.stability import Stability
from x17.scan.assembly import AssembledScan


@dataclass(frozen=True, slots=True, eq=False)
class CountedPeriod:
    """What became of one period.

    Attributes
    ----------
    period : Period
    count : PeriodCount
        Of the data.
    selection : PeriodSelection
        Pairs of the data; the wide ones and the tags are dropped once they are used.
    expectation : PeriodExpectation
        Likewise, of the simulation.
    r_max, margin : Stability or None
        None without pairs.
    """

    period: Period
    count: PeriodCount
    selection: PeriodSelection
    expectation: PeriodExpectation
    r_max: Stability | None
    margin: Stability | None


@dataclass(frozen=True, slots=True, eq=False)
class CountedScan:
    """A scan, and everything that it was made from.

    Attributes
    ----------
    setup : Setup
    assembled : AssembledScan
    flux : PeriodFlux
    runs : tuple of RunSums
        All runs, those left out included.
    quality : RunQuality
        Of `runs`, in their order.
    periods : tuple of CountedPeriod
        Those that could be counted, in the order of data taking.
    bands : SideBands
        Windows and side bands in the two angles.
    settings : dict
        All choices, as plain values.
    """

    setup: Setup
    assembled: AssembledScan
    flux: PeriodFlux
    runs: tuple[RunSums, ...]
    quality: RunQuality
    periods: tuple[CountedPeriod, ...]
    bands: SideBands
    settings: Mapping[str, Mapping[str, Any]]

    @property
    def windows(self) -> AngleWindows:
        """Windows in the two angles."""
        return self.bands.windows
