"""What is found in folders of clusters."""

import json
import math
import shutil
from pathlib import Path

import numpy as np
import pytest

from x17.apparatus import Setup
from x17.errors import InputError
from x17.reconstruction.cluster_file import read_cluster_record
from x17.reconstruction.flux.run_sums import RunSums
from x17.workflows.cluster_folder import (
    PeriodFolder,
    period_folders,
    read_period,
    read_runs,
    same_record,
    same_runs,
    sample_of_file,
    write_runs,
)
from x17.workflows.count import spots_of_runs


def test_periods_by_number(tmp_path: Path) -> None:
    for name in ("period-11", "period-02", "period--3", "period-104", "period-x", "other"):
        (tmp_path / name).mkdir()
    (tmp_path / "period-05").touch()
    assert [place.period for place in period_folders(tmp_path)] == [-3, 2, 11, 104]


@pytest.mark.parametrize(
    ("name", "sample"),
    [("ee-00012", "ee"), ("ee-2-00000", "ee-2"), ("mine", "mine"), ("my-events", "my-events")],
)
def test_samples_of_files(name: str, sample: str) -> None:
    assert sample_of_file(Path(f"{name}.parquet")) == sample


def test_events_of_a_period_know_their_sample_and_run(short_data: Path, short_setup: Setup) -> None:
    place = PeriodFolder(4, short_data / "period-04")
    events, records = read_period(place, short_setup.calorimeter)
    assert len(records) == 12
    for number, record in enumerate(records):
        mine = events.sample == number
        assert mine.sum() == record["n_events"]
        assert np.all(events.run[mine] == record["run"])
    assert events.n_events == sum(record["n_events"] for record in records)
    assert events.clusters.event.max() < events.n_events
    nothing, none = read_period(PeriodFolder(4, short_data / "nowhere"), short_setup.calorimeter)
    assert (nothing.n_events, none) == (0, ())


def test_noted_problems_are_errors(short_data: Path, short_setup: Setup, tmp_path: Path) -> None:
    shutil.copytree(short_data / "period-04", tmp_path / "period-04")
    place = PeriodFolder(4, tmp_path / "period-04")
    for content, message in (
        ('["one", "two"]', r"2 problems\n  one\n  two"),
        ("[", "problems.json cannot be read"),
    ):
        place.problems_file.write_text(content)
        with pytest.raises(InputError, match=message):
            read_period(place, short_setup.calorimeter)


def test_records_are_compared_without_what_comes_out(short_data: Path, tmp_path: Path) -> None:
    path = short_data / "period-04" / "clusters-ee-1.parquet"
    record = read_cluster_record(path)
    assert same_record(path, record | {"n_events": 1, "hits_left_out": 7})
    assert not same_record(path, record | {"seed": 7})
    assert not same_record(tmp_path / "nowhere.parquet", record)
    (tmp_path / "cut.parquet").write_bytes(path.read_bytes()[:-9])
    assert not same_record(tmp_path / "cut.parquet", record)


def test_sums_of_runs_come_back(tmp_path: Path) -> None:
    path = tmp_path / "runs.json"
    runs = (RunSums(period=3, run=0, beam_energy_mev=280.0, n_bunches=7, lead_glass_pc=3.25),)
    write_runs(path, runs, {"seed": 1})
    assert read_runs(path) == (runs, {"seed": 1})
    assert same_runs(path, {"seed": 1})
    assert not same_runs(path, {"seed": 2})
    for content in ("", "{}", json.dumps({"about": {}, "runs": [{"period": 1}]}), "[]"):
        path.write_text(content)
        assert not same_runs(path, {"seed": 1})
        with pytest.raises(InputError, match=r"runs\.json.*\n.*cannot be used"):
            read_runs(path)


def test_spots_are_those_of_the_runs(short_data: Path) -> None:
    runs, _ = read_runs(short_data / "period-04" / "runs.json")
    spots = spots_of_runs(runs[::2], 3)
    assert spots[0] == (runs[0].target_x.mean, runs[0].target_y.mean)
    assert spots[2] == (runs[2].target_x.mean, runs[2].target_y.mean)
    assert all(map(math.isnan, spots[1]))
