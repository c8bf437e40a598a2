"""Intervals of a coupling: what is left of all couplings when some are excluded."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

_SAME = 1e-12
"""Two ends closer than this, relatively, are one."""


@dataclass(frozen=True, slots=True)
class Excluded:
    """An interval of couplings that one bound excludes.

    Attributes
    ----------
    low, high : float
        Ends; 0 and infinity where it is open.
    key : str
        The bound.
    """

    low: float
    high: float
    key: str


@dataclass(frozen=True, slots=True)
class Gap:
    """An interval of couplings that no bound excludes.

    Attributes
    ----------
    low, high : float
        Ends; 0 and infinity where no bound closes it.
    closed_below, closed_above : tuple of str
        Bounds that exclude what lies beyond each end, the widest first; empty where the gap is open.
    """

    low: float
    high: float
    closed_below: tuple[str, ...]
    closed_above: tuple[str, ...]


def gaps(excluded: Sequence[Excluded]) -> tuple[Gap, ...]:
    """Complement of a union of intervals in 0 … ∞, and who closes each end.

    Parameters
    ----------
    excluded : sequence of Excluded

    Returns
    -------
    tuple of Gap
        By rising coupling.
    """
    left: list[Gap] = []
    reached, first = 0.0, True
    for interval in sorted(excluded, key=lambda e: e.low):
        if interval.low > reached * (1.0 + _SAME) and (interval.low > 0.0):
            left.append(_gap(excluded, reached, interval.low, opens_at_zero=first))
        reached, first = max(reached, interval.high), False
    if not math.isinf(reached):
        left.append(_gap(excluded, reached, math.inf, opens_at_zero=first))
    return tuple(left)


def _gap(excluded: Sequence[Excluded], low: float, high: float, *, opens_at_zero: bool) -> Gap:
    below = [] if opens_at_zero else [e for e in excluded if e.low <= low <= e.high * (1.0 + _SAME)]
    above = [e for e in excluded if e.low * (1.0 - _SAME) <= high < e.high]
    return Gap(low, high, _keys(below), _keys(above))


def _keys(intervals: Sequence[Excluded]) -> tuple[str, ...]:
    ordered = sorted(intervals, key=lambda e: e.low - e.high if math.isfinite(e.high) else -math.inf)
    return tuple(dict.fromkeys(e.key for e in ordered))
