"""Profile fits: how many a second on one core, and how many times iminuit's number on the same toys."""

import time

import numpy as np
import pytest
from iminuit import Minuit
from pytest_benchmark.fixture import BenchmarkFixture
from scipy.special import wofz

from x17.statistics.asymptotic import estimate_signal
from x17.statistics.model import SIGNAL_INDEX
from x17.statistics.profile_fit import fit_background, fit_fixed_signal, fit_free_signal, q_statistic
from x17.statistics.toys import hybrid_toys

from .conftest import Case

N_REFEREE = 40
"""Toys that iminuit fits: it takes 10 ms for one."""


def note(benchmark: BenchmarkFixture, name: str, n: int) -> None:
    """Store and print how many a second, from the median of the rounds."""
    if benchmark.stats is None:  # benchmarks disabled
        return
    rate = n / benchmark.stats.stats.median
    benchmark.extra_info[name] = rate
    print(f"\n{benchmark.name}: {rate:,.0f} {name}")


def minuit_chi2(case: Case, row: int) -> Minuit:
    """The same χ² of the seven nuisances at fixed signal, in NumPy, for iminuit; in units of their errors."""
    model, toys = case.model, case.toys
    y, weight, precision = toys.first[row], toys.second[row], model.precision[:7, :7]
    energy, offset = model.points.beam_energy_mev, model.offset
    e_res = float(model.resonance_energy(case.mass))
    steps, centers = np.sqrt(np.diag(model.covariance))[:7], model.centers[:7]

    def chi2(unit: np.ndarray) -> float:
        p0, p1, area, gamma, b, q0, q1 = centers + steps * unit
        width = abs(b) * e_res * np.sqrt(2.0)
        line = wofz((energy - e_res + 1j * gamma) / width).real / (width * np.sqrt(np.pi))
        signal = case.coupling**2 * area * line * (q0 + q1 * offset)
        residual = y - (p0 + p1 * offset) * (1.0 + signal)
        pull = steps * unit
        return float(np.dot(weight, residual**2) + pull @ precision @ pull)

    fit = Minuit(chi2, np.zeros(7))
    fit.errordef = 1.0
    fit.errors = 1.0
    return fit


def test_signal_fits(benchmark: BenchmarkFixture, case: Case) -> None:
    """Seven nuisances free, signal fixed: what Q of a toy needs; beside it iminuit (MIGRAD, strategy 0)."""
    n = len(case.toys)
    signal = case.coupling**2
    fit = benchmark(fit_fixed_signal, case.model, case.toys, case.mass, signal)
    assert fit.ok.all()
    start = time.perf_counter()
    chi2 = []
    for row in range(N_REFEREE):
        minuit = minuit_chi2(case, row)
        minuit.strategy = 0
        chi2.append(minuit.migrad().fval)
    referee = N_REFEREE / (time.perf_counter() - start)
    # MIGRAD stops within its tolerance of 2e-4 above the minimum: both did the same work.
    np.testing.assert_allclose(chi2, fit.chi2[:N_REFEREE], rtol=0, atol=5e-3)
    note(benchmark, "signal fits/s", n)
    if benchmark.stats is not None:
        ratio = n / benchmark.stats.stats.median / referee
        benchmark.extra_info["iminuit fits/s"] = referee
        benchmark.extra_info["times iminuit"] = ratio
        print(f"{benchmark.name}: iminuit {referee:,.0f} fits/s, {ratio:,.0f} times slower")


def test_free_signal_fits(benchmark: BenchmarkFixture, case: Case) -> None:
    """Eight free: û of a toy."""
    assert benchmark(fit_free_signal, case.model, case.toys, case.mass).ok.all()
    note(benchmark, "free-signal fits/s", len(case.toys))


def test_background_fits(benchmark: BenchmarkFixture, case: Case) -> None:
    """K alone: one Newton step."""
    assert benchmark(fit_background, case.model, case.toys).ok.all()
    note(benchmark, "background fits/s", len(case.toys))


def test_draw_and_fit(benchmark: BenchmarkFixture, case: Case) -> None:
    """A toy of the CLs from its random numbers to its Q: drawn, fitted with and without a boson."""
    n = 2000

    def toys() -> np.ndarray:
        drawn = hybrid_toys(case.model, case.truth, case.mass, n, np.random.default_rng(2))
        return q_statistic(case.model, drawn, case.mass, case.coupling).q

    assert np.isfinite(benchmark(toys)).all()
    note(benchmark, "toys/s", n)


def test_asymptotic_limits(benchmark: BenchmarkFixture, case: Case) -> None:
    """The free signal and its ΔQ = 1 error of a pseudo-experiment: five fits."""
    estimate = benchmark(estimate_signal, case.model, case.toys, case.mass)
    assert estimate.ok.all()
    note(benchmark, "limits/s", len(case.toys))


@pytest.mark.parametrize("n", [1, 64, 1000])
def test_batch_size(benchmark: BenchmarkFixture, case: Case, n: int) -> None:
    """What a small batch costs: 64 fits advance together, so that one takes as long as 64."""
    toys = hybrid_toys(case.model, case.truth, case.mass, n, np.random.default_rng(3))
    fit = benchmark(fit_fixed_signal, case.model, toys, case.mass, case.coupling**2)
    assert (fit.signal == case.coupling**2).all()
    assert fit.parameters.shape == (n, SIGNAL_INDEX + 1)
    note(benchmark, "signal fits/s", n)
