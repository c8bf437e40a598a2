"""The boson at the cursor: identities that its numbers obey, whatever was chosen."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import ndtr

from x17.scan import EnergyScan
from x17.scan.observable import g_r, g_r_err
from x17.statistics import profile_fit
from x17.statistics.model import SIGNAL_INDEX
from x17.statistics.model_settings import KSource
from x17.statistics.profile_fit import fit_fixed_signal
from x17.theory.boson import SpinParity
from x17.workflows.explore import Choices, ExploredScan, at_cursor, explore
from x17.workflows.search_settings import resolve_settings

BASE = resolve_settings(
    options={"search.masses": "16.3:17.5:0.1", "search.couplings": "1e-4:9e-4:6", "limit.toys": 0}
)
CHOICES = {
    "published": Choices(),
    "scalar, wide beam": Choices(boson=SpinParity.SCALAR, beam_spread=0.005),
    "K free, points left out": Choices(k_constraint=KSource.FREE, left_out=(5, 17, 30)),
    "a correction off": Choices(removed=("ageing",)),
}


@pytest.fixture(scope="module", params=CHOICES.values(), ids=CHOICES)
def explored(request: pytest.FixtureRequest) -> ExploredScan:
    return explore(EnergyScan.load("padme-run3"), BASE, request.param)


@pytest.mark.parametrize(("mass", "coupling"), [(16.9, 6e-4), (16.55, 0.0), (17.31, 3e-4)])
def test_pulls_and_penalties_make_up_chi_squared(
    explored: ExploredScan, mass: float, coupling: float
) -> None:
    cursor = at_cursor(explored, mass, coupling)
    model = explored.model
    fit = fit_fixed_signal(model, explored.data, np.float64(mass), np.float64(coupling**2))
    theta = fit.parameters[0]
    observable, error = g_r(model.points), g_r_err(model.points)
    np.testing.assert_allclose(
        cursor.pulls, (observable - model.expected_g_r(theta, mass)) / error, rtol=1e-9, atol=1e-9
    )
    distance = theta - model.centers
    distance[SIGNAL_INDEX] = 0.0
    penalty = distance @ model.precision @ distance
    # Without a boson and with K free nothing is constrained that the data could pull.
    assert (penalty > 1e-6) == (coupling > 0.0 or model.k_constraint is not KSource.FREE)
    # χ² of a fit is good to 1e-9.
    assert cursor.chi2 == pytest.approx(float(np.sum(cursor.pulls**2)) + penalty, abs=1e-7)
    assert cursor.q == pytest.approx(cursor.chi2 - explored.background.chi2[0], abs=1e-12)
    assert cursor.ok
    assert cursor.status == "The fit converged."


def test_at_the_points_the_curve_is_what_the_pulls_are_taken_from(explored: ExploredScan) -> None:
    cursor = at_cursor(explored, 16.9, 6e-4)
    points = explored.model.points
    expected = g_r(points) - cursor.pulls * g_r_err(points)
    # A straight line between values 6 keV apart misses a line 50 keV wide by (6/50)²/8 of its 2 % height.
    np.testing.assert_allclose(
        np.interp(points.sqrt_s_mev, explored.curve_sqrt_s, cursor.curve), expected, atol=1e-4
    )


def test_no_boson_is_the_fit_without_one(explored: ExploredScan) -> None:
    cursor = at_cursor(explored, 16.9, 0.0)
    assert cursor.q == pytest.approx(0.0, abs=1e-8)
    # Every boson of no coupling is excluded with the confidence of none.
    assert cursor.cls == 1.0
    # χ² is flat at its minimum: 1e-9 there is some 1e-5 of an error of K, 1e-3.
    np.testing.assert_allclose(cursor.curve, explored.curve_background, atol=1e-7)


def test_the_limit_is_excluded_at_its_confidence_level(explored: ExploredScan) -> None:
    for mass in (16.42, 16.9, 17.37):
        limit = at_cursor(explored, mass, 0.0).limit
        assert at_cursor(explored, mass, limit).cls == pytest.approx(1.0 - 0.90, rel=1e-9)
        assert at_cursor(explored, mass, 0.9 * limit).cls > 0.1 > at_cursor(explored, mass, 1.1 * limit).cls


def test_on_the_grid_it_is_the_view(explored: ExploredScan) -> None:
    grid = explored.q_map
    i, k = 6, 3
    cursor = at_cursor(explored, float(grid.masses[i]), float(grid.couplings[k]))
    assert cursor.q == pytest.approx(grid.q[i, k], abs=1e-8)
    assert cursor.limit == pytest.approx(explored.limit[i], rel=1e-9)
    assert cursor.expected == explored.expected[2, i]
    z = max(0.0, float(explored.signal.signed_z[0, i]))
    assert z > 1.5
    assert cursor.local_p == pytest.approx(float(ndtr(-z)), rel=1e-6)


def test_at_the_best_fit_q_is_smallest(explored: ExploredScan) -> None:
    best = explored.best
    here = at_cursor(explored, best.mass_mev, best.g_ve)
    assert here.q == pytest.approx(best.q, abs=1e-8)
    for factor in (0.9, 1.1):
        assert at_cursor(explored, best.mass_mev, factor * best.g_ve).q > here.q


def test_a_deficit_is_no_evidence_for_a_boson(explored: ExploredScan) -> None:
    lowest = int(np.argmin(explored.signal.signed_z[0]))
    assert explored.signal.signed_z[0, lowest] < -0.5
    assert at_cursor(explored, float(explored.q_map.masses[lowest]), 1e-4).local_p == 0.5


def test_the_local_p_does_not_depend_on_the_coupling(explored: ExploredScan) -> None:
    values = {at_cursor(explored, 16.9, coupling).local_p for coupling in (0.0, 2e-4, 9e-4)}
    assert len(values) == 1


def test_the_confidence_level_is_that_of_the_settings() -> None:
    strict = replace(BASE, limit=replace(BASE.limit, cl=0.95))
    scan = EnergyScan.load("padme-run3")
    view, usual = explore(scan, strict, Choices()), explore(scan, BASE, Choices())
    limit = at_cursor(view, 16.9, 0.0).limit
    assert limit > 1.04 * at_cursor(usual, 16.9, 0.0).limit
    assert at_cursor(view, 16.9, limit).cls == pytest.approx(0.05, rel=1e-9)


def test_a_fit_that_fails_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    view = explore(EnergyScan.load("padme-run3"), BASE, Choices())
    monkeypatch.setattr(profile_fit, "MAX_ITERATIONS", 0)
    cursor = at_cursor(view, 16.9, 6e-4)
    assert not cursor.ok
    assert "did not converge in the iterations allowed" in cursor.status
    assert cursor.local_p == 0.5
