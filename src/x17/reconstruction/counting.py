"""From the pairs and tags of a period to its count, in data and in simulation alike."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from x17.reconstruction.cross_checks import Core, energy_sum, time_difference
from x17.reconstruction.event_classes import EventClass, class_counts
from x17.reconstruction.pairs import Pairs
from x17.reconstruction.period_counts import CountStatus, PeriodCounts
from x17.reconstruction.period_selection import PeriodSelection, PeriodSettings
from x17.reconstruction.side_bands import PairCount, count_pairs, subtraction_weights
from x17.reconstruction.tag_and_probe import TagAndProbe, tag_and_probe

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class PeriodCount:
    """What is counted in one period.

    Attributes
    ----------
    period : int
    count : PairCount
    efficiency : TagAndProbe
    classes : ndarray, shape (3,)
        Pairs by `EventClass`, side bands subtracted.
    energy_sum, time_difference : Core
        Cross-checks: E₁ + E₂ in MeV, Δt in ns.
    status : CountStatus
    """

    period: int
    count: PairCount
    efficiency: TagAndProbe
    classes: FloatArray
    energy_sum: Core
    time_difference: Core
    status: CountStatus


def count_period(period: int, selection: PeriodSelection, settings: PeriodSettings) -> PeriodCount:
    """Count the two-body events of a period.

    Parameters
    ----------
    period : int
    selection : PeriodSelection
    settings : PeriodSettings
        Those of the selection.

    Returns
    -------
    PeriodCount
    """
    pairs = selection.pairs
    count = two_body_count(pairs, settings)
    inside = pairs.select(settings.bands.windows.inside(pairs))
    status = CountStatus.GOOD
    if selection.cut_flow.events[0] == 0:
        status = CountStatus.NO_EVENTS
    elif not count.n2 > 0.0:
        status = CountStatus.NO_CANDIDATES
    return PeriodCount(
        period=period,
        count=count,
        efficiency=tag_and_probe(selection.tags, settings.tags),
        classes=class_counts(pairs, two_body_weights(pairs, settings)).weight,
        energy_sum=energy_sum(inside),
        time_difference=time_difference(inside),
        status=status,
    )


def two_body_count(pairs: Pairs, settings: PeriodSettings) -> PairCount:
    """Count the pairs in the windows, the side bands subtracted if that is asked for.

    Parameters
    ----------
    pairs : Pairs
    settings : PeriodSettings

    Returns
    -------
    PairCount
    """
    count = count_pairs(pairs, settings.bands)
    return count if settings.subtract else replace(count, background=0.0, background_error=0.0)


def two_body_weights(pairs: Pairs, settings: PeriodSettings) -> FloatArray:
    """Weights that add up to the count.

    Parameters
    ----------
    pairs : Pairs
    settings : PeriodSettings

    Returns
    -------
    ndarray, shape (n,)
    """
    if settings.subtract:
        return subtraction_weights(pairs, settings.bands)
    return np.where(settings.bands.windows.inside(pairs), pairs.weight, 0.0)


def table_of_counts(
    rows: Sequence[PeriodCount], lost: Sequence[tuple[int, CountStatus]] = ()
) -> PeriodCounts:
    """Counts of all periods as arrays.

    Parameters
    ----------
    rows : sequence of PeriodCount
    lost : sequence of (int, CountStatus)
        Periods that could not be counted at all.

    Returns
    -------
    PeriodCounts
        By the number of the period.
    """
    entries = [_entry(row) for row in rows] + [_lost(period, status) for period, status in lost]
    entries.sort(key=lambda entry: entry["period"])
    arrays: dict[str, Any] = {}
    for item in fields(PeriodCounts):
        kind = np.int64 if item.name in ("period", "status") else np.float64
        arrays[item.name] = np.array([entry[item.name] for entry in entries], dtype=kind)
    return PeriodCounts(**arrays)


def _entry(row: PeriodCount) -> dict[str, float]:
    found = row.efficiency
    measured = found.efficiency > 0.0 and math.isfinite(found.error)
    return {
        "period": row.period,
        "n2_raw": row.count.in_window,
        "n2": row.count.n2,
        "n2_err": row.count.n2_error,
        "brems_subtraction": row.count.factor,
        "brems_subtraction_err": row.count.factor_error,
        "tag_and_probe": found.efficiency if measured else math.nan,
        "tag_and_probe_err": found.error if measured else math.nan,
        "n_ee": float(row.classes[EventClass.ELECTRONS]),
        "n_gg": float(row.classes[EventClass.PHOTONS]),
        "n_mixed": float(row.classes[EventClass.MIXED]),
        "status": row.status,
    }


def _lost(period: int, status: CountStatus) -> dict[str, float]:
    values = {item.name: 0.0 for item in fields(PeriodCounts)}
    return values | {
        "period": period,
        "brems_subtraction": 1.0,
        "tag_and_probe": math.nan,
        "tag_and_probe_err": math.nan,
        "status": status,
    }


def share_of_samples(pairs: Pairs, sample: NDArray[np.int64], settings: PeriodSettings) -> FloatArray:
    """Split a count by the samples that its pairs come from.

    Parameters
    ----------
    pairs : Pairs
    sample : ndarray of int, shape (n_events,)
        Of each event.
    settings : PeriodSettings

    Returns
    -------
    ndarray, shape (n_samples,)
        Adds up to N₂.
    """
    weight = two_body_weights(pairs, settings)
    n_samples = int(sample.max()) + 1 if sample.size else 0
    return np.bincount(sample[pairs.event], weight, minlength=n_samples).astype(np.float64)
