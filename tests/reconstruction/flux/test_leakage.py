from dataclasses import replace

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from x17.apparatus.beam_catcher import BeamCatcher
from x17.apparatus.setup import Setup
from x17.reconstruction.flux.leakage import energy_loss, response_over_spot
from x17.simulation.digitisation.bunch_monitors import mean_response


@pytest.mark.parametrize(("center", "sigma"), [(0.0, 4.2), (7.3, 4.2), (-22.0, 1.0), (58.0, 6.0)])
def test_the_closed_form_is_the_integral(catcher: BeamCatcher, center: float, sigma: float) -> None:
    low, high = max(-65.0, center - 9 * sigma), min(60.0, center + 9 * sigma)
    expected, _ = quad(
        lambda y: float(catcher.response_at(y)) * norm.pdf(y, center, sigma),
        low,
        high,
        points=[y for y in catcher.impact_y_mm if low < y < high],
        limit=200,
        epsabs=1e-12,
    )
    # The integration's own error.
    assert response_over_spot(catcher, center, sigma) == pytest.approx(expected, abs=1e-9)


def test_a_narrow_spot_sees_the_map(catcher: BeamCatcher) -> None:
    y = np.array([-31.0, -2.0, 0.0, 17.0])
    # A kink under the spot costs slope · σ.
    np.testing.assert_allclose(response_over_spot(catcher, y, 0.0), catcher.response_at(y), atol=1e-9)


def test_it_agrees_with_the_simulation(setup: Setup, catcher: BeamCatcher) -> None:
    moved = replace(setup, beam=replace(setup.beam, center_y_mm=1.0, tilt_y_mrad=-2.0))
    path = catcher.z_mm - setup.target.z_mm
    sigma = np.hypot(setup.beam.spot_sigma_y_mm, 1e-3 * setup.beam.divergence_mrad * path)
    found = response_over_spot(catcher, 1.0 - 2e-3 * path, sigma)
    # The simulation sums over 4001 heights within 6 σ.
    assert found == pytest.approx(mean_response(moved, catcher), abs=1e-6)


def test_without_a_map_nothing_is_lost(catcher: BeamCatcher) -> None:
    plain = replace(catcher, impact_y_mm=(), impact_response=())
    np.testing.assert_array_equal(response_over_spot(plain, np.array([0.0, 30.0]), 4.0), 1.0)


def test_errors_are_those_of_a_straight_map(catcher: BeamCatcher) -> None:
    """On r = 1 − y/100 the response at y is itself: its error is that of y over 100."""
    line = replace(
        catcher,
        impact_y_mm=(-100.0, 100.0),
        impact_response=(2.0, 0.0),
        impact_scale=1.0,
        impact_scale_err=0.01,
    )
    zero = np.zeros(2)
    found = energy_loss(line, np.array([0.0, 20.0]), np.full(2, 0.5), np.full(2, 3.0), zero)
    # Exact but for the ends of the map, 27 σ away.
    np.testing.assert_allclose(found.factor, 0.922 * np.array([1.0, 0.8]), rtol=1e-12)
    np.testing.assert_allclose(found.spot_err, 0.922 * 0.5 / 100.0, rtol=1e-9)
    np.testing.assert_allclose(found.map_err, 0.922 * 0.01 * np.array([0.0, 0.2]), atol=1e-12)


def test_a_beam_that_misses_has_no_response(catcher: BeamCatcher) -> None:
    found = energy_loss(catcher, np.array([300.0]), np.zeros(1), np.ones(1), np.zeros(1))
    assert found.factor[0] == 0.0
