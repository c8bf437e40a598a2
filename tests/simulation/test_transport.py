from dataclasses import replace

import numpy as np
import pytest

from x17.apparatus.setup import Setup
from x17.simulation.events import ELECTRON, PHOTON, POSITRON
from x17.simulation.transport import to_calorimeter

from .batches import TARGET_Z, batch

FACE, DISTANCE = 2612.41, 3640.41
LIGHT = 299.792458  # mm/ns


def test_straight_lines(setup: Setup) -> None:
    events = batch([PHOTON, ELECTRON], [[10.0, -4.0, 200.0], [0.0, 8.0, 200.0]])
    found = to_calorimeter(events, setup)
    np.testing.assert_array_equal(found.particle, [0, 1])
    # A straight line, to rounding.
    np.testing.assert_allclose(found.x, [0.05 * DISTANCE, 0.0], rtol=1e-12, atol=1e-9)
    np.testing.assert_allclose(found.y, [-0.02 * DISTANCE, 0.04 * DISTANCE], rtol=1e-12)
    np.testing.assert_allclose(found.slope_x, [0.05, 0.0], atol=1e-15)
    np.testing.assert_allclose(found.slope_y, [-0.02, 0.04], rtol=1e-15)


def test_photons_take_the_time_of_light(setup: Setup) -> None:
    found = to_calorimeter(batch([PHOTON], [[10.0, 0.0, 200.0]], time=[3.0]), setup)
    assert found.time[0] == pytest.approx(3.0 + DISTANCE * np.hypot(1.0, 0.05) / LIGHT, rel=1e-12)


def test_displaced_vertices_and_what_flies_backwards(setup: Setup) -> None:
    events = batch(
        [PHOTON, PHOTON, PHOTON],
        [[1.0, 2.0, 100.0], [1.0, 2.0, -100.0], [0.0, 0.0, 100.0]],
        vertex=[[5.0, -3.0, 600.0], [0.0, 0.0, TARGET_Z], [0.0, 0.0, FACE + 1.0]],
    )
    found = to_calorimeter(events, setup)
    np.testing.assert_array_equal(found.particle, [0])
    path = FACE - 600.0
    np.testing.assert_allclose([found.x[0], found.y[0]], [5.0 + 0.01 * path, -3.0 + 0.02 * path], rtol=1e-12)


def test_the_bore_casts_a_shadow(setup: Setup) -> None:
    # The published edge: |y| < 102.5 · 3640.41/1536.8 = 242.8 mm; 0.01 mm on either side of it.
    edge = 102.5 * DISTANCE / (508.8 - TARGET_Z)
    assert edge == pytest.approx(242.8, abs=0.05)
    slopes = (edge + np.array([-0.01, 0.01])) / DISTANCE
    events = batch([PHOTON] * 4, [[0.0, sign * s * 100.0, 100.0] for sign in (1, -1) for s in slopes])
    np.testing.assert_array_equal(to_calorimeter(events, setup).particle, [0, 2])


def test_a_steep_track_that_starts_behind_the_bore_is_not_shadowed(setup: Setup) -> None:
    events = batch([PHOTON], [[0.0, 10.0, 100.0]], vertex=[[0.0, 50.0, 600.0]])
    assert to_calorimeter(events, setup).y[0] == pytest.approx(50.0 + 0.1 * (FACE - 600.0), rel=1e-12)


def test_a_wide_vertex_behind_the_bore_is_not_shadowed(setup: Setup) -> None:
    start = [[0.0, 200.0, 600.0]]
    assert to_calorimeter(batch([PHOTON], [[0.0, 1.0, 100.0]], vertex=start), setup).particle.size == 1


@pytest.mark.parametrize(("pdg", "charge"), [(POSITRON, 1.0), (ELECTRON, -1.0), (PHOTON, 0.0)])
@pytest.mark.parametrize("component", ["by_t", "bx_t"])
def test_the_field_bends_on_a_circle(setup: Setup, pdg: int, charge: float, component: str) -> None:
    """Against the exact circle of radius p/(0.29979 B): x = R (1 − cos α), sin α = L/R."""
    tesla, momentum = 2e-3, 150.0
    bent = replace(setup, residual_field=replace(setup.residual_field, **{component: tesla}))
    found = to_calorimeter(batch([pdg], [[0.0, 0.0, momentum]]), bent)
    field = setup.residual_field
    length, beyond = field.z_max_mm - field.z_min_mm, FACE - field.z_max_mm
    radius = momentum / (0.299792458 * tesla)
    angle = np.arcsin(length / radius)
    moved = charge * (radius * (1.0 - np.cos(angle)) + np.tan(angle) * beyond)
    # q v × B: v along z and B along y push a positron to −x, B along x to +y.
    expected = (-moved, 0.0) if component == "by_t" else (0.0, moved)
    # The kick in the middle is exact to the square of the angle, 0.004.
    np.testing.assert_allclose([found.x[0], found.y[0]], expected, rtol=angle**2, atol=1e-9)
    if charge:
        assert abs(moved) > 5.0  # the tolerance is 0.1 µm of it


def test_only_the_field_ahead_acts(setup: Setup) -> None:
    bent = replace(setup, residual_field=replace(setup.residual_field, by_t=2e-3))
    behind = batch([POSITRON], [[0.0, 0.0, 150.0]], vertex=[[0.0, 0.0, 600.0]])
    assert to_calorimeter(behind, bent).x[0] == 0.0
    half = batch([POSITRON], [[0.0, 0.0, 150.0]], vertex=[[0.0, 0.0, 9.4]])
    whole = batch([POSITRON], [[0.0, 0.0, 150.0]])
    # From the middle of the field on, half the kick.
    ratio = to_calorimeter(half, bent).slope_x[0] / to_calorimeter(whole, bent).slope_x[0]
    assert ratio == pytest.approx(0.5, rel=1e-12)
