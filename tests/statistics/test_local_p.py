import numpy as np
import pytest
from scipy.special import ndtr

from x17.statistics.asymptotic import cls_limit, estimate_signal, expected_error
from x17.statistics.data_sets import asimov
from x17.statistics.local_p import p_from_limits
from x17.statistics.model import ScanModel


def test_a_median_limit_has_p_of_one_half_and_a_two_sigma_one_its_tail(model: ScanModel) -> None:
    sigma = float(expected_error(model, model.centers, 16.8).error)
    for z in (0.0, 2.0):
        limit = float(cls_limit(z * sigma, sigma, 0.90))
        fraction = p_from_limits(model, 16.8, limit, 0.90, 4000, seed=1, workers=2)
        p = float(ndtr(-z))
        # Four binomial errors of 4,000 toys; the width of u-hat is good to 1 %, worth 5 % at two sigma.
        assert fraction.value == pytest.approx(p, abs=4 * np.sqrt(p * (1 - p) / 4000) + 0.05 * p)
        assert fraction.n_toys == 4000


def test_workers_do_not_matter_and_seeds_do(model: ScanModel) -> None:
    limit = float(cls_limit(1e-7, 1e-7, 0.90))
    values = [p_from_limits(model, 16.9, limit, 0.9, 2500, s, workers=w) for s, w in ((1, 1), (1, 2), (2, 1))]
    assert values[0] == values[1]
    assert values[0].successes != values[2].successes


def test_an_excess_in_the_truth_is_no_surprise(model: ScanModel) -> None:
    truth = model.centers.copy()
    truth[7] = 6e-4**2
    estimate = estimate_signal(model, asimov(model, model.expected_g_r(truth, 16.9)), 16.9)
    limit = float(cls_limit(estimate.signal, estimate.error, 0.9)[0])
    assert p_from_limits(model, 16.9, limit, 0.9, 1000, 1).value < 0.01


def test_the_truth_may_be_another(model: ScanModel) -> None:
    """With a signal in the truth the limit of its median experiment is no longer improbable."""
    center = model.constants.center_sqrt_s_mev
    truth = model.centers.copy()
    truth[7] = 5e-4**2
    estimate = estimate_signal(model, asimov(model, model.expected_g_r(truth, center)), center)
    limit = float(cls_limit(estimate.signal, estimate.error, 0.9)[0])
    fraction = p_from_limits(model, center, limit, 0.9, 1000, 1, truth=truth)
    # Toys sit 0.03 sigma low, worth 1 % here; four binomial errors.
    assert fraction.value == pytest.approx(0.5, abs=0.02 + 4 * 0.5 / np.sqrt(1000))
    assert p_from_limits(model, center, limit, 0.9, 1000, 1).value < 0.05
