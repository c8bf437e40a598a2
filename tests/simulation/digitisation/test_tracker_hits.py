"""Tracks: seen as often, and smeared as much, as the tracker says; what else is random does not notice."""

from dataclasses import replace

import numpy as np
import pytest

from x17.apparatus.setup import Setup
from x17.apparatus.tracker import Tracker
from x17.errors import InputError
from x17.simulation.digitisation.tracker_hits import Tracks, tracks
from x17.simulation.events import PHOTON, POSITRON
from x17.simulation.sample import PlannedSample, Process, Sample
from x17.simulation.showers.library import ShowerLibrary
from x17.simulation.simulate import simulate_block
from x17.simulation.storage import file_identity
from x17.simulation.storage.file_identity import setup_digest
from x17.simulation.transport import to_calorimeter

from ..batches import batch

N = 20_000
PATH = 2612.41 - 60.0 + 1028.0
"""From the target to the tracker, mm."""


def found(
    setup: Setup, tracker: Tracker, x: float, y: float = 0.0, pdg: int = POSITRON, n: int = N
) -> Tracks:
    events = batch([pdg] * n, [[200.0 * x / PATH, 200.0 * y / PATH, 200.0]] * n)
    return tracks(events, to_calorimeter(events, setup), tracker, np.random.default_rng(3))


def test_charged_particles_are_seen_with_the_efficiency(setup: Setup) -> None:
    share = found(setup, Tracker(charged_efficiency=0.9), 150.0).event.size / N
    # Four binomial errors.
    assert share == pytest.approx(0.9, abs=4.0 * np.sqrt(0.9 * 0.1 / N))


def test_photons_are_seen_where_they_convert(setup: Setup) -> None:
    thick = Tracker(charged_efficiency=1.0, radiation_lengths=0.1)
    share = found(setup, thick, 150.0, pdg=PHOTON).event.size / N
    wanted = -np.expm1(-7.0 / 9.0 * 0.1 * np.hypot(1.0, 150.0 / PATH))
    assert share == pytest.approx(wanted, abs=4.0 * np.sqrt(wanted / N))
    assert found(setup, Tracker(radiation_lengths=0.0), 150.0, pdg=PHOTON).event.size == 0


def test_tracks_have_the_stated_errors(setup: Setup) -> None:
    tracker = Tracker(position_resolution_mm=0.7, angle_resolution_mrad=3.0, time_resolution_ns=4.0)
    some = found(setup, tracker, 150.0, 50.0)
    way = np.linalg.norm([150.0, 50.0, PATH])
    truth = (150.0, 50.0, 150.0 / PATH, 50.0 / PATH, way / 299.792458)
    errors = (0.7, 0.7, 3e-3, 3e-3, 4.0)
    for values, middle, error in zip(
        (some.x, some.y, some.slope_x, some.slope_y, some.time), truth, errors, strict=True
    ):
        # Means and standard deviations of 19 600 numbers: four times their errors.
        assert values.mean() == pytest.approx(middle, abs=4.0 * error / np.sqrt(values.size))
        assert values.std() == pytest.approx(error, rel=4.0 / np.sqrt(2.0 * values.size))


@pytest.mark.parametrize(("x", "seen"), [(44.0, False), (46.0, True), (269.0, True), (271.0, False)])
def test_hole_and_edge(setup: Setup, x: float, seen: bool) -> None:
    tracker = Tracker(charged_efficiency=1.0, hole_side_mm=90.0, width_mm=540.0)
    assert found(setup, tracker, x, n=10).event.size == (10 if seen else 0)


def test_a_hole_larger_than_the_tracker_is_refused() -> None:
    with pytest.raises(InputError, match="hole too large"):
        Tracker(width_mm=80.0, hole_side_mm=80.0)


def test_all_else_is_as_without_a_tracker(setup: Setup) -> None:
    asked = Sample(process=Process.ELECTRONS, beam_energy_mev=279.0, n_pot=5e6)
    one, other = (
        simulate_block(each, ShowerLibrary.load(), PlannedSample.draw(each, asked, 1), 0)
        for each in (setup, replace(setup, tracker=Tracker()))
    )
    np.testing.assert_array_equal(one.hits.energy, other.hits.energy)
    np.testing.assert_array_equal(one.tagger.time, other.tagger.time)
    assert one.tracks is None
    assert other.tracks is not None
    assert np.all(np.diff(other.tracks.event) >= 0)


def test_a_setup_without_a_tracker_keeps_its_digest(setup: Setup) -> None:
    """Event files and expectations made before there were trackers are still of that setup."""
    assert "tracker" not in file_identity._plain(setup)
    assert setup_digest(setup) != setup_digest(replace(setup, tracker=Tracker()))
