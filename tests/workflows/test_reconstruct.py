"""From hits to clusters in folders: as simulated straight to clusters, and what is done with bad files."""

import json
import shutil
from pathlib import Path

import pytest

from x17.errors import UsageError
from x17.reconstruction.cluster_file import read_cluster_record
from x17.reconstruction.clustering import Algorithm, ClusteringSettings
from x17.reconstruction.reconstruct import ReconstructionSettings
from x17.workflows.reconstruct import reconstruct, reconstruction_text

pyarrow = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")


@pytest.fixture
def events(short_events: Path, tmp_path: Path) -> Path:
    """Two of the periods, to be spoilt."""
    for period in ("period-03", "period-04"):
        shutil.copytree(short_events / period, tmp_path / "events" / period)
    return tmp_path / "events"


def contents(folder: Path, pattern: str = "period-*/*") -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.glob(pattern))}


def test_simulating_hits_first_changes_no_byte(
    short_events: Path, short_data: Path, short_setup_file: Path, tmp_path: Path
) -> None:
    """Clusters and sums over bunches are those that the pipeline makes without ever writing a hit."""
    run = reconstruct(short_events, tmp_path, setup_name=str(short_setup_file), workers=2)
    assert not run.problems
    assert run.n_made == 19 * 3 * 4
    assert contents(tmp_path) == contents(short_data)
    again = reconstruct(short_events, tmp_path, setup_name=str(short_setup_file), workers=1)
    assert (again.n_made, again.n_kept) == (0, run.n_made)
    assert again.document["samples"] == run.document["samples"]
    assert contents(tmp_path) == contents(short_data)


def test_beside_the_hits_by_default(events: Path, short_setup_file: Path, short_data: Path) -> None:
    run = reconstruct(events, setup_name=str(short_setup_file), workers=1)
    assert contents(events / "period-03", "clusters-*") == contents(short_data / "period-03", "clusters-*")
    text = reconstruction_text(run, events)
    assert "24 samples reconstructed" in text
    assert max(map(len, text.splitlines()[:-1])) <= 80


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-200])


def not_parquet(path: Path) -> None:
    path.write_text("not ours")


def no_events(path: Path) -> None:
    parquet.write_table(pyarrow.table({"a": [1, 2]}), path)


@pytest.mark.parametrize("spoil", [cut_short, not_parquet, no_events])
def test_a_bad_file_spoils_its_sample_alone(
    events: Path, short_setup_file: Path, short_data: Path, spoil: object
) -> None:
    bad = events / "period-03" / "ee-1-00000.parquet"
    assert callable(spoil)
    spoil(bad)
    run = reconstruct(events, setup_name=str(short_setup_file), workers=1)
    (problem,) = run.problems
    assert problem.startswith("ee-1: ")
    assert str(bad) in problem
    assert f"lost: {problem}" in reconstruction_text(run, events)
    assert json.loads((bad.parent / "problems.json").read_text())[0] in problem
    found, wanted = (contents(folder, "period-*/clusters-*") for folder in (events, short_data))
    assert "period-03/clusters-ee-1.parquet" not in found
    assert len(found) == 23
    assert all(wanted[name] == content for name, content in found.items())


def test_a_mended_file_is_no_problem_any_more(
    events: Path, short_events: Path, short_setup_file: Path
) -> None:
    bad = events / "period-03" / "gg-0-00000.parquet"
    cut_short(bad)
    assert reconstruct(events, setup_name=str(short_setup_file), workers=1).problems
    shutil.copy(short_events / "period-03" / bad.name, bad)
    mended = reconstruct(events, setup_name=str(short_setup_file), workers=1)
    assert (mended.n_made, mended.n_kept, mended.problems) == (1, 23, ())
    assert not (bad.parent / "problems.json").exists()


def test_events_of_another_setup_and_sample_are_found(
    events: Path, short_setup_file: Path, tmp_path: Path
) -> None:
    from x17.simulation.sample import Process
    from x17.workflows.simulate import simulate
    from x17.workflows.simulation_request import SimulationRequest

    request = SimulationRequest(period=3, positrons=1e6, processes=(Process.PHOTONS,))
    simulate("padme-run3", request, tmp_path / "other", workers=1)
    folder = events / "period-03"
    shutil.copy(tmp_path / "other" / "period-03" / "gg-00000.parquet", folder / "gg-2-00000.parquet")
    shutil.copy(folder / "ee-0-00000.parquet", folder / "ee-1-00001.parquet")
    run = reconstruct(events, setup_name=str(short_setup_file), workers=1)
    problems = {problem.split(":")[0]: problem for problem in run.problems}
    assert set(problems) == {"gg-2", "ee-1"}
    assert "another setup" in problems["gg-2"]
    assert "padme-run3" in problems["gg-2"]
    assert "ee-1" in problems["ee-1"]


@pytest.mark.parametrize(
    ("change", "missing"),
    [({"block": 1}, "file 0 of ee-2"), ({"n_events_of_sample": 10**6}, "file 1 of ee-2")],
)
def test_a_missing_file_of_a_sample_is_found(
    events: Path, short_setup_file: Path, change: dict[str, int], missing: str
) -> None:
    (path,) = (events / "period-03").glob("ee-2-*")
    table = parquet.read_table(path)
    about = json.loads(table.schema.metadata[b"x17.about"]) | change
    parquet.write_table(table.replace_schema_metadata({"x17.about": json.dumps(about)}), path)
    (problem,) = reconstruct(events, setup_name=str(short_setup_file), workers=1).problems
    assert missing in problem


def test_other_clustering_replaces_the_clusters(events: Path, short_setup_file: Path) -> None:
    reconstruct(events, setup_name=str(short_setup_file), workers=1)
    island = ReconstructionSettings(clustering=ClusteringSettings(algorithm=Algorithm.ISLAND))
    run = reconstruct(events, settings=island, setup_name=str(short_setup_file), workers=1)
    assert run.n_made == 24
    record = read_cluster_record(events / "period-03" / "clusters-ee-0.parquet")
    assert record["clustering"]["algorithm"] == "island"


def test_bad_bunches_leave_no_sums(events: Path, short_setup_file: Path) -> None:
    reconstruct(events, setup_name=str(short_setup_file), workers=1)
    assert (events / "period-04" / "runs.json").exists()
    cut_short(events / "period-04" / "bunches.parquet")
    run = reconstruct(events, setup_name=str(short_setup_file), workers=1)
    (problem,) = run.problems
    assert "bunches.parquet" in problem
    assert not (events / "period-04" / "runs.json").exists()
    assert (events / "period-03" / "runs.json").exists()


def test_clusters_without_their_events_are_refused(events: Path, short_setup_file: Path) -> None:
    """They would be counted with the others."""
    reconstruct(events, setup_name=str(short_setup_file), workers=1)
    stray = events / "period-04" / "clusters-X-0.parquet"
    shutil.copy(events / "period-04" / "clusters-ee-0.parquet", stray)
    with pytest.raises(UsageError, match=r"clusters-X-0.* events that are not here"):
        reconstruct(events, setup_name=str(short_setup_file), workers=1)


def test_folders_that_cannot_be_used(events: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no such folder"):
        reconstruct(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="holds no folder period-NN"):
        reconstruct(tmp_path / "empty")
    (tmp_path / "empty" / "period-03").mkdir()
    with pytest.raises(UsageError, match="holds no events"):
        reconstruct(tmp_path / "empty")
    with pytest.raises(UsageError, match=r"setup 'short'; name its file with --setup"):
        reconstruct(events)
    with pytest.raises(UsageError, match="not the one the events were made with"):
        reconstruct(events, setup_name="padme-run3")
    with pytest.raises(UsageError, match="is a file"):
        reconstruct(events, events / "period-03" / "ee-0-00000.parquet")


def test_hits_outside_the_map_are_named(events: Path, short_setup_file: Path) -> None:
    path = events / "period-03" / "ee-0-00000.parquet"
    table = parquet.read_table(path)
    name = next(column for column in table.column_names if "channel" in column)
    lists = table[name].to_pylist()
    lists[next(i for i, values in enumerate(lists) if values)][0] = 9999
    column = table.schema.get_field_index(name)
    field = table.schema.field(name)
    spoilt = table.set_column(column, field, pyarrow.array(lists, field.type))
    parquet.write_table(spoilt.replace_schema_metadata(table.schema.metadata), path)
    (problem,) = reconstruct(events, setup_name=str(short_setup_file), workers=1).problems
    assert "9999" in problem
    assert str(path) in problem
