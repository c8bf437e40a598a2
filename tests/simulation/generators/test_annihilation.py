import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import kstest

from x17.apparatus.setup import Setup
from x17.errors import UsageError
from x17.simulation.events import ELECTRON, PHOTON, POSITRON
from x17.simulation.generators.annihilation import Annihilation, annihilation_rate, generate_annihilation
from x17.theory.qed.born_bhabha import bhabha_differential
from x17.theory.qed.born_two_photon import two_photon_differential, two_photon_total

from ..conftest import BEAM_ENERGY

N = 40_000


def test_rate_is_the_analytic_one(setup: Setup) -> None:
    """2π ∫ dσ/dΩ dcos θ n_e d, against an adaptive integral; photons against the closed form."""
    electrons = setup.target.slab.electrons_per_cm2 * 1e-30
    expected, _ = quad(lambda c: float(bhabha_differential(16.9, c)), -0.3, 0.3)
    rate = annihilation_rate(setup, Annihilation.ELECTRONS, 16.9, 0.3)
    assert rate == pytest.approx(2 * math.pi * expected * electrons, rel=1e-9)
    edge = math.degrees(math.acos(0.3))
    closed = float(two_photon_total(16.9, (edge, 180 - edge)))
    assert annihilation_rate(setup, Annihilation.PHOTONS, 16.9, 0.3) == pytest.approx(
        closed * electrons, rel=1e-9
    )


def test_yield_of_two_clusters_is_that_of_the_experiment(setup: Setup) -> None:
    """5.58e-6 per positron for |cos θ*| < 0.2012 and 1.056e22 electrons per cm² (detector: 1.0574e22)."""
    total = sum(annihilation_rate(setup, process, 16.9, 0.2012) for process in Annihilation)
    assert total == pytest.approx(5.58e-6 * setup.target.slab.electrons_per_cm2 / 1.056e22, rel=5e-3)


@pytest.mark.parametrize("process", list(Annihilation))
@pytest.mark.parametrize("weighted", [False, True])
def test_weights_add_up_to_the_rate(setup: Setup, process: Annihilation, weighted: bool) -> None:
    events = generate_annihilation(
        setup, process, BEAM_ENERGY, N, np.random.default_rng(1), k_factor=0.97, weighted=weighted
    )
    expected = 0.97 * annihilation_rate(setup, process, 16.9, 0.6)
    error = events.weight.std() * np.sqrt(N)
    # ⟨E₀/E⟩ = 1 + spread² = 1 + 6e-6; five statistical errors.
    assert events.rate_per_pot == pytest.approx(expected, abs=5 * error + 1e-4 * expected)
    assert events.expected(7e9) == pytest.approx(7e9 * events.rate_per_pot)


@pytest.mark.parametrize("process", list(Annihilation))
def test_angles_follow_the_cross_section(setup: Setup, process: Annihilation) -> None:
    differential = bhabha_differential if process is Annihilation.ELECTRONS else two_photon_differential
    events = generate_annihilation(setup, process, BEAM_ENERGY, N, np.random.default_rng(2))
    grid = np.linspace(-0.6, 0.6, 4001)
    density = differential(16.9, grid)
    below = np.concatenate([[0.0], np.cumsum(0.5 * (density[1:] + density[:-1]))])
    assert kstest(events.cos_theta, lambda c: np.interp(c, grid, below / below[-1])).pvalue > 1e-3
    drawn = generate_annihilation(setup, process, BEAM_ENERGY, N, np.random.default_rng(3), weighted=True)
    counts = [np.histogram(e.cos_theta, 10, (-0.6, 0.6), weights=e.weight)[0] for e in (events, drawn)]
    # A tenth of 40,000 events a bin, the weights vary by less than a factor of three: five errors.
    np.testing.assert_allclose(counts[0], counts[1], rtol=5 * 3 / np.sqrt(N / 10))


def test_the_positron_goes_on_forward(setup: Setup) -> None:
    """Bhabha scattering peaks where the positron keeps its direction, and with it most of the energy."""
    events = generate_annihilation(
        setup, Annihilation.ELECTRONS, BEAM_ENERGY, N, np.random.default_rng(4), widest_cosine=0.9
    )
    energy = events.energy.reshape(-1, 2)
    np.testing.assert_array_equal(events.pdg.reshape(-1, 2), np.tile([ELECTRON, POSITRON], (N, 1)))
    forward = events.cos_theta > 0.5
    assert (energy[forward, 1] > energy[forward, 0]).all()
    assert forward.mean() > 0.5


def test_photons_are_massless_and_back_to_back(setup: Setup) -> None:
    events = generate_annihilation(setup, Annihilation.PHOTONS, BEAM_ENERGY, 100, np.random.default_rng(5))
    assert set(events.pdg) == {PHOTON}
    np.testing.assert_allclose(np.linalg.norm(events.momentum, axis=1), events.energy, rtol=1e-12)
    pair = events.momentum.reshape(-1, 2, 3).sum(axis=1)
    np.testing.assert_allclose(np.linalg.norm(pair, axis=1) ** 2, events.beam_energy**2 - 0.51099895**2)


def test_same_seed_same_events(setup: Setup) -> None:
    one, other = (
        generate_annihilation(setup, Annihilation.ELECTRONS, BEAM_ENERGY, 50, np.random.default_rng(6))
        for _ in range(2)
    )
    np.testing.assert_array_equal(one.momentum, other.momentum)
    np.testing.assert_array_equal(one.vertex, other.vertex)


@pytest.mark.parametrize(("n", "cosine"), [(0, 0.5), (10, 0.0), (10, 1.0), (10, float("nan"))])
def test_bad_requests_are_refused(setup: Setup, n: int, cosine: float) -> None:
    with pytest.raises(UsageError, match="allowed"):
        generate_annihilation(
            setup, Annihilation.PHOTONS, BEAM_ENERGY, n, np.random.default_rng(1), widest_cosine=cosine
        )
