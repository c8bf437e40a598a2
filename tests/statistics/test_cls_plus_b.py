import numpy as np
import pytest
from scipy.special import ndtr, ndtri

from x17.statistics.cls_plus_b import (
    cls_plus_b_limit,
    clsb_crossing,
    couplings_within,
    find_clsb_limit,
    window_around,
)
from x17.statistics.toy_cls import ToyCLs

GRID = np.linspace(1e-4, 9.775e-4, 40)
SIGMA, CL = 0.86e-7, 0.90


def invented(couplings: np.ndarray, u_hat: float, n: int, rng: np.random.Generator) -> ToyCLs:
    """Binomial toys with exactly Gaussian û."""
    zero, full = np.zeros(couplings.size, int), np.full(couplings.size, n)
    above = rng.binomial(n, ndtr((u_hat - couplings**2) / SIGMA))
    below = rng.binomial(n, ndtr(-u_hat / SIGMA), couplings.size)
    return ToyCLs(
        np.full(couplings.size, 16.9), couplings, np.zeros(couplings.size), full, above, full, below, zero
    )


def no_more(_: np.ndarray) -> ToyCLs:
    raise AssertionError("the grid is enough")


def test_asymptotic_limit() -> None:
    assert cls_plus_b_limit(2e-7, 1e-7, 0.90) == pytest.approx(2e-7 + 1.2815515655e-7)
    assert cls_plus_b_limit(-2e-7, 1e-7, 0.90) < 0.0


@pytest.mark.parametrize("u_hat", [1.95e-7, 0.0, -0.8e-7])
def test_toy_limit_is_unbiased_and_its_interval_covers(u_hat: float) -> None:
    rng, expected = np.random.default_rng(1), u_hat + SIGMA * ndtri(CL)
    pulls = []
    for _ in range(300):
        limit = find_clsb_limit(invented(GRID, u_hat, 500, rng), u_hat, SIGMA, CL, 500, no_more)
        assert limit.coupling is not None
        assert limit.low is not None
        assert limit.high is not None
        pulls.append((limit.coupling - np.sqrt(expected)) / (0.5 * (limit.high - limit.low)))
    # Mean and width of 300 pulls are known to 0.06 and 0.04.
    assert abs(np.mean(pulls)) < 0.25
    assert np.std(pulls) == pytest.approx(1.0, abs=0.15)


def test_a_deep_deficit_excludes_everything_and_says_so() -> None:
    points = invented(GRID, -2.0 * SIGMA, 1000, np.random.default_rng(2))
    limit = find_clsb_limit(points, -2.0 * SIGMA, SIGMA, CL, 1000, no_more)
    assert limit.coupling == 0.0
    assert "every coupling is excluded" in limit.reason


def test_couplings_are_added_where_the_grid_does_not_reach() -> None:
    rng, u_hat = np.random.default_rng(3), 1.95e-7
    asked = []

    def more(couplings: np.ndarray) -> ToyCLs:
        asked.append(couplings)
        return invented(couplings, u_hat, 2000, rng)

    coarse = invented(np.array([2e-4, 9e-4]), u_hat, 2000, rng)
    limit = find_clsb_limit(coarse, u_hat, SIGMA, CL, 2000, more)
    assert len(asked) == 1
    # The interval is about 0.5 %.
    assert limit.coupling == pytest.approx(np.sqrt(u_hat + SIGMA * ndtri(CL)), rel=0.02)


def test_a_limit_far_from_where_it_was_expected_is_found() -> None:
    rng, u_hat = np.random.default_rng(4), 1.95e-7
    limit = find_clsb_limit(
        invented(GRID, u_hat, 2000, rng),
        u_hat - 3.0 * SIGMA,
        SIGMA,
        CL,
        2000,
        lambda couplings: invented(couplings, u_hat, 2000, rng),
    )
    assert limit.coupling == pytest.approx(np.sqrt(u_hat + SIGMA * ndtri(CL)), rel=0.02)


def test_no_limit_below_the_largest_coupling_is_said() -> None:
    rng = np.random.default_rng(5)
    limit = find_clsb_limit(
        invented(GRID, 9e-7, 400, rng),
        9e-7,
        SIGMA,
        CL,
        400,
        lambda couplings: invented(couplings, 9e-7, 400, rng),
        max_coupling=5e-4,
    )
    assert limit.coupling is None
    assert limit.reason


def test_points_without_toys_say_nothing() -> None:
    points = invented(GRID, 0.0, 0, np.random.default_rng(6))
    assert clsb_crossing(points, 0.1) is None
    assert "too few toys" in find_clsb_limit(points, 0.0, SIGMA, CL, 0, no_more).reason


def test_window_and_the_couplings_in_it() -> None:
    low, high = window_around(-SIGMA, SIGMA, 2e-3)
    assert (low, high) == (0.0, pytest.approx(1.1 * SIGMA))
    assert window_around(3.95e-6, SIGMA, 2e-3)[1] == 4e-6
    assert couplings_within(0.0, 4 * SIGMA, GRID).size == 0
    added = couplings_within(0.0, SIGMA, np.array([1e-3]))
    assert added.min() > 0.0
    assert added.max() ** 2 == pytest.approx(SIGMA)
