import numpy as np
import pytest

from x17.statistics.limit_methods import (
    Calculation,
    Intervals,
    LimitName,
    Method,
    coupling_of,
    limit_from_interval,
    upper_limits,
)


def test_every_limit_belongs_to_a_method() -> None:
    assert {name.method for name in LimitName} == set(Method)
    assert LimitName.PCL_STANDARD.method is Method.PCL


def test_intervals_contain_their_ends_and_upper_limits_everything_below() -> None:
    intervals = Intervals(np.array([1.0, 2.0, -2.0]), np.array([2.0, 3.0, -1.0]))
    assert intervals.contains(2.0).tolist() == [True, True, False]
    assert upper_limits(np.array([1.0, -1.0])).contains(0.0).tolist() == [True, False]


def test_an_interval_as_a_result() -> None:
    intervals = Intervals(np.array([1e-8, -1e-8, -2e-8]), np.array([4e-8, 9e-6, -1e-8]))
    two_sided, high, empty = (
        limit_from_interval(16.9, LimitName.ROLKE, Calculation.COUNTS, intervals, k, 2e-3) for k in range(3)
    )
    assert (two_sided.lower, two_sided.coupling) == pytest.approx((1e-4, 2e-4))
    assert two_sided.reason == ""
    assert (high.lower, high.coupling, high.reason) == (0.0, None, "no limit below g = 0.002")
    assert (empty.coupling, empty.low) == (0.0, None)
    assert "every coupling is excluded" in empty.reason
    one_sided = limit_from_interval(
        16.9, LimitName.CLSB, Calculation.ASYMPTOTIC, upper_limits(np.array([4e-8])), 0, 2e-3
    )
    assert one_sided.lower is None
    assert coupling_of(-1.0) == 0.0
