"""Where a curve is below a level."""

import numpy as np
import pytest

from x17.combination.crossings import intervals_below


def pieces(
    level: float, low: float = -2.0, high: float = 2.0
) -> tuple[tuple[float | None, float | None], ...]:
    x = np.linspace(low, high, 41)
    return intervals_below(lambda v: (v**2 - 1.0) ** 2, x, (x**2 - 1.0) ** 2, level)


def test_two_valleys_are_two_pieces_and_join_above_the_hill_between_them() -> None:
    (a, b), (c, d) = pieces(0.25)
    np.testing.assert_allclose(
        [a, b, c, d], [-np.sqrt(1.5), -np.sqrt(0.5), np.sqrt(0.5), np.sqrt(1.5)], atol=1e-6
    )
    ((low, high),) = pieces(4.0)
    assert (low, high) == (pytest.approx(-np.sqrt(3.0), abs=1e-6), pytest.approx(np.sqrt(3.0), abs=1e-6))


def test_what_reaches_the_end_is_open() -> None:
    assert pieces(4.0, -1.0, 1.0) == ((None, None),)
    ((low, high),) = pieces(4.0, 0.0, 2.0)
    assert low is None
    assert high == pytest.approx(np.sqrt(3.0), abs=1e-6)
    assert pieces(-1.0) == ()
