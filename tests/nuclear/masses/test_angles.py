"""Masses from opening angles: the relation, and the fit against another minimiser."""

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from x17.nuclear.masses.angle_fit import angle_chi2, fit_angles
from x17.nuclear.masses.angle_relation import AngleRelation
from x17.nuclear.masses.shipped import load_measurements
from x17.nuclear.pair_angles.boson_decay import emitted_with_recoil, theta_min
from x17.nuclear.transitions import reaction_of

ROWS = load_measurements().select("per-energy")
EXACT, SIMPLE = AngleRelation.of(ROWS), AngleRelation.of(ROWS, exact=False)


def test_the_relation_is_that_of_a_single_boson() -> None:
    for mass in (16.5, 16.85, 17.2):
        exact, simple = EXACT.angles(mass), SIMPLE.angles(mass)
        for k, row in enumerate(ROWS):
            reaction, beam = reaction_of(row.target), row.beam_energies_kev[0] / 1000.0
            one = emitted_with_recoil(mass, reaction, beam).theta_min
            assert exact[k] == pytest.approx(one, abs=1e-10)
            assert simple[k] == pytest.approx(
                float(theta_min(mass, reaction.excitation_mev(beam))), abs=1e-12
            )


def test_recoil_and_electron_mass_move_angles_by_less_than_a_tenth_of_a_degree() -> None:
    assert np.abs(np.degrees(EXACT.angles(16.85) - SIMPLE.angles(16.85))).max() < 0.1


@pytest.mark.parametrize("relation", [EXACT, SIMPLE], ids=["exact", "simple"])
def test_slopes_are_derivatives(relation: AngleRelation) -> None:
    step = 1e-6
    numeric = (relation.angles(16.85 + step) - relation.angles(16.85 - step)) / (2.0 * step)
    # Rounding of two angles near 2 rad over 2e-6 MeV: 1e-10; the second-order term is smaller.
    np.testing.assert_allclose(relation.slopes(16.85), numeric, rtol=1e-7)


@pytest.mark.parametrize("relation", [EXACT, SIMPLE], ids=["exact", "simple"])
def test_masses_come_back_from_their_angles(relation: AngleRelation) -> None:
    for mass in (15.0, 16.85, 17.25):
        np.testing.assert_allclose(relation.masses(relation.angles(mass)), mass, rtol=1e-11)


def test_several_beam_energies_stand_at_their_mean() -> None:
    (row,) = load_measurements().select("he-2021")
    energies = reaction_of("3H").excitation_mev(np.array([0.51, 0.61, 0.90]))
    assert AngleRelation.of([row]).excitation[0] == pytest.approx(float(energies.mean()), rel=1e-12)


def precision(seed: int) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    errors = np.radians(np.random.default_rng(seed).uniform(1.0, 4.0, len(ROWS)))
    correlation = np.full((len(ROWS), len(ROWS)), 0.4)
    np.fill_diagonal(correlation, 1.0)
    return np.asarray(np.linalg.inv(np.outer(errors, errors) * correlation), dtype=np.float64)


def test_the_fit_finds_the_minimum_that_another_method_finds() -> None:
    generator, inverse = np.random.default_rng(3), precision(1)
    angles = EXACT.angles(16.8) + np.radians(generator.normal(0.0, 3.0, (20, len(ROWS))))
    fits = fit_angles(EXACT, angles, inverse, np.full(20, 16.0))
    for k in range(20):
        other = minimize_scalar(
            lambda m, k=k: float(angle_chi2(EXACT, angles[k], inverse, np.asarray(m))),
            bounds=(14.0, EXACT.largest_mass - 1e-6),
            method="bounded",
            options={"xatol": 1e-9},
        )
        assert fits.chi2[k] == pytest.approx(other.fun, rel=1e-8)
        if fits.converged[k]:
            assert fits.mass[k] == pytest.approx(other.x, abs=2e-6)
    assert fits.converged.mean() > 0.8


def test_angles_without_scatter_give_back_their_mass() -> None:
    for start in (15.0, 17.3):
        fits = fit_angles(EXACT, EXACT.angles(np.array([16.6, 17.0])), precision(2), np.full(2, start))
        np.testing.assert_allclose(fits.mass, [16.6, 17.0], atol=1e-8)
        assert fits.converged.all()
        assert np.all(fits.chi2 < 1e-12)


def test_angles_of_too_heavy_a_boson_end_at_the_last_mass_and_say_so() -> None:
    independent = np.diag(np.full(len(ROWS), np.radians(2.0) ** -2))
    fits = fit_angles(EXACT, np.full((1, len(ROWS)), np.pi), independent, np.array([17.0]))
    assert not fits.converged[0]
    assert fits.mass[0] == pytest.approx(EXACT.largest_mass, abs=1e-5)
    assert np.isfinite(fits.chi2[0])
