"""What the parts compute from their fields."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from x17.apparatus import Setup
from x17.apparatus.aperture import inside_bore
from x17.apparatus.beam import Beam
from x17.apparatus.beam_catcher import BeamCatcher
from x17.apparatus.charged_tagger import ChargedTagger
from x17.apparatus.pair_cuts import PairCuts
from x17.errors import InputError
from x17.kinematics import beam_energy_mev

from .conftest import Parse


def test_dipole_and_collimators() -> None:
    beam = Beam(energy_mev=280.0, energy_spread=0.0025, dipole_field_t=-0.56)
    assert beam.dipole_field_at(281.5) - beam.dipole_field_t == pytest.approx(-0.56 * 1.5 / 280, rel=1e-12)
    assert beam.energy_spread_at(2.0) == 0.005
    assert beam.energy_sigma_mev == pytest.approx(0.7, rel=1e-12)


def test_energy_resolution_of_a_hit_and_a_cluster(run3: Setup) -> None:
    calorimeter = run3.calorimeter
    # √(200/200 + 0.3²), and the sum in quadrature of 2 %/√0.2, 0.003 %/0.2 and 1.2 %.
    assert calorimeter.hit_sigma_mev(200.0) == pytest.approx(math.sqrt(1.09), rel=1e-12)
    assert calorimeter.hit_sigma_mev(0.0) == pytest.approx(0.3, rel=1e-12)
    relative = math.hypot(0.02 / math.sqrt(0.2), 0.00003 / 0.2, 0.012)
    assert calorimeter.cluster_sigma_mev(200.0) == pytest.approx(200.0 * relative, rel=1e-12)
    # 4.6 % at 200 MeV is what the formula of the collaboration is quoted to give.
    assert relative == pytest.approx(0.046, abs=0.0005)
    assert calorimeter.cluster_sigma_mev([100.0, 200.0]).shape == (2,)


def test_bore_shadow_is_where_tracks_are_lost(run3: Setup) -> None:
    left, right, bottom, top = run3.bore_shadow_mm
    y = np.array([bottom - 0.01, bottom + 0.01, 0.0, top - 0.01, top + 0.01])
    np.testing.assert_array_equal(run3.inside_bore(0.0, y), [False, True, True, True, False])
    x = np.array([left - 0.01, left + 0.01, right - 0.01, right + 0.01])
    np.testing.assert_array_equal(run3.inside_bore(x, 0.0), [False, True, True, False])


def test_bore_shadow_follows_the_spot(run3: Setup) -> None:
    moved = replace(run3, beam=replace(run3.beam, center_y_mm=2.0))
    # The edge at z = 508.8 stays: the shadow moves against the spot by the lever of the remaining path.
    lever = (3640.41 - 1536.8) / 1536.8
    assert moved.bore_shadow_mm[3] == pytest.approx(run3.bore_shadow_mm[3] - 2.0 * lever, abs=1e-9)
    assert moved.inside_bore(0.0, moved.bore_shadow_mm[3] - 0.01)
    assert not moved.inside_bore(0.0, moved.bore_shadow_mm[3] + 0.01)


def test_bore_behind_the_start_does_not_count(run3: Setup) -> None:
    assert inside_bore(run3.aperture, 0.0, 0.0, 600.0, 5.0, 5.0)
    assert not inside_bore(run3.aperture, 0.0, 180.0, -1028.0, 0.0, -180.0 / 1536.8)  # hits the entrance
    assert inside_bore(run3.aperture, np.zeros((3, 1)), 0.0, 0.0, 0.0, np.zeros(2)).shape == (3, 2)


def test_beam_axis(run3: Setup) -> None:
    tilted = replace(run3, beam=replace(run3.beam, center_x_mm=1.0, tilt_x_mrad=1.0))
    x, y = tilted.beam_axis_mm(2612.41)
    assert (float(x), float(y)) == pytest.approx((1.0 + 3.64041, 0.0), abs=1e-9)
    assert tilted.axis_at_plane_mm == pytest.approx((4.64041, 0.0), abs=1e-9)


def test_charge_and_positrons(run3: Setup) -> None:
    catcher = run3.beam_catcher
    assert catcher is not None
    assert catcher.charge_pc(3000.0, 402.5) == pytest.approx(3000 * 0.239, rel=1e-12)
    assert catcher.positrons(0.239, 201.25) == pytest.approx(2.0, rel=1e-12)


@given(positrons=st.floats(1.0, 1e6), energy=st.floats(100.0, 1000.0))
def test_positrons_invert_charge(positrons: float, energy: float) -> None:
    catcher = BeamCatcher(z_mm=3100.0)
    assert catcher.positrons(catcher.charge_pc(positrons, energy), energy) == pytest.approx(
        positrons, rel=1e-12
    )


def test_response_against_impact(run3: Setup) -> None:
    catcher = run3.beam_catcher
    assert catcher is not None
    np.testing.assert_allclose(catcher.response_at([0.0, -55.0, 57.5, -70.0, 61.0]), [1, 0.18, 0.235, 0, 0])
    np.testing.assert_array_equal(BeamCatcher(z_mm=0.0).response_at([-500.0, 3.0]), [1.0, 1.0])


def test_tagger_rows() -> None:
    tagger = ChargedTagger()
    y = [-331.0, -330.0, -22.1, -22.0, 0.0, 21.9, 22.0, 329.9, 330.0, np.nan, np.inf]
    np.testing.assert_array_equal(tagger.row_at(y), [-1, 0, 6, 7, 7, 7, 8, 14, -1, -1, -1])


def test_wedge() -> None:
    cuts = PairCuts(azimuth_half_width_rad=0.7)
    angles = np.array([0.0, 0.69, 0.71, math.pi / 2, math.pi - 0.69, math.pi + 0.71, -0.69, 2 * math.pi])
    np.testing.assert_array_equal(
        cuts.inside_wedge(angles), [True, True, False, False, True, False, True, True]
    )
    assert PairCuts(azimuth_half_width_rad=0.5 * math.pi).inside_wedge(np.linspace(-4, 4, 101)).all()


def test_margin_and_depths(run3: Setup) -> None:
    assert run3.pair_cuts.margin_mm == pytest.approx(31.68, abs=1e-12)
    code = replace(run3, pair_cuts=replace(run3.pair_cuts, plane_depth_mm=71.55))
    assert code.distance_mm == pytest.approx(3711.96, abs=1e-9)  # the distance of the selection code


def test_run_plan_converts(parse: Parse) -> None:
    plan = parse().run_plan
    assert len(plan) == 2
    assert plan.periods[1].beam_energy_mev == pytest.approx(280.0, rel=1e-12)
    np.testing.assert_array_equal(plan.sqrt_s_mev[:1], [17.0])
    np.testing.assert_allclose(plan.beam_energy_mev, [float(beam_energy_mev(17.0)), 280.0], rtol=1e-12)
    np.testing.assert_array_equal(plan.n_pot, [1e10, 2e10])
    np.testing.assert_array_equal(plan.number, [1, 2])
    np.testing.assert_array_equal(plan.scan_part, [0, 0])


def test_parts_made_in_python_are_checked_too() -> None:
    with pytest.raises(InputError, match=r"energy_spread: out of range .*-0\.1.*0 to 1") as error:
        Beam(energy_mev=280.0, energy_spread=-0.1, repetition_rate_hz=math.nan)
    assert [problem.column for problem in error.value.problems] == ["energy_spread", "repetition_rate_hz"]
