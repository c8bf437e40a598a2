"""Without a boson: p-values are uniform, χ² is distributed as χ², errors are errors.

Pseudo-experiments with centres drawn about the truth are what the asymptotic formulas describe.
"""

import numpy as np
import pytest
from scipy.stats import binomtest, chi2, kstest, norm

from x17.statistics.asymptotic import SignalEstimate, discovery_z, estimate_signal
from x17.statistics.model import ScanModel
from x17.statistics.profile_fit import FitBatch, fit_background
from x17.statistics.toys import block_seeds, pseudo_experiments

MASSES = np.array([16.6, 16.9, 17.2])

SIZES = [pytest.param(4000, id="4000"), pytest.param(200_000, id="200000", marks=pytest.mark.full)]


@pytest.fixture(scope="module", params=SIZES)
def null(model: ScanModel, request: pytest.FixtureRequest) -> tuple[SignalEstimate, FitBatch]:
    """Free signals at each mass and fits without a boson to pseudo-experiments without a boson."""
    signals, backgrounds = [], []
    for size, rng in block_seeds(7, (100,), request.param, 5000):
        toys = pseudo_experiments(model, size, rng)
        signals.append(estimate_signal(model, toys, MASSES))
        backgrounds.append(fit_background(model, toys))
    names = ("signal", "error", "chi2", "status")
    estimate = SignalEstimate(*(np.concatenate([getattr(s, name) for s in signals]) for name in names))
    names = ("chi2", "parameters", "last_err", "status", "iterations")
    background = FitBatch(*(np.concatenate([getattr(b, name) for b in backgrounds]) for name in names))
    return estimate, background


def test_no_fit_fails(null: tuple[SignalEstimate, FitBatch]) -> None:
    estimate, background = null
    assert estimate.ok.all()
    assert background.ok.all()


def test_p_from_q0_is_uniform_below_one_half_and_errs_towards_caution(
    null: tuple[SignalEstimate, FitBatch],
) -> None:
    """Weights that follow the data make an upward fluctuation count for less, a downward one for more.

    That lowers the free signal by 0.03 sigma: a tail beyond z shrinks by 0.03 times the hazard rate, and by
    up to twice that far out. Measured with 200,000: 2 % at 0, 7-10 % at 2, 10-17 % at 2.5 sigma.
    """
    estimate, background = null
    z = discovery_z(estimate, background.chi2[:, None])
    n = z.shape[0]
    for level in (0.0, 1.0, 1.5, 2.0, 2.5):
        p, hazard = norm.sf(level), norm.pdf(level) / norm.sf(level)
        found = np.count_nonzero(z > level, axis=0) / n
        statistical = 5 * np.sqrt(p / n)
        assert found.max() < p + statistical
        assert found.min() > p * (1 - 0.05 * hazard) - statistical


def test_signal_over_its_error_is_a_standard_gaussian(null: tuple[SignalEstimate, FitBatch]) -> None:
    estimate, _ = null
    pull = estimate.signal / estimate.error
    n = pull.shape[0]
    # Mean and width of a sample, five standard errors, and 0.02 for the second order in the nuisances.
    assert np.abs(pull.mean(axis=0)).max() < 5 / np.sqrt(n) + 0.02
    np.testing.assert_allclose(pull.std(axis=0), 1.0, atol=5 / np.sqrt(2 * n) + 0.02)


def test_interval_of_one_standard_deviation_covers_68_percent(
    null: tuple[SignalEstimate, FitBatch],
) -> None:
    estimate, _ = null
    n = estimate.signal.shape[0]
    for k in range(MASSES.size):
        inside = np.count_nonzero(np.abs(estimate.signal[:, k]) < estimate.error[:, k])
        assert inside / n == pytest.approx(0.6827, abs=5 * np.sqrt(0.6827 * 0.3173 / n) + 0.01)


def test_chi2_without_a_boson_is_chi2_of_42(null: tuple[SignalEstimate, FitBatch]) -> None:
    """K's two parameters are fitted to 42 points and two centres; the other five centres are met exactly."""
    _, background = null
    n = background.chi2.size
    # The weights follow the data (Neyman): the mean rises by a few times (0.9 %)^2 a point, below 0.05.
    assert background.chi2.mean() == pytest.approx(42 + 0.02, abs=5 * np.sqrt(84 / n) + 0.05)
    if n < 10_000:  # a larger sample resolves that shift
        assert kstest(background.chi2, chi2(42).cdf).pvalue > 1e-3
    for p in (0.2, 0.05, 0.01):
        rejected = np.count_nonzero(chi2.sf(background.chi2, 42) < p)
        assert binomtest(rejected, n).proportion_ci(0.99999).low < 1.05 * p
        assert binomtest(rejected, n).proportion_ci(0.99999).high > 0.95 * p
