"""Simulated events to look at: those of the commands, with the physics that a person checks by hand."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from x17.apparatus import load_setup
from x17.constants import ELECTRON_MASS_MEV
from x17.errors import InputError, UsageError
from x17.explorer.events_drawing import event_rows
from x17.kinematics import sqrt_s_mev
from x17.reconstruction.beam_line import BeamLine
from x17.reconstruction.cluster_file import read_clusters
from x17.reconstruction.pair_selection import select_pairs
from x17.reconstruction.pair_verdicts import PAIR_CUTS
from x17.simulation.sample import Process
from x17.workflows.explore_events import (
    EVENTS_MADE,
    KINDS,
    Circles,
    EventsState,
    ExploredEvents,
    energy_range_mev,
    explore_events,
)
from x17.workflows.explore_events import events as module
from x17.workflows.reconstruct import reconstruct
from x17.workflows.simulate import simulate
from x17.workflows.simulation_request import SimulationRequest

SETUP = load_setup("padme-run3")


@pytest.fixture(scope="module")
def explored() -> dict[str, ExploredEvents]:
    kinds = ("ee", "gg", "X")
    return {kind: explore_events(EventsState(kind=kind, seed=3, pile_up=False)) for kind in kinds}


@pytest.mark.parametrize("energy", [205.0, 282.8, 402.5])
def test_circles_are_two_body_kinematics(energy: float) -> None:
    """A product at R_max has its partner at R_min: both from the boost of a photon at θ* and π − θ*."""
    circles = Circles.of(SETUP, energy)
    sqrt_s = np.sqrt(2.0 * ELECTRON_MASS_MEV * (energy + ELECTRON_MASS_MEV))
    gamma = (energy + ELECTRON_MASS_MEV) / sqrt_s
    beta = np.sqrt(1.0 - gamma**-2)
    # θ* of a photon that arrives at R_max, then its partner's polar angle in the laboratory.
    theta = np.arctan(circles.r_max_mm / SETUP.distance_mm)
    cosine = (np.cos(theta) - beta) / (1.0 - beta * np.cos(theta))
    partner = np.arctan2(np.sqrt(1.0 - cosine**2), gamma * (beta - cosine))
    r_min = SETUP.distance_mm * np.tan(partner)
    # The formula of the analysis takes tan θ for 2 tan(θ/2) and β for 1: θ₁²/4 + θ₂²/4 + 1 − β, 0.5 %.
    left_out = 0.25 * (theta**2 + partner**2) + 1.0 - beta
    assert circles.r_min_mm == pytest.approx(r_min / (1.0 + left_out), rel=2e-5)
    assert circles.sqrt_s_mev == pytest.approx(sqrt_s, rel=1e-12)
    assert circles.r_least_mm == pytest.approx(circles.r_min_mm - 1.5 * 21.12)


def test_r_min_shrinks_as_the_energy_grows() -> None:
    radii = [Circles.of(SETUP, energy).r_min_mm for energy in (210.0, 250.0, 290.0, 400.0)]
    assert radii == sorted(radii, reverse=True)
    # R_min ∝ 1/s.
    s = np.square(sqrt_s_mev([210.0, 400.0]))
    assert radii[0] / radii[-1] == pytest.approx(s[1] / s[0], rel=1e-12)


@pytest.mark.parametrize("kind", ["ee", "gg", "X"])
def test_counted_pairs_have_the_energy_and_the_mass_of_the_beam(
    kind: str, explored: dict[str, ExploredEvents]
) -> None:
    found = explored[kind]
    pairs = [one.pair for one in found.events if one.pair is not None and one.pair.counted]
    assert len(pairs) > 25
    assert found.counted == len(pairs)
    energy = np.array([pair.energy_sum_mev for pair in pairs])
    # Medians: dead crystals and edges give both a tail to low energies. σ/E of a cluster of 141 MeV is 5.5 %,
    # of two of them 11 MeV; the median of n to 1.25 · 11/√n, and 4 of these.
    width = np.sqrt(2.0) * float(SETUP.calorimeter.cluster_sigma_mev(0.5 * 282.8))
    allowed = 4.0 * 1.25 / np.sqrt(energy.size)
    assert np.median(energy) == pytest.approx(282.8, abs=allowed * width)
    mass = np.array([pair.mass_mev for pair in pairs])
    # Energies enter the mass with half their relative error, 2 %; two angles of 4 mm in 200 add 2 % and more.
    sqrt_s = found.circles.sqrt_s_mev
    assert np.median(mass) == pytest.approx(sqrt_s, rel=allowed * 0.04)
    assert np.median(np.abs([pair.delta_r_mm for pair in pairs])) < 0.5 * SETUP.calorimeter.pitch_mm


def test_truth_and_clusters_agree(explored: dict[str, ExploredEvents]) -> None:
    """Each cluster of a counted pair lies within a crystal of a simulated particle of its energy."""
    near = 0
    for one in explored["gg"].events:
        if one.pair is None or not one.pair.counted:
            continue
        for place in (one.pair.first, one.pair.second):
            cluster = one.clusters[place]
            away = [np.hypot(p.x_mm - cluster.x_mm, p.y_mm - cluster.y_mm) for p in one.particles if p.own]
            near += min(away) < SETUP.calorimeter.pitch_mm
    assert {p.name for one in explored["gg"].events for p in one.particles} == {"γ"}
    assert {p.name for one in explored["X"].events for p in one.particles} == {"e⁺", "e⁻"}
    assert near >= 0.97 * 2 * explored["gg"].counted


def test_cells_hold_the_energy_of_the_clusters(explored: dict[str, ExploredEvents]) -> None:
    cells = SETUP.calorimeter.cells
    for one in explored["ee"].events:
        assert np.all(one.energy_mev > 0.0)
        assert not cells.dead[one.cell].any()
        # Clusters are corrected for what leaks out of them, and small ones are not seeded.
        assert sum(c.energy_mev for c in one.clusters) < 1.3 * one.energy_mev.sum()


def test_same_seed_same_events_and_another_others() -> None:
    state = EventsState(kind="gg", seed=7)
    one, same, other = (explore_events(s) for s in (state, replace(state, event=5), replace(state, seed=8)))
    assert len(one.events) == EVENTS_MADE
    assert one.state == same.state
    for a, b in zip(one.events, same.events, strict=True):
        assert (a.clusters, a.particles, a.pair) == (b.clusters, b.particles, b.pair)
        np.testing.assert_array_equal(a.energy_mev, b.energy_mev)
    assert [e.clusters for e in other.events] != [e.clusters for e in one.events]


def test_the_events_are_those_of_the_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`x17 simulate` and `x17 reconstruct` of period 0 with the same seed, and the selection on the files."""
    pytest.importorskip("pyarrow")
    (period,) = (one for one in SETUP.run_plan.periods if one.number == 0)
    request = SimulationRequest(
        period=0, positrons=3e7, processes=(Process.ELECTRONS,), fiducial_margin_mm=20.0, seed=11
    )
    made = simulate("padme-run3", request, tmp_path / "events", workers=1)
    (sample,) = made.document["samples"]
    generated = sample["n_events"]
    reconstruct(tmp_path / "events", tmp_path / "clusters", workers=1)
    (path,) = (tmp_path / "clusters").glob("period-*/clusters-*.parquet")
    read = read_clusters(path, SETUP.calorimeter)
    n = read.clusters.n_events
    assert n > EVENTS_MADE
    pairs, _ = select_pairs(
        read.clusters,
        np.zeros(n, dtype=np.int64),
        np.ones(n),
        [BeamLine.nominal(SETUP)],
        period.sqrt_s_mev,
        SETUP,
    )

    monkeypatch.setattr(module, "_MADE_WHEN_NEAR", generated)
    found = explore_events(EventsState(energy=period.beam_energy_mev, seed=11))
    wanted = pairs.event[pairs.event < EVENTS_MADE] + 1
    assert 20 < wanted.size < EVENTS_MADE
    np.testing.assert_array_equal(found.selected, wanted)
    shown = [found.events[number - 1].pair for number in wanted]
    # Files keep single precision.
    mine = [pair.energy_sum_mev for pair in shown if pair is not None]
    sums = (pairs.energy_1 + pairs.energy_2)[: wanted.size]
    np.testing.assert_allclose(mine, sums, rtol=1e-6)
    np.testing.assert_array_equal(found.cut_flow.events[-2], wanted.size)
    assert found.cut_flow.events[-1] == found.counted


def test_cuts_in_words() -> None:
    found = explore_events(EventsState())
    for one in found.events:
        if one.pair is None:
            assert "two are needed" in one.verdict
            continue
        assert [cut.name for cut in one.pair.cuts] == list(PAIR_CUTS)
        assert one.pair.selected == all(cut.passed for cut in one.pair.cuts[:7])
        assert one.verdict.startswith("Selected") == one.pair.selected
        assert one.pair.counted == one.verdict.startswith("Selected and counted")
    failed = [
        cut.name
        for one in found.events
        if one.pair and not one.pair.selected
        for cut in one.pair.cuts
        if not cut.passed
    ]
    assert {"in time", "beyond R_min", "azimuth"} <= set(failed)


def test_in_time_is_said_only_of_a_pair_that_is() -> None:
    found = explore_events(EventsState())
    window = SETUP.pair_cuts.time_window_ns
    seen = set()
    for one in found.events:
        if one.pair is None:
            continue
        times = np.array([cluster.time_ns for cluster in one.clusters])
        closest = np.diff(np.sort(times)).min()
        assert one.pair.in_time == (closest < window)
        said = dict(event_rows(one, SETUP, 282.8))["Clusters"]
        n, more = times.size, sum(cluster.in_time for cluster in one.clusters) - 2
        if closest >= window:
            assert said == f"{n}, no two within 5 ns"
        else:
            assert more >= 0
            assert said == f"{n}, in time: the pair" + (f" and {more} more" if more else "")
        seen.add((one.pair.in_time, more > 0))
    assert {(True, False), (False, True)} <= seen


def test_r_max_is_asked_of_the_cluster_that_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    one_within = explore_events(EventsState())
    asked_of_both = replace(SETUP, pair_cuts=replace(SETUP.pair_cuts, r_max_applies_to="both"))
    monkeypatch.setattr(module, "load_setup", lambda _: asked_of_both)
    both_within = explore_events(EventsState())
    assert (one_within.circles.both_within, both_within.circles.both_within) == (False, True)
    for found in (one_within, both_within):
        for one in found.events:
            if one.pair is None:
                continue
            radii = sorted(one.clusters[k].radius_mm for k in (one.pair.first, one.pair.second))
            (cut,) = (cut for cut in one.pair.cuts if cut.name == "within R_max")
            name, radius = ("outer", radii[1]) if found.circles.both_within else ("inner", radii[0])
            assert cut.found == f"{name} R = {radius:.0f} mm"


def test_the_first_to_look_at_is_selected() -> None:
    found = explore_events(EventsState())
    assert found.begin == found.selected[0] > 1
    assert explore_events(EventsState(kind="accidental", energy=210.0)).begin == 1


def test_pile_up_adds_particles_of_the_bunch_out_of_time() -> None:
    with_it, without = (explore_events(EventsState(kind="gg", pile_up=on)) for on in (True, False))
    assert all(p.own for one in without.events for p in one.particles)
    beside = [p.name for one in with_it.events for p in one.particles if not p.own]
    assert len(beside) > EVENTS_MADE
    assert set(beside) == {"e⁺"}
    late = [c for one in with_it.events for c in one.clusters if not c.in_time]
    assert late


@pytest.mark.parametrize("setup", ["padme-run2", "padme-run3", "padme-run4"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_setup_shows_every_kind(setup: str, kind: str) -> None:
    mass = round(float(sqrt_s_mev(load_setup(setup).beam.energy_mev)), 3)
    found = explore_events(EventsState(setup=setup, kind=kind, mass=mass))
    assert len(found.events) == EVENTS_MADE
    assert found.made >= EVENTS_MADE
    low, high = energy_range_mev(found.setup)
    assert low < found.circles.beam_energy_mev < high


def test_no_event_near_is_an_answer() -> None:
    found = explore_events(EventsState(kind="accidental", energy=210.0))
    assert found.events == ()
    assert found.selected.size == found.counted == 0


def test_a_boson_far_from_the_beam_and_no_such_setup() -> None:
    with pytest.raises(UsageError, match="it resonates near"):
        explore_events(EventsState(kind="X", mass=40.0))
    with pytest.raises(UsageError, match="shipped setups"):
        explore_events(EventsState(setup="nowhere"))


def test_a_file_of_ones_own(short_setup_file: Path, tmp_path: Path) -> None:
    found = explore_events(EventsState(setup=str(short_setup_file)))
    assert found.setup.name == "short"
    bad = tmp_path / "bad.toml"
    bad.write_text("name = 3")
    with pytest.raises(InputError):
        explore_events(EventsState(setup=str(bad)))


def test_what_differs_from_the_defaults_is_in_the_address() -> None:
    assert EventsState().to_query() == {}
    state = EventsState(
        setup="padme-run4", kind="X", energy=281.25, mass=16.9, coupling=3e-4, letter="P", pile_up=False
    )
    state = replace(state, near=False, seed=5, event=17, truth=True)
    query = state.to_query()
    assert all(key.startswith("e_") for key in query)
    assert query["e_energy"] == "281.25"
    assert len(query) == 11
    assert EventsState.from_query(query) == state
    assert not EventsState.from_query(query | {"mass": "17", "tab": "events"}).problems


BAD = {
    "e_setup": "",
    "e_kind": "zz",
    "e_energy": "nan",
    "e_mass": "1e9",
    "e_coupling": "0",
    "e_letter": "Q",
    "e_pile_up": "yes",
    "e_near": "",
    "e_seed": "-1",
    "e_event": "101",
    "e_truth": "2",
    "e_<b>": "1",
}


@pytest.mark.parametrize("key", BAD)
def test_what_an_address_cannot_say_is_named_and_left_at_its_default(key: str) -> None:
    state = EventsState.from_query({key: BAD[key], "e_seed" if key != "e_seed" else "e_event": "9"})
    assert state == (EventsState(event=9) if key == "e_seed" else EventsState(seed=9))
    (problem,) = state.problems
    assert key in problem
    assert "ignored" in problem
