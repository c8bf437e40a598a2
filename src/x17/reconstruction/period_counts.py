"""Counts of two-cluster events, a period a row: what the data give before flux and expectation."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


class CountStatus(IntEnum):
    """Whether the count of a period can be used."""

    GOOD = 0
    NO_EVENTS = 1
    NO_CANDIDATES = 2
    BAD_FILE = 3

    @property
    def sentence(self) -> str:
        """What happened, and what to do."""
        return _SENTENCES[self]


_SENTENCES = {
    CountStatus.GOOD: "counted",
    CountStatus.NO_EVENTS: "no event was reconstructed; look for the files of this period",
    CountStatus.NO_CANDIDATES: "no pair is left after the subtraction; look at its cut flow",
    CountStatus.BAD_FILE: "a file of this period cannot be read; make it again",
}


@dataclass(frozen=True, slots=True, eq=False)
class PeriodCounts:
    """Counts of all periods; arrays have shape (n_periods,).

    Attributes
    ----------
    period : ndarray of int
    n2_raw : ndarray
        Pairs in the windows of both angles.
    n2, n2_err : ndarray
        After the side bands are subtracted; its error, that of the subtraction included.
    brems_subtraction, brems_subtraction_err : ndarray
        n2 / n2_raw; the error is that of the subtraction alone.
    tag_and_probe, tag_and_probe_err : ndarray
        Efficiency for a cluster in data; NaN where it could not be measured.
    n_ee, n_gg, n_mixed : ndarray
        Pairs in the windows by what the tagger says of their clusters.
    status : ndarray of int
        `CountStatus`.
    """

    period: IntArray
    n2_raw: FloatArray
    n2: FloatArray
    n2_err: FloatArray
    brems_subtraction: FloatArray
    brems_subtraction_err: FloatArray
    tag_and_probe: FloatArray
    tag_and_probe_err: FloatArray
    n_ee: FloatArray
    n_gg: FloatArray
    n_mixed: FloatArray
    status: IntArray

    @property
    def usable(self) -> NDArray[np.bool_]:
        """Whether a period has a count."""
        return np.asarray(self.status == CountStatus.GOOD)

    def select(self, rows: IntArray | NDArray[np.bool_]) -> PeriodCounts:
        """Some of the periods.

        Parameters
        ----------
        rows : ndarray of int or bool

        Returns
        -------
        PeriodCounts
        """
        return PeriodCounts(*(getattr(self, item.name)[rows] for item in fields(self)))
