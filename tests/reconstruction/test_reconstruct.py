"""From tables of simulated events to clusters and files of them."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from x17.apparatus import load_setup
from x17.errors import InputError
from x17.reconstruction.cluster_file import read_clusters, write_clusters
from x17.reconstruction.clustering import Algorithm, ClusteringSettings
from x17.reconstruction.reconstruct import ReconstructionSettings, reconstruct_events
from x17.simulation.sample import PlannedSample, Process, Sample
from x17.simulation.showers.library import ShowerLibrary
from x17.simulation.simulate import simulate_block
from x17.simulation.storage.event_table import EventTable, event_table

SETUP = load_setup("padme-run3")


@pytest.fixture(scope="module")
def table() -> EventTable:
    asked = Sample(process=Process.ELECTRONS, beam_energy_mev=279.0, n_pot=3e7)
    made = simulate_block(SETUP, ShowerLibrary.load(), PlannedSample.draw(SETUP, asked, 1), 0)
    return event_table(made, SETUP, {"program": "x17 simulate", "version": "0", "run": 1, "seed": 1})


def with_truth_removed(table: EventTable) -> EventTable:
    gone = {name: np.zeros(0, dtype=values.dtype) for name, values in table.lists["particle"].items()}
    none = np.zeros(table.n_events, dtype=np.int64)
    scalars = dict(table.scalars) | {"cos_theta": np.full(table.n_events, np.nan, dtype=np.float32)}
    return EventTable(
        table.about, scalars, dict(table.counts) | {"particle": none}, dict(table.lists) | {"particle": gone}
    )


def test_events_keep_their_numbers_and_weights(table: EventTable) -> None:
    found = reconstruct_events(table, SETUP)
    np.testing.assert_array_equal(found.event, table.scalars["event"])
    np.testing.assert_array_equal(found.weight, table.scalars["weight"])
    assert found.n_events == found.clusters.n_events == table.n_events
    assert np.all(np.diff(found.clusters.event) >= 0)


def test_the_record(table: EventTable) -> None:
    about = reconstruct_events(table, SETUP).about
    assert about["program"] == "x17 reconstruct"
    assert (about["hits_program"], about["hits_version"], about["run"]) == ("x17 simulate", "0", 1)
    assert about["clustering"] == ClusteringSettings().resolved(SETUP.calorimeter).record()
    assert (about["tagger_offset_ns"], about["hits_left_out"]) == (0.0, 0)


def test_the_truth_is_not_looked_at(table: EventTable) -> None:
    one, other = (reconstruct_events(t, SETUP).clusters for t in (table, with_truth_removed(table)))
    for name in ("seed", "energy", "x", "tagger_ends"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


def test_settings_reach_the_algorithm(table: EventTable) -> None:
    default = reconstruct_events(table, SETUP)
    island = ReconstructionSettings(clustering=ClusteringSettings(algorithm=Algorithm.ISLAND))
    assert reconstruct_events(table, SETUP, island).clusters.size > default.clusters.size
    delayed = ReconstructionSettings(tagger_offset_ns=None)
    before, after = (
        np.count_nonzero(e.clusters.tagger_ends) for e in (default, reconstruct_events(table, SETUP, delayed))
    )
    assert after < 0.5 * before


def test_a_setup_without_a_tagger(table: EventTable) -> None:
    found = reconstruct_events(table, replace(SETUP, charged_tagger=None))
    assert not np.any(found.clusters.tagger_ends)


def test_a_file_with_a_hit_outside_the_map(table: EventTable) -> None:
    hit = dict(table.lists["hit"])
    hit["channel"] = hit["channel"].copy()
    hit["channel"][5] = 1414
    wrong = EventTable(table.about, table.scalars, table.counts, dict(table.lists) | {"hit": hit})
    with pytest.raises(InputError, match=r"ee-00000\.parquet.*\n.*1 of \d+ hits lie outside"):
        reconstruct_events(wrong, SETUP, source="ee-00000.parquet")
    flagged = reconstruct_events(wrong, SETUP, ReconstructionSettings(leave_out=True))
    assert flagged.about["hits_left_out"] == 1
    assert flagged.n_events == table.n_events


def test_through_a_file(table: EventTable, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    found, path = reconstruct_events(table, SETUP), tmp_path / "ee-00000.clusters.parquet"
    write_clusters(found, path, SETUP.calorimeter)
    back = read_clusters(path, SETUP.calorimeter)
    assert back.about == found.about
    np.testing.assert_array_equal(back.clusters.seed, found.clusters.seed)
    # Single precision: 6e-8 of the value.
    np.testing.assert_allclose(back.clusters.energy, found.clusters.energy, rtol=1e-7)
