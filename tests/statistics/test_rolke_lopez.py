import numpy as np
import pytest
from iminuit import Minuit
from scipy.optimize import brentq

from x17.statistics.rolke_lopez import profile_deviance, rolke_lopez_interval
from x17.statistics.signal_counts import SignalCounts

THRESHOLD = 1.6448536269514722**2


def counts(observed: float, background: float, error: float, signal: float = 1.0) -> SignalCounts:
    return SignalCounts(*(np.array([value]) for value in (observed, background, error, signal)))


def test_interval_of_trolke() -> None:
    """ROOT's tutorial for its class TRolke, version 5.34, model 5: [0, 4.91504].

    One event over a background of 0 ± 1, efficiency 0.65, CL 0.799999. A background of exactly zero is
    extrapolated there from those of 1 and 2.
    """
    one, two = (float(rolke_lopez_interval(counts(1, b, 1.0), 0.799999).upper[0]) for b in (1, 2))
    assert (2 * one - two) / 0.65 == pytest.approx(4.91504, rel=2e-6)


def test_known_background_is_a_poisson_likelihood() -> None:
    n, b = 25.0, 10.0
    found = rolke_lopez_interval(counts(n, b, 0.0), 0.90)
    deviance = lambda s: 2 * (s + b - n + n * np.log(n / (s + b))) - THRESHOLD  # noqa: E731
    assert found.lower[0] == pytest.approx(brentq(deviance, 0.0, 15.0), rel=1e-9)
    assert found.upper[0] == pytest.approx(brentq(deviance, 15.0, 50.0), rel=1e-9)


def test_large_counts_are_gaussian() -> None:
    n, b, error = 1.002e8, 1e8, 3e4
    found = rolke_lopez_interval(counts(n, b, error, signal=2.0), 0.90)
    width = np.sqrt(THRESHOLD * (n + error**2))
    # The Poisson law differs from a Gaussian by width/N = 2e-4.
    assert 2 * found.upper[0] - (n - b) == pytest.approx(width, rel=1e-3)
    assert (n - b) - 2 * found.lower[0] == pytest.approx(width, rel=1e-3)


@pytest.mark.parametrize(("n", "b", "error"), [(10.0, 5.0, 0.5), (30.0, 12.0, 4.0), (4.0, 9.0, 2.0)])
def test_minos_finds_the_same_ends(n: float, b: float, error: float) -> None:
    def minus_two_log_likelihood(signal: float, background: float) -> float:
        total = signal + background
        return 2 * (total - n * np.log(total)) + ((background - b) / error) ** 2

    minuit = Minuit(minus_two_log_likelihood, signal=n - b, background=b)
    minuit.errordef = THRESHOLD
    minuit.tol = 1e-4
    minuit.migrad()
    minuit.minos("signal")
    found = rolke_lopez_interval(counts(n, b, error), 0.90)
    ends = minuit.merrors["signal"]
    # MINOS stops within 1 % of the threshold at worst, half of that in the end.
    assert found.lower[0] == pytest.approx(n - b + ends.lower, abs=5e-3 * abs(ends.lower))
    assert found.upper[0] == pytest.approx(n - b + ends.upper, abs=5e-3 * ends.upper)


def test_deviance_is_zero_at_the_excess_and_continuous_in_the_background_error() -> None:
    one = np.ones(1)
    assert profile_deviance(15.0 * one, 25.0 * one, 10.0 * one, 2.0 * one) == pytest.approx(0.0, abs=1e-12)
    sharp, almost = (profile_deviance(5.0 * one, 25.0 * one, 10.0 * one, e * one) for e in (0.0, 1e-5))
    assert almost == pytest.approx(sharp, rel=1e-6)


def test_a_deep_deficit_excludes_everything() -> None:
    found = rolke_lopez_interval(counts(400.0, 500.0, 5.0), 0.90)
    assert found.upper[0] < 0.0
    assert not found.contains(0.0).any()
