import numpy as np
import pytest
from scipy.integrate import quad

from x17.constants import ELECTRON_MASS_MEV, FINE_STRUCTURE, MICROBARN_MEV2
from x17.errors import UsageError
from x17.theory.qed.born_bhabha import bhabha_differential, bhabha_total
from x17.theory.qed.born_two_photon import two_photon_differential, two_photon_total
from x17.theory.qed.laboratory import to_laboratory

SQRT_S = 16.9
COSINES = np.linspace(-0.95, 0.95, 39)


# The closed forms were checked with Dirac traces; the numbers are quoted to the digits shown.
@pytest.mark.parametrize(
    ("value", "expected", "digits"),
    [
        (bhabha_differential(SQRT_S, 0.0), 163.6145, 5e-5),
        (bhabha_differential(SQRT_S, 0.0, mass=0.0), 163.3476, 5e-5),
        (bhabha_differential(SQRT_S, 0.0, part="s", mass=0.0), 18.150, 5e-4),
        (two_photon_differential(SQRT_S, 0.0), 73.2621, 5e-5),
        (two_photon_differential(SQRT_S, 0.0, mass=0.0), 72.5989, 5e-5),
        (bhabha_total(SQRT_S, (40.0, 140.0)), 4697.849, 5e-4),
        (two_photon_total(SQRT_S, (40.0, 140.0)), 575.618, 5e-4),
    ],
)
def test_reference_values(value: np.ndarray, expected: float, digits: float) -> None:
    assert float(value) == pytest.approx(expected, abs=digits)


def test_massless_limits() -> None:
    c, s = COSINES, SQRT_S**2
    scale = FINE_STRUCTURE**2 / s * MICROBARN_MEV2
    bhabha = scale / 4.0 * ((3.0 + c**2) / (1.0 - c)) ** 2
    # 1e-12: rounding only.
    np.testing.assert_allclose(bhabha_differential(SQRT_S, c, mass=0.0), bhabha, rtol=1e-12)
    np.testing.assert_allclose(
        two_photon_differential(SQRT_S, c, mass=0.0), scale * (1 + c**2) / (1 - c**2), rtol=1e-12
    )
    np.testing.assert_allclose(
        bhabha_differential(SQRT_S, c, "s", mass=0.0), scale / 4.0 * (1.0 + c**2), rtol=1e-12
    )


@pytest.mark.parametrize("part", ["all", "s", "t", "interference"])
@pytest.mark.parametrize("sqrt_s", [2.0, 16.9])
def test_the_closed_bhabha_integral_is_the_integral(part: str, sqrt_s: float) -> None:
    edge = np.cos(np.radians(25.0))
    numeric, _ = quad(lambda c: 2.0 * np.pi * float(bhabha_differential(sqrt_s, c, part)), -edge, edge)
    # The numeric integral is good to 1e-8.
    assert float(bhabha_total(sqrt_s, (25.0, 160.0), part)) == pytest.approx(numeric, rel=1e-8)


def test_the_parts_add_up() -> None:
    parts = sum(bhabha_differential(SQRT_S, COSINES, part) for part in ("s", "t", "interference"))
    np.testing.assert_allclose(parts, bhabha_differential(SQRT_S, COSINES), rtol=1e-12)


@pytest.mark.parametrize("sqrt_s", [1.5, 16.9])
def test_the_closed_photon_integral_is_half_the_integral(sqrt_s: float) -> None:
    edge = np.cos(np.radians(40.0))
    numeric, _ = quad(lambda c: np.pi * float(two_photon_differential(sqrt_s, c)), -edge, edge)
    assert float(two_photon_total(sqrt_s, (40.0, 140.0))) == pytest.approx(numeric, rel=1e-8)


@pytest.mark.parametrize("energy", [1.0, 280.0, 430.0, 490.0])
def test_the_total_photon_cross_section_is_diracs(energy: float) -> None:
    m = ELECTRON_MASS_MEV
    g = energy / m
    root = np.sqrt(g**2 - 1.0)
    r_e2 = (FINE_STRUCTURE / m) ** 2 * MICROBARN_MEV2
    dirac = (
        np.pi * r_e2 / (g + 1.0) * ((g**2 + 4.0 * g + 1.0) / root**2 * np.log(g + root) - (g + 3.0) / root)
    )
    found = float(two_photon_total(np.sqrt(2.0 * m * m + 2.0 * m * energy), (0.0, 180.0)))
    # 1e-9: cancellation in 1 − β² at γ = 30.
    assert found == pytest.approx(dirac, rel=1e-9)


def test_arrays_broadcast() -> None:
    assert bhabha_differential(np.array([[16.0], [17.0]]), COSINES).shape == (2, COSINES.size)
    assert two_photon_total(np.array([16.0, 17.0]), (40.0, 140.0)).shape == (2,)


@pytest.mark.parametrize("mass", [0.0, ELECTRON_MASS_MEV])
def test_the_laboratory_conserves_energy_and_momentum(mass: float) -> None:
    m = ELECTRON_MASS_MEV
    one, other = to_laboratory(SQRT_S, COSINES, mass), to_laboratory(SQRT_S, -COSINES, mass)
    beam = (SQRT_S**2 - 2.0 * m * m) / (2.0 * m)
    np.testing.assert_allclose(one.energy_mev + other.energy_mev, beam + m, rtol=1e-12)
    p1, p2 = (np.sqrt(x.energy_mev**2 - mass**2) for x in (one, other))
    p_beam = np.sqrt(beam**2 - m * m)
    # 1e-11: p² = E² − m² loses two digits for the slowest electron.
    np.testing.assert_allclose(p1 * np.cos(one.theta_rad) + p2 * np.cos(other.theta_rad), p_beam, rtol=1e-11)
    np.testing.assert_allclose(p1 * np.sin(one.theta_rad), p2 * np.sin(other.theta_rad), rtol=1e-11)


@pytest.mark.parametrize("mass", [0.0, ELECTRON_MASS_MEV])
def test_the_solid_angle_ratio_is_the_derivative(mass: float) -> None:
    step = 1e-6
    up, down = (np.cos(to_laboratory(SQRT_S, COSINES + d, mass).theta_rad) for d in (step, -step))
    # Central difference: truncation 1e-9, rounding 1e-16/1e-6/slope of the angle (about 1e-3).
    np.testing.assert_allclose(
        to_laboratory(SQRT_S, COSINES, mass).solid_angle_ratio, 2.0 * step / (up - down), rtol=1e-5
    )


def test_laboratory_of_a_massless_product() -> None:
    gamma = SQRT_S / (2.0 * ELECTRON_MASS_MEV)
    theta = np.arccos(COSINES)
    lab = to_laboratory(SQRT_S, COSINES, 0.0)
    # tan θ ≈ tan(θ*/2)/γ up to (1 − β)/(1 + c) = 1.8e-3/0.05 at the largest angle.
    np.testing.assert_allclose(np.tan(lab.theta_rad), np.tan(theta / 2.0) / gamma, rtol=0.04)
    beta = np.sqrt(1.0 - gamma**-2)
    exact = np.sin(theta) / (gamma * (COSINES + beta))
    np.testing.assert_allclose(np.tan(lab.theta_rad), exact, rtol=1e-10)


def test_an_electron_scattered_straight_back_rests_in_the_laboratory() -> None:
    lab = to_laboratory(SQRT_S, -1.0, ELECTRON_MASS_MEV)
    assert float(lab.energy_mev) == pytest.approx(ELECTRON_MASS_MEV, rel=1e-9)
    assert float(lab.solid_angle_ratio) == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize(
    "call",
    [
        lambda: bhabha_differential(1.0, 0.0),
        lambda: bhabha_differential(np.nan, 0.0),
        lambda: bhabha_differential(17.0, 1.5),
        lambda: bhabha_differential(17.0, 1.0),
        lambda: bhabha_differential(17.0, 0.0, part="u"),
        lambda: bhabha_total(17.0, (0.0, 180.0)),
        lambda: bhabha_total(17.0, (140.0, 40.0)),
        lambda: bhabha_total(17.0, (100.0, 140.0)),
        lambda: two_photon_total(17.0, (-5.0, 140.0)),
        lambda: two_photon_differential(17.0, np.nan),
        lambda: to_laboratory(17.0, 2.0, 0.0),
    ],
)
def test_out_of_range_is_an_error(call) -> None:
    with pytest.raises(UsageError, match=r"allowed|outside"):
        call()
