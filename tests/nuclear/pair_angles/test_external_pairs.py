"""External pairs: rates against tabulated cross sections, draws against their densities."""

import math

import numpy as np
import pytest

from x17.constants import AVOGADRO_PER_MOL, ELECTRON_MASS_MEV
from x17.errors import UsageError
from x17.nuclear.pair_angles.external_pairs import ExternalPairs, external_pairs_per_photon


def test_cross_section_of_carbon() -> None:
    per_barn = AVOGADRO_PER_MOL / 12.011 * 1e-24
    barn = external_pairs_per_photon(20.0, 6.0, 12.011, 1.0) / per_barn
    # Bethe–Heitler (nuclear field) by itself is 36/42 of it; at 39 m its own next terms are a few per cent
    assert barn == pytest.approx(0.135, abs=0.007)


def test_rates_are_proportional_to_the_thickness() -> None:
    thin, thick = (external_pairs_per_photon(18.0, 6.0, 12.011, x) for x in (0.01, 0.02))
    assert thick == pytest.approx(2.0 * thin)
    assert external_pairs_per_photon(18.0, 6.0, 12.011, 0.0) == 0.0


def test_energy_shares_follow_their_density() -> None:
    from scipy.stats import kstest

    source = ExternalPairs(18.15)
    plus, _ = source.draw(50_000, np.random.default_rng(4))
    low = ELECTRON_MASS_MEV / 18.15
    grid = np.linspace(low, 1.0 - low, 4001)
    cdf = np.concatenate(
        [[0.0], np.cumsum(0.5 * (source.energy_density(grid)[1:] + source.energy_density(grid)[:-1]))]
    )
    assert kstest(plus / 18.15, lambda x: np.interp(x, grid, cdf / cdf[-1])).pvalue > 1e-3


def test_angles_are_small_and_their_tail_thin() -> None:
    _, cos_theta = ExternalPairs(18.15).draw(200_000, np.random.default_rng(4))
    angle = np.degrees(np.arccos(cos_theta))
    # The scale is m/E₊ + m/E₋, some 7 degrees for equal energies
    assert 3.0 < np.median(angle) < 12.0
    assert np.mean(angle > 109.0) < 0.02


def test_each_lepton_has_the_dipoles_cosine() -> None:
    # In a pair of equal energies the mean of (1 − cos θ) of one is (1/β² − 1)(…): checked by quadrature
    energy = 9.0
    beta = math.sqrt(1.0 - (ELECTRON_MASS_MEV / energy) ** 2)
    c = np.linspace(-1.0, 1.0, 2_000_001)
    density = 1.0 / (1.0 - beta * c) ** 2
    mean = np.trapezoid(c * density, c) / np.trapezoid(density, c)
    from x17.nuclear.pair_angles.external_pairs import _boosted_cosine

    uniform = (np.arange(1_000_000) + 0.5) / 1_000_000
    assert np.mean(_boosted_cosine(np.full(1_000_000, energy), uniform)) == pytest.approx(mean, abs=1e-5)


@pytest.mark.parametrize("energy", [1.0, 200.0])
def test_energies_out_of_range(energy: float) -> None:
    with pytest.raises(UsageError, match="allowed: 5 to 100 MeV"):
        ExternalPairs(energy)
    with pytest.raises(UsageError, match="allowed: 5 to 100 MeV"):
        external_pairs_per_photon(energy, 6.0, 12.0, 1.0)


def test_converters_that_are_none() -> None:
    with pytest.raises(UsageError, match="a converter needs"):
        external_pairs_per_photon(18.0, 6.0, 12.0, -1.0)
