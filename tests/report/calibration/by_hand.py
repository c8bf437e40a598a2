"""A counted scan made of angles and energies drawn from Gaussians, with the flux of drawn bunches."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from x17.apparatus import Setup
from x17.apparatus.run_plan import Period
from x17.reconstruction.beam_line import BeamLine
from x17.reconstruction.beam_line_fit import BeamLineFit, LineStatus
from x17.reconstruction.counting import PeriodCount, count_period
from x17.reconstruction.cut_flow import CutFlow
from x17.reconstruction.data_quality import RunQuality, judge_runs
from x17.reconstruction.expectation import PeriodExpectation
from x17.reconstruction.flux.drawn_sums import draw_run_sums
from x17.reconstruction.flux.period_flux import measure_flux
from x17.reconstruction.flux.proxies import calorimeter_per_positron
from x17.reconstruction.flux.run_sums import RunSums
from x17.reconstruction.pairs import Pairs
from x17.reconstruction.period_counts import CountStatus
from x17.reconstruction.period_selection import PeriodSelection
from x17.reconstruction.spot_shift import SpotShift
from x17.reconstruction.stability import margin_stability, r_max_stability
from x17.reconstruction.tags import Tags
from x17.scan.counted import CountedPeriod, CountedScan
from x17.simulation.conditions import Conditions
from x17.workflows.count import CountedPeriods, LostPeriod, scan_of_counts
from x17.workflows.count_settings import CountSettings

PAIRS, SIMULATED = 600, 1500
EFFICIENCY, SIMULATED_EFFICIENCY = 0.985, 0.995

_NO_TAGS = Tags(*(np.zeros(0, dtype=bool) for _ in Tags.__slots__))


def counted_scan(
    setup: Setup,
    numbers: Sequence[int],
    *,
    name: str = "by-hand",
    lost: Sequence[int] = (),
    measured: bool = True,
    bad_run: int | None = None,
) -> CountedScan:
    """Periods of the plan with some pairs each; without tags and varied cuts if nothing is measured."""
    settings = CountSettings.of(setup)
    runs = _runs(setup, numbers, bad_run)
    quality = _quality(setup, runs)
    plan = tuple(period for period in setup.run_plan.periods if period.number in numbers)
    kept = [run for run, good in zip(runs, quality.good, strict=True) if good]
    rng = np.random.default_rng(17)
    found = CountedPeriods(
        setup=setup,
        plan=plan,
        counted=tuple(_period(p, setup, settings, measured, rng) for p in plan if p.number not in lost),
        lost=tuple(LostPeriod(number, CountStatus.NO_EVENTS) for number in lost),
        flux=measure_flux(kept, setup, settings.flux),
        runs=tuple(runs),
        quality=quality,
        settings=settings,
    )
    return scan_of_counts(found, name)


def _runs(setup: Setup, numbers: Sequence[int], bad_run: int | None) -> list[RunSums]:
    """The first run of `bad_run` has twice the energy of the others."""
    drawn = draw_run_sums(setup, Conditions.drawn(setup, 3), 1)
    runs = [run for run in drawn if run.period in numbers]
    return [
        replace(run, calorimeter_mev=2.0 * run.calorimeter_mev)
        if (run.period, run.run) == (bad_run, 0)
        else run
        for run in runs
    ]


def _quality(setup: Setup, runs: Sequence[RunSums]) -> RunQuality:
    energies = np.array([run.beam_energy_mev for run in runs])
    seen = np.array([run.calorimeter_mev for run in runs]) / calorimeter_per_positron(setup, energies)
    assert setup.beam_catcher is not None
    return judge_runs(
        seen, setup.beam_catcher.positrons(np.array([run.lead_glass_pc for run in runs]), energies)
    )


def _period(
    period: Period, setup: Setup, settings: CountSettings, measured: bool, rng: np.random.Generator
) -> CountedPeriod:
    data = _pairs(period, PAIRS, 90, 1.0, rng)
    simulated = _pairs(period, SIMULATED, 0, PAIRS / period.n_pot / SIMULATED, rng)
    selections = [_selection(period, pairs, setup) for pairs in (data, simulated)]
    counts = [count_period(period.number, selection, settings.period) for selection in selections]
    given = (data, simulated, period.sqrt_s_mev, setup, settings.cuts)
    if measured:
        counts = [
            _with_efficiency(counts[0], EFFICIENCY, 0.004, rng),
            _with_efficiency(counts[1], SIMULATED_EFFICIENCY, 0.002, rng),
        ]
    expectation = PeriodExpectation(
        sqrt_s_mev=period.sqrt_s_mev,
        count=counts[1],
        electrons_per_pot=0.8 * PAIRS / period.n_pot,
        photons_per_pot=0.2 * PAIRS / period.n_pot,
        signal_efficiency=0.1,
        signal_efficiency_err=0.001,
        spot=SpotShift(1.0, np.full(4, 0.002), np.full(4, 0.0005)),
        selection=selections[1],
    )
    return CountedPeriod(
        period,
        counts[0],
        selections[0],
        expectation,
        r_max_stability(*given, bands=settings.period.bands) if measured else None,
        margin_stability(*given, bands=settings.period.bands) if measured else None,
    )


def _with_efficiency(
    count: PeriodCount, efficiency: float, error: float, rng: np.random.Generator
) -> PeriodCount:
    value = efficiency + error * float(rng.standard_normal())
    return replace(count, efficiency=replace(count.efficiency, efficiency=value, error=error))


def _pairs(period: Period, n: int, background: int, weight: float, rng: np.random.Generator) -> Pairs:
    """Two-body pairs, and some that are flat in both angles."""
    total = n + background
    energy = 0.5 * period.beam_energy_mev + 4.0 * rng.standard_normal((2, total))
    flat = rng.uniform(-1.0, 1.0, (2, background))
    return Pairs(
        event=np.arange(total),
        run=np.zeros(total, dtype=np.int64),
        weight=np.full(total, weight),
        radius_1=rng.uniform(190.0, 268.0, total),
        radius_2=rng.uniform(190.0, 268.0, total),
        azimuth_1=np.zeros(total),
        azimuth_2=np.full(total, math.pi),
        energy_1=energy.max(axis=0),
        energy_2=energy.min(axis=0),
        time_difference=1.3 * rng.standard_normal(total),
        delta_phi=math.pi + np.r_[0.05 * rng.standard_normal(n), 1.5 * flat[0]],
        sum_theta=math.pi + np.r_[0.04 * rng.standard_normal(n), 0.6 * flat[1]],
        charged_1=rng.random(total) < 0.8,
        charged_2=rng.random(total) < 0.8,
    )


def _selection(period: Period, pairs: Pairs, setup: Setup) -> PeriodSelection:
    lines = BeamLineFit(
        lines=(BeamLine.nominal(setup),) * 3,
        cog_x_error_mm=np.full(3, 0.3),
        cog_y_error_mm=np.full(3, 0.4),
        pairs=np.full(3, 100),
        status=(LineStatus.FITTED,) * 3,
    )
    passed = np.full(pairs.size, 2)
    flow = CutFlow.of(("all", "above E_min"), passed, pairs.weight)
    sample = np.zeros(pairs.size, dtype=np.int64)
    return PeriodSelection(period.sqrt_s_mev, lines, pairs, pairs, _NO_TAGS, flow, sample)
