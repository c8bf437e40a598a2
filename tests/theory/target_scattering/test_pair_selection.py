import math

import numpy as np
import pytest

from x17.constants import ELECTRON_MASS_MEV
from x17.errors import UsageError
from x17.kinematics import beam_energy_mev
from x17.theory.target_scattering import PairSelection
from x17.theory.target_scattering.pair_selection import cm_angle, lab_angle

SELECTION = PairSelection()
ENERGY = float(beam_energy_mev(16.9))


@pytest.mark.parametrize(
    ("sqrt_s", "radius", "energy"),
    [(14.6, 240.5, 98.3), (16.4, 190.6, 108.9), (16.9, 179.5, 111.6), (17.4, 169.3, 114.2)],
)
def test_radii_and_energies_of_the_published_curves(sqrt_s: float, radius: float, energy: float) -> None:
    beam = float(beam_energy_mev(sqrt_s))
    # Quoted to 0.1.
    assert SELECTION.radius_min_mm(beam) == pytest.approx(radius, abs=0.06)
    assert SELECTION.energy_min_mev(beam) == pytest.approx(energy, abs=0.06)


def test_massless_kinematics_by_an_explicit_boost() -> None:
    total = ENERGY + ELECTRON_MASS_MEV
    beta = math.sqrt(ENERGY**2 - ELECTRON_MASS_MEV**2) / total
    lab = np.array([0.01, 0.06, 0.5, 2.0])
    expected = np.arccos((np.cos(lab) - beta) / (1 - beta * np.cos(lab)))
    # 1 − β ~ 2e-3 in the reference: twelve digits left, and arccos.
    np.testing.assert_allclose(cm_angle(lab, ENERGY), expected, rtol=1e-9)
    np.testing.assert_allclose(lab_angle(cm_angle(lab, ENERGY), ENERGY), lab, rtol=1e-13)


def test_two_body_pairs_pass_within_the_radii_and_are_back_to_back() -> None:
    star = np.array([1.40, np.pi / 2, 1.70])
    one, two = lab_angle(star, ENERGY), lab_angle(np.pi - star, ENERGY)
    energies = [(ENERGY + ELECTRON_MASS_MEV) / 2 * (1 + sign * np.cos(star)) for sign in (1, -1)]
    azimuths = (np.array([0.1, 3.0, -2.0]), np.array([0.1, 3.0, -2.0]) + np.pi)
    assert SELECTION.selected(energies, (one, two), azimuths, ENERGY).all()
    assert SELECTION.back_to_back((one, two), azimuths, ENERGY).all()


def test_each_cut_refuses_what_it_should() -> None:
    low, first, edge = SELECTION.angles(ENERGY)
    middle, energy = 0.06, 139.0

    def passes(
        energies: tuple[float, float] = (energy, energy),
        angles: tuple[float, float] = (middle, middle),
        azimuths: tuple[float, float] = (0.0, np.pi),
        selection: PairSelection = SELECTION,
    ) -> bool:
        return bool(selection.selected(energies, angles, azimuths, ENERGY))

    assert passes()
    assert not passes(energies=(energy, 0.399 * 111.58))
    assert passes(energies=(energy, 0.401 * 111.58))
    assert not passes(angles=(low * 0.999, middle))
    assert passes(angles=((first + edge) / 2, middle))
    assert passes(angles=(middle, (first + edge) / 2))
    assert not passes(angles=((first + edge) / 2, (first + edge) / 2))
    assert not passes(angles=(edge * 1.001, middle))
    wedge = PairSelection(wedge_deg=40.0)
    for degrees, inside in ((39.0, True), (41.0, False), (141.0, True), (-41.0, False), (219.0, True)):
        assert passes(azimuths=(math.radians(degrees), 0.0), selection=wedge) is inside


def test_back_to_back_is_a_window_about_opposite() -> None:
    theta = float(lab_angle(np.pi / 2, ENERGY))
    for off, inside in ((0.43, True), (-0.43, True), (0.45, False), (-0.45, False)):
        for turn in (0.0, 2 * np.pi, -4 * np.pi):
            assert bool(SELECTION.back_to_back((theta, theta), (turn, np.pi + off), ENERGY)) is inside
    for off, inside in ((0.37, True), (-0.37, True), (0.38, False), (-0.38, False)):
        other = float(lab_angle(np.pi / 2 + off, ENERGY))
        assert bool(SELECTION.back_to_back((theta, other), (0.0, np.pi), ENERGY)) is inside


def test_settings_that_cannot_be_are_refused() -> None:
    for name, value in (
        ("distance_mm", 0.0),
        ("margin_mm", -1.0),
        ("edge_mm", 200.0),
        ("energy_share", math.nan),
        ("wedge_deg", 91.0),
        ("delta_phi_window", 4.0),
    ):
        with pytest.raises(UsageError, match=name):
            PairSelection(**{name: value})
    with pytest.raises(UsageError, match="R_min"):
        SELECTION.angles(100.0)  # √s = 10.1 MeV: R_min lies beyond R_max
    for function in (cm_angle, lab_angle):
        with pytest.raises(UsageError, match="angle"):
            function(-0.1, ENERGY)
