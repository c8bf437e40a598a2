"""Sums of runs drawn from their expectation, beside those of bunches that are drawn one by one."""

from dataclasses import replace

import numpy as np
import pytest

from x17.apparatus.run_plan import Period
from x17.apparatus.setup import Setup
from x17.errors import UsageError
from x17.reconstruction.flux.drawn_sums import draw_run_sums
from x17.reconstruction.flux.period_flux import measure_flux
from x17.reconstruction.flux.run_sums import RunSums, sum_runs
from x17.simulation.bunch_blocks import bunch_blocks
from x17.simulation.conditions import Conditions

N_POT = 3 * 3000 * 20_000.0


@pytest.fixture(scope="module")
def short(setup: Setup) -> Setup:
    periods = (
        Period(number=0, sqrt_s_mev=16.4, n_pot=N_POT),
        Period(number=1, sqrt_s_mev=17.3, n_pot=N_POT),
    )
    return replace(setup, run_plan=replace(setup.run_plan, periods=periods))


@pytest.fixture(scope="module")
def both(short: Setup) -> tuple[tuple[RunSums, ...], tuple[RunSums, ...]]:
    conditions = Conditions.drawn(short, 3)
    one_by_one = []
    for period in short.run_plan.periods:
        blocks = bunch_blocks(short, conditions, period.number, N_POT, 1)
        energy = period.beam_energy_mev
        one_by_one += sum_runs(
            (bunches for _, bunches in blocks), short, period=period.number, beam_energy_mev=energy
        )
    return draw_run_sums(short, conditions, 5), tuple(one_by_one)


def test_amounts(both: tuple[tuple[RunSums, ...], tuple[RunSums, ...]]) -> None:
    for drawn, summed in zip(*both, strict=True):
        assert (drawn.period, drawn.run, drawn.beam_energy_mev) == (
            summed.period,
            summed.run,
            summed.beam_energy_mev,
        )
        assert drawn.n_bunches == summed.n_bunches == drawn.n_good == 20_000
        # 20,000 bunches of 3000 ± 55 positrons: their sum is known to 1.3e-4; four times that.
        assert drawn.lead_glass_pc == pytest.approx(summed.lead_glass_pc, rel=6e-4)
        # Some hundredths of a positron in the calorimeter a bunch: 1/√(rate · N) twice, four times that.
        assert drawn.calorimeter_mev == pytest.approx(summed.calorimeter_mev, rel=0.05)
        assert drawn.lead_glass_2 == pytest.approx(summed.lead_glass_2, rel=1.2e-3)


def test_spots(both: tuple[tuple[RunSums, ...], tuple[RunSums, ...]]) -> None:
    for drawn, summed in zip(*both, strict=True):
        for name in ("target_x", "target_y", "pixel_x", "pixel_y"):
            one, other = getattr(drawn, name), getattr(summed, name)
            error = np.hypot(one.mean_err, other.mean_err)
            assert one.mean == pytest.approx(other.mean, abs=5.0 * error), name
            assert one.variance == pytest.approx(other.variance, rel=0.1), name


def test_the_flux_is_that_of_the_plan(short: Setup) -> None:
    """Conditions are drawn, the flux is measured without them: within their published errors."""
    conditions = Conditions.drawn(short, 3)
    flux = measure_flux(draw_run_sums(short, conditions, 5), short)
    assert flux.usable.all()
    np.testing.assert_allclose(flux.n_pot, N_POT, rtol=0.08)


def test_the_same_seed_gives_the_same(short: Setup) -> None:
    conditions = Conditions.drawn(short, 3)
    assert draw_run_sums(short, conditions, 5) == draw_run_sums(short, conditions, 5)
    assert draw_run_sums(short, conditions, 5) != draw_run_sums(short, conditions, 6)


def test_without_monitors_there_is_nothing_to_draw(short: Setup) -> None:
    for lacking in (replace(short, beam_catcher=None), replace(short, pixel=None)):
        with pytest.raises(UsageError, match="lacks a beam catcher or a pixel detector"):
            draw_run_sums(lacking, Conditions.drawn(short, 3), 1)
