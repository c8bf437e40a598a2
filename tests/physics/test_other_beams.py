"""Beams of 130 MeV and of 11 GeV: closed forms and hand computations that know nothing of PADME."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.special import wofz

from x17.apparatus import Setup, load_setup
from x17.constants import ELECTRON_MASS_MEV, MICROBARN_MEV2
from x17.projection.projected_scan import projected_model
from x17.projection.reach import MEDIAN, asimov_error, band_of
from x17.projection.systematics_file import load_systematics
from x17.simulation.generators.boson import generate_boson
from x17.simulation.generators.reach import narrowest_angle, widest_angle
from x17.simulation.transport import to_calorimeter
from x17.theory.boson import Boson, SpinParity
from x17.theory.production import breit_wigner_ub, yield_curve
from x17.theory.qed.born_two_photon import two_photon_total
from x17.workflows.project_design import DesignRequest, design_of

EXAMPLE = Path(__file__).parents[2] / "examples" / "your-experiment"
BEAMS = {"padme-run3": ("padme-run3", 17.0)} | {
    name: (str(EXAMPLE / f"{name}.toml"), mass)
    for name, mass in (("low-energy", 11.5), ("eleven-gev", 105.0))
}


@pytest.fixture(params=list(BEAMS))
def beam(request: pytest.FixtureRequest) -> tuple[Setup, float]:
    path, mass = BEAMS[request.param]
    return load_setup(path), mass


def electrons_by_hand(setup: Setup) -> float:
    """ρ d N_A Z/A, 1/cm²: carbon or beryllium."""
    z, a = {"diamond": (6, 12.011), "beryllium": (4, 9.0121831)}[setup.target.material]
    return setup.target.density_g_cm3 * 0.1 * setup.target.thickness_mm * 6.02214076e23 * z / a


def test_the_area_of_the_line_is_the_closed_form(beam: tuple[Setup, float]) -> None:
    """∫ Y dE = n_e d π g²/(2 m_e), whatever the energy: only the electrons of the target count."""
    setup, mass = beam
    g = 1e-3
    curve = yield_curve(
        Boson(mass, SpinParity.VECTOR, g),
        setup.target.slab,
        [setup.beam.energy_mev],
        setup.beam.energy_spread,
        setup.target.electron_momenta,
    )
    by_hand = electrons_by_hand(setup) * math.pi * g**2 / (2.0 * ELECTRON_MASS_MEV) * MICROBARN_MEV2 * 1e-30
    # Terms in m_e²/m² are 0.8 % at 11.5 MeV, and the tails of the profile another 0.3 %.
    assert curve.area_mev == pytest.approx(by_hand, rel=0.012)


def test_the_peak_falls_with_the_energy_of_the_beam(beam: tuple[Setup, float]) -> None:
    """Electrons at rest: Y = area/(√(2π) b E), so that n_e d/(b s) is all that decides the peak."""
    setup, mass = beam
    rest = (mass**2 - 2.0 * ELECTRON_MASS_MEV**2) / (2.0 * ELECTRON_MASS_MEV)
    boson, spread = Boson(mass, SpinParity.VECTOR, 1e-3), setup.beam.energy_spread
    peak = yield_curve(boson, setup.target.slab, [rest], spread, None).yield_per_pot[0]
    area = electrons_by_hand(setup) * math.pi * 1e-6 / (2.0 * ELECTRON_MASS_MEV) * MICROBARN_MEV2 * 1e-30
    assert peak == pytest.approx(area / (math.sqrt(2.0 * math.pi) * spread * rest), rel=0.012)


def test_the_resonance_is_unitary_at_any_energy(beam: tuple[Setup, float]) -> None:
    """12π/(s − 4m²) at the peak, and half of it a half width away."""
    _, mass = beam
    boson = Boson(mass, SpinParity.VECTOR, 1e-2)
    peak = 12.0 * math.pi / (mass**2 - 4.0 * ELECTRON_MASS_MEV**2) * MICROBARN_MEV2
    assert float(breit_wigner_ub(boson, mass)) == pytest.approx(peak, rel=1e-12)
    away = math.sqrt(mass**2 + mass * boson.width_mev)
    # The flux has changed by Γ/m = 3e-6.
    assert float(breit_wigner_ub(boson, away)) == pytest.approx(0.5 * peak, rel=1e-5)


def test_two_photons_against_the_massless_formula() -> None:
    """σ(γγ; |cos θ| < c) = 2πα²/s [ln((1+c)/(1−c)) − c]: at 106 MeV the mass is forgotten."""
    sqrt_s, c = 106.0, math.cos(math.radians(50.0))
    alpha = 1.0 / 137.035999
    by_hand = 2.0 * math.pi * alpha**2 / sqrt_s**2 * (math.log((1.0 + c) / (1.0 - c)) - c) * MICROBARN_MEV2
    assert float(two_photon_total(sqrt_s, (50.0, 130.0))) == pytest.approx(by_hand, rel=5e-4)


@pytest.mark.parametrize("name", ["low-energy", "eleven-gev"])
def test_decays_have_the_mass_and_meet_the_selection(name: str) -> None:
    """Lorentz-invariant at γ = 11 and 103; the radii of partners multiply to (D/γ)²."""
    path, mass = BEAMS[name]
    setup = load_setup(path)
    still = replace(
        setup,
        beam=replace(setup.beam, spot_sigma_x_mm=0.0, spot_sigma_y_mm=0.0, divergence_mrad=0.0),
        # Free decays: nothing may be in the way.
        aperture=replace(setup.aperture, bore_width_mm=9e4, bore_height_mm=9e4),
    )
    energy = mass**2 / (2.0 * ELECTRON_MASS_MEV) - ELECTRON_MASS_MEV
    events = generate_boson(
        still, Boson(mass, SpinParity.VECTOR, 1e-3), energy, 2000, np.random.default_rng(1)
    )
    pairs, momenta = events.energy.reshape(-1, 2), events.momentum.reshape(-1, 2, 3)
    invariant = pairs.sum(axis=1) ** 2 - np.square(momenta.sum(axis=1)).sum(axis=1)
    # Differences of squares of 11 GeV: 1e-16 · 1e8/1e4.
    np.testing.assert_allclose(np.sqrt(invariant), mass, rtol=1e-9)
    arrivals = to_calorimeter(events, still)
    radius = np.full(events.energy.size, np.nan)
    radius[arrivals.particle] = np.hypot(arrivals.x, arrivals.y)
    product = radius.reshape(-1, 2).prod(axis=1)
    wide = np.abs(events.cos_theta) < 0.5
    middle = setup.face_distance_mm / (mass / (2.0 * ELECTRON_MASS_MEV))
    # Flight of the boson, the electron's mass and tan θ for θ: 1 % at 0.1 rad.
    np.testing.assert_allclose(np.sqrt(product[wide]), middle, rtol=0.02)
    assert setup.hole_edge_mm < middle < setup.pair_cuts.r_max_mm
    angles = np.arctan2(np.hypot(*momenta[wide][..., :2].T), momenta[wide][..., 2].T)
    assert narrowest_angle(setup) < angles.min()
    assert angles.max() < widest_angle(setup)


@pytest.mark.parametrize(("name", "mass"), [("low-energy", 11.5), ("eleven-gev", 105.0)])
def test_the_limit_of_counts_alone_is_the_one_by_hand(name: str, mass: float) -> None:
    """g² = z √(1/Σ s²N), s = A V(E) ε_S/B at g = 1: g² ∝ √B/(S/g²), z = 1.645 for the median of 90 % CLs."""
    design = design_of(str(EXAMPLE / f"{name}.toml"), DesignRequest())
    model = projected_model(design, load_systematics("none"))
    sigma = asimov_error(model, np.array([mass]))
    found = float(band_of(np.zeros(1), sigma, 0.90)[MEDIAN, 0])
    constants, points = design.constants, design.points
    resonance = mass**2 / (2.0 * ELECTRON_MASS_MEV) - ELECTRON_MASS_MEV
    width = constants.beam_energy_spread * resonance
    z = (points.beam_energy_mev - resonance + 1j * constants.lorentz_half_width_mev) / (
        width * math.sqrt(2.0)
    )
    voigt = wofz(z).real / (width * math.sqrt(2.0 * math.pi))
    background = design.lines.background_per_pot(points.sqrt_s_mev)
    efficiency = design.lines.signal_efficiency(points.sqrt_s_mev)
    signal = constants.signal_yield_mev * voigt * efficiency / background
    by_hand = math.sqrt(1.6449 / math.sqrt(float(np.sum(signal**2 * points.n_pot * background))))
    # The ratio ε_S/B is a line in the fit, and W_b moves the resonance by a thousandth of the spread.
    assert found == pytest.approx(by_hand, rel=0.01)


def test_ten_thousand_times_the_positrons_are_ten_times_the_reach_in_coupling() -> None:
    """Counts alone: g ∝ N^(−1/4)."""
    path = str(EXAMPLE / "eleven-gev.toml")
    limits = []
    for statistics in (1.0, 1e4):
        model = projected_model(
            design_of(path, DesignRequest(statistics=statistics)), load_systematics("none")
        )
        sigma = asimov_error(model, np.array([105.0]))
        limits.append(float(band_of(np.zeros(1), sigma, 0.90)[MEDIAN, 0]))
    assert limits[0] / limits[1] == pytest.approx(10.0, rel=0.01)
