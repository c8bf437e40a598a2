import math

import pytest
from scipy.stats import binomtest, norm

from x17.errors import UsageError
from x17.statistics.monte_carlo import TailFraction


@pytest.mark.parametrize(("k", "n"), [(0, 100), (1, 100), (119, 10_000), (50, 100), (99, 100), (100, 100)])
def test_interval_is_clopper_pearson(k: int, n: int) -> None:
    reference = binomtest(k, n).proportion_ci(0.6827, method="exact")
    assert TailFraction(k, n).interval() == pytest.approx((reference.low, reference.high), abs=1e-10)


def test_significance_is_one_sided() -> None:
    assert TailFraction(10, 1000).significance == pytest.approx(norm.isf(0.01))
    assert TailFraction(0, 1000).significance == math.inf


def test_no_toys_say_nothing() -> None:
    assert math.isnan(TailFraction(0, 0).value)
    assert TailFraction(0, 0).interval() == (0.0, 1.0)


@pytest.mark.parametrize(("k", "n"), [(-1, 10), (11, 10)])
def test_impossible_counts_are_refused(k: int, n: int) -> None:
    with pytest.raises(UsageError, match="not a fraction"):
        TailFraction(k, n)
