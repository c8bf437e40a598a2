"""Straight from planned samples to clusters: resumed, on any number of workers, never mixed."""

from dataclasses import replace
from pathlib import Path

import pytest

from x17.apparatus import Setup
from x17.errors import UsageError
from x17.reconstruction.cluster_file import read_cluster_record
from x17.reconstruction.clustering import Algorithm, ClusteringSettings
from x17.reconstruction.reconstruct import ReconstructionSettings
from x17.simulation.conditions import Conditions
from x17.simulation.planning import SampleSettings, plan_samples
from x17.simulation.sample import PlannedSample, Process
from x17.statistics.blocks import silent
from x17.workflows.simulated_clusters import ClusterMaker

SETTINGS = SampleSettings(n_pot=2e7, fiducial_margin_mm=20.0, pile_up_window_ns=30.0)


def plans(setup: Setup, seed: int = 1, **changes: object) -> list[PlannedSample]:
    conditions = Conditions.drawn(setup, 1)
    settings = replace(SETTINGS, **changes)  # type: ignore[arg-type]
    return plan_samples(setup, setup.run_plan.periods[2:4], settings, seed, conditions=conditions)


def maker(setup: Setup, out: Path) -> ClusterMaker:
    return ClusterMaker.into(out, setup, Conditions.drawn(setup, 1))


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.*")}


def stop_at(number: int) -> object:
    def progress(_: str, done: int, total: int) -> None:
        if number <= done < total:
            raise KeyboardInterrupt

    return progress


@pytest.fixture(scope="module")
def whole(short_setup: Setup, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two periods, made at one go."""
    folder = tmp_path_factory.mktemp("whole") / "data"
    assert maker(short_setup, folder).make(plans(short_setup), 1, "samples", silent) == 12
    maker(short_setup, folder).make_runs({0: 2e7, 1: 2e7}, 1, 1, "bunches", silent)
    return folder


@pytest.mark.parametrize("workers", [1, 2])
def test_an_interrupted_run_goes_on_to_the_same_bytes(
    short_setup: Setup, whole: Path, tmp_path: Path, workers: int
) -> None:
    make = maker(short_setup, tmp_path)
    with pytest.raises(KeyboardInterrupt, match=r"\d+ of 12 samples are safe in .*goes on from there"):
        make.make(plans(short_setup), workers, "samples", stop_at(5))  # type: ignore[arg-type]
    there = len(contents(tmp_path))
    # A second thread finishes what it has begun, and may be ahead of whoever is told.
    assert there == 5 if workers == 1 else 5 <= there <= 12
    assert make.make(plans(short_setup), workers, "samples", silent) == 12 - there
    with pytest.raises(KeyboardInterrupt):
        make.make_runs({0: 2e7, 1: 2e7}, 1, workers, "bunches", stop_at(1))  # type: ignore[arg-type]
    make.make_runs({0: 2e7, 1: 2e7}, 1, workers, "bunches", silent)
    assert contents(tmp_path) == contents(whole)


@pytest.mark.parametrize("name", ["clusters-ee-1.parquet", "runs.json"])
def test_a_file_cut_short_is_made_again(short_setup: Setup, whole: Path, tmp_path: Path, name: str) -> None:
    make = maker(short_setup, tmp_path)
    for path, content in contents(whole).items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(content[:-100] if path == f"period-00/{name}" else content)
    (tmp_path / "period-00" / ".clusters-ee-2.dead.parquet").write_bytes(b"half")
    assert make.make(plans(short_setup), 1, "samples", silent) == (name != "runs.json")
    make.make_runs({0: 2e7, 1: 2e7}, 1, 1, "bunches", silent)
    assert contents(tmp_path) == contents(whole)


@pytest.mark.parametrize(
    "change",
    [{"seed": 2}, {"n_pot": 3e7}, {"fiducial_margin_mm": 30.0}, {"published_k": True}],
    ids=str,
)
def test_other_samples_are_not_mixed_in(short_setup: Setup, whole: Path, change: dict[str, object]) -> None:
    before = contents(whole)
    others = plans(short_setup, **change)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match=r"clusters-ee-0.parquet holds clusters of other settings"):
        maker(short_setup, whole).make(others, 1, "samples", silent)
    assert contents(whole) == before


def test_other_clusters_and_processes_are_not_mixed_in(short_setup: Setup, whole: Path) -> None:
    island = ReconstructionSettings(clustering=ClusteringSettings(algorithm=Algorithm.ISLAND))
    other = ClusterMaker.into(whole, short_setup, Conditions.drawn(short_setup, 1), island)
    with pytest.raises(UsageError, match=r"clusters-ee-0.parquet holds clusters of other settings"):
        other.make(plans(short_setup), 1, "samples", silent)
    fewer = plans(short_setup, processes=(Process.PHOTONS,))
    with pytest.raises(UsageError, match=r"clusters-ee-0.parquet is of other processes"):
        maker(short_setup, whole).make(fewer, 1, "samples", silent)


def test_a_sample_without_events_has_no_file(short_setup: Setup, tmp_path: Path) -> None:
    """As hits have none; and it is not to be made again and again."""
    none = [replace(plan, n_events=0) for plan in plans(short_setup)[:1]]
    make = maker(short_setup, tmp_path)
    assert make.make([*none, *plans(short_setup)[1:2]], 1, "samples", silent) == 1
    assert [path.name for path in tmp_path.rglob("*.parquet")] == ["clusters-gg-0.parquet"]
    assert make.make([*none, *plans(short_setup)[1:2]], 1, "samples", silent) == 0


def test_records_say_what_was_generated(short_setup: Setup, whole: Path) -> None:
    plan = next(p for p in plans(short_setup) if p.sample.period == 1 and p.sample.run == 2)
    record = read_cluster_record(whole / "period-01" / "clusters-ee-2.parquet")
    assert (record["n_generated"], record["period"], record["run"]) == (plan.n_events, 1, 2)
    assert 0 < record["n_events"] < plan.n_events


def test_a_file_is_no_folder(short_setup: Setup, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="is a file; name a folder"):
        maker(short_setup, tmp_path / "file")
