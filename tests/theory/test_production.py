import numpy as np
import pytest
from scipy.integrate import quad

from x17.constants import ELECTRON_MASS_MEV
from x17.errors import UsageError
from x17.theory.boson import Boson
from x17.theory.compton import Diamond, HydrogenicCarbon, carbon_atom
from x17.theory.production import (
    breit_wigner_ub,
    momentum_distribution,
    narrow_width_area_ub_mev2,
    resonant_energy_mev,
    yield_curve,
)
from x17.theory.published_yield import PUBLISHED_YIELD
from x17.theory.target import Target
from x17.theory.voigt_fit import fit_voigt

VECTOR = Boson(17.0, "V", 1e-3)
ENERGIES = np.linspace(250.0, 320.0, 1401)


def test_breit_wigner_peak_is_unitary_and_its_area_is_the_narrow_one() -> None:
    for letter in "VASP":
        boson = Boson(17.0, letter, 0.3)  # wide enough to integrate: Γ = 40 keV
        peak = float(breit_wigner_ub(boson, 17.0))
        limit = 4 * np.pi * (3 if letter in "VA" else 1) / (17.0**2 - 4 * ELECTRON_MASS_MEV**2) * 389.37937e6
        assert peak == pytest.approx(limit, rel=1e-8)
        half = float(breit_wigner_ub(boson, np.sqrt(17.0**2 + 17.0 * boson.width_mev)))
        assert half / peak == pytest.approx(0.5, rel=5e-3)  # the flux factor moves by Γ/m
        wide = 200 * 17.0 * boson.width_mev
        area, _ = quad(
            lambda s, b=boson: float(breit_wigner_ub(b, np.sqrt(s))),
            289 - wide,
            289 + wide,
            points=[289],
            limit=500,
        )
        # What lies beyond 200 half widths: 2/(π·200) = 0.3 %; the flux factor skews by a few 1e-3.
        assert area == pytest.approx(narrow_width_area_ub_mev2(boson), rel=1e-2)


def test_areas_of_the_narrow_resonance() -> None:
    # πg²/(2m_e) = 1197 µb MeV for V and A, half of it for S and P: leading order in m_e²/m² = 9e-4.
    for letter, share in (("V", 1.0), ("A", 1.0), ("S", 0.5), ("P", 0.5)):
        area = narrow_width_area_ub_mev2(Boson(17.0, letter, 1e-3)) / (2 * ELECTRON_MASS_MEV)
        assert area == pytest.approx(1197.0 * share, rel=5e-3)
    # Exactly πg² (1 + 2r)/√(1 − 4r) for V: 0.36 % above the leading order.
    r = (ELECTRON_MASS_MEV / 17.0) ** 2
    expected = np.pi * 1e-6 * (1 + 2 * r) / np.sqrt(1 - 4 * r) * 389.3793721e6
    assert narrow_width_area_ub_mev2(VECTOR) == pytest.approx(expected, rel=1e-10)


def test_resonant_energy_solves_s_equals_mass_squared() -> None:
    k = np.array([-0.4, -0.01, 0.0, 0.003, 0.2, 0.45])
    bound = ELECTRON_MASS_MEV - 7e-6
    energy = resonant_energy_mev(17.0, k)
    momentum = np.sqrt(energy**2 - ELECTRON_MASS_MEV**2)
    s = ELECTRON_MASS_MEV**2 + bound**2 - k**2 + 2 * (energy * bound - momentum * k)
    np.testing.assert_allclose(s, 289.0, rtol=1e-12)
    # Leading expansion for slow electrons: E₀/(1 − k/m_e).
    slow = 1e-3
    leading = float(resonant_energy_mev(17.0, 0.0)) / (1 - slow / ELECTRON_MASS_MEV)
    assert float(resonant_energy_mev(17.0, slow)) == pytest.approx(leading, rel=1e-5)
    with pytest.raises(UsageError, match="never caught"):
        resonant_energy_mev(17.0, 0.6)


@pytest.mark.parametrize("profile", [Diamond(), HydrogenicCarbon(), carbon_atom()], ids=lambda p: p.name)
def test_motion_of_the_electrons_keeps_the_area(profile) -> None:
    at_rest = yield_curve(VECTOR, Target(), ENERGIES, 0.0025)
    moving = yield_curve(VECTOR, Target(), ENERGIES, 0.0025, profile)
    assert moving.area_mev == pytest.approx(at_rest.area_mev, rel=1e-4)
    assert at_rest.area_in_range_mev == pytest.approx(at_rest.area_mev, rel=1e-9)


def test_electrons_at_rest_give_the_beams_gaussian() -> None:
    curve = yield_curve(Boson(17.0, "V", 1.0), Target(), ENERGIES, 0.0025)
    sigma = 0.0025 * curve.resonance_energy_mev
    # Recomputed at g = 1: area 12.64 MeV and peak 7.15 at leading order; exact kinematics add 0.36 %.
    assert curve.area_mev == pytest.approx(12.64, rel=5e-3)
    assert curve.yield_per_pot.max() == pytest.approx(curve.area_mev / np.sqrt(2 * np.pi) / sigma, rel=1e-3)
    assert curve.yield_per_pot.max() == pytest.approx(7.15, rel=6e-3)


def test_motion_lowers_the_peak_by_three() -> None:
    # Recomputed with the published Voigt: 2.21 at g = 1, beam spread 0.25 %; its area is 7 % too large.
    boson = Boson(17.0, "V", 1.0)
    at_rest = yield_curve(boson, Target(), ENERGIES, 0.0025).yield_per_pot.max()
    moving = yield_curve(boson, Target(), ENERGIES, 0.0025, Diamond()).yield_per_pot.max()
    assert at_rest / moving == pytest.approx(3.2, abs=0.15)


def test_published_yield_comes_out() -> None:
    """The 16 points of arXiv:2403.15387 with 5 % errors; the valence width was fitted to them (χ² 10.8)."""
    computed = yield_curve(VECTOR, Target(), PUBLISHED_YIELD[:, 0], 0.005, Diamond()).yield_per_pot
    chi2 = np.sum(((computed / PUBLISHED_YIELD[:, 1] - 1) / 0.05) ** 2)
    # Exact kinematics raise the area by 0.36 %, a tenth of an error per point.
    assert chi2 < 14.0
    free_atom = yield_curve(VECTOR, Target(), PUBLISHED_YIELD[:, 0], 0.005, carbon_atom()).yield_per_pot
    assert np.sum(((free_atom / PUBLISHED_YIELD[:, 1] - 1) / 0.05) ** 2) > 50.0  # the crystal matters


def test_scalar_yields_are_half() -> None:
    curves = {letter: yield_curve(Boson(17.0, letter, 1e-3), Target(), [282.0], 0.0025) for letter in "VS"}
    r = (ELECTRON_MASS_MEV / 17.0) ** 2
    expected = 0.5 * (1 - 4 * r) / (1 + 2 * r)  # ratio of spins and of widths; 0.5 without the electron mass
    assert curves["S"].area_mev / curves["V"].area_mev == pytest.approx(expected, rel=1e-9)


def test_shares_add_up_to_the_area_of_one_electron() -> None:
    energy, area = momentum_distribution(VECTOR, Diamond())
    assert area.sum() == pytest.approx(narrow_width_area_ub_mev2(VECTOR) / (2 * ELECTRON_MASS_MEV), rel=1e-4)
    assert (np.diff(energy) > 0.0).all()  # an electron that moves with the beam needs more energy


@pytest.mark.parametrize("spread", [0.0, -0.1, 0.5, np.nan])
def test_impossible_spreads(spread: float) -> None:
    with pytest.raises(UsageError, match="spread"):
        yield_curve(VECTOR, Target(), ENERGIES, spread)


def test_a_profile_of_another_element_is_refused() -> None:
    with pytest.raises(UsageError, match="Z = 13"):
        yield_curve(VECTOR, Target("aluminium", 0.1), ENERGIES, 0.0025, Diamond())


def test_below_threshold_is_an_error() -> None:
    with pytest.raises(UsageError, match="below 2 m_e"):
        breit_wigner_ub(VECTOR, [17.0, 1.0])


def test_published_voigt_fit() -> None:
    """Fit to the 16 points, published: area 1.3563(185)e-5, mass 16.99843(117), γ 1.7220(384), χ² 12.679."""
    energy, values = PUBLISHED_YIELD.T
    fit = fit_voigt(
        energy,
        values,
        0.05 * values,
        relative_spread=0.005,
        coupling=1e-3,
        mass_guess=17.0,
        electron_mass=0.511,
    )
    assert fit.area_mev == pytest.approx(1.3563e-5, abs=0.005e-5)
    assert fit.area_err == pytest.approx(0.0185e-5, rel=0.01)
    assert fit.mass_mev == pytest.approx(16.99843, abs=2e-5)
    assert fit.half_width_mev == pytest.approx(1.722, abs=1e-3)
    assert fit.half_width_err == pytest.approx(0.0384, rel=0.02)
    assert fit.chi2 == pytest.approx(12.68, abs=0.02)
    assert fit.ndf == 13
    assert fit.line_shape.area_mev == pytest.approx(13.563, abs=0.05)
    assert np.sqrt(fit.line_shape.covariance[0, 0]) == pytest.approx(0.185, rel=0.01)


def test_fit_of_an_exact_voigt_gives_it_back() -> None:
    from x17.kinematics import resonance_energy_mev
    from x17.theory.lineshape import Voigt

    energy = np.linspace(270, 295, 40)
    center = resonance_energy_mev(17.01, ELECTRON_MASS_MEV, -7e-6)
    values = 1e-6 * Voigt(13.0, 1.6, 0.003).yield_per_pot(energy, center)
    fit = fit_voigt(energy, values, 0.01 * values, relative_spread=0.003, coupling=1e-3, mass_guess=17.0)
    assert (fit.mass_mev, fit.half_width_mev) == pytest.approx((17.01, 1.6), rel=1e-6)
    assert fit.line_shape.area_mev == pytest.approx(13.0, rel=1e-6)


@pytest.mark.parametrize(("n", "error", "coupling"), [(3, 0.01, 1e-3), (16, 0.0, 1e-3), (16, 0.01, 0.0)])
def test_fits_that_cannot_be(n: int, error: float, coupling: float) -> None:
    energy, values = PUBLISHED_YIELD[:n].T
    with pytest.raises(UsageError):
        fit_voigt(energy, values, error * values, relative_spread=0.005, coupling=coupling, mass_guess=17.0)
