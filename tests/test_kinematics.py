import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from x17.constants import ELECTRON_MASS_MEV, PUBLISHED_ELECTRON_MASS_MEV
from x17.kinematics import beam_energy_mev, resonance_energy_mev, sqrt_s_mev


@pytest.mark.parametrize(("sqrt_s", "energy"), [(16.9, 278.95), (17.0, 282.27)])
def test_beam_energies_of_the_published_analysis(sqrt_s: float, energy: float) -> None:
    # Two decimals are quoted, with m_e = 0.511 MeV.
    assert beam_energy_mev(sqrt_s, PUBLISHED_ELECTRON_MASS_MEV) == pytest.approx(energy, abs=5e-3)


@given(st.floats(1.1, 1e4))
def test_sqrt_s_and_beam_energy_are_inverse(sqrt_s: float) -> None:
    assert sqrt_s_mev(beam_energy_mev(sqrt_s)) == pytest.approx(sqrt_s, rel=1e-12)


def test_threshold_is_a_positron_at_rest() -> None:
    assert beam_energy_mev(2 * ELECTRON_MASS_MEV) == pytest.approx(ELECTRON_MASS_MEV, rel=1e-14)


def test_unbound_resonance_is_at_the_beam_energy_of_its_mass() -> None:
    masses = np.linspace(16.0, 18.0, 5)
    np.testing.assert_allclose(resonance_energy_mev(masses), beam_energy_mev(masses), rtol=1e-15)


def test_binding_moves_the_resonance_up_by_its_share_of_the_electron_mass() -> None:
    ratio = resonance_energy_mev(16.9, 0.511, -7e-6) / resonance_energy_mev(16.9, 0.511, 0.0)
    assert ratio == pytest.approx(1.0 / (1.0 - 7e-6 / 0.511), rel=1e-14)
