"""Limits and p-values of PADME Run III; sources as in `test_run3_fits`."""

import numpy as np
import pytest
from scipy.special import ndtr

from x17.statistics.asymptotic import (
    cls_limit,
    discovery_z,
    estimate_signal,
    expected_error,
    expected_limits,
    expected_truth,
)
from x17.statistics.data_sets import DataSets
from x17.statistics.local_p import p_from_limits
from x17.statistics.model import SIGNAL_INDEX, ScanModel
from x17.statistics.profile_fit import fit_background, fit_fixed_signal
from x17.statistics.toy_cls import toy_cls
from x17.statistics.toy_limit import LimitMethod, toy_limit
from x17.statistics.toys import hybrid_toys

PUBLISHED_GRID = 1e-4 + np.arange(40) * 9e-4 / 40
"""Couplings of the published limits, arXiv:2503.05650: left edges from 1e-4 to 1e-3."""

PUBLISHED_LIMITS = {16.30: 7.88e-4, 16.60: 3.47e-4, 16.90: 5.60e-4, 17.20: 3.71e-4}
"""90 % CLs limits with 200 toys a point; their toys limit the agreement to 8 %."""

PUBLISHED_MEDIANS = {16.44: 4.77e-4, 16.84: 3.72e-4, 17.20: 3.83e-4}
"""Medians of about 300 pseudo-experiments: 5 %."""


def asymptotic_limits(model: ScanModel, data: DataSets, masses: list[float]) -> np.ndarray:
    estimate = estimate_signal(model, data, np.array(masses))
    return np.sqrt(cls_limit(estimate.signal[0], estimate.error[0], 0.90))


def test_asymptotic_limit_at_the_excess(model: ScanModel, data: DataSets) -> None:
    assert asymptotic_limits(model, data, [16.90])[0] == pytest.approx(5.53e-4, rel=0.01)  # recomputed


def test_asymptotic_limits_near_the_published_ones(model: ScanModel, data: DataSets) -> None:
    limits = asymptotic_limits(model, data, list(PUBLISHED_LIMITS))
    np.testing.assert_allclose(limits, list(PUBLISHED_LIMITS.values()), rtol=0.08)


def test_median_expected(model: ScanModel, data: DataSets) -> None:
    truth = expected_truth(model, fit_background(model, data))
    error = expected_error(model, truth, np.array(list(PUBLISHED_MEDIANS))).error
    np.testing.assert_allclose(expected_limits(error, 0.90)[2], list(PUBLISHED_MEDIANS.values()), rtol=0.05)


def test_statistics_only_limit(model: ScanModel, data: DataSets) -> None:
    # The published curve: g^2 = 1.28 sqrt(sum P B K) / sum P B K S(g=1) r over the five points of largest S.
    background = fit_background(model, data).parameters[0]
    signal = model.signal_yield(model.centers, 16.88)
    best = np.argsort(signal)[-5:]
    expected = (model.points.n_pot * model.points.background_per_pot * model.scale(background))[best]
    g = np.sqrt(1.28 * np.sqrt(expected.sum()) / np.sum(expected * signal[best]))
    assert g == pytest.approx(2.807e-4, rel=0.01)  # recomputed 2.807e-4, published 2.793e-4


def test_local_p(model: ScanModel, data: DataSets) -> None:
    # Published 0.010 from about 300 pseudo-experiments; recomputed 0.012-0.013.
    estimate = estimate_signal(model, data, 16.90)
    z = float(discovery_z(estimate, fit_background(model, data).chi2)[0])
    assert 0.005 < ndtr(-z) < 0.02
    limit = float(cls_limit(estimate.signal, estimate.error, 0.90)[0])
    fraction = p_from_limits(model, 16.90, limit, 0.90, 4000, seed=1, workers=2)
    assert fraction.n_failed == 0
    assert 0.005 < fraction.value < 0.02


@pytest.mark.parametrize(("mass", "published"), PUBLISHED_LIMITS.items())
def test_toy_limits_near_the_published_ones(
    model: ScanModel, data: DataSets, mass: float, published: float
) -> None:
    guess = float(asymptotic_limits(model, data, [mass])[0])
    near = PUBLISHED_GRID[(0.7 * guess < PUBLISHED_GRID) & (1.35 * guess > PUBLISHED_GRID)]
    points = toy_cls(model, data, mass, near, 500, seed=3, workers=2)
    limit = toy_limit(model, data, points, guess, 0.90, 500, seed=3, workers=2)
    assert limit.coupling == pytest.approx(published, rel=0.08)


def test_published_reading_of_200_toys(model: ScanModel, data: DataSets) -> None:
    # Recomputed: 5.583(5)e-4, the mean of eight seeds with 200 toys a point and the tanh fit. One seed
    # scatters by 0.05e-4, the mean of eight by 0.02e-4: 1 % is two and a half standard deviations.
    limits = []
    for seed in range(8):
        points = toy_cls(model, data, 16.90, PUBLISHED_GRID, 200, seed, workers=2)
        limit = toy_limit(model, data, points, 5.5e-4, 0.90, 200, seed, method=LimitMethod.TANH)
        assert limit.coupling is not None
        limits.append(limit.coupling)
    assert np.mean(limits) == pytest.approx(5.583e-4, rel=0.01)


def test_published_reading_of_4000_toys(model: ScanModel, data: DataSets) -> None:
    """5.541e-4 has been quoted for 4,000 toys a point; the tanh fit comes to 5.52 to 5.57e-4.

    The form is not the shape of CLs(g), so that the answer depends on how much the points far out weigh,
    where hardly a toy is left: 5.520(7)e-4 where a count of zero enters as one, as here, 5.566(10)e-4 without
    such points, 5.66e-4 with CLs between 0.02 and 0.5 alone (means of six seeds). One seed scatters by
    0.016e-4: the difference of 0.02e-4 and three of these are 1.3 %.
    """
    points = toy_cls(model, data, 16.90, PUBLISHED_GRID, 4000, seed=100, workers=2)
    limit = toy_limit(model, data, points, 5.5e-4, 0.90, 4000, seed=100, method=LimitMethod.TANH)
    assert limit.coupling == pytest.approx(5.541e-4, rel=0.013)


def test_toy_limit_follows_from_the_fitted_signal(model: ScanModel, data: DataSets) -> None:
    """The limit where CLs = 0.10 exactly is 2.5 % above 5.54e-4, which has been quoted for 4,000 toys.

    Independent route: u-hat of signal toys is Gaussian, with the bias and the width that the published
    ensemble gives it because the constraints are not recentred; P_S and P_B follow without any Q.
    """
    g = 5.67e-4
    estimate = estimate_signal(model, data, 16.90)
    background = fit_background(model, data)
    conditional = fit_fixed_signal(model, data, 16.90, g**2)
    rng = np.random.default_rng(11)
    probabilities = []
    for truth in (conditional.parameters[0], background.parameters[0]):
        toys = estimate_signal(model, hybrid_toys(model, truth, 16.90, 4000, rng), 16.90)
        center, width = toys.signal.mean(), toys.signal.std()
        probabilities.append(float(ndtr((estimate.signal[0] - center) / width)))
        if truth[SIGNAL_INDEX] > 0.0:
            # Not recentred: low by 0.2 sigma and narrower than sigma.
            assert -0.30 < ((toys.signal - g**2) / toys.error).mean() < -0.15
            assert 0.92 < ((toys.signal - g**2) / toys.error).std() < 0.98
    p_s, below_background = probabilities
    # The more signal-like toys have the smaller Q: P_B counts the background toys above u-hat of the data.
    cls = p_s / below_background
    # 4,000 toys fix the mean to 0.016 sigma, which moves P_S by 3 %; the Gaussian itself is good to 3 %.
    assert cls == pytest.approx(0.10, rel=0.06)
    points = toy_cls(model, data, 16.90, np.linspace(4.8e-4, 6.6e-4, 9), 2000, seed=2, workers=2)
    limit = toy_limit(model, data, points, 5.53e-4, 0.90, 2000, seed=2)
    assert limit.coupling == pytest.approx(g, rel=0.015)  # three times the interval that 2,000 toys give
