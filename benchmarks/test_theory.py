"""Speed of the theory: a yield curve with the electrons' motion, and the Voigt line against wofz alone."""

import time
from statistics import median
from typing import Any

import numpy as np
from scipy.special import wofz

from x17.theory.boson import Boson, SpinParity
from x17.theory.compton import Diamond
from x17.theory.lineshape import Voigt
from x17.theory.production import yield_curve
from x17.theory.target import Target


def test_yield_curve_of_500_energies(benchmark: Any) -> None:
    boson, energies = Boson(17.0, SpinParity.VECTOR, 1e-3), np.linspace(274.0, 292.0, 500)
    curve = benchmark(yield_curve, boson, Target(), energies, 0.0025, Diamond())
    assert curve.yield_per_pot.max() > 1e-6
    print(f"\n{1e3 * benchmark.stats.stats.median:.1f} ms for 500 energies with electron motion")


def test_voigt_line_against_wofz(benchmark: Any) -> None:
    """A million points, in pairs: the line costs little more than the Faddeeva function in it."""
    energy, line = np.linspace(260.0, 300.0, 1_000_000), Voigt(13.56, 1.72, 0.0025)
    z = (energy - 280.0 + 1.72j) / (0.7 * np.sqrt(2.0))
    ratios = []
    for _ in range(5):
        start = time.perf_counter()
        wofz(z)
        middle = time.perf_counter()
        line.yield_per_pot(energy, 280.0)
        ratios.append((time.perf_counter() - middle) / (middle - start))
    benchmark.extra_info["line_over_wofz"] = round(median(ratios), 2)
    print(f"\nthe Voigt line takes {median(ratios):.2f} times as long as wofz alone")
    benchmark.pedantic(line.yield_per_pot, args=(energy, 280.0), rounds=3)
