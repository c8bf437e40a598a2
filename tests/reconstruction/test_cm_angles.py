import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from x17.apparatus import two_body
from x17.constants import ELECTRON_MASS_MEV
from x17.kinematics import beam_energy_mev
from x17.reconstruction.beam_line import BeamLine
from x17.reconstruction.cm_angles import delta_phi, directions, expected_energy_mev, theta_cm

ENERGIES = st.floats(14.0, 20.5)


@given(ENERGIES, st.floats(0.001, 0.3))
def test_the_half_angle_is_the_boost_of_a_massless_momentum(sqrt_s: float, theta: float) -> None:
    beam = float(beam_energy_mev(sqrt_s))
    gamma = (beam + ELECTRON_MASS_MEV) / sqrt_s
    beta = np.sqrt(beam**2 - ELECTRON_MASS_MEV**2) / (beam + ELECTRON_MASS_MEV)
    expected = np.arctan2(np.sin(theta), gamma * (np.cos(theta) - beta))
    assert theta_cm(np.array([np.tan(theta)]), sqrt_s)[0] == pytest.approx(expected, rel=1e-9)


@given(ENERGIES, st.floats(0.4, 2.7))
def test_two_products_add_to_pi_and_share_the_energy(sqrt_s: float, theta: float) -> None:
    gamma = float(two_body.gamma(sqrt_s))
    stretch = gamma + np.sqrt(gamma**2 - 1.0)
    tan = np.tan(2.0 * np.arctan(np.tan(0.5 * np.array([theta, np.pi - theta])) / stretch))
    assert theta_cm(tan, sqrt_s).sum() == pytest.approx(np.pi, rel=1e-12)
    total = beam_energy_mev(sqrt_s) + ELECTRON_MASS_MEV
    assert expected_energy_mev(tan, sqrt_s).sum() == pytest.approx(total, rel=1e-12)


def test_the_energy_is_that_of_the_apparatus_at_small_angles() -> None:
    """γ√s/(1 + (γR/D)²) takes 2 tan(θ/2) as tan θ: R²/4D² = 0.1 % of the second term at 270 mm."""
    radius = np.array([150.0, 200.0, 270.0])
    expected = two_body.energy_at_mev(16.9, 3640.0, radius)
    np.testing.assert_allclose(expected_energy_mev(radius / 3640.0, 16.9), expected, rtol=4e-3)


def test_a_displaced_and_tilted_line_is_the_new_axis() -> None:
    line = BeamLine(
        target_x_mm=1.0, target_y_mm=-2.0, target_z_mm=-1000.0, cog_x_mm=11.0, cog_y_mm=3.0, cog_z_mm=2600.0
    )
    x, y = line.at(2650.0)
    run = np.zeros(3, dtype=np.int64)
    seen = directions(np.array([x, x + 200.0, x]), np.array([y, y, y - 100.0]), 2650.0, run, [line])
    # A plane across z in place of one across the line: tilts of 3 mrad and less, times the angle.
    np.testing.assert_allclose(seen.radius_mm(3650.0), [0.0, 200.0, 100.0], atol=0.05)
    np.testing.assert_allclose(seen.azimuth[1:], [0.0, -0.5 * np.pi], atol=1e-5)


def test_each_run_has_its_line() -> None:
    lines = [
        BeamLine(target_x_mm=a, target_y_mm=0.0, target_z_mm=0.0, cog_x_mm=a, cog_y_mm=0.0, cog_z_mm=3600.0)
        for a in (0.0, 10.0)
    ]
    seen = directions(np.full(2, 110.0), np.zeros(2), 3600.0, np.array([1, 0]), lines)
    np.testing.assert_allclose(seen.radius_mm(3600.0), [100.0, 110.0])


def test_delta_phi_is_not_folded() -> None:
    one = np.array([3.0, 0.1])
    other = np.array([-0.1, -3.1])
    np.testing.assert_allclose(delta_phi(one, other), [3.1, 3.2])
