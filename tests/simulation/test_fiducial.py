"""Nothing that the selection would take is dropped: on smeared truth, and on clusters."""

from dataclasses import replace

import numpy as np
import pytest

from x17.apparatus.setup import Setup
from x17.kinematics import sqrt_s_mev
from x17.simulation.conditions import Conditions
from x17.simulation.events import EventBatch
from x17.simulation.fiducial import least_angle_rad, near_selection
from x17.simulation.sample import PlannedSample, Process, Sample
from x17.simulation.showers.library import ShowerLibrary
from x17.simulation.simulate import simulate_block
from x17.simulation.transport import to_calorimeter

from .conftest import BEAM_ENERGY

MARGIN = 20.0


def sample(process: Process, **changes: object) -> Sample:
    arguments: dict[str, object] = {"n_pot": 3e7, "period": 11, "pile_up": False} | changes
    return Sample(process=process, beam_energy_mev=BEAM_ENERGY, **arguments)  # type: ignore[arg-type]


def selected(events: EventBatch, setup: Setup, rng: np.random.Generator) -> np.ndarray:
    """Pairs that a selection takes whose places are off by 6 mm and energies by 5 %, as clusters are."""
    cuts, sqrt_s = setup.pair_cuts, float(sqrt_s_mev(BEAM_ENERGY))
    arrivals = to_calorimeter(events, setup)
    values = np.full((4, events.pdg.size), np.nan)
    noise = rng.standard_normal((3, arrivals.x.size))
    x0, y0 = setup.axis_at_plane_mm
    values[0, arrivals.particle] = arrivals.x - x0 + 6.0 * noise[0]
    values[1, arrivals.particle] = arrivals.y - y0 + 6.0 * noise[1]
    values[2, arrivals.particle] = events.energy[arrivals.particle] * (1.0 + 0.05 * noise[2])
    values[3, arrivals.particle] = arrivals.time
    x, y, energy, time = values.reshape(4, -1, 2)
    radius = np.hypot(x, y)
    passed = (radius > float(setup.r_min_mm(sqrt_s)) - cuts.margin_mm) & cuts.inside_wedge(np.arctan2(y, x))
    passed &= energy > cuts.e_min_factor * float(setup.e_min_mev(sqrt_s))
    passed &= energy < float(setup.e_max_mev(sqrt_s)) / cuts.e_max_factor
    pair = passed.all(axis=1) & (radius < cuts.r_max_mm).any(axis=1)
    return np.asarray(pair & (np.abs(time[:, 0] - time[:, 1]) < cuts.time_window_ns))


@pytest.mark.parametrize(
    ("process", "n"),
    [(Process.ELECTRONS, 200_000), (Process.PHOTONS, 200_000), (Process.BREMSSTRAHLUNG, 40_000)],
)
def test_what_the_selection_takes_is_kept(setup: Setup, process: Process, n: int) -> None:
    rng = np.random.default_rng(7)
    events = sample(process).generate(setup, n, rng)
    taken = selected(events, setup, rng)
    near = near_selection(events, setup, BEAM_ENERGY, MARGIN)
    lost = events.weight[taken & ~near].sum() / events.weight[taken].sum()
    assert np.count_nonzero(taken) > 3000
    assert lost < 1e-3  # a thousandth of N2 is a tenth of the smallest correction
    # The margin is needed: without it one in a hundred is lost.
    assert np.count_nonzero(taken & ~near_selection(events, setup, BEAM_ENERGY, 0.0)) > 0.003 * taken.sum()


@pytest.mark.parametrize("process", [Process.BREMSSTRAHLUNG, Process.ACCIDENTAL])
def test_the_narrow_window_of_generation_holds_all_that_is_kept(setup: Setup, process: Process) -> None:
    """Rates of events near the selection, from all angles and from those that are generated."""
    rates, errors = [], []
    for margin, n in ((None, 20_000), (MARGIN, 5_000)):
        asked = sample(process, fiducial_margin_mm=margin)
        events = asked.generate(
            setup, n * (20 if process is Process.ACCIDENTAL else 1), np.random.default_rng(3)
        )
        near = events.weight[near_selection(events, setup, BEAM_ENERGY, MARGIN)]
        rates.append(near.sum())
        errors.append(np.sqrt(np.square(near).sum()))
    assert rates[1] == pytest.approx(rates[0], abs=4.0 * float(np.hypot(*errors)))
    assert max(errors) < 0.04 * rates[0]
    assert sample(process, fiducial_margin_mm=MARGIN).rate_per_pot(setup) < 0.2 * sample(
        process
    ).rate_per_pot(setup)


def test_the_region_moves_with_the_beam(setup: Setup) -> None:
    """A tilted beam and a region about its axis: the same share is kept, up to the bore and second order."""
    tilted = replace(setup, beam=replace(setup.beam, tilt_x_mrad=2.0, center_x_mm=1.0))
    shares = [
        near_selection(
            sample(Process.PHOTONS).generate(one, 100_000, np.random.default_rng(2)), one, BEAM_ENERGY, MARGIN
        ).mean()
        for one in (setup, tilted)
    ]
    # The same random numbers: the difference is far below 1/√n.
    assert shares[1] == pytest.approx(shares[0], rel=2e-3)


def test_the_narrowest_angle_knows_the_field(setup: Setup) -> None:
    plain = least_angle_rad(setup, BEAM_ENERGY, MARGIN)
    bent = replace(setup, residual_field=replace(setup.residual_field, by_t=1e-3))
    assert least_angle_rad(bent, BEAM_ENERGY, MARGIN) < plain < least_angle_rad(setup, BEAM_ENERGY, 0.0)
    assert least_angle_rad(setup, BEAM_ENERGY, 1e4) == 0.0


def test_kept_events_are_those_of_the_unfiltered_sample(setup: Setup) -> None:
    """The same numbers, momenta and weights; their count stays that of all events."""
    library = ShowerLibrary.load()
    every, some = (
        PlannedSample.draw(setup, sample(Process.PHOTONS, n_pot=3e8, fiducial_margin_mm=margin), 1)
        for margin in (None, MARGIN)
    )
    assert every.n_events == some.n_events
    whole, kept = simulate_block(setup, library, every, 0), simulate_block(setup, library, some, 0)
    assert 0 < kept.events.n_events < 0.5 * whole.events.n_events
    np.testing.assert_array_equal(
        kept.events.momentum.reshape(-1, 2, 3), whole.events.momentum.reshape(-1, 2, 3)[kept.number]
    )
    assert np.all(kept.events.weight == 1.0 / 3e8)


def test_a_block_of_which_nothing_is_kept(setup: Setup) -> None:
    asked = sample(Process.ACCIDENTAL, n_pot=2e5, fiducial_margin_mm=0.0, pile_up=True)
    plan = replace(PlannedSample.draw(setup, asked, 1), n_events=1)
    conditions = Conditions.drawn(setup, 1)
    for seed in range(20):
        made = simulate_block(setup, ShowerLibrary.load(), replace(plan, seed=seed), 0, conditions=conditions)
        if made.events.n_events == 0:
            assert made.number.size == made.hits.event.size == made.impact_x.size == 0
            return
    pytest.fail("all of 20 accidental pairs were kept")


@pytest.mark.full
def test_clusters_that_are_selected_are_kept(setup: Setup) -> None:
    """Through showers, clusters and the selection of pairs, with pile-up: as counting sees it."""
    from x17.reconstruction.angle_windows import AngleWindows
    from x17.reconstruction.beam_line import BeamLine
    from x17.reconstruction.pair_selection import select_pairs
    from x17.reconstruction.reconstruct import reconstruct_events
    from x17.simulation.storage.event_table import event_table

    library, lost, taken = ShowerLibrary.load(), 0, 0
    plan = PlannedSample.draw(setup, sample(Process.ELECTRONS, n_pot=7e9, pile_up=True), 1)
    for block in range(30):
        made = simulate_block(setup, library, plan, block)
        n, events = made.events.n_events, made.events
        own = np.zeros(events.pdg.size, dtype=np.bool_)
        first = np.searchsorted(events.event, np.arange(n))
        own[first] = own[first + 1] = True
        pairs_alone = EventBatch(
            "ee",
            events.weight,
            *(
                getattr(events, name)[own]
                for name in ("event", "pdg", "energy", "momentum", "vertex", "time")
            ),
            events.beam_energy,
            events.cos_theta,
        )
        near = near_selection(pairs_alone, setup, BEAM_ENERGY, MARGIN)
        clusters = reconstruct_events(event_table(made, setup, {}), setup).clusters
        pairs, _ = select_pairs(
            clusters, np.zeros(n, np.int64), np.ones(n), [BeamLine.nominal(setup)], 16.9, setup
        )
        inside = pairs.event[AngleWindows.padme(3.0).inside(pairs)]
        lost, taken = lost + int(np.count_nonzero(~near[inside])), taken + inside.size
    assert taken > 15_000
    assert lost < 1e-3 * taken
