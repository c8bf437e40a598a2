"""The line shape: Weideman's approximation, many arguments at once, beside scipy's wofz."""

import time

import numba as nb
import numpy as np
from pytest_benchmark.fixture import BenchmarkFixture
from scipy.special import wofz

from x17.theory.faddeeva import faddeeva_lanes

LANES, BLOCKS, REPEATS = 64, 16, 100
"""The arguments fit into the first caches, as in the fits."""


@nb.njit(error_model="numpy")
def many(
    x: np.ndarray, y: np.ndarray, w_re: np.ndarray, w_im: np.ndarray, work: np.ndarray
) -> None:  # pragma: no cover - compiled
    """Block after block, as the fits do it."""
    for _ in range(REPEATS):
        for block in range(x.shape[0]):
            faddeeva_lanes(x[block], y[block], w_re[block], w_im[block], work)


def test_faddeeva(benchmark: BenchmarkFixture) -> None:
    rng = np.random.default_rng(1)
    # Arguments of the Run III fits: points up to 20 MeV away, widths of 1.7 MeV and 0.7 MeV.
    x, y = rng.uniform(-20.0, 20.0, (BLOCKS, LANES)), rng.uniform(1.2, 2.5, (BLOCKS, LANES))
    w_re, w_im, work = np.empty_like(x), np.empty_like(x), np.empty((4, LANES))
    many(x, y, w_re, w_im, work)
    benchmark(many, x, y, w_re, w_im, work)
    z = x + 1j * y
    times = []
    for _ in range(50):
        start = time.perf_counter()
        reference = wofz(z)
        times.append(time.perf_counter() - start)
    np.testing.assert_allclose(w_re + 1j * w_im, reference, rtol=1e-12)
    if benchmark.stats is not None:
        own, scipy_time = benchmark.stats.stats.median / (z.size * REPEATS), np.median(times) / z.size
        benchmark.extra_info["ns per value"] = own * 1e9
        benchmark.extra_info["wofz ns per value"] = scipy_time * 1e9
        benchmark.extra_info["times wofz"] = scipy_time / own
        print(f"\nw(z): {own * 1e9:.1f} ns, scipy {scipy_time * 1e9:.1f} ns, ratio {scipy_time / own:.1f}")
