from dataclasses import replace

import numpy as np
import pytest

from x17.apparatus.setup import Setup
from x17.errors import UsageError
from x17.reconstruction.flux.drawn_sums import draw_run_sums
from x17.reconstruction.flux.moments import Moments
from x17.reconstruction.flux.period_flux import PeriodFlux, measure_flux
from x17.reconstruction.flux.run_sums import RunSums, sum_runs
from x17.reconstruction.flux.settings import FluxSettings, SlopeSource
from x17.reconstruction.flux.status import FluxStatus
from x17.simulation.bunch_blocks import bunch_blocks
from x17.simulation.conditions import Conditions

N_TRIES = 200


def still(conditions: Conditions) -> Conditions:
    """The same beams, but the lead glass does not change from period to period."""
    periods = tuple(replace(period, lead_glass_response=1.0) for period in conditions.periods)
    return replace(conditions, periods=periods, charge_per_positron_pc=0.239)


@pytest.fixture(scope="module")
def conditions(setup: Setup) -> Conditions:
    return still(Conditions.drawn(setup, 3))


@pytest.fixture(scope="module")
def taken(setup: Setup, conditions: Conditions) -> tuple[list[RunSums], np.ndarray]:
    return list(draw_run_sums(setup, conditions, 1)), setup.run_plan.n_pot


@pytest.fixture(scope="module")
def flux(setup: Setup, taken: tuple[list[RunSums], np.ndarray]) -> PeriodFlux:
    return measure_flux(taken[0], setup)


def changed(runs: list[RunSums], period: int, **values: object) -> list[RunSums]:
    return [replace(run, **values) if run.period == period else run for run in runs]  # type: ignore[arg-type]


def test_positrons_come_back_within_their_errors(
    flux: PeriodFlux, taken: tuple[list[RunSums], np.ndarray]
) -> None:
    # The slope is one number: all periods are off by its deviation times their dose.
    off = (flux.n_pot / taken[1] - 1.0) / (flux.n_pot_err_raw / flux.n_pot)
    assert np.abs(off).max() < 4.0
    assert np.abs(flux.n_pot / taken[1] - 1.0).max() < 0.01
    assert (flux.status == FluxStatus.MEASURED).all()
    assert flux.usable.all()


def test_the_columns_are_the_published_formula(flux: PeriodFlux) -> None:
    # Rounding.
    np.testing.assert_allclose(flux.n_pot, flux.n_raw * flux.ageing / (flux.energy_loss / 0.922), rtol=1e-12)
    relative = np.hypot(flux.energy_loss_err / flux.energy_loss, flux.ageing_err / flux.ageing)
    np.testing.assert_allclose(flux.n_pot_err_raw / flux.n_pot, relative, rtol=1e-12)


def test_from_bunches_to_positrons(setup: Setup) -> None:
    """A few periods, bunch by bunch, under conditions that the analysis does not know."""
    conditions = Conditions.drawn(setup, 3)
    runs, truth = [], []
    for period in setup.run_plan.periods[::8]:
        blocks = [block for _, block in bunch_blocks(setup, conditions, period.number, 3e7, 5)]
        truth.append(sum(int(block.n_positrons.sum()) for block in blocks))
        runs += sum_runs(blocks, setup, period=period.number, beam_energy_mev=period.beam_energy_mev)
    found = measure_flux(runs, setup, FluxSettings(min_periods=5))
    assert conditions.charge_per_positron_pc is not None
    assert conditions.ageing_slope is not None
    assert found.slope.source is SlopeSource.FITTED
    assert abs(found.slope.slope - conditions.ageing_slope) < 4.0 * found.slope.slope_err
    response = [conditions.of(number).lead_glass_response for number in found.period.tolist()]
    # What is common (2 %) and what the beam energy does (0.3 %) are not for the flux to find.
    ratio = found.n_pot / truth / (conditions.charge_per_positron_pc / 0.239 * np.array(response))
    # Ageing within a run of 1e7 of 4e11 positrons, and spots to 1e-5; then the slope's error.
    assert np.abs(ratio - 1.0).max() < 4.0 * (found.n_pot_err_raw / found.n_pot).max() + 1e-4


def test_the_error_is_zero_in_the_middle_of_the_dose(flux: PeriodFlux) -> None:
    assert np.abs(flux.slope.share[[0, -1]]) == pytest.approx(0.5, abs=0.02)
    ends = flux.ageing_err[[0, -1]]
    np.testing.assert_allclose(ends, 0.5 * flux.slope.slope_err, rtol=0.04)
    assert flux.ageing_err.min() < 0.05 * ends.max()


@pytest.mark.parametrize("proxy", ["calorimeter", "target"])
def test_each_proxy_gives_the_slope(flux: PeriodFlux, conditions: Conditions, proxy: str) -> None:
    line = flux.slope.lines[proxy]
    assert conditions.ageing_slope is not None
    assert abs(float(line.slope) - conditions.ageing_slope) < 4.0 * float(line.slope_err)


@pytest.mark.full
def test_pulls_of_the_slope_over_data_takings(setup: Setup) -> None:
    pulls = []
    for seed in range(N_TRIES):
        conditions = Conditions.drawn(setup, seed)
        assert conditions.ageing_slope is not None
        slope = measure_flux(draw_run_sums(setup, conditions, seed), setup).slope
        pulls.append((slope.slope - conditions.ageing_slope) / slope.slope_err)
    # Mean to 1/√200 = 0.07 and width to 1/√400 = 0.05, three times.
    assert np.mean(pulls) == pytest.approx(0.0, abs=0.21)
    assert np.std(pulls) == pytest.approx(1.0, abs=0.15)


def test_a_slope_too_large_tilts_the_positrons(
    setup: Setup, taken: tuple[list[RunSums], np.ndarray], flux: PeriodFlux
) -> None:
    wrong = measure_flux(taken[0], setup, FluxSettings(slope_error=0.01))
    # 1 % over the whole dose, on positrons that are corrected by up to 5 %.
    np.testing.assert_allclose(
        wrong.n_pot / flux.n_pot, 1.0 + 0.01 * flux.slope.share / flux.ageing, rtol=1e-12
    )


def test_charge_and_leakage_errors_scale_all_periods(
    setup: Setup, taken: tuple[list[RunSums], np.ndarray], flux: PeriodFlux
) -> None:
    # The slope is a ratio of proxies, which a common factor leaves alone; but within a period the measured
    # positrons say how far it had come: 1 % of 1/57 of the dose.
    for settings in (FluxSettings(charge_error=0.01), FluxSettings(leakage_error=0.01)):
        wrong = measure_flux(taken[0], setup, settings)
        np.testing.assert_allclose(wrong.n_pot, flux.n_pot / 1.01, rtol=2e-5)


def test_corrections_can_be_left_out(
    setup: Setup, taken: tuple[list[RunSums], np.ndarray], flux: PeriodFlux
) -> None:
    given = FluxSettings(slope_source=SlopeSource.SETUP)
    without = measure_flux(taken[0], setup, replace(given, apply_leakage=False))
    np.testing.assert_allclose(without.energy_loss, 0.922, rtol=1e-14)
    np.testing.assert_array_equal(without.energy_loss_err, 0.0)
    np.testing.assert_allclose(without.n_raw, flux.n_raw, rtol=1e-12)
    plain = measure_flux(taken[0], setup, replace(given, apply_leakage=False, apply_ageing=False))
    np.testing.assert_allclose(plain.n_pot, plain.n_raw, rtol=1e-12)
    np.testing.assert_array_equal(plain.n_pot_err_raw, 0.0)


def test_the_beam_moves_the_leakage_as_published(flux: PeriodFlux) -> None:
    """The published factor scatters by 1.8 % over the periods, between −4 and +2 %."""
    relative = flux.energy_loss / flux.energy_loss.mean() - 1.0
    # Widths of the drifts are chosen for this; the draw is one of many.
    assert 0.007 < relative.std() < 0.03
    assert -0.08 < relative.min() < -0.02
    # Never above a beam in the middle.
    assert flux.energy_loss.max() < 0.922


def test_common_errors_are_the_published_ones(flux: PeriodFlux) -> None:
    assert set(flux.common_errors.values()) == {0.02, 0.005, 0.003}
    # 2.1 % with two digits.
    assert flux.common_err == pytest.approx(0.021, abs=5e-4)


def test_too_few_periods_take_the_slope_of_the_setup(
    setup: Setup, taken: tuple[list[RunSums], np.ndarray]
) -> None:
    runs = [run for run in taken[0] if run.period in (3, 4, 5)]
    found = measure_flux(runs, setup)
    assert found.slope.source is SlopeSource.SETUP
    assert (found.slope.slope, found.slope.slope_err) == (0.097, 0.007)
    assert not found.slope.lines
    assert found.usable.all()


def test_a_period_without_lead_glass_is_flagged_and_the_others_go_on(
    setup: Setup, taken: tuple[list[RunSums], np.ndarray], flux: PeriodFlux
) -> None:
    lost = changed(
        taken[0],
        10,
        n_good=0,
        n_missing=800_000,
        lead_glass_pc=0.0,
        target_pc=0.0,
        calorimeter_mev=0.0,
        missing_target_pc=1e5,
    )
    found = measure_flux(lost, setup)
    row = int(np.flatnonzero(found.period == 10)[0])
    assert found.status[row] == FluxStatus.NO_LEAD_GLASS
    assert (found.n_pot[row], found.n_pot_err_raw[row]) == (0.0, 0.0)
    assert not found.usable[row]
    others = np.arange(found.period.size) != row
    assert found.usable[others].all()
    # The plan fills its dose; the slope has one point less of 57.
    np.testing.assert_allclose(found.n_pot[others], flux.n_pot[others], rtol=2e-3)
    for item in (found.energy_loss, found.ageing, found.n_pot, found.n_pot_err_raw):
        assert np.isfinite(item).all()


def test_missing_bunches_are_counted_by_the_target(
    setup: Setup, taken: tuple[list[RunSums], np.ndarray], flux: PeriodFlux
) -> None:
    runs = list(taken[0])
    at = next(i for i, run in enumerate(runs) if run.period == 12)
    whole, kept = runs[at], 0.75
    runs[at] = replace(
        whole,
        n_good=round(kept * whole.n_good),
        n_missing=whole.n_good - round(kept * whole.n_good),
        missing_target_pc=(1.0 - kept) * whole.target_pc,
        **{
            name: kept * getattr(whole, name)
            for name in ("lead_glass_pc", "target_pc", "calorimeter_mev", "lead_glass_2", "target_2")
        },
        calorimeter_2=kept * whole.calorimeter_2,
        lead_glass_target=kept * whole.lead_glass_target,
        lead_glass_calorimeter=kept * whole.lead_glass_calorimeter,
    )
    found = measure_flux(runs, setup)
    row = int(np.flatnonzero(found.period == 12)[0])
    assert found.status[row] == FluxStatus.FILLED
    # A twelfth of the period, by target gains of runs that differ by a few per cent.
    assert found.n_pot[row] == pytest.approx(flux.n_pot[row], rel=0.05 / 12)
    filled = found.run_flux.n_filled[found.run_row == row].sum() / found.n_raw[row]
    assert filled == pytest.approx(1 / 12, rel=0.05)
    extra = (found.n_pot_err_raw[row] / found.n_pot[row]) ** 2 - (
        flux.n_pot_err_raw[row] / flux.n_pot[row]
    ) ** 2
    assert np.sqrt(extra) == pytest.approx(0.033 * filled, rel=0.02)


def test_a_run_without_a_spot_has_the_leakage_of_the_setup(
    setup: Setup, taken: tuple[list[RunSums], np.ndarray]
) -> None:
    found = measure_flux(changed(taken[0], 5, pixel_y=Moments()), setup)
    row = int(np.flatnonzero(found.period == 5)[0])
    assert found.status[row] == FluxStatus.NO_SPOT
    assert found.usable[row]
    # Three runs of 1.8 %, independent.
    assert found.energy_loss_err[row] / found.energy_loss[row] == pytest.approx(0.018 / np.sqrt(3), rel=0.02)
    bare = measure_flux(taken[0], replace(setup, pixel=None))
    assert (bare.status == FluxStatus.NO_SPOT).all()


def test_a_beam_beside_the_lead_glass_is_flagged(
    setup: Setup, taken: tuple[list[RunSums], np.ndarray]
) -> None:
    runs = [
        replace(run, pixel_y=Moments(run.pixel_y.n, 200.0 * run.pixel_y.n, 4e4 * run.pixel_y.n))
        if run.period == 7
        else run
        for run in taken[0]
    ]
    found = measure_flux(runs, setup)
    row = int(np.flatnonzero(found.period == 7)[0])
    assert found.status[row] == FluxStatus.BESIDE_LEAD_GLASS
    assert found.n_pot[row] == 0.0
    assert found.usable.sum() == found.period.size - 1


def test_a_period_of_weak_bunches_is_flagged(setup: Setup, taken: tuple[list[RunSums], np.ndarray]) -> None:
    runs = [
        *(run for run in taken[0] if run.period != 8),
        RunSums(period=8, run=0, beam_energy_mev=280.0, n_bunches=5),
    ]
    found = measure_flux(runs, setup)
    row = int(np.flatnonzero(found.period == 8)[0])
    assert found.status[row] == FluxStatus.NO_GOOD_BUNCHES
    assert found.usable.sum() == found.period.size - 1


def test_periods_come_in_the_order_of_data_taking(
    setup: Setup, taken: tuple[list[RunSums], np.ndarray], flux: PeriodFlux
) -> None:
    found = measure_flux(sorted(taken[0], key=lambda run: -run.period), setup)
    np.testing.assert_array_equal(found.period, setup.run_plan.number)
    np.testing.assert_allclose(found.n_pot, flux.n_pot, rtol=1e-9)


def test_every_status_has_a_sentence() -> None:
    for status in FluxStatus:
        assert status.sentence.endswith(".")


def test_what_cannot_be_counted_is_refused(setup: Setup, taken: tuple[list[RunSums], np.ndarray]) -> None:
    runs = taken[0]
    with pytest.raises(UsageError, match="no runs are given"):
        measure_flux([], setup)
    with pytest.raises(UsageError, match="run 0 is given twice"):
        measure_flux([runs[0], runs[0]], setup)
    with pytest.raises(UsageError, match="one beam energy a period"):
        measure_flux([runs[0], replace(runs[1], beam_energy_mev=1.0)], setup)
    with pytest.raises(UsageError, match="has no beam_catcher"):
        measure_flux(runs, replace(setup, beam_catcher=None))


@pytest.mark.parametrize(
    ("values", "match"),
    [
        ({"min_periods": 2}, "flux.min_periods is 2"),
        ({"pivot_share": 1.5}, "flux.pivot_share is 1.5"),
        ({"least_response": 0.0}, "flux.least_response is 0"),
        ({"slope_error": float("nan")}, "flux.slope_error is nan"),
    ],
)
def test_settings_out_of_range_are_refused(values: dict[str, float], match: str) -> None:
    with pytest.raises(UsageError, match=match):
        FluxSettings(**values)  # type: ignore[arg-type]
