import numpy as np
import pytest
from scipy.special import ndtri

from x17.statistics.asymptotic import expected_limits
from x17.statistics.power_constrained import asimov_constraints, experiment_constraints
from x17.statistics.signal_scan import SignalScan

MASSES, SIGMA = np.array([16.6, 16.9]), np.array([0.9e-7, 1.1e-7])


def test_constraints_of_the_asimov_data_set() -> None:
    found = asimov_constraints(SIGMA, 0.90)
    np.testing.assert_allclose(np.sqrt(found.published), expected_limits(SIGMA, 0.90)[2])
    np.testing.assert_allclose(found.standard, (ndtri(0.90) - 1.0) * SIGMA)


def test_there_is_no_standard_constraint_where_one_sigma_down_excludes_everything() -> None:
    assert (asimov_constraints(SIGMA, 0.80).standard == 0.0).all()


def test_gaussian_experiments_give_the_same_constraints() -> None:
    n = 40_000
    signal = np.random.default_rng(1).normal(0.0, SIGMA, (n, 2))
    status = np.zeros((n, 2), dtype=np.int8)
    signal[7], status[7] = 1e9, 1  # a failed fit is left out
    error = np.broadcast_to(SIGMA, (n, 2))
    found = experiment_constraints(SignalScan(MASSES, signal, error, np.zeros((n, 2)), status), 0.90)
    expected = asimov_constraints(SIGMA, 0.90)
    # The median of û is known to 1.25σ/√n, which is 0.4 % of the limit of 1.64σ; the −1σ quantile to
    # 1.5σ/√n, 2.7 % of 0.28σ. Three standard deviations.
    np.testing.assert_allclose(found.published, expected.published, rtol=0.012)
    np.testing.assert_allclose(found.standard, expected.standard, rtol=0.08)


def test_limits_without_a_boson_are_rarely_below_the_standard_constraint() -> None:
    # By construction Φ(−1) of them.
    signal = np.random.default_rng(2).normal(0.0, SIGMA[0], 100_000)
    limits = signal + SIGMA[0] * ndtri(0.90)
    assert np.mean(limits < asimov_constraints(SIGMA, 0.90).standard[0]) == pytest.approx(0.1587, abs=0.004)
