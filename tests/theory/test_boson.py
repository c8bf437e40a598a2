import math

import numpy as np
import pytest
from scipy.integrate import quad

from x17.constants import ELECTRON_MASS_MEV, ELEMENTARY_CHARGE, FINE_STRUCTURE
from x17.errors import UsageError
from x17.theory.boson import Boson, SpinParity

# Recomputed from the standard formulas with Dirac traces: widths in eV for V, A, S, P and cτ of V in µm.
WIDTHS = [
    (17.0, 1e-3, (0.4509, 0.4485, 0.6727, 0.6752), 0.438),
    (16.9, 1e-3, (0.4483, 0.4458, 0.6687, 0.6712), 0.440),
    (16.9, 5.6e-4, (0.1406, 0.1398, 0.2097, 0.2105), 1.404),
    (16.9, 1e-4, (0.00448, 0.00446, 0.00669, 0.00671), 44.0),
]


@pytest.mark.parametrize(("mass", "coupling", "widths", "ctau"), WIDTHS)
def test_widths_and_decay_lengths(
    mass: float, coupling: float, widths: tuple[float, ...], ctau: float
) -> None:
    for letter, width in zip("VASP", widths, strict=True):
        # Half a unit of the last digit given: 1e-4 of 0.45, 1.2e-3 of 0.0045.
        assert Boson(mass, letter, coupling).width_mev * 1e6 == pytest.approx(width, rel=1.2e-3, abs=6e-6)
    assert Boson(mass, "V", coupling).ctau_mm * 1e3 == pytest.approx(ctau, rel=1.5e-3)


def test_lifetime_and_decay_length_agree() -> None:
    boson = Boson(16.9, SpinParity.VECTOR, 5.6e-4)
    assert boson.lifetime_s * 2.99792458e11 == pytest.approx(boson.ctau_mm, rel=1e-8)
    energy = 282.0
    gamma_beta = math.sqrt((energy / 16.9) ** 2 - 1)
    assert float(boson.decay_length_mm(energy)) == pytest.approx(gamma_beta * boson.ctau_mm, rel=1e-12)
    with pytest.raises(UsageError, match="below the boson's mass"):
        boson.decay_length_mm(np.array([282.0, 10.0]))


def test_epsilon_is_the_coupling_over_the_charge() -> None:
    assert pytest.approx(math.sqrt(4 * math.pi * FINE_STRUCTURE), rel=1e-7) == ELEMENTARY_CHARGE
    assert Boson(16.9, "V", 5.6e-4).epsilon == pytest.approx(1.849e-3, abs=5e-7)
    assert Boson.from_epsilon(16.9, SpinParity.AXIAL_VECTOR, 1e-3).g_ve == pytest.approx(3.028e-4, abs=5e-8)


def test_without_coupling_it_lives_for_ever() -> None:
    boson = Boson(16.9, "P", 0.0)
    assert boson.width_mev == 0.0
    assert boson.lifetime_s == boson.ctau_mm == math.inf


@pytest.mark.parametrize("letter", list(SpinParity))
def test_angular_law_is_a_density_and_its_fractions_are_its_integrals(letter: SpinParity) -> None:
    boson = Boson(17.0, letter, 1e-3)
    total, _ = quad(lambda c: float(boson.decay_density(c)), -1, 1)
    assert total == pytest.approx(1.0, abs=1e-12)
    part, _ = quad(lambda c: float(boson.decay_density(c)), 0.1, 0.38)
    assert boson.decay_fraction(0.1, 0.38) == pytest.approx(2 * part, rel=1e-12)


def test_angular_laws() -> None:
    c = np.array([0.0, 0.9])
    ratio = {
        letter: np.divide(*Boson(17.0, letter, 1.0).decay_density(c)[::-1]) for letter in ("V", "A", "S", "P")
    }
    assert ratio["V"] == pytest.approx(1.798, abs=5e-4)  # massive vector, recomputed; 1.810 without mass
    assert ratio["A"] == pytest.approx(1.81)
    assert ratio["S"] == ratio["P"] == 1.0


def test_vector_law_is_that_of_a_virtual_photon() -> None:
    """The s channel of massive Bhabha scattering, (t² + u²)/2 + 4m²(s − m²) over s²."""
    s, m2, c = 17.0**2, ELECTRON_MASS_MEV**2, np.linspace(-1, 1, 9)
    t, u = -(s - 4 * m2) * (1 - c) / 2, -(s - 4 * m2) * (1 + c) / 2
    photon = (t**2 + u**2) / 2 + 4 * m2 * (s - m2)
    density = Boson(17.0, "V", 1.0).decay_density(c)
    np.testing.assert_allclose(density / density[0], photon / photon[0], rtol=1e-12)


@pytest.mark.parametrize(
    ("mass", "letter", "coupling", "words"),
    [
        (1.0, "V", 1e-3, "above 2 m_e"),
        (math.nan, "V", 1e-3, "above 2 m_e"),
        (17.0, "V", -1e-3, "0 or above"),
        (17.0, "V", math.inf, "0 or above"),
        (17.0, "X", 1e-3, "allowed: V, A, S, P"),
    ],
)
def test_impossible_bosons_are_refused(mass: float, letter: str, coupling: float, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        Boson(mass, letter, coupling)


def test_angles_outside_the_circle_are_refused() -> None:
    boson = Boson(17.0, "V", 1e-3)
    with pytest.raises(UsageError, match="outside"):
        boson.decay_density(1.1)
    with pytest.raises(UsageError, match="low ≤ high"):
        boson.decay_fraction(0.5, 0.2)
