from dataclasses import replace

import numpy as np
import pytest

from x17.apparatus.drifts import Drifts
from x17.apparatus.setup import Setup
from x17.errors import UsageError
from x17.simulation.conditions import Conditions
from x17.simulation.generators.annihilation import Annihilation, annihilation_rate
from x17.simulation.generators.boson import boson_rate
from x17.simulation.generators.reach import WIDEST_COSINE
from x17.simulation.generators.single_positrons import add_pile_up
from x17.simulation.sample import EVENTS_PER_BLOCK, PlannedSample, Process, Sample
from x17.simulation.showers.library import ShowerLibrary
from x17.simulation.simulate import SimulatedEvents, simulate_block
from x17.theory.boson import Boson, SpinParity
from x17.theory.compton import Diamond

from .conftest import BEAM_ENERGY

BOSON = Boson(16.9, SpinParity.VECTOR, 5e-4)


@pytest.fixture(scope="module")
def library() -> ShowerLibrary:
    return ShowerLibrary.load()


def sample(process: Process, n_pot: float = 3e7, *, pile_up: bool = False) -> Sample:
    boson = BOSON if process is Process.BOSON else None
    return Sample(
        process=process, beam_energy_mev=BEAM_ENERGY, n_pot=n_pot, period=4, boson=boson, pile_up=pile_up
    )


def same(one: SimulatedEvents, other: SimulatedEvents) -> bool:
    return np.array_equal(one.hits.energy, other.hits.energy) and np.array_equal(
        one.events.momentum, other.events.momentum
    )


def test_the_number_of_events_is_poisson_about_the_analytic_rate(setup: Setup) -> None:
    asked = sample(Process.ELECTRONS)
    rate = annihilation_rate(setup, Annihilation.ELECTRONS, 16.9, WIDEST_COSINE)
    numbers = np.array([PlannedSample.draw(setup, asked, seed).n_events for seed in range(2000)])
    mean = rate * asked.n_pot
    # Mean to √(mean/2000), variance to √(2/2000) = 3 %; four times each.
    assert numbers.mean() == pytest.approx(mean, abs=4.0 * np.sqrt(mean / 2000))
    assert numbers.var() == pytest.approx(mean, rel=0.13)


@pytest.mark.parametrize("process", list(Process))
def test_weights_add_up_to_the_rate(setup: Setup, library: ShowerLibrary, process: Process) -> None:
    """Events × weights stand for the rate: Σ w = n/N, and n is Poisson with mean rate × N."""
    plan = PlannedSample.draw(setup, sample(process, 2e8 if process is Process.BOSON else 3e7), 1)
    made = simulate_block(setup, library, plan, 0)
    n = plan.events_in(0)
    assert made.events.n_events == n
    assert made.events.weight.sum() * plan.sample.n_pot == pytest.approx(n, rel=1e-9)
    assert plan.n_events == pytest.approx(plan.expected, abs=4.0 * np.sqrt(plan.expected))


def test_the_rate_of_a_boson_has_the_motion_of_diamond(setup: Setup) -> None:
    rate = sample(Process.BOSON).rate_per_pot(setup)
    assert rate == boson_rate(setup, BOSON, BEAM_ENERGY, Diamond())[0]
    # The motion of the electrons takes away a factor of about three at the peak (literature: 3.2 at 17 MeV).
    assert boson_rate(setup, BOSON, BEAM_ENERGY, None)[0] / rate == pytest.approx(3.2, abs=0.4)


def test_bremsstrahlung_is_unweighted_without_bias(setup: Setup, library: ShowerLibrary) -> None:
    asked = sample(Process.BREMSSTRAHLUNG, 9e7)
    made = simulate_block(setup, library, PlannedSample.draw(setup, asked, 1), 0)
    weighted = asked.generate(setup, 20_000, np.random.default_rng(9))
    photons = weighted.energy[::2]
    expected = np.average(photons, weights=weighted.weight)
    spread = np.sqrt(np.average((photons - expected) ** 2, weights=weighted.weight))
    # 5000 events know the mean to spread/√5000; four times that.
    assert made.events.energy[::2].mean() == pytest.approx(expected, abs=4.0 * spread / np.sqrt(5000))


def test_a_block_is_the_same_alone_and_differs_from_others(setup: Setup, library: ShowerLibrary) -> None:
    plan = PlannedSample.draw(setup, sample(Process.PHOTONS, 5e9), 1)
    assert plan.n_blocks > 2
    one, again, other = (simulate_block(setup, library, plan, block) for block in (1, 1, 2))
    assert same(one, again)
    assert not np.array_equal(one.events.momentum[:100], other.events.momentum[:100])
    assert one.number[0] == EVENTS_PER_BLOCK
    assert sum(plan.events_in(k) for k in range(plan.n_blocks)) == plan.n_events


def test_seeds_periods_and_processes_have_streams_of_their_own() -> None:
    base = sample(Process.ELECTRONS)
    streams = [
        base.stream(1, 12, 0),
        base.stream(2, 12, 0),
        base.stream(1, 12, 1),
        base.stream(1, 11),
        replace(base, period=-4).stream(1, 12, 0),
        replace(base, run=1).stream(1, 12, 0),
        replace(base, run=2).stream(1, 12, 0),
        sample(Process.PHOTONS).stream(1, 12, 0),
    ]
    assert len({stream.random() for stream in streams}) == len(streams)


def test_pile_up_adds_particles_behind_the_two_of_the_event(setup: Setup, library: ShowerLibrary) -> None:
    plan = PlannedSample.draw(setup, sample(Process.PHOTONS, 5e8, pile_up=True), 1)
    made = simulate_block(setup, library, plan, 0)
    first = np.searchsorted(made.events.event, np.arange(made.events.n_events))
    assert np.all(made.events.pdg[first] == 22)
    assert np.all(made.events.pdg[first + 1] == 22)
    beside = made.events.pdg.size - 2 * made.events.n_events
    assert np.count_nonzero(made.events.pdg == -11) == beside > made.events.n_events


def test_pile_up_in_a_window_is_its_share_of_the_bunch(setup: Setup) -> None:
    asked = sample(Process.PHOTONS)
    events = asked.generate(setup, 40_000, np.random.default_rng(1))
    every = add_pile_up(events, setup, BEAM_ENERGY, np.random.default_rng(2))
    close = add_pile_up(events, setup, BEAM_ENERGY, np.random.default_rng(3), window_ns=20.0)
    first = np.searchsorted(close.event, np.arange(close.n_events))
    apart = np.abs(close.time - close.time[first][close.event])
    assert apart.max() <= 20.0
    # r (2 − r) of the bunch is within the window of an event anywhere in it, r = window/length.
    ratio = 20.0 / setup.beam.bunch_length_ns
    expected = (every.pdg.size - 2 * every.n_events) * ratio * (2.0 - ratio)
    beside = close.pdg.size - 2 * close.n_events
    # 17,000 singles, four standard deviations.
    assert beside == pytest.approx(expected, rel=4.0 / np.sqrt(expected))
    whole = add_pile_up(events, setup, BEAM_ENERGY, np.random.default_rng(3), window_ns=250.0)
    assert whole.pdg.size == pytest.approx(every.pdg.size, rel=0.01)
    # The event's own particles are as they were.
    np.testing.assert_array_equal(close.momentum[first], events.momentum[::2])


def test_lost_showers_leave_all_else_as_it_was(setup: Setup, library: ShowerLibrary) -> None:
    plan = PlannedSample.draw(setup, sample(Process.PHOTONS, 5e8), 1)
    still = replace(setup, drifts=replace(Drifts(), cluster_loss=0.1))
    plan = replace(plan, sample=replace(plan.sample, period=11))
    none, some = Conditions.nominal(setup), Conditions.drawn(still, 1)
    whole, less = (simulate_block(setup, library, plan, 0, conditions=c) for c in (none, some))
    plain = simulate_block(setup, library, plan, 0)
    assert same(whole, plain)
    np.testing.assert_array_equal(whole.events.momentum, less.events.momentum)
    np.testing.assert_array_equal(whole.impact_x, less.impact_x)
    assert whole.tagger.event.size == pytest.approx(less.tagger.event.size, rel=0.1)
    # Sums of energy: 5000 events of two showers, each lost with probability 0.1: 3 % of 0.1, four times.
    lost = 1.0 - less.hits.energy.sum() / whole.hits.energy.sum()
    assert lost == pytest.approx(0.1, abs=4.0 * 0.1 * 0.03)


def test_runs_have_events_of_their_own(setup: Setup, library: ShowerLibrary) -> None:
    drawn = Conditions.drawn(setup, 1)
    made = []
    for run in range(2):
        asked = replace(sample(Process.PHOTONS, 1e9), period=11, run=run)
        made.append(simulate_block(setup, library, PlannedSample.draw(setup, asked, 1), 0, conditions=drawn))
        truth = drawn.run_of(11, run)
        # Two particles share a vertex: 5000 of them, 1 mm wide, four times.
        assert made[run].events.vertex[:, 0].mean() == pytest.approx(
            truth.center_x_mm, abs=4.0 / np.sqrt(5000)
        )
        slope = made[run].events.momentum[:, 0].sum() / made[run].events.momentum[:, 2].sum()
        assert 1e3 * slope == pytest.approx(truth.tilt_x_mrad, abs=4.0 / np.sqrt(5000))
    assert not same(*made)


def test_impacts_are_where_particles_arrive(setup: Setup, library: ShowerLibrary) -> None:
    made = simulate_block(setup, library, PlannedSample.draw(setup, sample(Process.PHOTONS), 1), 0)
    slope = made.events.momentum[:, :2] / made.events.momentum[:, 2:]
    path = 2612.41 - made.events.vertex[:, 2]
    straight = made.events.vertex[:, :2] + slope * path[:, None]
    seen = np.isfinite(made.impact_x)
    np.testing.assert_allclose(made.impact_x[seen], straight[seen, 0], rtol=1e-9, atol=1e-9)
    # Those that do not arrive hit the bore: beyond 242.8 mm for some start in the spot, here 3σ of it.
    assert np.all(np.abs(straight[~seen, 1]) > 235.0)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"n_pot": 0.0}, "allowed: above 0"),
        ({"process": Process.BOSON}, "X needs one"),
        ({"boson": BOSON}, "others have none"),
        ({"run": -1}, "allowed: 0 or above"),
        ({"fiducial_margin_mm": -1.0}, "margin about the selection -1"),
        ({"pile_up_window_ns": 0.0}, "window of the pile-up 0"),
        ({"k_factor": float("nan")}, "K factor nan"),
    ],
)
def test_samples_that_cannot_be(change: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        replace(sample(Process.ELECTRONS), **change)  # type: ignore[arg-type]


def test_too_many_events_negative_seeds_and_missing_blocks(setup: Setup) -> None:
    with pytest.raises(UsageError, match="at most 1e\\+09"):
        PlannedSample.draw(setup, sample(Process.ELECTRONS, 1e20), 1)
    with pytest.raises(UsageError, match="0 or above"):
        PlannedSample.draw(setup, sample(Process.ELECTRONS), -1)
    with pytest.raises(UsageError, match="allowed: 0 to 0"):
        PlannedSample.draw(setup, sample(Process.ELECTRONS), 1).events_in(1)
