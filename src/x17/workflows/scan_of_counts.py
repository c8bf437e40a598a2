"""From counts and fluxes of periods to a scan."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from x17.reconstruction.counting import table_of_counts
from x17.reconstruction.expectation import table_of_expectations
from x17.scan.assembly import assemble_scan
from x17.scan.counted import CountedPeriod, CountedScan
from x17.scan.model_constants import ModelConstants
from x17.workflows.counted_periods import CountedPeriods
from x17.workflows.measured_budget import measured_budget
from x17.workflows.scan_constants import model_constants


def scan_of_counts(found: CountedPeriods, name: str, constants: ModelConstants | None = None) -> CountedScan:
    """Make a scan of what was counted.

    Parameters
    ----------
    found : CountedPeriods
    name : str
        Of the scan.
    constants : ModelConstants, optional
        Of the search model; those of the setup's line shape by default.

    Returns
    -------
    CountedScan

    Raises
    ------
    UsageError, InputError
        No period that can be used, or too few for a scan.
    """
    numbers = np.array([period.number for period in found.plan], dtype=np.int64)
    rows = {row.period.number: row for row in found.counted}
    counts = table_of_counts(
        [row.count for row in found.counted], [(lost.period, lost.status) for lost in found.lost]
    )
    # In the order of data taking, as the flux; what is lost is left to the scan to name.
    counts = counts.select(np.array([int(np.flatnonzero(counts.period == n)[0]) for n in numbers]))
    yields = table_of_expectations([row.expectation for row in found.counted])
    choices = found.settings.scan
    assembled = assemble_scan(
        found.setup.run_plan,
        counts,
        found.flux,
        yields.padded(numbers, np.array([period.sqrt_s_mev for period in found.plan])),
        name=name,
        source=found.source,
        constants=replace(
            constants or model_constants(found.setup),
            n_pot_err_added=choices.n_pot_err_added,
            background_err_added=choices.background_err_added,
        ),
        normalise=choices.normalise,
        budget=measured_budget(found.counted, found.flux, found.settings),
        rmax_shift=np.array([_rmax_shift(rows.get(int(number))) for number in numbers]),
        details={lost.period: lost.detail for lost in found.lost if lost.detail},
    )
    return CountedScan(
        found.setup,
        assembled,
        found.flux,
        found.runs,
        found.quality,
        found.counted,
        found.settings.period.bands,
        found.settings.document(),
    )


def _rmax_shift(row: CountedPeriod | None) -> float:
    """Half the change of data over expectation from the smallest to the largest R_max."""
    if row is None or row.r_max is None:
        return math.nan
    ratio = row.r_max.double_ratio
    return float(0.5 * (ratio[-1] - ratio[0]))
