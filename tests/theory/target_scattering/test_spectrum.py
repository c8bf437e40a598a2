import numpy as np
import pytest

from x17.constants import ELECTRON_MASS_MEV, FINE_STRUCTURE, MICROBARN_MEV2
from x17.errors import UsageError
from x17.theory.target_scattering import (
    CARBON,
    Atom,
    BremsstrahlungRegion,
    bremsstrahlung_spectrum,
    radiation_length_g_cm2,
    sample_bremsstrahlung,
)

UNIT = FINE_STRUCTURE**3 / ELECTRON_MASS_MEV**2 * MICROBARN_MEV2  # α r_e², µb


def integrated_born(k: float, energy: float) -> float:
    """Integrated over both directions, no screening, any energy: 3BN of Koch and Motz (1959)."""
    e0, e, k = energy / ELECTRON_MASS_MEV, (energy - k) / ELECTRON_MASS_MEV, k / ELECTRON_MASS_MEV
    p0, p = np.sqrt(e0**2 - 1), np.sqrt(e**2 - 1)
    big = 2 * np.log((e0 * e + p0 * p - 1) / k)
    l0, l1 = (2 * np.log(x + y) for x, y in ((e0, p0), (e, p)))
    total = 4 / 3 - 2 * e0 * e * (p**2 + p0**2) / (p * p0) ** 2 + l0 * e / p0**3 + l1 * e0 / p**3
    total -= l0 * l1 / (p * p0)
    inner = (e0 * e + p0**2) / p0**3 * l0 - (e0 * e + p**2) / p**3 * l1 + 2 * k * e0 * e / (p * p0) ** 2
    total += big * (
        8 * e0 * e / (3 * p0 * p)
        + k**2 * ((e0 * e) ** 2 + (p0 * p) ** 2) / (p0 * p) ** 3
        + k / (2 * p0 * p) * inner
    )
    return float(UNIT / (k * ELECTRON_MASS_MEV) * p / p0 * total)


def sampled(k: float, energy: float, atom: Atom) -> tuple[float, float]:
    """dσ/dk from the four-fold differential cross section, over k ± 1 %: its curvature is below 1e-4."""
    region = BremsstrahlungRegion(energy, (0.99 * k, 1.01 * k))
    value, error = sample_bremsstrahlung(region, 300_000, 5, atom).cross_section()
    return value / (0.02 * k), error / (0.02 * k)


def test_carbons_radiation_length() -> None:
    # PDG: 42.70 g/cm² with Tsai's Coulomb correction, f(Zα) = 0.00230 times Z² = 36 out of 201.5.
    corrected = radiation_length_g_cm2() / (1 - 36 * 0.00230 / 201.5)
    assert corrected == pytest.approx(42.70, abs=0.01)  # rounded there, and 184.15, 1194 are Tsai's roundings


@pytest.mark.parametrize("k", [3e3, 5e4, 9e4])
def test_complete_screening_is_tsais_formula(k: float) -> None:
    energy = 1e5
    y, third = k / energy, np.log(6) / 3
    z2, z1 = 36 * (np.log(184.15) - third), 6 * (np.log(1194) - 2 * third)
    expected = 4 * UNIT / k * ((4 / 3 - 4 / 3 * y + y**2) * (z2 + z1) + (1 - y) / 9 * (36 + 6))
    # Left over: δa ~ 1e-3 and δa' ~ 2e-3 at 90 GeV, and 1/(a m)² ~ 3e-4 in the logarithms.
    assert bremsstrahlung_spectrum(k, energy) == pytest.approx(expected, rel=2e-3)


@pytest.mark.parametrize("k", [1.0, 50.0, 200.0])
def test_without_screening_it_is_the_born_formula_at_high_energy(k: float, unit_charge: Atom) -> None:
    value = bremsstrahlung_spectrum(k, 283.0, unit_charge, inelastic=False)
    # The integrals leave terms of δ/m = m k/(2E(E−k)), over a logarithm of about 6: 2e-3/3 at 200 MeV.
    small = ELECTRON_MASS_MEV * k / (2 * 283.0 * (283.0 - k))
    assert value == pytest.approx(integrated_born(k, 283.0), rel=0.6 * small + 2e-5)


@pytest.mark.parametrize(("k", "energy"), [(0.5, 2.0), (1.3, 3.0), (200.0, 283.0)])
def test_differential_formula_integrates_to_the_born_formula(
    k: float, energy: float, unit_charge: Atom
) -> None:
    value, error = sampled(k, energy, unit_charge)
    assert error < 0.005 * value
    assert abs(value - integrated_born(k, energy)) < 4 * error


@pytest.mark.parametrize("k", [1.0, 30.0, 150.0, 240.0])
def test_differential_formula_integrates_to_the_screened_spectrum(k: float) -> None:
    value, error = sampled(k, 283.0, CARBON)
    assert error < 0.005 * value
    assert abs(value - bremsstrahlung_spectrum(k, 283.0, inelastic=False)) < 4 * error


def test_energies_out_of_range_are_refused(unit_charge: Atom) -> None:
    for k in (0.0, 280.0, np.nan):
        with pytest.raises(UsageError, match="photon energy"):
            bremsstrahlung_spectrum(k, 283.0)
    with pytest.raises(UsageError, match="screening length"):
        radiation_length_g_cm2(unit_charge)
