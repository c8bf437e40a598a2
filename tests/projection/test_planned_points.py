"""Energy points of a run to come: half steps, the machine's range, and yields by acceptance."""

from dataclasses import replace

import numpy as np
import pytest

from x17.apparatus import load_setup
from x17.apparatus.run_plan import RunPlan
from x17.errors import UsageError
from x17.projection.machine import Machine
from x17.projection.planned_points import at_half_step, even_points, points_of_setup
from x17.projection.projected_scan import RunDesign
from x17.projection.yield_lines import acceptance_of_setup, lines_of_scan, lines_of_setup
from x17.scan import EnergyScan
from x17.scan.acceptance import TwoClusterAcceptance


def test_half_step_puts_a_point_into_each_gap_and_keeps_the_positrons() -> None:
    points = even_points(np.linspace(265.0, 299.0, 18), 1.8e11)
    finer = at_half_step(points)
    assert len(finer) == 35
    assert np.all(np.diff(finer.beam_energy_mev) == pytest.approx(1.0, abs=1e-9))
    assert finer.n_pot.sum() == pytest.approx(1.8e11, rel=1e-12)
    assert finer.n_pot == pytest.approx(np.full(35, 1.8e11 / 35), rel=1e-12)
    assert set(finer.scan_part[1::2]) == {1}
    assert set(finer.scan_part[::2]) == {0}


def test_narrow_gaps_of_interleaved_scans_are_left(run3_design: RunDesign) -> None:
    """Two of the 42 points of Run III lie 0.26 MeV apart, others 0.75."""
    points = run3_design.points
    finer = at_half_step(points)
    assert len(points) == 42
    assert len(finer) == 81
    assert np.all(np.diff(finer.sqrt_s_mev) > 0.0)


def test_run_iv_is_as_announced() -> None:
    """30 to 40 points in two scans half a step apart, twice the positrons of a point of Run III."""
    setup = load_setup("padme-run4")
    points = points_of_setup(setup)
    assert 30 <= len(points) <= 40
    assert points.energy_step_mev == pytest.approx(0.75, abs=1e-5)  # two electron masses, 1e-6
    for part in (0, 1):
        energies = points.beam_energy_mev[points.scan_part == part]
        assert np.diff(energies) == pytest.approx(np.full(energies.size - 1, 1.5), abs=1e-5)
    published = EnergyScan.load("padme-run3").search_points()
    assert points.n_pot.mean() / published.n_pot.mean() == pytest.approx(2.0, rel=0.01)
    assert setup.target.z_mm > load_setup("padme-run3").target.z_mm
    assert {"target.z_mm", "run_plan.periods"} <= set(setup.unknown)


def test_run_iv_has_twice_the_acceptance(published_scan: EnergyScan) -> None:
    """×2 time and ×2 acceptance make four times the counts of a point; the target's place is chosen so."""
    setup, known = load_setup("padme-run4"), load_setup("padme-run3")
    energies = np.array([16.6, 16.9, 17.2])
    new = lines_of_setup(setup, energies, published_scan, known)
    old = lines_of_scan(published_scan)
    assert new.background(energies) / old.background(energies) == pytest.approx(2.0, rel=0.02)
    # The decay of a vector gains less than pairs do, whose exchange of a photon favours small angles.
    assert np.all(new.ratio(energies) < 0.9 * old.ratio(energies))


def test_yields_of_the_published_setup_are_the_published_ones(published_scan: EnergyScan) -> None:
    known = load_setup("padme-run3")
    energies = np.linspace(16.4, 17.4, 5)
    same = lines_of_setup(known, energies, published_scan, known)
    old = lines_of_scan(published_scan)
    # A line through points of a line; ε_S/B likewise, with weights that do not matter.
    assert same.background(energies) == pytest.approx(old.background(energies), rel=1e-9)
    assert same.ratio(energies) == pytest.approx(old.ratio(energies), rel=1e-9)


def test_acceptance_of_the_published_setup_is_that_of_the_likelihood() -> None:
    """1.5 cells of 21.12 mm in the setup against 21.35 mm: 0.35 mm of R_min, 0.002 in cos θ*."""
    found = acceptance_of_setup(load_setup("padme-run3")).largest_cos_theta(16.9)
    assert float(found) == pytest.approx(float(TwoClusterAcceptance().largest_cos_theta(16.9)), abs=3e-3)


def test_energies_the_beam_cannot_have() -> None:
    machine = Machine()
    machine.refuse_unreachable([200.0, 282.0, 500.0], "--energies")
    with pytest.raises(
        UsageError, match="--energies: the beam cannot have 510 MeV; allowed: positrons of 200"
    ):
        machine.refuse_unreachable([282.0, 510.0], "--energies")


def test_ten_to_the_ten_positrons_take_nineteen_hours() -> None:
    """49 Hz × 3000 positrons, as the collaboration quotes it."""
    assert float(Machine().hours_for(1e10)) == pytest.approx(19.0, rel=0.01)
    assert Machine.of_beam(load_setup("padme-run3").beam) == Machine()


def test_a_run_plan_without_searched_periods() -> None:
    setup = replace(load_setup("padme-run4"), run_plan=RunPlan())
    with pytest.raises(UsageError, match="no period to be searched"):
        points_of_setup(setup)
