"""Toy measurements: reproducible, and telling of goodness of fit and coverage."""

import time
from dataclasses import replace

import numpy as np
import pytest
from scipy.special import gammaincc

from x17.nuclear.masses import fit_mass, load_measurements
from x17.nuclear.masses.choices import FitChoices, Source
from x17.nuclear.masses.mass_fit import MassFit
from x17.nuclear.masses.toys import BLOCK, MassToys, blocks_of, toy_block

ROWS = load_measurements().select()


def toys(fit: MassFit, n: int, seed: int = 1, reality: MassFit | None = None) -> MassToys:
    return MassToys.joined([toy_block(fit, seed, k, m, reality=reality) for k, m in blocks_of(n)])


def test_blocks_hold_all_toys() -> None:
    assert blocks_of(2 * BLOCK + 5) == [(0, BLOCK), (1, BLOCK), (2, 5)]
    assert blocks_of(0) == []


def test_a_longer_run_begins_with_the_same_toys() -> None:
    fit = fit_mass(ROWS)
    short, long = toys(fit, BLOCK + 7), toys(fit, 3 * BLOCK)
    np.testing.assert_array_equal(short.mass, long.mass[: BLOCK + 7])
    assert not np.array_equal(short.mass, toys(fit, BLOCK + 7, seed=2).mass)


@pytest.mark.parametrize("source", list(Source))
@pytest.mark.parametrize("rho", [0.0, 0.5, 1.0])
def test_the_interval_holds_the_truth_as_often_as_it_says(source: Source, rho: float) -> None:
    fit = fit_mass(ROWS, FitChoices(source=source, rho=rho))
    made = toys(fit, 10_000)
    # Binomial error 0.47 %; four of them, and 0.3 % for the curvature of θ_min(m).
    assert made.count_covered() / made.n_converged == pytest.approx(0.6827, abs=0.022)
    assert made.n_converged > 0.99 * len(made)
    # χ² follows its distribution: the p-value by toys is that of the formula, to four binomial errors.
    p = float(gammaincc(0.5 * fit.ndf, 0.5 * fit.chi2))
    assert made.count_above(fit.chi2) / made.n_converged == pytest.approx(p, abs=0.02)


def test_a_correlation_left_out_costs_coverage() -> None:
    """The width of the mean is known: w C w for the weights of the wrong covariance."""
    wrong, right = (fit_mass(ROWS, FitChoices(rho=rho)) for rho in (0.0, 1.0))
    made = toys(wrong, 10_000, reality=right)
    width = np.sqrt(wrong.weights @ right.inputs.mass_covariance @ wrong.weights)
    assert made.mass.std() == pytest.approx(width, rel=0.03)
    assert made.count_covered() / len(made) < 0.45


def test_ten_thousand_toys_take_seconds() -> None:
    fit = fit_mass(ROWS, FitChoices(source=Source.ANGLES))
    started = time.perf_counter()
    toys(fit, 10_000)
    assert time.perf_counter() - started < 30.0


def test_angles_that_no_boson_gives_are_counted_and_not_hidden() -> None:
    rows = [replace(row, mass_stat_mev=0.6) for row in load_measurements().select("c-1500,c-1700")]
    made = toys(fit_mass(rows, FitChoices(source=Source.ANGLES)), 2000)
    assert 0 < len(made) - made.n_converged < len(made)
    assert np.isfinite(made.chi2).all()
