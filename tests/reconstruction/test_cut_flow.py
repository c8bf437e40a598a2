import numpy as np
import pytest

from x17.errors import UsageError
from x17.reconstruction.cut_flow import CutFlow

NAMES = ("all", "one", "two")


def flow(passed: list[int], weight: list[float]) -> CutFlow:
    return CutFlow.of(NAMES, np.array(passed, dtype=np.int64), np.array(weight))


def test_events_count_in_every_cut_that_they_pass() -> None:
    table = flow([1, 2, 3, 3], [1.0, 2.0, 3.0, 4.0])
    assert table.events.tolist() == [4, 3, 2]
    assert table.weight.tolist() == [10.0, 9.0, 7.0]
    np.testing.assert_allclose(table.efficiency, [1.0, 0.9, 7.0 / 9.0])


def test_tables_of_parts_add_to_that_of_the_whole() -> None:
    whole = flow([1, 2, 3, 1], [1.0, 2.0, 3.0, 4.0])
    parts = flow([1, 2], [1.0, 2.0]) + flow([3, 1], [3.0, 4.0])
    assert parts.names == whole.names
    np.testing.assert_array_equal(parts.events, whole.events)
    np.testing.assert_array_equal(parts.weight, whole.weight)


def test_a_cut_can_follow() -> None:
    table = flow([3, 3], [1.0, 2.0]).followed_by("three", np.array([2.0]))
    assert table.names == (*NAMES, "three")
    assert table.events.tolist() == [2, 2, 2, 1]
    assert table.weight[-1] == 2.0


def test_nothing_is_a_table_of_zeros() -> None:
    assert flow([], []).events.tolist() == [0, 0, 0]
    assert flow([], []).efficiency.tolist() == [0.0, 0.0, 0.0]


def test_other_cuts_do_not_add() -> None:
    with pytest.raises(UsageError, match="different cuts cannot be added: all, one, two; all, one, two, x"):
        flow([], []) + flow([], []).followed_by("x", np.zeros(0))
