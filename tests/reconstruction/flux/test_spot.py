from dataclasses import replace

import numpy as np
import pytest

from x17.apparatus.setup import Setup
from x17.errors import UsageError
from x17.reconstruction.flux.run_sums import RunSums, sum_runs
from x17.reconstruction.flux.spot import RunSpots, SpotAt, energy_spread, measure_spots
from x17.simulation.digitisation.bunch_monitors import monitor_bunches, spot_sigma_mm

N = 20_000


def moved(setup: Setup) -> Setup:
    beam = replace(
        setup.beam, center_x_mm=-0.4, center_y_mm=0.7, tilt_x_mrad=0.5, tilt_y_mrad=-1.2, spot_sigma_x_mm=1.5
    )
    return replace(setup, beam=beam)


@pytest.fixture(scope="module")
def spots(setup: Setup) -> RunSpots:
    bunches = monitor_bunches(moved(setup), 280.0, N, 0.0, np.random.default_rng(1))
    return measure_spots(sum_runs([bunches], setup, period=0, beam_energy_mev=280.0), setup)


def test_spots_are_found_where_they_are(setup: Setup, spots: RunSpots) -> None:
    truth = moved(setup)
    assert setup.pixel is not None
    for z, found in ((setup.target.z_mm, spots.target), (setup.pixel.z_mm, spots.pixel)):
        sigma = np.array(spot_sigma_mm(truth.beam, z - setup.target.z_mm))
        center = np.array([float(axis) for axis in truth.beam_axis_mm(z)])
        # Four standard errors; 1/N of a bunch is left in the width.
        np.testing.assert_array_less(np.abs(found.center[0] - center), 4 * found.center_err[0])
        np.testing.assert_array_less(
            np.abs(found.sigma[0] - sigma * np.sqrt(1 + 1 / 3000)), 4 * found.sigma_err[0]
        )
        # σ/√(3000 · 20000) and σ/√(2 · 3000 · 20000), the scatter of 20000 values known to 0.5 %.
        np.testing.assert_allclose(found.center_err[0], sigma / np.sqrt(3000 * N), rtol=0.02)
        np.testing.assert_allclose(found.sigma_err[0], sigma / np.sqrt(2 * 3000 * N), rtol=0.02)


def test_they_go_on_in_straight_lines(setup: Setup, spots: RunSpots) -> None:
    assert setup.beam_catcher is not None
    truth, z = moved(setup), setup.beam_catcher.z_mm
    here = spots.at(z)
    center = np.array([float(axis) for axis in truth.beam_axis_mm(z)])
    np.testing.assert_array_less(np.abs(here.center[0] - center), 4 * here.center_err[0])
    sigma = np.array(spot_sigma_mm(truth.beam, z - setup.target.z_mm)) * np.sqrt(1 + 1 / 3000)
    np.testing.assert_array_less(np.abs(here.sigma[0] - sigma), 4 * here.sigma_err[0])
    for z_mm, same in ((spots.target_z_mm, spots.target), (spots.pixel_z_mm, spots.pixel)):
        # Rounding.
        np.testing.assert_allclose(spots.at(z_mm).center, same.center, rtol=1e-12)
        np.testing.assert_allclose(spots.at(z_mm).sigma_err, same.sigma_err, rtol=1e-9)


def test_divergence_and_emittance(spots: RunSpots) -> None:
    # 1 mrad over 4028 mm is 4.03 mm in a spot that is known to 1e-4, 1/N included.
    np.testing.assert_allclose(spots.divergence_mrad, 1.0, rtol=1e-3)
    np.testing.assert_allclose(spots.emittance_mm_mrad[0], [1.5, 1.0], rtol=1e-3)


def spots_of(target: tuple[float, float], pixel: tuple[float, float], err: float) -> RunSpots:
    zero, one = np.zeros((1, 2)), np.full((1, 2), err)
    near, far = (SpotAt(zero, zero, np.array([sigma]), one) for sigma in (target, pixel))
    return RunSpots(near, far, 0.0, 4000.0)


def test_what_dispersion_adds_is_the_energy_spread() -> None:
    """0.25 % at 1000 mm is 2.5 mm, beside 4 mm of divergence."""
    wide = float(np.sqrt(1.5**2 + 4.0**2 + 2.5**2))
    spots = spots_of((1.5, 1.0), (wide, float(np.hypot(1.0, 4.0))), 0.01)
    spread, err = energy_spread(spots, -1000.0)
    assert spread[0] == pytest.approx(0.0025, rel=1e-12)
    # Errors of squares, 2 σ · 0.01 each, over 2 · 2.5 mm.
    squares = 0.02 * np.sqrt(1.5**2 + 1.0 + wide**2 + 17.0)
    assert err[0] == pytest.approx(squares / 5.0 / 1000.0, rel=1e-12)


def test_no_excess_is_no_spread_with_an_error() -> None:
    spread, err = energy_spread(spots_of((1.0, 1.0), (4.0, 4.1), 0.01), 1000.0)
    assert spread[0] == 0.0
    assert err[0] == pytest.approx(np.sqrt(0.02 * np.sqrt(2.0 + 4.0**2 + 4.1**2)) / 1000.0, rel=1e-12)


@pytest.mark.parametrize("dispersion", [None, 0.0, float("nan")])
def test_without_a_dispersion_there_is_no_spread(spots: RunSpots, dispersion: float | None) -> None:
    with pytest.raises(UsageError, match="needs the dispersion at the pixel detector"):
        energy_spread(spots, dispersion)


def test_without_bunches_or_pixel_detector_there_is_no_spot(setup: Setup) -> None:
    empty = measure_spots([RunSums(period=0, run=0, beam_energy_mev=280.0)], setup)
    assert np.isnan(empty.at(3100.0).center).all()
    bare = replace(setup, pixel=None)
    bunches = monitor_bunches(bare, 280.0, 10, 0.0, np.random.default_rng(1))
    found = measure_spots(sum_runs([bunches], bare, period=0, beam_energy_mev=280.0), bare)
    assert np.isnan(found.at(3100.0).center).all()
    assert np.isfinite(found.target.center).all()
