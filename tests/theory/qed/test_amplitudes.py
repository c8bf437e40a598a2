"""The numerical amplitudes: kinematics, gauge invariance, soft limit, symmetry, and a known massless form."""

import numpy as np
import pytest

from x17.constants import ELECTRON_MASS_MEV, FINE_STRUCTURE, MICROBARN_MEV2
from x17.theory.qed.born_bhabha import bhabha_kernel
from x17.theory.qed.born_two_photon import two_photon_differential
from x17.theory.qed.radiative_bhabha import radiative_bhabha_squared
from x17.theory.qed.soft_photons import eikonal_factor
from x17.theory.qed.spinors import (
    antiparticle,
    bar,
    current,
    dot,
    particle,
    polarizations,
    slash_column,
    slash_row,
)
from x17.theory.qed.three_photon import three_photon_squared

CHARGE2 = 4.0 * np.pi * FINE_STRUCTURE
M = ELECTRON_MASS_MEV


def test_spinors_obey_the_dirac_equation_and_its_norm(random_states) -> None:
    _, _, p, _, _ = random_states(0.4, M)
    u, v = particle(p, M), antiparticle(p, M)
    # Energies of 8 MeV: rounding 1e-15 × 8 × √8.
    np.testing.assert_allclose(slash_column(p, u), M * u, atol=1e-13)
    np.testing.assert_allclose(slash_column(p, v), -M * v, atol=1e-13)
    np.testing.assert_allclose(slash_row(bar(u), p), M * bar(u), atol=1e-13)
    # ū(p, r) γ^µ u(p, r) = 2 p^µ
    for spin in range(2):
        np.testing.assert_allclose(current(bar(u)[spin], u[spin]), 2.0 * p, atol=1e-13)


@pytest.mark.parametrize(("share", "mass"), [(0.5, M), (1e-5, M), (0.5, 0.0)])
def test_states_are_on_shell_and_balance(random_states, share: float, mass: float) -> None:
    p1, p2, one, other, photon = random_states(share, mass)
    np.testing.assert_allclose(one + other + photon, p1 + p2, atol=1e-13)
    for p in (one, other):
        # Rounding of E² ~ 70 MeV².
        np.testing.assert_allclose(dot(p, p), mass**2, atol=1e-12)


def test_polarizations_are_transverse_and_of_unit_length(random_states) -> None:
    *_, photon = random_states(0.5, M)
    first, second = polarizations(photon)
    for e in (first, second):
        np.testing.assert_allclose(dot(e, photon), 0.0, atol=1e-14)
        np.testing.assert_allclose(dot(e, e), -1.0, rtol=1e-14)
    np.testing.assert_allclose(dot(first, second), 0.0, atol=1e-15)


def test_radiative_bhabha_is_gauge_invariant(random_states) -> None:
    p1, p2, p3, p4, k = random_states(0.5, M)
    squared = radiative_bhabha_squared(p1, p2, p3, p4, k)
    longitudinal = radiative_bhabha_squared(p1, p2, p3, p4, k, (k / k[0])[None])
    # The square of a cancellation to rounding; a wrong sign of one diagram gives a ratio of order one.
    assert np.max(longitudinal / squared) < 1e-25


def test_three_photons_are_gauge_invariant_in_each_photon(random_states) -> None:
    p1, p2, k1, k2, k3 = random_states(0.5, 0.0)
    photons = (k1, k2, k3)
    squared = three_photon_squared(p1, p2, photons)
    for i in range(3):
        vectors = [polarizations(k) for k in photons]
        vectors[i] = (photons[i] / photons[i][0])[None]
        assert np.max(three_photon_squared(p1, p2, photons, tuple(vectors)) / squared) < 1e-25


def test_soft_limit_of_radiative_bhabha(random_states) -> None:
    p1, p2, p3, p4, k = random_states(1e-6, M)
    born = 4.0 * CHARGE2**2 * bhabha_kernel(dot(p1 + p2, p1 + p2), dot(p1 - p3, p1 - p3))
    expected = CHARGE2 * eikonal_factor(k, (p1, p2), (p3, p4)) * born
    # Corrections are of order ω/E times angular factors of up to E²/m² = 277.
    np.testing.assert_allclose(radiative_bhabha_squared(p1, p2, p3, p4, k) / expected, 1.0, atol=3e-5)


def test_soft_limit_of_three_photons(random_states) -> None:
    p1, p2, k1, k2, k = random_states(1e-6, 0.0)
    s, beta = 17.0**2, np.sqrt(1.0 - 4.0 * M**2 / 17.0**2)
    born = two_photon_differential(17.0, k1[3] / k1[0]) / MICROBARN_MEV2 * 64.0 * np.pi**2 * s * beta
    expected = CHARGE2 * eikonal_factor(k, (p1, p2)) * born
    np.testing.assert_allclose(three_photon_squared(p1, p2, (k1, k2, k)) / expected, 1.0, atol=3e-5)


def test_three_photons_do_not_know_their_order(random_states) -> None:
    p1, p2, k1, k2, k3 = random_states(0.5, 0.0)
    one = three_photon_squared(p1, p2, (k1, k2, k3))
    # 1e-11: the six terms cancel by up to three digits.
    np.testing.assert_allclose(three_photon_squared(p1, p2, (k3, k1, k2)), one, rtol=1e-11)
    np.testing.assert_allclose(three_photon_squared(p1, p2, (k2, k1, k3)), one, rtol=1e-11)


def test_three_photons_without_mass(random_states) -> None:
    """¼Σ|M|² = 2e⁶ p₁p₂ Σ_i x_i y_i(x_i² + y_i²)/Π x_i y_i with x = p₁k, y = p₂k.

    F. A. Berends and R. Kleiss 1981; the factor follows from the soft limit, 2e⁴(x²+y²)/(xy) times e²J².
    """
    _, _, k1, k2, k3 = random_states(0.5, 0.0)
    beam = np.array([[8.5], [0.0], [0.0], [8.5]]) * np.ones(k1.shape[1])
    other = beam * np.array([[1.0], [1.0], [1.0], [-1.0]])
    mass = 1e-4  # against 8.5: corrections of 1e-9 away from the beams
    momentum = np.sqrt(8.5**2 - mass**2) / 8.5
    massive = (beam * [[1], [1], [1], [momentum]], other * [[1], [1], [1], [momentum]])
    x = [dot(beam, k) for k in (k1, k2, k3)]
    y = [dot(other, k) for k in (k1, k2, k3)]
    top = sum(a * b * (a**2 + b**2) for a, b in zip(x, y, strict=True))
    bottom = x[0] * x[1] * x[2] * y[0] * y[1] * y[2]
    expected = 2.0 * CHARGE2**3 * dot(beam, other) * top / bottom
    found = three_photon_squared(*massive, (k1, k2, k3), mass=mass)
    away = np.min(np.abs(x + y), axis=0) > 1.0
    assert away.sum() > 100
    np.testing.assert_allclose(found[away], expected[away], rtol=1e-6)


def test_massless_bhabha_radiation(random_states) -> None:
    """F. A. Berends et al., Nucl. Phys. B 206 (1982) 61: a Born-like factor times the eikonal one.

    Its factor e⁶ follows from the soft limit, where the Born term is 2e⁴(s⁴+t⁴+u⁴)/(s²t²).
    """
    p1, p2, p3, p4, k = random_states(0.5, 0.0)
    p1, p2 = (np.concatenate([[np.full(p.shape[1], 8.5)], p[1:3], [np.sign(p[3]) * 8.5]]) for p in (p1, p2))
    s, t, u = (2.0 * dot(p1, p2), -2.0 * dot(p1, p3), -2.0 * dot(p1, p4))
    s1, t1, u1 = (2.0 * dot(p3, p4), -2.0 * dot(p2, p4), -2.0 * dot(p2, p3))
    top = s * s1 * (s**2 + s1**2) + t * t1 * (t**2 + t1**2) + u * u1 * (u**2 + u1**2)
    expected = CHARGE2**3 * top / (s * s1 * t * t1) * eikonal_factor(k, (p1, p2), (p3, p4))
    mass = 1e-4
    legs = []
    for p in (p1, p2, p3, p4):
        shifted = p.copy()
        shifted[0] = np.sqrt(np.sum(p[1:] ** 2, axis=0) + mass**2)
        legs.append(shifted)
    found = radiative_bhabha_squared(*legs, k, mass=mass)
    away = np.min([dot(p, k) for p in (p1, p2, p3, p4)], axis=0) > 1.0
    assert away.sum() > 50
    np.testing.assert_allclose(found[away], expected[away], rtol=1e-6)
