"""Intervals of many experiments at once by every method that needs no toys of its own."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from x17.statistics.bounded_gaussian import bounded_interval
from x17.statistics.cls_plus_b import cls_plus_b_limit
from x17.statistics.limit_methods import Intervals, LimitName, Method, upper_limits
from x17.statistics.power_constrained import PowerConstraints
from x17.statistics.rolke_lopez import rolke_lopez_interval
from x17.statistics.signal_counts import SignalCounts
from x17.statistics.statistics_only import statistics_only_limit

FloatArray = NDArray[np.float64]


def gaussian_intervals(
    signal: FloatArray,
    error: FloatArray,
    constraints: PowerConstraints,
    cls: FloatArray,
    methods: Collection[Method],
    cl: float,
) -> dict[LimitName, Intervals]:
    """Intervals on u = g² from û and σ alone.

    Parameters
    ----------
    signal, error : ndarray, shape (n,)
        û and σ.
    constraints : PowerConstraints
        That broadcast to them.
    cls : ndarray, shape (n,)
        Asymptotic CLs limits on u.
    methods : collection of Method
    cl : float

    Returns
    -------
    dict
        By name; shape (n,).
    """
    intervals = {}
    clsb = cls_plus_b_limit(signal, error, cl)
    if Method.CLS in methods:
        intervals[LimitName.CLS] = upper_limits(cls)
    if Method.CLSB in methods:
        intervals[LimitName.CLSB] = upper_limits(clsb)
    if Method.PCL in methods:
        intervals[LimitName.PCL] = upper_limits(np.maximum(clsb, constraints.published))
        intervals[LimitName.PCL_STANDARD] = upper_limits(np.maximum(clsb, constraints.standard))
    if Method.FC in methods:
        bounded = bounded_interval(signal / error, cl)
        intervals[LimitName.FC] = Intervals(bounded.lower * error, bounded.upper * error)
    return intervals


def counting_intervals(
    counts: SignalCounts, methods: Collection[Method], cl: float
) -> dict[LimitName, Intervals]:
    """Intervals on u = g² from the counts around the resonance.

    Parameters
    ----------
    counts : SignalCounts
        Shape (n,).
    methods : collection of Method
    cl : float

    Returns
    -------
    dict
        By name; shape (n,).
    """
    intervals = {}
    if Method.ROLKE in methods:
        intervals[LimitName.ROLKE] = rolke_lopez_interval(counts, cl)
    if Method.STAT in methods:
        intervals[LimitName.STAT] = upper_limits(statistics_only_limit(counts, cl))
    return intervals
