import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from x17.reconstruction.exponential_background import exponential_between

EDGES, WINDOW = (35.0, 50.0), 15.0


@given(st.floats(-0.05, 0.05), st.floats(1.0, 1e4))
def test_an_exponential_comes_back(slope: float, density: float) -> None:
    def content(low: float, high: float) -> np.ndarray:
        if abs(slope) < 1e-9:
            return np.array([density * (high - low)])
        return np.array([density * (math.exp(slope * high) - math.exp(slope * low)) / slope])

    bands = (content(-50.0, -35.0), content(35.0, 50.0))
    found, _ = exponential_between(bands, bands, EDGES, WINDOW)
    assert found[0] == pytest.approx(content(-WINDOW, WINDOW)[0], rel=1e-6)


def test_the_variance_is_that_of_toys() -> None:
    rng = np.random.default_rng(1)
    bands = (rng.poisson(200.0, 4000).astype(float), rng.poisson(80.0, 4000).astype(float))
    found, variance = exponential_between(bands, bands, EDGES, WINDOW)
    # The stretch, left out of the variance, adds (λW)²/3 of that of the slope: a per cent.
    assert found.var() == pytest.approx(variance.mean(), rel=0.1)


def test_an_empty_band_leaves_a_straight_line() -> None:
    bands = (np.array([6.0, 0.0]), np.array([0.0, 0.0]))
    found, variance = exponential_between(bands, bands, EDGES, WINDOW)
    # Half of 30/15 MeV.
    assert found.tolist() == [6.0, 0.0]
    assert variance.tolist() == [6.0, 0.0]
