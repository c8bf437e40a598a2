import numpy as np
import pytest
from scipy.stats import norm

from x17.statistics.asymptotic import BAND_QUANTILES
from x17.statistics.expected_band import expected_band

MASSES = np.array([16.6, 17.0])


def test_quantiles_of_a_gaussian() -> None:
    n = 200_000
    limits = np.random.default_rng(1).normal(5.0, [1.0, 2.0], size=(n, 2))
    band = expected_band(MASSES, limits)
    assert band.n_toys == n
    assert (band.low <= band.limits).all()
    assert (band.limits <= band.high).all()
    share = norm.cdf(BAND_QUANTILES)
    # Standard error of a quantile: sqrt(p (1 - p)/n) over the density; five of them.
    error = np.sqrt(share * (1 - share) / n) / norm.pdf(BAND_QUANTILES)
    for k, width in enumerate((1.0, 2.0)):
        assert np.all(np.abs(band.limits[:, k] - 5.0 - width * np.array(BAND_QUANTILES)) < 5 * error * width)
        # The interval is one standard error to each side, up to its own fluctuation.
        half = 0.5 * (band.high[:, k] - band.low[:, k])
        np.testing.assert_allclose(half, error * width, rtol=0.35)


def test_interval_covers_the_quantile_as_often_as_it_says() -> None:
    rng, inside, trials = np.random.default_rng(2), 0, 600
    for _ in range(trials):
        band = expected_band(MASSES, rng.normal(size=(300, 2)))
        inside += int(band.low[4, 0] <= BAND_QUANTILES[4] <= band.high[4, 0])
    # 68 % in the limit of many toys; 300 put seven beyond +2 sigma, where order statistics are coarse.
    assert inside / trials == pytest.approx(0.68, abs=0.08)
