import numpy as np
import pytest
from scipy.integrate import quad

from x17.theory.lineshape import Voigt, voigt_profile


def test_limits_are_the_gaussian_and_the_lorentzian() -> None:
    x = np.linspace(-5.0, 5.0, 11)
    gaussian = np.exp(-(x**2) / (2 * 0.7**2)) / (0.7 * np.sqrt(2 * np.pi))
    np.testing.assert_allclose(voigt_profile(x, 0.7, 0.0), gaussian, rtol=1e-12)
    lorentzian = 1.7 / np.pi / (x**2 + 1.7**2)
    # First correction: sigma^2/2 times the curvature of the Lorentzian, 1e-8 of it here.
    np.testing.assert_allclose(voigt_profile(x, 1.7e-4, 1.7), lorentzian, rtol=5e-8)


def test_area_is_one() -> None:
    area, _ = quad(lambda x: float(voigt_profile(x, 0.7, 1.72)), -np.inf, np.inf, epsabs=1e-10)
    assert area == pytest.approx(1.0, abs=1e-8)


def test_yield_per_pot_has_the_area_asked_for_and_peaks_at_the_resonance() -> None:
    shape = Voigt(13.56, 1.72, 0.0025)
    energy = np.linspace(270.0, 290.0, 2001)
    values = shape.yield_per_pot(energy, 280.0)
    assert energy[np.argmax(values)] == pytest.approx(280.0, abs=0.01)
    area, _ = quad(lambda e: float(shape.yield_per_pot(e, 280.0)), -np.inf, np.inf, points=None, limit=200)
    assert area == pytest.approx(13.56, rel=1e-6)


def test_broadcasts() -> None:
    assert Voigt(1.0, 1.0, 0.01).yield_per_pot(np.ones((4, 1)), np.ones(3)).shape == (4, 3)


@pytest.mark.parametrize("name", ["area_mev", "half_width_mev", "relative_spread"])
@pytest.mark.parametrize("value", [0.0, -1.0, np.nan, np.inf])
def test_impossible_shapes_are_refused(name: str, value: float) -> None:
    arguments = {"area_mev": 13.56, "half_width_mev": 1.72, "relative_spread": 0.0025, name: value}
    with pytest.raises(ValueError, match=name):
        Voigt(**arguments)


def test_covariance_is_checked_and_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="symmetric"):
        Voigt(1.0, 1.0, 0.01, np.zeros((2, 2)))
    with pytest.raises(ValueError, match="symmetric"):
        Voigt(1.0, 1.0, 0.01, np.array([[1.0, 0.5, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]))
    with pytest.raises(ValueError, match="read-only"):
        Voigt(1.0, 1.0, 0.01).covariance[0, 0] = 1.0
