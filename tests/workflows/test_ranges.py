import numpy as np
import pytest

from x17.errors import UsageError
from x17.workflows.ranges import by_number, by_step, numbers_of, ranges_of


def test_step_range_includes_both_ends_and_has_clean_decimals() -> None:
    values = by_step("16.22:17.72:0.02", "--masses")
    assert values.size == 76
    assert values[0] == 16.22
    assert values[-1] == 17.72
    assert values[34] == 16.90  # exactly: a mass that users look up in the tables


def test_number_range_is_the_published_left_edge_grid() -> None:
    values = by_number("1e-4:9.775e-4:40", "--couplings")
    # arXiv:2503.05650: g_k = g_min + k (g_max - g_min)/n with 1e-4, 1e-3, n = 40 and g_max excluded.
    np.testing.assert_allclose(values, 1e-4 + np.arange(40) * 9e-4 / 40, rtol=1e-12)


def test_single_values_are_allowed() -> None:
    assert by_step("16.9:16.9:0.02", "--masses").tolist() == [16.9]
    assert by_number("5e-4:5e-4:1", "--couplings").tolist() == [5e-4]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("16:17", "three numbers"),
        ("16:17:0.1:3", "three numbers"),
        ("a:b:c", "three numbers"),
        ("", "three numbers"),
        ("17:16:0.1", "LO ≤ HI"),
        ("-1:16:0.1", "0 < LO"),
        ("16:nan:0.1", "finite"),
        ("16:inf:0.1", "finite"),
        ("16:17:0", "step above 0"),
        ("16:17:-0.1", "step above 0"),
        ("16:17:0.3", "HI = 16.9 or 17.2"),
        ("16:17:1e-9", "more than 100000"),
    ],
)
def test_bad_step_ranges_are_explained(text: str, words: str) -> None:
    with pytest.raises(UsageError, match=words) as caught:
        by_step(text, "--masses")
    assert "--masses" in str(caught.value)


@pytest.mark.parametrize(
    "text", ["1e-4:1e-3:0", "1e-4:1e-3:2.5", "1e-4:1e-3:1", "5e-4:5e-4:2", "1e-4:1e-3:1e9"]
)
def test_bad_number_ranges_are_explained(text: str) -> None:
    with pytest.raises(UsageError, match="--couplings"):
        by_number(text, "--couplings")


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("3", (3,)),
        ("0-2,28", (0, 1, 2, 28)),
        ("5,3,3-4", (3, 4, 5)),
        (" 7 , 9-9 ", (7, 9)),
        ("-3,-1,0", (-3, -1, 0)),
        ("-2-1", (-2, -1, 0, 1)),
    ],
)
def test_lists_of_numbers(text: str, numbers: tuple[int, ...]) -> None:
    assert numbers_of(text, "--periods") == numbers
    assert numbers_of(ranges_of(numbers), "--periods") == numbers


def test_no_list_is_none() -> None:
    assert numbers_of(None, "--periods") is None
    assert ranges_of([]) == ""
    assert ranges_of([4, 2, 3, 9, -2, -1]) == "-2,-1,2-4,9"


@pytest.mark.parametrize("text", ["", "a", "1,,2", "3-1", "1-", "1.5", "1-200000", "1 2", "0-9999999999"])
def test_bad_lists_are_explained(text: str) -> None:
    with pytest.raises(UsageError, match=r"--periods is .*numbers and ranges LO-HI"):
        numbers_of(text, "--periods")
