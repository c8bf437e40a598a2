"""What is left between excluded intervals."""

import math
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from x17.constraints.intervals import Excluded, Gap, gaps

ENDS = st.floats(1e-9, 1e3) | st.sampled_from([0.0, 1.0, 2.0])


def interval(ends: tuple[float, float], key: str) -> Excluded:
    low, high = min(ends), max(ends)
    return Excluded(low, high if high > low else math.inf, key)


INTERVALS = st.lists(st.tuples(ENDS, ENDS), max_size=6).map(
    lambda pairs: [interval(ends, f"b{k}") for k, ends in enumerate(pairs)]
)


def test_two_bounds_close_one_gap() -> None:
    dump, moment = Excluded(3.6e-5, 1.97e-4, "dump"), Excluded(4.3e-4, math.inf, "moment")
    assert gaps([moment, dump]) == (
        Gap(0.0, 3.6e-5, (), ("dump",)),
        Gap(1.97e-4, 4.3e-4, ("dump",), ("moment",)),
    )


def test_nothing_excluded_and_all_excluded() -> None:
    assert gaps([]) == (Gap(0.0, math.inf, (), ()),)
    assert gaps([Excluded(0.0, math.inf, "all")]) == ()
    assert gaps([Excluded(0.0, 1.0, "a"), Excluded(1.0, math.inf, "b")]) == ()


def test_everybody_who_closes_an_end_is_named() -> None:
    (gap,) = gaps([Excluded(0.0, 1.0, "a"), Excluded(0.5, 1.0, "b"), Excluded(0.0, 0.7, "c")])
    assert gap == Gap(1.0, math.inf, ("a", "b"), ())


def test_a_band_inside_another_closes_nothing() -> None:
    (low, high) = gaps([Excluded(1.0, 4.0, "wide"), Excluded(2.0, 3.0, "inside")])
    assert (low.closed_above, high.closed_below) == (("wide",), ("wide",))


@given(INTERVALS, st.lists(st.floats(1e-9, 1e4), min_size=1, max_size=20))
def test_gaps_are_the_complement(excluded: list[Excluded], couplings: list[float]) -> None:
    left = gaps(excluded)
    ends = [end for e in excluded for end in (e.low, e.high)]
    for g in couplings:
        if np.isclose(g, [e for e in ends if math.isfinite(e)], rtol=1e-9, atol=0.0).any():
            continue  # on an end both answers are right
        inside = any(e.low < g < e.high for e in excluded)
        assert inside != any(gap.low < g < gap.high for gap in left)
    assert all(a.high < b.low for a, b in pairwise(left))
    for gap in left:
        assert bool(gap.closed_below) == (
            gap.low > 0.0 or any(e.low == gap.low for e in excluded if e.high <= 0)
        )
        assert bool(gap.closed_above) == math.isfinite(gap.high)
