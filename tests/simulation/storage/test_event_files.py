"""Both file formats: what is written is what is read, and what is not ours is refused in one sentence."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from x17.apparatus.setup import Setup
from x17.apparatus.tracker import Tracker
from x17.errors import InputError
from x17.simulation.sample import PlannedSample, Process, Sample
from x17.simulation.showers.library import ShowerLibrary
from x17.simulation.simulate import simulate_block
from x17.simulation.storage.event_table import LISTS, SCALARS, EventTable, event_table
from x17.simulation.storage.parquet_events import read_parquet, read_parquet_record, write_parquet
from x17.simulation.storage.root_events import read_root, read_root_record, write_root

from ..conftest import BEAM_ENERGY

FORMATS = {
    ".parquet": (write_parquet, read_parquet, read_parquet_record),
    ".root": (write_root, read_root, read_root_record),
}


@pytest.fixture(scope="module")
def table(setup: Setup) -> EventTable:
    asked = Sample(process=Process.ELECTRONS, beam_energy_mev=BEAM_ENERGY, n_pot=5e6)
    plan = PlannedSample.draw(setup, asked, 1)
    made = simulate_block(setup, ShowerLibrary.load(), plan, 0)
    return event_table(made, setup, {"program": "x17 simulate", "seed": 1, "boson": None, "name": "é"})


@pytest.mark.parametrize("suffix", FORMATS)
def test_what_is_written_is_what_is_read(table: EventTable, tmp_path: Path, suffix: str) -> None:
    write, read, read_record = FORMATS[suffix]
    path = tmp_path / "new" / f"events{suffix}"
    write(table, path)
    back = read(path)
    assert back.about == read_record(path) == table.about
    for name in SCALARS:
        np.testing.assert_array_equal(back.scalars[name], table.scalars[name])
        assert back.scalars[name].dtype == SCALARS[name]
    for group, parts in LISTS.items():
        np.testing.assert_array_equal(back.counts[group], table.counts[group])
        for name, kind in parts.items():
            np.testing.assert_array_equal(back.lists[group][name], table.lists[group][name])
            assert back.lists[group][name].dtype == kind
    assert [item.name for item in path.parent.iterdir()] == [path.name]


def test_lists_belong_to_their_events(table: EventTable) -> None:
    assert (
        np.bincount(table.event_of("hit"), minlength=table.n_events).tolist() == table.counts["hit"].tolist()
    )
    # The first two particles of an event are an electron and a positron.
    first = np.concatenate([[0], np.cumsum(table.counts["particle"])[:-1]])
    assert set(table.lists["particle"]["pdg"][first]) == {11}
    assert set(table.lists["particle"]["pdg"][first + 1]) == {-11}


@pytest.mark.parametrize("suffix", FORMATS)
def test_tracks_are_kept_where_there_is_a_tracker(setup: Setup, tmp_path: Path, suffix: str) -> None:
    tracked = replace(setup, tracker=Tracker())
    asked = Sample(process=Process.ELECTRONS, beam_energy_mev=BEAM_ENERGY, n_pot=5e6)
    made = simulate_block(tracked, ShowerLibrary.load(), PlannedSample.draw(tracked, asked, 1), 0)
    table = event_table(made, tracked, {"program": "x17 simulate"})
    write, read, _ = FORMATS[suffix]
    write(table, tmp_path / f"events{suffix}")
    back = read(tmp_path / f"events{suffix}")
    assert table.counts["track"].sum() > 0
    np.testing.assert_array_equal(back.counts["track"], table.counts["track"])
    for name, values in table.lists["track"].items():
        np.testing.assert_array_equal(back.lists["track"][name], values)


def test_other_programs_open_the_root_file(table: EventTable, tmp_path: Path) -> None:
    uproot = pytest.importorskip("uproot")
    write_root(table, tmp_path / "events.root")
    with uproot.open(tmp_path / "events.root") as file:
        assert file["events"].classname == "TTree"
        assert file["events"].num_entries == table.n_events
        np.testing.assert_array_equal(file["events"]["nhit"].array(library="np"), table.counts["hit"])


def _truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize(
    "spoil",
    [_truncate, lambda path: path.write_bytes(b""), lambda path: path.write_text("no"), Path.unlink],
    ids=["cut short", "empty", "text", "not there"],
)
def test_bad_files_are_one_sentence(
    table: EventTable, tmp_path: Path, suffix: str, spoil: Callable[[Path], Any]
) -> None:
    write, read, read_record = FORMATS[suffix]
    path = tmp_path / f"events{suffix}"
    write(table, path)
    spoil(path)
    for reader in (read, read_record):
        with pytest.raises(InputError, match="1 problem"):
            reader(path)


def test_foreign_files_are_refused(tmp_path: Path) -> None:
    arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    parquet.write_table(arrow.table({"event": [1]}), tmp_path / "foreign.parquet")
    with pytest.raises(InputError, match="no events of x17"):
        read_parquet(tmp_path / "foreign.parquet")
    uproot = pytest.importorskip("uproot")
    with uproot.recreate(tmp_path / "foreign.root") as file:
        file["about"] = "something else"
    with pytest.raises(InputError, match="no events of x17"):
        read_root(tmp_path / "foreign.root")


def test_a_file_without_its_columns_is_refused(tmp_path: Path) -> None:
    arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    content = arrow.table({"event": [1]})
    content = content.replace_schema_metadata({"x17.about": '{"program": "x17 simulate"}'})
    parquet.write_table(content, tmp_path / "partial.parquet")
    with pytest.raises(InputError, match="lacks the column"):
        read_parquet(tmp_path / "partial.parquet")
