import numpy as np
import pytest

from x17.constants import ELECTRON_MASS_MEV, FINE_STRUCTURE, MICROBARN_MEV2
from x17.errors import UsageError
from x17.theory.target_scattering import CARBON, Atom, elastic_cross_section, elastic_cross_section_beyond


def test_small_angles_are_rutherford(unit_charge: Atom) -> None:
    theta, energy = 0.01, 283.0
    rutherford = (2 * FINE_STRUCTURE / (energy * theta**2)) ** 2 * MICROBARN_MEV2
    # Corrections: θ²/6 of the sine, sin²(θ/2) of the spin, (m/E)² of the velocity: below 1e-4 together.
    assert elastic_cross_section(theta, energy, unit_charge) == pytest.approx(rutherford, rel=1e-4)


def test_backward_scattering_is_forbidden_by_helicity(unit_charge: Atom) -> None:
    energy = 283.0
    ratio = elastic_cross_section(np.pi, energy, unit_charge) / elastic_cross_section(
        np.pi / 2, energy, unit_charge
    )
    # 1 − β² sin²(θ/2) over sin⁴: (m/E)² against (1/2)/(1/4).
    assert ratio == pytest.approx((ELECTRON_MASS_MEV / energy) ** 2 / 2, rel=1e-4)


@pytest.mark.parametrize("energy", [0.7, 283.0])
def test_bare_nucleus_integrates_to_the_closed_form(energy: float) -> None:
    # ∫ dt π/p² α² (4E² − t)/t² from t_0 to 4p², Gauss–Legendre of 160 nodes on exponentials: rounding only.
    p2 = energy**2 - ELECTRON_MASS_MEV**2
    bare = Atom(1, 1.0, screening_length=1e6 / energy, inelastic_length=1.0)
    theta = np.array([0.01, 0.05, 0.5, 2.0])
    t0, t1 = 4 * p2 * np.sin(theta / 2) ** 2, 4 * p2
    integral = 4 * energy**2 * (1 / t0 - 1 / t1) - np.log(t1 / t0)
    expected = np.pi / p2 * FINE_STRUCTURE**2 * integral * MICROBARN_MEV2
    # The screening that stands in for none, a⁻² = 1e-12 E², changes 2e-8 at 0.01 rad.
    np.testing.assert_allclose(elastic_cross_section_beyond(theta, energy, bare), expected, rtol=1e-7)


def test_screened_total_is_finite_and_that_of_thomas_fermi_moliere() -> None:
    # Below the nuclear scale: σ → 4π Z² α² a² ∫ du/(1+u)² = 4π Z² α² a² at β = 1.
    expected = 4 * np.pi * (6 * FINE_STRUCTURE * CARBON.elastic_radius) ** 2 * MICROBARN_MEV2
    # The lower limit of 1e-9 rad and m²/E² = 3e-6 are the corrections.
    assert elastic_cross_section_beyond(1e-9, 283.0) == pytest.approx(expected, rel=1e-5)


def test_integral_agrees_with_adaptive_quadrature() -> None:
    from scipy.integrate import quad

    value, _ = quad(
        lambda x: 2 * np.pi * np.sin(np.exp(x)) * np.exp(x) * float(elastic_cross_section(np.exp(x), 283.0)),
        np.log(0.04),
        np.log(np.pi),
        epsrel=1e-10,
        limit=400,
    )
    # The carbon form factor is kept; 1e-8 is well above the accuracy asked of both rules.
    assert elastic_cross_section_beyond(0.04, 283.0) == pytest.approx(value, rel=1e-8)


def test_form_factor_slope_is_the_charge_radius() -> None:
    t = 1.0  # MeV², where r²t/6 ≈ 2.6e-5 and the next term is its square
    radius = 2.4702 / 197.3269804
    assert 1 - CARBON.nuclear(t) == pytest.approx(radius**2 * t / 6, rel=1e-4)
    heavy = Atom(79, 196.97, nuclear_radius_fm=5.4371)
    assert 1 - heavy.nuclear(t) == pytest.approx((5.4371 / 197.3269804) ** 2 / 6, rel=1e-3)


def test_carbon_form_factor_vanishes_at_its_diffraction_minimum() -> None:
    # Measured at 1.82 fm⁻¹ (Hofstadter 1956: near 1.8); the oscillator's zero must lie within 5 % of it.
    q = np.linspace(250.0, 450.0, 2001)
    zero = q[np.argmin(np.abs(CARBON.nuclear(q**2)))] / 197.327
    assert zero == pytest.approx(1.82, rel=0.05)


@pytest.mark.parametrize("angle", [0.0, -0.1, 3.2, np.nan])
def test_angles_out_of_range_are_refused(angle: float) -> None:
    for function in (elastic_cross_section, elastic_cross_section_beyond):
        with pytest.raises(UsageError, match="angle"):
            function(angle, 283.0)


def test_atoms_that_cannot_be_are_refused() -> None:
    with pytest.raises(UsageError, match="charge number"):
        Atom(0, 1.0)
    with pytest.raises(UsageError, match="Z ≥ 5"):
        Atom(1, 1.008)
    with pytest.raises(UsageError, match="molar mass"):
        Atom(6, 0.0)
    with pytest.raises(UsageError, match="nuclear radius"):
        Atom(6, 12.0, -1.0)
    with pytest.raises(UsageError, match="momentum transfer"):
        CARBON.elastic(-1.0)
    with pytest.raises(UsageError, match="density"):
        CARBON.atoms_per_microbarn(0.0, 0.1)


def test_atoms_of_the_diamond() -> None:
    # n_e d = 1.056e22 cm⁻² for 0.1 mm of 3.51 g/cm³, six electrons per atom, quoted to four digits.
    assert 6 * CARBON.atoms_per_microbarn(3.51, 0.1) * 1e30 == pytest.approx(1.056e22, rel=3e-4)
