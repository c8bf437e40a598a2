"""Drawn internal pairs against the integrals of their density."""

import math

import numpy as np
import pytest

from x17.constants import ELECTRON_MASS_MEV
from x17.nuclear.multipole import Multipole
from x17.nuclear.pair_angles.coefficients import fraction_above
from x17.nuclear.pair_angles.internal_pairs import InternalPairs
from x17.nuclear.pair_angles.unit_square import energy_at, share_at, square_density

N = 40_000


@pytest.mark.parametrize("multipole", list(Multipole))
def test_drawn_angles_and_energies_follow_the_density(multipole: Multipole) -> None:
    from scipy.stats import kstest

    plus, cos_theta = InternalPairs(multipole, 18.15).draw(N, np.random.default_rng(5))
    grid = np.linspace(0.0, math.pi, 400)
    cdf = 1.0 - np.array([fraction_above(multipole, 18.15, angle) for angle in grid])
    # The table's interpolation is off by less than a tenth of what 40 000 draws resolve
    angle_test = kstest(np.arccos(cos_theta), lambda theta: np.interp(theta, grid, cdf))
    cuts = np.linspace(0.0, 1.0, 100)[1:]
    within = [0.0, *(fraction_above(multipole, 18.15, 0.0, float(cut)) for cut in cuts)]
    asymmetry = np.abs(2.0 * plus / 18.15 - 1.0)
    energy_test = kstest(asymmetry, lambda y: np.interp(y, [0.0, *cuts], within))
    assert min(angle_test.pvalue, energy_test.pvalue) > 1e-3


def test_both_signs_are_drawn_alike() -> None:
    plus, _ = InternalPairs(Multipole.M1, 18.15).draw(N, np.random.default_rng(6))
    assert abs(np.mean(plus > 9.075) - 0.5) < 4.0 * 0.5 / math.sqrt(N)
    assert plus.min() > ELECTRON_MASS_MEV
    assert plus.max() < 18.15 - ELECTRON_MASS_MEV


@pytest.mark.parametrize("multipole", list(Multipole))
@pytest.mark.parametrize("energy", [1.05, 6.05, 20.21, 100.0])
def test_the_staircase_is_above_the_density(multipole: Multipole, energy: float) -> None:
    assert InternalPairs(multipole, energy).largest_ratio(100_000, np.random.default_rng(7)) < 1.0


def test_draws_depend_on_the_generator_alone() -> None:
    source = InternalPairs(Multipole.E1, 17.64)
    first = source.draw(1000, np.random.default_rng(8))
    again = source.draw(1000, np.random.default_rng(8))
    assert np.array_equal(first[0], again[0])
    assert np.array_equal(first[1], again[1])
    assert source.draw(0, np.random.default_rng(8))[0].size == 0


def test_the_square_knows_its_energies() -> None:
    s = np.linspace(0.01, 0.99, 21)
    assert share_at(18.15, energy_at(18.15, s)) == pytest.approx(s, abs=1e-12)


def test_the_jacobian_is_that_of_the_map() -> None:
    s, v, step = np.array([0.2, 0.4]), np.array([0.3, 0.8]), 1e-5
    point, _ = square_density(Multipole.M1, 18.15, s, v)
    ahead, _ = square_density(Multipole.M1, 18.15, s, v + step)
    behind, _ = square_density(Multipole.M1, 18.15, s, v - step)
    along_v = (behind.cos_theta - ahead.cos_theta) / (2.0 * step)
    along_s = (energy_at(18.15, s + step) - energy_at(18.15, s - step)) / (2.0 * step)
    assert point.jacobian == pytest.approx(along_v * along_s, rel=1e-7)  # errors of second order in the step
