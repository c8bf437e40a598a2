import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from x17.statistics.deviation import deviation

MEDIAN, ONE, TWO = 3.7, 4.5, 5.3


def test_edges_of_the_band_are_whole_numbers() -> None:
    np.testing.assert_allclose(deviation([MEDIAN, ONE, TWO], MEDIAN, ONE, TWO), [0.0, 1.0, 2.0])


def test_published_example() -> None:
    """The published band near 16.9 MeV, 1.44e-4 wide at +2 sigma: an observed distance of 1.82e-4 is 2.52."""
    assert deviation(3.72 + 1.8144, 3.72, 4.43, 3.72 + 1.44) == pytest.approx(2.52)


def test_below_the_median_the_unit_is_the_upper_half_band() -> None:
    assert deviation(MEDIAN - 0.4, MEDIAN, ONE, TWO) == pytest.approx(-0.5)


@given(st.floats(0.1, 5.0), st.floats(1.05, 3.0), st.lists(st.floats(-3.0, 12.0), min_size=2, max_size=20))
def test_rises_with_the_limit_and_does_not_jump(a: float, ratio: float, distances: list[float]) -> None:
    b = a * ratio
    d = deviation(np.sort(distances), 0.0, a, b)
    assert (np.diff(d) >= 0.0).all()
    for edge in (a, b):
        below, above = deviation([edge * (1 - 1e-9), edge * (1 + 1e-9)], 0.0, a, b)
        assert above - below == pytest.approx(0.0, abs=1e-6)


def test_broadcasts_over_experiments() -> None:
    limits = np.array([[4.0, 5.0], [6.0, 3.0], [4.5, 4.5]])
    d = deviation(limits, np.array([3.7, 3.8]), np.array([4.5, 4.6]), np.array([5.3, 5.5]))
    assert d.shape == limits.shape
    assert d[1, 0] == deviation(6.0, 3.7, 4.5, 5.3)
