"""The expansion of the line against the line itself and against equations that the Voigt profile obeys."""

import numpy as np
import pytest

from x17.theory.computed_lineshape import Computed
from x17.theory.line_expansion import TERMS, evaluate_expansion, expand_line, expansion_slopes
from x17.theory.lineshape import Voigt

ENERGY = np.linspace(268.0, 296.0, 57)
RESONANCE = 279.9
LINE = Voigt(13.56, 1.72, 0.0025)


@pytest.fixture(scope="module")
def coefficients() -> np.ndarray:
    return expand_line(LINE, ENERGY, RESONANCE)


def test_value_is_the_profile(coefficients: np.ndarray) -> None:
    assert coefficients.shape == (ENERGY.size, len(TERMS))
    np.testing.assert_allclose(
        coefficients[:, 0], LINE.unit_profile(ENERGY, RESONANCE, 1.72, 0.0025), rtol=1e-14
    )


def test_derivatives_of_voigt_obey_its_equations(coefficients: np.ndarray) -> None:
    # The Gaussian diffuses and the Lorentzian is harmonic: V_σ = σ V_xx and V_γγ = −V_xx, so V_γγ = −V_σ/σ.
    sigma = 0.0025 * RESONANCE
    by_sigma = coefficients[:, 2] / RESONANCE
    scale = np.abs(coefficients[:, 3]).max()
    # The tails are differences of large numbers: 1e-11 of the largest.
    np.testing.assert_allclose(coefficients[:, 3], -by_sigma / sigma, rtol=1e-10, atol=1e-11 * scale)


@pytest.mark.parametrize("line", [LINE, Computed.of_diamond(0.0025, 0.0005)], ids=["voigt", "computed"])
def test_third_order_is_left(line: Voigt | Computed) -> None:
    # Half the distance: an eighth of the error, if the second order is right. The computed line's own
    # derivatives are numerical, good to 1e-3, hence its wider range.
    _, width, spread = line.parameters
    coefficients = expand_line(line, ENERGY, RESONANCE)
    errors = []
    for step in (0.08, 0.04):
        d, e = step * width, step * spread
        exact = line.unit_profile(ENERGY, RESONANCE, width + d, spread + e)
        errors.append(np.abs(evaluate_expansion(coefficients, d, e) - exact).max())
    assert 6.5 < errors[0] / errors[1] < 9.5


def test_slopes_are_those_of_the_polynomial(coefficients: np.ndarray) -> None:
    d, e, h = 0.05, -3e-4, 1e-4
    by_width, by_spread = expansion_slopes(coefficients, d, e)
    # A parabola has exact central differences; rounding leaves 1e-9.
    for slope, (dd, de) in ((by_width, (h, 0.0)), (by_spread, (0.0, h))):
        up = evaluate_expansion(coefficients, d + dd, e + de)
        down = evaluate_expansion(coefficients, d - dd, e - de)
        np.testing.assert_allclose(slope, (up - down) / (2 * h), rtol=1e-8, atol=1e-9)


def test_resonances_broadcast() -> None:
    many = expand_line(LINE, ENERGY, np.array([[275.0], [280.0]]))
    assert many.shape == (2, ENERGY.size, 6)
    np.testing.assert_array_equal(many[1], expand_line(LINE, ENERGY, 280.0))
