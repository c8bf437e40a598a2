from collections.abc import Callable
from decimal import Decimal, localcontext

import numpy as np
import pytest

from x17.constants import ELECTRON_MASS_MEV, FINE_STRUCTURE, MICROBARN_MEV2
from x17.errors import UsageError
from x17.theory.target_scattering import CARBON, Atom, bremsstrahlung_cross_section, elastic_cross_section

Dirac = Callable[[float, float, float, float, float], float]


@pytest.mark.parametrize("energy", [0.8, 2.0, 30.0, 283.0])
def test_closed_form_is_the_spin_sum_of_the_amplitude(
    energy: float, dirac_cross_section: Dirac, unit_charge: Atom
) -> None:
    # The traces cancel to a part in (E/m)²; 1e-8 leaves room for that; a wrong term shows at order 1.
    rng = np.random.default_rng(17)
    span = min(3.0, 30.0 / energy)
    for _ in range(40):
        k = rng.uniform(0.02, 0.98) * (energy - ELECTRON_MASS_MEV)
        theta_g, theta_e, phi = rng.uniform(0.0, [span, span, 2 * np.pi])
        value = bremsstrahlung_cross_section(k, theta_g, theta_e, phi, energy, unit_charge)
        assert value == pytest.approx(dirac_cross_section(k, theta_g, theta_e, phi, energy), rel=1e-8)


def test_amplitude_used_as_reference_is_gauge_invariant(longitudinal_amplitude: Dirac) -> None:
    # Zero but for rounding in traces that cancel (E/m)⁴ ~ 1e7 times: 1e-8 of the physical spin sum.
    assert abs(longitudinal_amplitude(5.0, 0.4, 0.9, 2.0, 15.0)) < 1e-8


def test_soft_photons_factorise() -> None:
    # dσ → dσ_Mott α/(4π²) k |p'/(p'·k) − p/(p·k)|² per MeV; the correction is of order k/E' and k/q ≈ 1e-6.
    energy, k, theta_g, theta_e, phi = 283.0, 1e-5, 0.02, 0.06, 2.2
    p = np.sqrt(energy**2 - ELECTRON_MASS_MEV**2)
    n = np.array([np.sin(theta_g), 0.0, np.cos(theta_g)])
    out = np.array([np.sin(theta_e) * np.cos(phi), np.sin(theta_e) * np.sin(phi), np.cos(theta_e)])
    before = np.array([0.0, 0.0, p]) / (energy - p * n[2])
    after = p * out / (energy - p * out @ n)
    eikonal = np.sum(np.cross(after - before, n) ** 2) * FINE_STRUCTURE / (4 * np.pi**2 * k)
    expected = eikonal * elastic_cross_section(theta_e, energy)
    value = bremsstrahlung_cross_section(k, theta_g, theta_e, phi, energy)
    assert value == pytest.approx(expected, rel=1e-5)


def sine_and_cosine(angle: float) -> tuple[Decimal, Decimal]:
    terms = [Decimal(1)]
    for n in range(1, 80):
        terms.append(terms[-1] * Decimal(angle) / n)
    signs = (1, 1, -1, -1)
    sine, cosine = (sum(signs[n % 4] * terms[n] for n in range(first, 80, 2)) for first in (1, 0))
    return Decimal(sine), Decimal(cosine)


def heitler_sum(k: float, theta_g: float, theta_e: float, phi: float, energy: float) -> float:
    """The formula as printed in textbooks, in 60-digit arithmetic, µb/(MeV sr²) on a unit charge."""
    with localcontext() as context:
        context.prec = 60
        m2, e, w = Decimal(ELECTRON_MASS_MEV) ** 2, Decimal(energy), Decimal(k)
        f = e - w
        p, pf = (e**2 - m2).sqrt(), (f**2 - m2).sqrt()
        (sg, cg), (se, ce), (sp, cp) = (sine_and_cosine(angle) for angle in (theta_g, theta_e, phi))
        n, out = (sg, Decimal(0), cg), (se * cp, se * sp, ce)
        c = sum((a * b for a, b in zip(n, out, strict=True)), Decimal(0))
        q2 = sum(
            ((p * z - pf * o - w * a) ** 2 for z, o, a in zip((0, 0, 1), out, n, strict=True)), Decimal(0)
        )
        d, df, s2, sf2 = e - p * cg, f - pf * c, (p * sg) ** 2, pf**2 * (1 - c**2)
        dot = p * pf * (ce - cg * c)
        total = sf2 * (4 * e**2 - q2) / df**2 + s2 * (4 * f**2 - q2) / d**2
        total += (2 * w**2 * (s2 + sf2) - 2 * dot * (4 * e * f - q2 + 2 * w**2)) / (d * df)
        kinematic = float(pf / (p * w * q2**2) * total)
    return MICROBARN_MEV2 * FINE_STRUCTURE**3 / (4 * np.pi**2) * kinematic


def test_small_momentum_transfer_keeps_its_digits(unit_charge: Atom) -> None:
    # Transverse momenta of 0.1 MeV that cancel to 1e-4 MeV: rounding of 1e-16 × 1e3, a few times over.
    k, theta_g, energy = 100.0, 1e-3, 283.0
    theta_e, phi = k * theta_g / (energy - k) * (1 + 1e-3), np.pi - 1e-3
    value = bremsstrahlung_cross_section(k, theta_g, theta_e, phi, energy, unit_charge)
    assert value == pytest.approx(heitler_sum(k, theta_g, theta_e, phi, energy), rel=1e-11)


def test_azimuth_and_its_negative_are_alike() -> None:
    phi = np.linspace(0.1, 3.0, 7)
    args = (80.0, 0.05, 0.03)
    np.testing.assert_allclose(
        bremsstrahlung_cross_section(*args, phi, 283.0),
        bremsstrahlung_cross_section(*args, -phi, 283.0),
        rtol=1e-13,
    )


def test_the_atoms_electrons_add_their_form_factor() -> None:
    args = (80.0, 2e-3, 1e-2, np.pi, 283.0)
    both, nucleus = (bremsstrahlung_cross_section(*args, CARBON, inelastic=flag) for flag in (True, False))
    # 1 + 1/Z at q ≈ 2 MeV, where screening is 4e-5 of |F|² and the nucleus 2e-4.
    assert both / nucleus == pytest.approx(1 + 1 / 6, rel=1e-3)


@pytest.mark.parametrize(
    ("args", "name"),
    [
        ((0.0, 0.1, 0.1, 0.0, 283.0), "photon energy"),
        ((282.6, 0.1, 0.1, 0.0, 283.0), "photon energy"),
        ((1.0, -0.1, 0.1, 0.0, 283.0), "photon angle"),
        ((1.0, 0.1, 3.2, 0.0, 283.0), "positron angle"),
        ((1.0, 0.1, 0.1, np.nan, 283.0), "azimuth"),
        ((1.0, 0.1, 0.1, 0.0, 0.5), "beam energy"),
    ],
)
def test_arguments_out_of_range_are_refused(args: tuple[float, ...], name: str) -> None:
    with pytest.raises(UsageError, match=name):
        bremsstrahlung_cross_section(*args)
