"""Schedules and campaigns: what the beam can do, where it goes, and what that gains."""

from collections import Counter

import numpy as np
import pytest

from x17.projection.planning_average import average_information, learned_bits
from x17.projection.planning_campaign import CampaignPlan, Strategy, Truth, true_g_r
from x17.projection.planning_criteria import Criterion
from x17.projection.planning_diary import keep_diary
from x17.projection.planning_prior import PlanPrior
from x17.projection.planning_schedule import best_share, make_schedule
from x17.projection.planning_verdict import half_crossing, positrons_needed, power_curve, verdicts
from x17.statistics.toys import block_stream

from .run3 import Planned, planned

EXCESS = Truth(16.90, 4.4e-4)


@pytest.fixture(scope="module")
def run3() -> Planned:
    return planned()


def campaign_plan(
    there: Planned, criterion: Criterion = Criterion.INFORMATION, positrons: float = 3e11, steps: int = 12
) -> CampaignPlan:
    shares = there.beam.shares(positrons, steps)
    schedule = make_schedule(there.space, there.state, there.beam, criterion, shares)
    return CampaignPlan(there.space, there.tested, there.beam, criterion, shares, schedule.places)


@pytest.mark.parametrize("criterion", list(Criterion))
def test_only_what_the_beam_can_do(run3: Planned, criterion: Criterion) -> None:
    shares = run3.beam.shares(100_000_000_007.5, 9)
    schedule = make_schedule(run3.space, run3.state, run3.beam, criterion, shares)
    assert sum(point.positrons for point in schedule.points) == 100_000_000_007
    settings = set(run3.beam.energies_mev.tolist())
    assert all(point.beam_energy_mev in settings for point in schedule.points)
    assert all(isinstance(point.positrons, int) for point in schedule.points)
    plan = campaign_plan(run3, criterion, 1e11, 4)
    places = plan.run(Strategy.ADAPTIVE, true_g_r(run3.space, EXCESS), 3, np.random.default_rng(1)).places
    assert np.all((places >= 0) & (places < run3.space.n_new))


def test_hours_are_those_of_the_beam(run3: Planned) -> None:
    schedule = make_schedule(
        run3.space, run3.state, run3.beam, Criterion.INFORMATION, run3.beam.shares(1e11, 5)
    )
    changes = 1 + sum(a != b for a, b in zip(schedule.places, schedule.places[1:], strict=False))
    expected = 1e11 / 49 / 3000 / 3600 + 5.0 * changes
    assert schedule.points[-1].total_hours == pytest.approx(expected)


def test_setting_up_for_long_keeps_the_beam_where_it_is() -> None:
    there = planned()
    beam = type(there.beam)(**{**_fields(there.beam), "setup_hours": 500.0})
    shares = beam.shares(1e10, 4)
    places = make_schedule(there.space, there.state, beam, Criterion.INFORMATION, shares).places
    assert len(set(places)) == 1
    free = type(there.beam)(**{**_fields(there.beam), "setup_hours": 0.0})
    places = make_schedule(there.space, there.state, free, Criterion.INFORMATION, (10**11,) * 4).places
    assert len(set(places)) == 4


def _fields(beam: object) -> dict[str, float]:
    return {name: getattr(beam, name) for name in beam.__dataclass_fields__}  # type: ignore[attr-defined]


@pytest.mark.parametrize("mass", [16.5, 16.9, 17.2])
def test_the_first_point_is_where_one_point_tells_most(mass: float) -> None:
    there = planned(prior=PlanPrior(masses_mev=(mass, mass)))
    # One mass: the information is a rising function of w (K S r)², whose peak is known in closed form.
    strength = there.space.model.signal_yield(there.space.model.centers, mass)[there.space.n_old :]
    weight = there.space.new_weight(2.5e10 * np.ones(there.space.n_new), there.state.background)
    peak = int(np.argmax(weight * (there.state.background * strength) ** 2))
    assert there.space.energies_mev[peak] == pytest.approx(there.model.resonance_energy(mass), abs=0.75)
    for criterion in (Criterion.INFORMATION, Criterion.SEPARATION):
        places = make_schedule(
            there.space, there.state, there.beam, criterion, there.beam.shares(3e11, 12)
        ).places
        assert places[0] == peak
        # The line is some 2 MeV wide to either side. A point or two beside it tells what K is there.
        distance = np.abs(there.space.energies_mev[list(places)] - there.space.energies_mev[peak])
        assert np.count_nonzero(distance < 3.1) >= 10
        assert set(places[:5]) == set(range(peak - 2, peak + 3))


def test_an_adaptive_campaign_finds_a_strong_boson_that_nobody_expected() -> None:
    there = planned()
    plan = campaign_plan(there)
    truth = Truth(17.20, 9e-4)
    places = plan.run(Strategy.ADAPTIVE, true_g_r(there.space, truth), 6, np.random.default_rng(5)).places
    near = np.abs(there.space.energies_mev[places] - there.model.resonance_energy(17.20)) < 3.0
    assert near[:, 6:].mean() > near[:, :3].mean()


def test_toys_fluctuate_as_the_analysis_believes(run3: Planned) -> None:
    plan, truth = campaign_plan(run3, positrons=2e12, steps=2), true_g_r(run3.space, EXCESS)
    campaigns = plan.run(Strategy.UNIFORM, truth, 400, np.random.default_rng(2))
    for step in (0, 1):
        pull = (campaigns.y[:, step] - truth) * np.sqrt(campaigns.weight[:, step])
        # 400 x 45 pulls: 0.7 % on mean and 0.5 % on width, and the Neyman weight's bias of 1 % of both.
        assert pull.mean() == pytest.approx(0.0, abs=0.03)
        assert pull.std() == pytest.approx(1.0, abs=0.025)
    # A setting keeps its errors of flux and background: the second step is not independent of the first.
    deviation = campaigns.y - truth
    correlation = np.corrcoef(deviation[:, 0].ravel(), deviation[:, 1].ravel())[0, 1]
    first, second = (1.0 / np.sqrt(campaigns.weight[:, k].mean()) for k in (0, 1))
    assert correlation == pytest.approx(second / first, abs=0.02)


def test_more_than_the_uniform_scan(run3: Planned) -> None:
    plan = campaign_plan(run3)
    positrons = np.cumsum(np.array(plan.shares, dtype=float))
    for true in (True, False):
        truth = true_g_r(run3.space, EXCESS if true else Truth(16.90, 0.0))
        curves = {}
        for strategy in Strategy:
            campaigns = plan.run(strategy, truth, 40, block_stream(1, (7,), 0))
            outcome = verdicts(run3.space, campaigns, EXCESS, true=true, with_old=True)
            curves[strategy] = power_curve(strategy, outcome, positrons, 1, true=true, with_old=True)
            assert not outcome.start
        # Half of the budget: 0.62 against 0.35 confirmed, 0.66 against 0.35 excluded with 400 toys each.
        adaptive, uniform = (curves[s].shares[5].value for s in (Strategy.ADAPTIVE, Strategy.UNIFORM))
        assert adaptive > uniform + 0.1
        needed = curves[Strategy.ADAPTIVE].needed
        assert needed.value is not None
        other = curves[Strategy.UNIFORM].needed.value or np.inf
        assert needed.value < 0.7 * other


def test_longer_draws_begin_with_the_same_toys(run3: Planned) -> None:
    plan, truth = campaign_plan(run3, steps=3), true_g_r(run3.space, EXCESS)
    few, more = (plan.run(Strategy.ADAPTIVE, truth, n, block_stream(1, (1,), 0)) for n in (2, 4))
    np.testing.assert_array_equal(few.y, more.y[:2])
    np.testing.assert_array_equal(few.places, more.places[:2])


def test_a_diary(run3: Planned) -> None:
    plan = campaign_plan(run3)
    diary = keep_diary(plan, true_g_r(run3.space, EXCESS), np.random.default_rng(1))
    again = keep_diary(plan, true_g_r(run3.space, EXCESS), np.random.default_rng(1))
    assert diary == again
    gains = [entry.point.total_gain for entry in diary]
    assert gains == sorted(gains)
    assert gains[0] > 0.0
    visits = Counter(entry.point.beam_energy_mev for entry in diary)
    first = {e.point.beam_energy_mev: e for e in reversed(diary)}
    last = {e.point.beam_energy_mev: e for e in diary}
    assert all(last[e].g_r_err < first[e].g_r_err for e, n in visits.items() if n > 1)
    assert all(0.0 <= entry.no_boson <= 1.0 for entry in diary)


def test_half_of_the_campaigns() -> None:
    positrons = np.array([1.0, 2.0, 3.0])
    assert half_crossing(np.array([0.2, 0.4, 0.8]), positrons) == pytest.approx(2.25)
    assert half_crossing(np.array([1.0, 1.0, 1.0]), positrons) == pytest.approx(0.5)
    assert half_crossing(np.array([0.1, 0.2, 0.3]), positrons) == np.inf
    assert half_crossing(np.array([1.0, 1.0, 1.0]), positrons, 1.0) == 0.0
    decided = np.tile([False, True, True], (9, 1))
    needed = positrons_needed(decided, positrons, 1)
    assert needed.value == needed.low == needed.high == pytest.approx(1.5)
    assert positrons_needed(~decided[:, ::-1], positrons, 1).value == pytest.approx(2.5)
    assert positrons_needed(decided[:0], positrons, 1).value is None


def test_information_is_what_was_expected_of_it() -> None:
    # Two masses, so that the hypotheses are few; 5e9 positrons a point, where nothing is saturated.
    there = planned(prior=PlanPrior(masses_mev=(16.88, 16.90)))
    plan = campaign_plan(there, positrons=2e10, steps=4)
    bits = {s: learned_bits(plan, s, 60, block_stream(1, (3,), 0)) for s in Strategy}
    schedule = average_information(Strategy.SCHEDULE, bits[Strategy.SCHEDULE])
    expected = (
        make_schedule(there.space, there.state, there.beam, Criterion.INFORMATION, plan.shares)
        .points[-1]
        .total_gain
    )
    # The Gaussian formula is a bound, and the line's nuisances play no part on either side.
    assert schedule.bits[-1] < expected + 3.0 * schedule.error[-1]
    assert schedule.bits[-1] > 0.5 * expected
    # The same truths: paired. A uniform scan spends most positrons far from both masses.
    for strategy in (Strategy.SCHEDULE, Strategy.ADAPTIVE):
        ahead = average_information(strategy, bits[strategy] - bits[Strategy.UNIFORM])
        assert ahead.bits[-1] > 2.0 * ahead.error[-1]
    assert np.all(bits[Strategy.ADAPTIVE] >= 0.0)


def test_the_best_point_balances_its_errors_and_its_time(run3: Planned) -> None:
    best = best_share(run3.space, run3.beam)
    positrons = best * np.array([0.5, 0.8, 1.0, 1.25, 2.0])[:, None] * np.ones(run3.space.n_new)
    middle = run3.space.n_new // 2
    weight = run3.space.new_weight(positrons, np.ones(run3.space.n_new))[:, middle]
    hours = np.array([run3.beam.hours(p, change=True) for p in positrons[:, middle].tolist()])
    assert np.argmax(weight / hours) == 2
    assert best == pytest.approx(4.3e9, rel=0.02)
