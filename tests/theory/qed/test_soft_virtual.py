import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import spence

from x17.constants import ELECTRON_MASS_MEV, FINE_STRUCTURE
from x17.theory.qed.soft_photons import annihilation_strength, bhabha_strength, eikonal_factor, pair_function
from x17.theory.qed.soft_virtual import bhabha_constant, two_photon_soft_virtual
from x17.theory.qed.three_bodies import beams
from x17.theory.qed.vacuum_polarization import lepton_loop, running_bhabha_ratio

COSINES = np.array([-0.9, -0.7, -0.3, 0.0, 0.3, 0.7, 0.9])
M = ELECTRON_MASS_MEV


def _li2(x):
    return spence(1.0 - x)


def test_bhabha_constant_agrees_with_the_sum_over_channels() -> None:
    """Channel by channel (M. Caffo, R. Gatto, E. Remiddi): s, interference and t weighted by Born."""
    z = COSINES
    sin2, cos2 = 0.5 * (1.0 - z), 0.5 * (1.0 + z)
    a, b = 0.5 * np.log(sin2), 0.5 * np.log(cos2)
    gap, pi2 = 1.0 - cos2**2, np.pi**2
    f = 2.0 * (a**2 - b**2) + _li2(cos2) - _li2(sin2)
    v_s = -z * (a**2 / cos2**2 + b**2 / sin2**2) + a / cos2 - b / sin2
    a_s = -z * (a**2 / cos2**2 - b**2 / sin2**2) + a / cos2 + b / sin2
    common, odd = (
        gap / cos2**2 * a**2 + sin2 / cos2 * a,
        0.25 * pi2 * gap + gap * (a - b) ** 2 + sin2 * (a - b),
    )
    v_t, a_t = 8.0 * a * b + common + odd, common - odd
    in_s = 2.0 * (pi2 / 3.0 - 0.5) + 2.0 * f + v_s + 2.0 * z / (1.0 + z**2) * a_s
    mixed = 2.0 * (pi2 / 12.0 - 0.5) + 3.0 * a - 2.0 * a**2 + 2.0 * f + 0.5 * (v_s + a_s + v_t + a_t)
    in_t = -2.0 * (pi2 / 6.0 + 0.5) + 6.0 * a - 4.0 * a**2 + 2.0 * f + v_t - gap / (1.0 + cos2**2) * a_t
    born = (1.0 + z**2, -2.0 * (1.0 + z) ** 2 / (1.0 - z), 2.0 * ((1.0 + z) ** 2 + 4.0) / (1.0 - z) ** 2)
    expected = sum(w * x for w, x in zip(born, (in_s, mixed, in_t), strict=True)) / sum(born)
    # Rounding; the terms cancel by two digits at most.
    np.testing.assert_allclose(bhabha_constant(z), expected, rtol=1e-11, atol=1e-12)


def test_two_photon_constant_at_high_energy() -> None:
    """K_SV = π²/3 + … of S. I. Eidelman and E. A. Kuraev, Nucl. Phys. B 143 (1978) 353."""

    def one(c):
        log = np.log(0.5 * (1.0 - c))
        ratio = (1.0 + c) / (1.0 - c)
        return (1.0 + 1.5 * ratio) * log + (1.0 + 1.0 / ratio + 0.5 * ratio) * log**2

    expected = np.pi**2 / 3.0 + (1.0 - COSINES**2) / (2.0 * (1.0 + COSINES**2)) * (
        one(COSINES) + one(-COSINES)
    )
    sqrt_s = 1e4
    found = two_photon_soft_virtual(sqrt_s, COSINES, 1.0) * np.pi / FINE_STRUCTURE
    found = found - 1.5 * (np.log(sqrt_s**2 / M**2) - 1.0)
    # Mass terms of order (m²/s) ln²: 3e-9 × 400 × 10 near the beams.
    np.testing.assert_allclose(found, expected, atol=2e-5)


def test_pair_function_is_the_angular_mean_of_the_eikonal_factor() -> None:
    p1, p2 = beams(17.0, M, 1)

    def integrand(c: float) -> float:
        k = np.array([[1.0], [np.sqrt(1.0 - c * c)], [0.0], [c]])
        return 0.5 * float(eikonal_factor(k, (p1, p2))[0])

    mean, _ = quad(integrand, -1.0, 1.0, epsrel=1e-10, limit=200)
    assert float(annihilation_strength(17.0**2)) == pytest.approx(mean, rel=1e-8)


def test_strengths_at_high_energy() -> None:
    s, t = 1e6, -3e5
    log = np.log(s / M**2)
    assert float(annihilation_strength(s)) == pytest.approx(2.0 * (log - 1.0), rel=1e-6)
    expected = 4.0 * (np.log(s * t / ((-s - t) * M**2)) - 1.0)
    assert float(bhabha_strength(np.float64(s), np.float64(t))) == pytest.approx(expected, rel=1e-5)


def test_a_pair_at_rest_does_not_radiate() -> None:
    # G = 1 + v²/3 + …, v² = 2e-6.
    assert float(pair_function(M**2 * (1.0 + 1e-6))) == pytest.approx(1.0, abs=1e-6)


def test_lepton_loop_limits() -> None:
    scale = FINE_STRUCTURE / (3.0 * np.pi)
    q2 = np.array([-1e8, 1e8]) * M**2
    np.testing.assert_allclose(lepton_loop(q2, M), scale * (np.log(1e8) - 5.0 / 3.0), rtol=1e-6)
    small = np.array([-1.001e-3, -0.999e-3, 0.999e-3, 1.001e-3]) * M**2
    # Uehling's −q²/(5m²), next term 1e-4 of it; both branches of the code.
    np.testing.assert_allclose(lepton_loop(small, M), -scale * small / (5.0 * M**2), rtol=2e-4)


def test_running_bhabha_at_large_angle() -> None:
    # (α/3π)(ln −5/3) at s = 289 and t = −144.5 MeV²: 4.14e-3 and 3.60e-3, twice either.
    ratio = float(running_bhabha_ratio(17.0, np.array([0.0]))[0])
    assert 1.0 + 2.0 * 3.60e-3 < ratio < 1.0 + 2.0 * 4.2e-3
