"""The setups that ship: numbers that the collaboration published or set in its public framework."""

import dataclasses
import tomllib
from importlib.resources import files

import numpy as np
import pytest

from x17.apparatus import Setup, setups
from x17.apparatus.drifts import Drifts
from x17.apparatus.run_plan import RunPlan
from x17.scan import EnergyScan

FIRST_COLUMN = (12, 9, 7, 5, 4, 3, 3, 2, 2, 1, 1, 1, 0, 0, 0)
"""First column of rows 0 to 14 of the collaboration's map; the others mirror them."""
DEAD = {(5, 5), (10, 22), (12, 18), (14, 9), (16, 25), (18, 4), (18, 10), (21, 22), (22, 8), (24, 9)}


def test_names() -> None:
    assert setups.names() == ("padme-run2", "padme-run3", "padme-run4")


@pytest.mark.parametrize("name", ["run2", "run3"])
def test_the_map_has_616_cells(name: str, request: pytest.FixtureRequest) -> None:
    cells = request.getfixturevalue(name).calorimeter.cells
    expected = {
        (column, row)
        for row in range(29)
        for column in range(FIRST_COLUMN[min(row, 28 - row)], 29 - FIRST_COLUMN[min(row, 28 - row)])
        if not (12 <= row <= 16 and 12 <= column <= 16)
    }
    assert len(expected) == 616
    assert set(zip(cells.column.tolist(), cells.row.tolist(), strict=True)) == expected


def test_run3_has_ten_dead_crystals(run3: Setup) -> None:
    cells = run3.calorimeter.cells
    dead = zip(cells.column[cells.dead].tolist(), cells.row[cells.dead].tolist(), strict=True)
    assert set(dead) == DEAD


def test_run3_lattice(run3: Setup) -> None:
    cells = run3.calorimeter.cells
    # 21 mm and twice 0.115 mm of paint and 0.120 mm between: sums of decimals, equal up to rounding.
    assert run3.calorimeter.pitch_mm == pytest.approx(21.0 + 2 * 0.115 + 0.120, abs=1e-12)
    assert run3.calorimeter.gap_mm == pytest.approx(0.120, abs=1e-12)
    column_14 = cells.index_of(14, 20)
    assert cells.x_mm[column_14] == 3.41
    assert cells.y_mm[cells.index_of(20, 14)] == 3.86
    assert cells.x_mm[cells.index_of(17, 14)] == pytest.approx(3.41 + 3 * 21.35, abs=1e-12)


def test_run3_distances(run3: Setup) -> None:
    assert run3.distance_mm == pytest.approx(3640.41, abs=1e-9)
    assert run3.lever_arm_mm == pytest.approx(3711.96, abs=1e-9)


def test_run3_r_min(run3: Setup) -> None:
    """At D = 3640.41 mm; 0.1 mm is the last digit of the published values."""
    np.testing.assert_allclose(run3.r_min_mm([16.4, 16.9, 17.4]), [190.6, 179.5, 169.3], atol=0.1)
    table = run3.r_min_mm([14.5, 16.4, 16.92, 17.5, 20.0])
    np.testing.assert_allclose(table, [243.8, 190.6, 179.1, 167.4, 128.2], atol=0.05)


def test_run3_lines_of_the_published_figure(run3: Setup) -> None:
    """R_min − 1.5 cells of 21.12 mm, published to 0.01 mm."""
    lines = run3.r_min_mm([16.4, 16.9, 17.4]) - run3.pair_cuts.margin_mm
    np.testing.assert_allclose(lines, [158.93, 147.82, 137.65], atol=0.01)


def test_run3_energies(run3: Setup) -> None:
    """Published to 0.1 MeV."""
    np.testing.assert_allclose(run3.e_max_mev([14.5, 20.0]), [108.1, 265.4], atol=0.05)
    np.testing.assert_allclose(run3.e_min_mev([14.5, 20.0]), [97.6, 126.0], atol=0.05)


def test_run3_bore(run3: Setup) -> None:
    """102.5 mm · 3640.4/1536.8: the limiting aperture, 242.8 mm at the face."""
    left, right, bottom, top = run3.bore_shadow_mm
    assert (bottom, top) == pytest.approx((-242.8, 242.8), abs=0.05)
    assert right == -left > 310.0  # the sides are beyond the matrix


def test_run3_target(run3: Setup) -> None:
    """n_e = 1.0574e22 per cm², to the digits given."""
    assert run3.target.slab.electrons_per_cm2 == pytest.approx(1.0574e22, abs=0.0001e22)


def test_run3_beam(run3: Setup) -> None:
    assert run3.beam.positrons_per_s == 49 * 3000
    assert run3.beam.hours_for(1e10) == pytest.approx(19.0, abs=0.5)  # "19 h" is a rounded number


def test_run3_periods_are_those_of_the_shipped_scan(run3: Setup) -> None:
    scan = EnergyScan.load("padme-run3")
    plan = RunPlan(periods=tuple(p for p in run3.run_plan.periods if p.scan_part > -2))
    order = np.argsort(scan.period)
    np.testing.assert_array_equal(plan.number, scan.period[order])
    np.testing.assert_array_equal(plan.scan_part, scan.scan_part[order])
    np.testing.assert_array_equal(plan.sqrt_s_mev, scan.sqrt_s_mev[order])
    np.testing.assert_array_equal(plan.n_pot, scan.n_pot[order])
    assert (np.sum(plan.scan_part >= 0), np.sum(plan.scan_part < 0)) == (42, 10)


def test_run3_began_with_five_runs_above_the_resonance(run3: Setup) -> None:
    """About 2e10 positrons in all at 402.5 MeV, first in the list of settings."""
    first = run3.run_plan.periods[:5]
    assert [(p.number, p.scan_part, p.n_pot) for p in first] == [(n, -2, 4e9) for n in range(52, 57)]
    np.testing.assert_allclose([p.beam_energy_mev for p in first], 402.5, rtol=1e-12)
    assert len(run3.run_plan) == 57


def test_run3_drifts_spread_the_leakage_as_published(run3: Setup) -> None:
    """The energy-loss correction of the 42 periods has an rms of 1.8 % about its mean."""
    drifts, catcher = run3.drifts, run3.beam_catcher
    assert catcher is not None
    path = catcher.z_mm - run3.target.z_mm
    height = np.hypot(drifts.center_sigma_mm, 1e-3 * drifts.tilt_sigma_mrad * path)
    spot = np.hypot(run3.beam.spot_sigma_y_mm, 1e-3 * run3.beam.divergence_mrad * path)
    normal = np.random.default_rng(1).standard_normal((2, 500, drifts.runs_per_period, 400))
    response = catcher.response_at(height * normal[0, ..., :1] + spot * normal[1]).mean(axis=(1, 2))
    # A stand-in made for it: within a quarter.
    assert response.std() / response.mean() == pytest.approx(0.018, rel=0.25)


def test_run2(run2: Setup) -> None:
    assert run2.beam.energy_mev == 430.0
    assert run2.beam.positrons_per_bunch == 28_000
    assert run2.calorimeter.front_face_z_mm == pytest.approx(2435.5, abs=0.02)
    assert run2.residual_field.dipole_on
    assert not run2.calorimeter.cells.dead.any()
    assert {"calorimeter.dead_cells", "residual_field.by_t", "run_plan.periods"} <= set(run2.unknown)
    assert run2.charged_tagger is run2.beam_catcher is run2.pixel is None
    assert run2.drifts == Drifts()


def test_run3_moved_back_by_what_the_survey_says(run2: Setup, run3: Setup) -> None:
    moved = run3.calorimeter.front_face_z_mm - run2.calorimeter.front_face_z_mm
    assert moved == pytest.approx(176.9, abs=1e-9)


def test_run3_says_everything_itself(run3: Setup) -> None:
    """Defaults are for other apparatus: the file names every field, so that each has its source there."""
    given = tomllib.loads((files(setups) / "padme-run3.toml").read_text("utf-8"))
    at_zero = {"center_x_mm", "center_y_mm", "tilt_x_mrad", "tilt_y_mrad"}  # the axis, by convention
    for name, table in given.items():
        if isinstance(table, dict):
            fields = {item.name for item in dataclasses.fields(getattr(run3, name)) if item.init}
            optional = {item.name for item in dataclasses.fields(getattr(run3, name)) if item.default is None}
            assert fields - set(table) - at_zero - optional == set(), name


def test_run3_drifts_give_the_ageing_its_published_error(run3: Setup) -> None:
    """A straight line through σ-scattered runs, evenly spread over the dose: σ √12/√n; published 0.007."""
    n_runs = run3.drifts.runs_per_period * len(run3.run_plan)
    error = run3.drifts.calorimeter_scale_sigma * np.sqrt(12.0 / n_runs)
    assert error == pytest.approx(0.007, rel=0.1)
