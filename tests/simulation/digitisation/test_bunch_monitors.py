from dataclasses import replace

import numpy as np
import pytest

from x17.apparatus.beam_catcher import BeamCatcher
from x17.apparatus.setup import Setup
from x17.simulation.digitisation.bunch_monitors import ageing, mean_response, monitor_bunches, spot_sigma_mm

N = 20_000


def catcher_of(setup: Setup) -> BeamCatcher:
    assert setup.beam_catcher is not None
    return setup.beam_catcher


def test_positrons_are_poisson(setup: Setup) -> None:
    number = monitor_bunches(setup, 280.0, N, 0.0, np.random.default_rng(1)).n_positrons
    # Mean 3000 to √(3000/20000) = 0.39, variance to √(2/20000) = 1 %; four times each.
    assert number.mean() == pytest.approx(3000.0, abs=1.6)
    assert number.var() == pytest.approx(3000.0, rel=0.04)


def test_charges_are_closed_forms(setup: Setup) -> None:
    catcher = replace(catcher_of(setup), ageing_slope=0.0, impact_y_mm=(), impact_response=())
    plain = replace(setup, beam_catcher=catcher)
    found = monitor_bunches(plain, 201.25, 10, 0.0, np.random.default_rng(1), leakage=0.461)
    # 0.239 pC at 402.5 MeV, half the energy, half the leakage factor of 0.922; to rounding.
    np.testing.assert_allclose(found.lead_glass_pc, found.n_positrons * 0.239 * 0.5 * 0.5, rtol=1e-12)
    # 36 pairs a µm over 12 µm: 432 electrons a positron.
    np.testing.assert_allclose(found.target_pc, found.n_positrons * 432 * 1.602176634e-7, rtol=1e-12)


def test_ageing_makes_the_glass_lose_its_slope_over_the_run(setup: Setup) -> None:
    catcher = catcher_of(setup)
    start, middle, end = ageing(catcher, np.array([0.0, 0.5, 1.0]))
    assert middle == 1.0
    # The published correction to the positrons, 1 + slope (share − ½), goes from 0.95 to 1.05.
    assert (1.0 / start, 1.0 / end) == pytest.approx((1.0 - 0.0485, 1.0 + 0.0485), rel=1e-12)


def test_the_first_bunch_has_the_dose_of_the_periods_before(setup: Setup) -> None:
    total = float(setup.run_plan.n_pot.sum())
    early, late = (
        monitor_bunches(setup, 280.0, 5, before, np.random.default_rng(1)) for before in (0.0, total)
    )
    ratio = late.lead_glass_pc[0] / early.lead_glass_pc[0]
    assert ratio == pytest.approx((1.0 - 0.0485) / (1.0 + 0.0485), rel=1e-9)


def test_the_response_is_averaged_over_the_spot(setup: Setup) -> None:
    """Response 1 + a y over all heights averages to 1 + a y₀; a step to its Gaussian share."""
    moved = replace(setup, beam=replace(setup.beam, center_y_mm=3.0, tilt_y_mrad=0.0))
    line = replace(catcher_of(setup), impact_y_mm=(-500.0, 500.0), impact_response=(0.5, 1.5))
    # 1/1000 a mm; symmetric heights, so exact.
    assert mean_response(moved, line) == pytest.approx(1.003, rel=1e-9)
    step = replace(catcher_of(setup), impact_y_mm=(3.0, 500.0), impact_response=(1.0, 1.0))
    # Half the spot hits; one height of 4001 is the edge itself.
    assert mean_response(moved, step) == pytest.approx(0.5, abs=1e-3)


def test_spots(setup: Setup) -> None:
    assert setup.pixel is not None
    beam, distance = setup.beam, setup.pixel.z_mm - setup.target.z_mm
    found = monitor_bunches(setup, 280.0, N, 0.0, np.random.default_rng(1))
    sigma = np.hypot(beam.spot_sigma_x_mm, 1e-3 * beam.divergence_mrad * distance)
    assert spot_sigma_mm(beam, distance)[0] == pytest.approx(sigma, rel=1e-12)
    for centers, widths, width in (
        (found.target_x_mm, found.target_sigma_x_mm, beam.spot_sigma_x_mm),
        (found.pixel_x_mm, found.pixel_sigma_x_mm, sigma),
    ):
        # σ/√N and σ/√2N about the mean; each standard deviation known to 0.5 %, four times that.
        assert centers.std() == pytest.approx(width / np.sqrt(3000.0), rel=0.02)
        assert widths.std() == pytest.approx(width / np.sqrt(6000.0), rel=0.02)
        assert widths.mean() == pytest.approx(width, rel=1e-3)
    # Both centres belong to the same positrons: their correlation is σ_target/σ_pixel, to 1/√N, four times.
    correlation = np.corrcoef(found.target_x_mm, found.pixel_x_mm)[0, 1]
    assert correlation == pytest.approx(beam.spot_sigma_x_mm / sigma, abs=4.0 / np.sqrt(N))


def test_without_catcher_pixel_or_positrons_there_is_nothing_to_say(setup: Setup) -> None:
    bare = replace(setup, beam_catcher=None, pixel=None)
    found = monitor_bunches(bare, 280.0, 10, 0.0, np.random.default_rng(1))
    assert np.isnan(found.lead_glass_pc).all()
    assert np.isnan(found.pixel_x_mm).all()
    empty = replace(setup, beam=replace(setup.beam, positrons_per_bunch=1e-9))
    found = monitor_bunches(empty, 280.0, 10, 0.0, np.random.default_rng(1))
    assert np.all(found.lead_glass_pc == 0.0)
    assert np.isnan(found.target_x_mm).all()
    assert np.isnan(found.target_sigma_x_mm).all()
