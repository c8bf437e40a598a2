"""A file of PADME's layout that ROOT wrote: every value comes back, and our clusters are those in it."""

from dataclasses import replace

import numpy as np
import pytest

from x17.apparatus.setup import Setup
from x17.errors import InputError, UsageError
from x17.reconstruction.clustering import find_clusters
from x17.reconstruction.padme_events import PadmeEvents
from x17.reconstruction.padme_files import padme_batches, read_padme_events
from x17.reconstruction.padme_layout import RecoLattice

from .padme_truth import EMPTY, FILE, ODD, events, of_clusters, truth


@pytest.fixture(scope="module")
def read(setup: Setup) -> PadmeEvents:
    return read_padme_events(FILE, setup.calorimeter)


def test_the_file_is_small() -> None:
    assert len(events()) == 300
    assert FILE.stat().st_size < 200_000


@pytest.mark.parametrize(
    ("name", "key"),
    [("run", "run"), ("number", "event"), ("trigger_mask", "trigger_mask"), ("status", "status")],
)
def test_heads_of_events(read: PadmeEvents, name: str, key: str) -> None:
    assert getattr(read, name).tolist() == [event[key] for event in events()]


def test_bits(read: PadmeEvents) -> None:
    assert read.has_beam.tolist() == [event["trigger_mask"] == 1 for event in events()]
    assert read.is_simulated.all()


def test_hits(read: PadmeEvents, setup: Setup) -> None:
    assert read.hits is not None
    about, hits = truth()["about"], [hit for event in events() for hit in event["hits"]]
    channel, energy, time = np.array(hits).T
    assert setup.calorimeter.cells.channel[read.hits.cell].tolist() == channel.tolist()
    assert (read.hits.energy / about["energy_step_mev"]).tolist() == energy.tolist()
    assert (read.hits.time / about["time_step_ns"]).tolist() == time.tolist()
    counts = np.bincount(read.hits.event, minlength=read.n_events)
    assert counts.tolist() == [len(event["hits"]) for event in events()]


def test_clusters(read: PadmeEvents, setup: Setup) -> None:
    assert read.clusters is not None
    clusters = read.clusters
    assert clusters.energy.tolist() == of_clusters("energy")
    assert clusters.time.tolist() == of_clusters("time")
    assert clusters.n_hits.tolist() == [len(hits) for hits in of_clusters("hits")]
    assert setup.calorimeter.cells.channel[clusters.seed].tolist() == of_clusters("channel")
    counts = np.bincount(clusters.event, minlength=read.n_events)
    assert counts.tolist() == [len(event["clusters"]) for event in events()]
    assert not clusters.tagger_ends.any()
    assert read.n_clusters_left_out == 0


def test_positions_come_in_the_coordinates_of_the_setup(read: PadmeEvents, setup: Setup) -> None:
    """A cluster of one hit lies at the centre of its crystal, where the setup has it: within the rounding."""
    assert read.clusters is not None
    alone, cells = read.clusters.select(read.clusters.n_hits == 1), setup.calorimeter.cells
    assert alone.size == 3
    np.testing.assert_allclose(alone.x, cells.x_mm[alone.seed], rtol=0.0, atol=6e-5)
    np.testing.assert_allclose(alone.y, cells.y_mm[alone.seed], rtol=0.0, atol=6e-5)


def test_a_lattice_of_ones_own(setup: Setup) -> None:
    """With the setup's own lattice, positions are as written."""
    calorimeter = setup.calorimeter
    lattice = RecoLattice(
        pitch_mm=calorimeter.pitch_mm,
        offset_x_mm=calorimeter.offset_x_mm,
        offset_y_mm=calorimeter.offset_y_mm,
    )
    as_written = read_padme_events(FILE, calorimeter, lattice=lattice).clusters
    assert as_written is not None
    # The subtraction and addition of the offset may cost the last digits.
    np.testing.assert_allclose(as_written.x, of_clusters("x"), rtol=0.0, atol=1e-12)
    np.testing.assert_allclose(as_written.y, of_clusters("y"), rtol=0.0, atol=1e-12)
    with pytest.raises(UsageError, match="crystals 0 mm apart"):
        RecoLattice(pitch_mm=0.0)


@pytest.mark.parametrize(
    ("part", "name", "key"),
    [
        ("lead_glass", "charge_pc", "lead_glass_pc"),
        ("lead_glass", "n_pot", "lead_glass_n_pot"),
        ("target", "x_mm", "target_x"),
        ("target", "y_mm", "target_y"),
        ("target", "sigma_x_mm", "target_width_x"),
        ("target", "sigma_y_mm", "target_width_y"),
        ("target", "charge_x_pc", "target_pc"),
        ("target", "charge_y_pc", "target_pc"),
        ("target", "n_pot", "target_n_pot"),
    ],
)
def test_monitors(read: PadmeEvents, part: str, name: str, key: str) -> None:
    assert getattr(getattr(read, part), name).tolist() == [event[key] for event in events()]


def test_positrons_of_the_file_are_those_of_its_charge(read: PadmeEvents, setup: Setup) -> None:
    """N = Q/0.239 pC · 402.5 MeV/E, as the setup has it, to the rounding of charge and number."""
    assert read.lead_glass is not None
    assert setup.beam_catcher is not None
    positrons = setup.beam_catcher.positrons(read.lead_glass.charge_pc, truth()["about"]["beam_energy_mev"])
    np.testing.assert_allclose(read.lead_glass.n_pot, positrons, rtol=0.0, atol=1e-3)


def test_our_clusters_are_those_of_the_file(read: PadmeEvents, setup: Setup) -> None:
    """The script has a loop of its own for PADME's algorithm; its numbers are rounded to 1e-4."""
    assert read.hits is not None
    assert read.clusters is not None
    ours = find_clusters(read.hits, setup.calorimeter)
    for name in ("event", "seed", "n_hits", "time"):
        np.testing.assert_array_equal(getattr(ours, name), getattr(read.clusters, name))
    for name in ("energy", "x", "y"):
        np.testing.assert_allclose(getattr(ours, name), getattr(read.clusters, name), rtol=0.0, atol=6e-5)


@pytest.mark.parametrize("size", [1_000, 300, 70, 7])
def test_batches_are_parts_of_the_whole(read: PadmeEvents, setup: Setup, size: int) -> None:
    batches = list(padme_batches(FILE, setup.calorimeter, events=size))
    assert [batch.first_entry for batch in batches] == list(range(0, 300, size))
    assert read.hits is not None
    assert read.clusters is not None
    assert read.target is not None
    for batch in batches:
        assert batch.hits is not None
        assert batch.clusters is not None
        assert max(batch.hits.event, default=0) < batch.n_events <= size
    for whole, parts in (
        (read.run, [batch.run for batch in batches]),
        (read.hits.energy, [batch.hits.energy for batch in batches if batch.hits]),
        (
            read.clusters.event,
            [batch.clusters.event + batch.first_entry for batch in batches if batch.clusters],
        ),
        (read.clusters.seed, [batch.clusters.seed for batch in batches if batch.clusters]),
        (read.target.x_mm, [batch.target.x_mm for batch in batches if batch.target]),
    ):
        np.testing.assert_array_equal(np.concatenate(parts), whole)


def test_entries(read: PadmeEvents, setup: Setup) -> None:
    part = read_padme_events(FILE, setup.calorimeter, entry_start=290, entry_stop=1_000)
    assert part.first_entry == 290
    assert part.number.tolist() == read.number[290:].tolist()
    behind = read_padme_events(FILE, setup.calorimeter, entry_start=5_000)
    assert behind.n_events == 0
    for start, stop in ((-1, None), (5, 4)):
        with pytest.raises(UsageError, match="allowed: 0 or above"):
            read_padme_events(FILE, setup.calorimeter, entry_start=start, entry_stop=stop)
    with pytest.raises(UsageError, match="batches of 0 events"):
        next(padme_batches(FILE, setup.calorimeter, events=0))


def test_a_file_without_events(setup: Setup) -> None:
    empty = read_padme_events(EMPTY, setup.calorimeter)
    assert empty.n_events == 0
    assert empty.hits is not None
    assert empty.clusters is not None
    assert empty.lead_glass is not None
    assert empty.hits.size == empty.clusters.size == empty.lead_glass.charge_pc.size == 0
    assert not list(padme_batches(EMPTY, setup.calorimeter))


def test_hits_and_clusters_that_cannot_be_used(read: PadmeEvents, setup: Setup) -> None:
    """Four events without monitors, a hit in no crystal and a cluster without energy in the second.

    The clusters are in the base class: the paths of their leaves have a level less.
    """
    with pytest.raises(InputError, match=r"1 of \d+ clusters cannot be used, the first in event 1"):
        read_padme_events(ODD, setup.calorimeter)
    odd = read_padme_events(ODD, setup.calorimeter, leave_out=True)
    assert odd.n_events == 4
    assert odd.hits is not None
    assert odd.clusters is not None
    assert (odd.hits.n_left_out, odd.n_clusters_left_out) == (1, 1)
    assert odd.lead_glass is None
    assert odd.target is None
    assert read.hits is not None
    assert odd.hits.energy.tolist() == read.hits.energy[read.hits.event < 4].tolist()


def test_a_calorimeter_without_the_crystals_that_were_hit(setup: Setup) -> None:
    full = setup.calorimeter
    others = [stretch for stretch in full.stretches if stretch[0] != 18]
    smaller = replace(full, stretches=(*others, (18, 0, 0)), dead_cells=())
    with pytest.raises(InputError, match=r"outside the crystal map|clusters cannot be used"):
        read_padme_events(FILE, smaller)
