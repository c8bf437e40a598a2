from dataclasses import replace

import numpy as np
import pytest

from x17.apparatus.setup import Setup
from x17.simulation.calorimeter_deposits import shower_deposits
from x17.simulation.digitisation.bunch_monitors import monitor_bunches
from x17.simulation.digitisation.calorimeter_energy import SinglesInCalorimeter
from x17.simulation.generators.single_positrons import generate_singles, single_rate
from x17.simulation.showers.library import ShowerLibrary
from x17.simulation.transport import to_calorimeter

from ..conftest import BEAM_ENERGY


def test_the_mean_is_that_of_simulated_showers(setup: Setup) -> None:
    """Independently: showers of the library, all energy that they leave in crystals that work."""
    n = 20_000
    singles = generate_singles(setup, BEAM_ENERGY, n, np.random.default_rng(5))
    deposits = shower_deposits(
        singles,
        to_calorimeter(singles, setup),
        setup.calorimeter,
        ShowerLibrary.load(),
        np.random.default_rng(6),
    )
    alive = ~setup.calorimeter.cells.dead[deposits.cell]
    mean = deposits.energy[alive].sum() / n * single_rate(setup, BEAM_ENERGY)
    # 20,000 and 40,000 positrons, two in three of which hit: 0.6 %; energy shared across edges: a per cent.
    assert SinglesInCalorimeter.of(setup, BEAM_ENERGY).mean_mev == pytest.approx(mean, rel=0.03)


def test_bunches_have_a_compound_poisson_energy(setup: Setup) -> None:
    n = 20_000
    singles = SinglesInCalorimeter.of(setup, BEAM_ENERGY)
    bunches = monitor_bunches(setup, BEAM_ENERGY, n, 0.0, np.random.default_rng(1), calorimeter_scale=1.5)
    mean = 1.5 * singles.mean_mev * 3000.0
    variance = (1.5 * singles.energy_mev) ** 2 * singles.per_positron * 3000.0
    # A Poisson number of a Poisson number: variance = mean number (1 + rate per positron).
    assert bunches.calorimeter_mev.mean() == pytest.approx(mean, abs=4.0 * np.sqrt(variance / n))
    assert bunches.calorimeter_mev.var() == pytest.approx(variance, rel=4.0 * np.sqrt(2.5 / n))
    # They are made by the same positrons.
    numbers = bunches.n_positrons - bunches.n_positrons.mean()
    slope = (numbers * bunches.calorimeter_mev).sum() / (numbers**2).sum()
    assert slope == pytest.approx(1.5 * singles.mean_mev, abs=4.0 * np.sqrt(variance / n / 3000.0))


def test_a_beam_aside_loses_positrons_on_one_side_and_finds_them_on_the_other(setup: Setup) -> None:
    here, aside = (
        SinglesInCalorimeter.of(replace(setup, beam=replace(setup.beam, tilt_x_mrad=tilt)), BEAM_ENERGY)
        for tilt in (0.0, 5.0)
    )
    # 18 mm at the face: positrons miss the hole on one side; to first order as many hit it on the other.
    assert aside.per_positron == pytest.approx(here.per_positron, rel=0.2)
    assert aside.per_positron != here.per_positron
