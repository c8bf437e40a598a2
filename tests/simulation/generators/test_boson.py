import numpy as np
import pytest
from scipy.stats import kstest

from x17.apparatus.setup import Setup
from x17.errors import UsageError
from x17.simulation.generators.boson import boson_rate, generate_boson
from x17.theory.boson import Boson, SpinParity
from x17.theory.compton import Diamond
from x17.theory.production import yield_curve

from ..conftest import BEAM_ENERGY

N = 40_000
VECTOR = Boson(16.9, SpinParity.VECTOR, 5.6e-4)


@pytest.mark.parametrize("profile", [None, Diamond()], ids=["at-rest", "diamond"])
def test_rate_is_the_yield_curve(setup: Setup, profile: Diamond | None) -> None:
    for energy in (277.0, BEAM_ENERGY, 281.0):
        rate, _, probability = boson_rate(setup, VECTOR, energy, profile)
        curve = yield_curve(VECTOR, setup.target.slab, [energy], setup.beam.energy_spread, profile)
        # The yield curve takes the spread at the resonance, the beam at its own energy: 1 % of σ.
        assert rate == pytest.approx(float(curve.yield_per_pot[0]), rel=0.06)
        assert probability.sum() == pytest.approx(1.0)


@pytest.mark.parametrize("profile", [None, Diamond()], ids=["at-rest", "diamond"])
def test_pairs_have_the_mass_of_the_boson(setup: Setup, profile: Diamond | None) -> None:
    events = generate_boson(setup, VECTOR, BEAM_ENERGY, N, np.random.default_rng(1), profile=profile)
    assert events.rate_per_pot == pytest.approx(boson_rate(setup, VECTOR, BEAM_ENERGY, profile)[0])
    energy = events.energy.reshape(-1, 2).sum(axis=1)
    momentum = events.momentum.reshape(-1, 2, 3).sum(axis=1)
    mass = np.sqrt(energy**2 - np.sum(momentum**2, axis=1))
    np.testing.assert_allclose(mass, 16.9, rtol=1e-9)
    # Electrons at rest take one energy only; in diamond the beam's spread, shared with theirs, is left.
    assert events.beam_energy.std() == pytest.approx(0.0 if profile is None else 0.64, abs=0.02)


@pytest.mark.parametrize("letter", list(SpinParity))
def test_angles_follow_the_decay(setup: Setup, letter: SpinParity) -> None:
    boson = Boson(16.9, letter, 5.6e-4)
    events = generate_boson(setup, boson, BEAM_ENERGY, N, np.random.default_rng(2))
    grid = np.linspace(-1.0, 1.0, 4001)
    density = boson.decay_density(grid)
    below = np.concatenate([[0.0], np.cumsum(0.5 * (density[1:] + density[:-1]))])
    assert kstest(events.cos_theta, lambda c: np.interp(c, grid, below / below[-1])).pvalue > 1e-3


def test_flight_is_exponential_and_later_for_weaker_couplings(setup: Setup) -> None:
    weak = Boson(16.9, SpinParity.VECTOR, 1e-6)
    events = generate_boson(setup, weak, BEAM_ENERGY, N, np.random.default_rng(3))
    start = setup.target.z_mm
    flight = events.vertex[::2, 2] - start
    expected = float(weak.decay_length_mm(BEAM_ENERGY + 0.511))
    # The target is 0.1 mm thick and the direction is along z to 1e-6; five standard errors of the mean.
    assert flight.mean() == pytest.approx(expected, rel=5 / np.sqrt(N) + 1e-3)
    assert flight.std() == pytest.approx(expected, rel=0.05)
    np.testing.assert_array_equal(events.vertex[::2], events.vertex[1::2])
    prompt = generate_boson(setup, VECTOR, BEAM_ENERGY, 1000, np.random.default_rng(3))
    assert np.max(prompt.vertex[:, 2] - start) < 0.1 + 1.0


def test_bosons_that_are_never_made_are_refused(setup: Setup) -> None:
    rng = np.random.default_rng(1)
    with pytest.raises(UsageError, match=r"never made by positrons of 100 MeV; it resonates near 279\.0"):
        generate_boson(setup, VECTOR, 100.0, 10, rng)
    with pytest.raises(UsageError, match="without coupling"):
        generate_boson(setup, Boson(16.9, SpinParity.VECTOR, 0.0), BEAM_ENERGY, 10, rng)
    with pytest.raises(UsageError, match="0 events"):
        generate_boson(setup, VECTOR, BEAM_ENERGY, 0, rng)
