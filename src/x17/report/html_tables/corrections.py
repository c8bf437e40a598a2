"""Corrections of a scan: their means, and period by period."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from x17.report.html_tables.table import Table
from x17.report.number_text import UNKNOWN, with_error
from x17.scan.period_factors import PeriodFactors

_NAMES = {
    "brems_subtraction": "Bremsstrahlung",
    "energy_loss": "Leakage",
    "ageing": "Ageing",
    "tag_and_probe": "Tag and probe",
    "rmax_shift": "R_max shift",
}
_APPLIED = {True: "in the numbers", False: "taken off", None: "beside them"}


def corrections_table(factors: Sequence[PeriodFactors]) -> Table:
    """Make the table of means and ranges.

    Parameters
    ----------
    factors : sequence of PeriodFactors

    Returns
    -------
    Table
    """
    rows = tuple(
        (_NAMES[one.name], _number(one.mean), _error(one), _range(one), _APPLIED[one.applied])
        for one in factors
    )
    header = ("Correction", "Mean", "Error of a period", "Range", "Where")
    note = (
        "Of the searched periods; means are weighted with the errors where all are known. What is in the "
        "numbers can be taken off with `--set search.without`."
    )
    return Table("corrections", "Corrections and measurements beside them", header, rows, (4,), note)


def _number(value: float) -> str:
    return f"{value:.4f}".replace("-", "−") if np.isfinite(value) else UNKNOWN


def _error(one: PeriodFactors) -> str:
    """The mean error of single periods."""
    errors = one.error[one.searched & one.known]
    return f"{errors.mean():.4f}" if errors.any() else UNKNOWN


def _range(one: PeriodFactors) -> str:
    shown = one.value[one.searched & one.known]
    return f"{_number(float(shown.min()))} to {_number(float(shown.max()))}" if shown.size else UNKNOWN


def period_factors_table(factors: Sequence[PeriodFactors]) -> Table:
    """Make the table of every period.

    Parameters
    ----------
    factors : sequence of PeriodFactors
        At least one.

    Returns
    -------
    Table
    """
    first = factors[0]
    rows = tuple(
        (
            str(first.period[k]),
            str(first.scan_part[k]) if first.searched[k] else "not searched",
            *(
                with_error(float(one.value[k]), float(one.error[k])) if one.known[k] else UNKNOWN
                for one in factors
            ),
        )
        for k in range(first.period.size)
    )
    header = ("Period", "Part", *(_NAMES[one.name] for one in factors))
    return Table(
        "period-factors", "Corrections of each period, in the order of data taking", header, rows, (1,)
    )
