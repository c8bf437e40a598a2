"""Bremsstrahlung, single positrons, accidental pairs and pile-up against the theory's own integrals."""

import numpy as np
import pytest
from scipy.stats import kstest

from x17.apparatus.setup import Setup
from x17.errors import UsageError
from x17.simulation.events import PHOTON, POSITRON
from x17.simulation.generators.annihilation import Annihilation, generate_annihilation
from x17.simulation.generators.single_positrons import (
    add_pile_up,
    generate_accidental_pairs,
    generate_singles,
    single_rate,
)
from x17.simulation.generators.target_radiation import generate_bremsstrahlung
from x17.theory.target_scattering.elastic import elastic_cross_section_beyond

from ..conftest import BEAM_ENERGY

LEAST_ANGLE, WIDEST_ANGLE = 0.015, 0.12
"""Of the calorimeter of Run III, rad."""


def angle_to_z(momentum: np.ndarray) -> np.ndarray:
    return np.arctan2(np.hypot(momentum[:, 0], momentum[:, 1]), momentum[:, 2])


def test_single_rate_is_the_integral_of_the_theory(setup: Setup) -> None:
    beyond = elastic_cross_section_beyond(np.array([LEAST_ANGLE, WIDEST_ANGLE]), BEAM_ENERGY)
    expected = (beyond[0] - beyond[1]) * setup.target.slab.atoms_per_cm2 * 1e-30
    assert single_rate(setup, BEAM_ENERGY) == pytest.approx(expected, rel=1e-6)


def test_singles_have_the_angles_of_elastic_scattering(setup: Setup) -> None:
    n = 20_000
    events = generate_singles(setup, BEAM_ENERGY, n, np.random.default_rng(1))
    assert events.rate_per_pot == pytest.approx(single_rate(setup, BEAM_ENERGY))
    assert set(events.pdg) == {POSITRON}
    grid = np.geomspace(LEAST_ANGLE, WIDEST_ANGLE, 400)
    beyond = elastic_cross_section_beyond(grid, BEAM_ENERGY)
    below = (beyond[0] - beyond) / (beyond[0] - beyond[-1])
    # The divergence of the beam, 1 mrad, moves angles by less than it takes to see with 20,000 events
    # once those at the lower edge are left out.
    angle = angle_to_z(events.momentum)
    inside = angle > 0.025
    edge = np.interp(0.025, grid, below)
    found = kstest(angle[inside], lambda x: (np.interp(x, grid, below) - edge) / (1 - edge))
    assert found.statistic < 0.03


def test_bremsstrahlung_rate_is_stable_and_kinematics_hold(setup: Setup) -> None:
    one, other = (
        generate_bremsstrahlung(setup, BEAM_ENERGY, 65_536, np.random.default_rng(seed)) for seed in (1, 2)
    )
    errors = [np.sqrt(np.sum(e.weight**2)) for e in (one, other)]
    assert one.rate_per_pot == pytest.approx(other.rate_per_pot, abs=5 * np.hypot(*errors))
    assert max(errors) < 0.02 * one.rate_per_pot
    pdg, energy = one.pdg.reshape(-1, 2), one.energy.reshape(-1, 2)
    assert (pdg == [PHOTON, POSITRON]).all()
    np.testing.assert_allclose(energy.sum(axis=1), BEAM_ENERGY, rtol=1e-9)
    assert energy.min() >= 15.0 - 1e-9
    np.testing.assert_allclose(np.linalg.norm(one.momentum[::2], axis=1), energy[:, 0], rtol=1e-12)


def test_accidental_pairs_are_in_time_and_have_the_rate_of_two_singles(setup: Setup) -> None:
    n, window = 5000, 10.0
    events = generate_accidental_pairs(setup, BEAM_ENERGY, n, np.random.default_rng(3), window_ns=window)
    time = events.time.reshape(-1, 2)
    assert np.abs(np.diff(time, axis=1)).max() <= window
    assert time.min() >= 0.0
    ratio = window / setup.beam.bunch_length_ns
    pairs = 0.5 * setup.beam.positrons_per_bunch * ratio * (2 - ratio)
    assert events.rate_per_pot == pytest.approx(pairs * single_rate(setup, BEAM_ENERGY) ** 2)
    np.testing.assert_array_equal(events.event, np.repeat(np.arange(n), 2))
    assert (events.vertex[::2] != events.vertex[1::2]).any()


def test_pile_up_has_poisson_multiplicity_and_leaves_the_event_alone(setup: Setup) -> None:
    n = 5000
    events = generate_annihilation(setup, Annihilation.PHOTONS, BEAM_ENERGY, n, np.random.default_rng(4))
    crowded = add_pile_up(events, setup, BEAM_ENERGY, np.random.default_rng(5))
    number = np.bincount(crowded.event, minlength=n) - 2
    mean = setup.beam.positrons_per_bunch * single_rate(setup, BEAM_ENERGY)
    assert number.mean() == pytest.approx(mean, abs=5 * np.sqrt(mean / n))
    assert number.var() == pytest.approx(mean, rel=5 * np.sqrt(3 / n))
    first = np.searchsorted(crowded.event, np.arange(n))
    np.testing.assert_array_equal(crowded.momentum[first], events.momentum[::2])
    np.testing.assert_array_equal(crowded.momentum[first + 1], events.momentum[1::2])
    assert crowded.rate_per_pot == events.rate_per_pot


def test_no_events_are_refused(setup: Setup) -> None:
    with pytest.raises(UsageError, match="0 events"):
        generate_singles(setup, BEAM_ENERGY, 0, np.random.default_rng(1))
