"""Folders of clusters: a folder a period, a file a sample, and the sums over the bunches of its runs."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from x17.apparatus.calorimeter import Calorimeter
from x17.errors import InputError, Problem, UsageError
from x17.reconstruction.cluster_file import ReconstructedEvents, read_cluster_record, read_clusters
from x17.reconstruction.clusters import Clusters
from x17.reconstruction.flux.run_sums import RunSums
from x17.reconstruction.flux.run_sums_document import run_sums_from_document, run_sums_to_document
from x17.reconstruction.period_selection import PeriodEvents
from x17.report.files import write_text
from x17.report.tables import json_text
from x17.simulation.sample import PlannedSample
from x17.simulation.storage.file_identity import write_in_one_step

PREFIX = "clusters-"
RUNS = "runs.json"
PROBLEMS = "problems.json"
_PERIOD = re.compile(r"period-(-?\d+)")
_BLOCK = re.compile(r"-\d{5}$")


@dataclass(frozen=True, slots=True, eq=False)
class PeriodFolder:
    """What a folder of a period holds.

    Attributes
    ----------
    period : int
    path : Path
    """

    period: int
    path: Path

    @property
    def cluster_files(self) -> list[Path]:
        """Files of clusters, by name."""
        return sorted(self.path.glob(f"{PREFIX}*.parquet"))

    @property
    def runs_file(self) -> Path:
        """Sums over the bunches of the runs."""
        return self.path / RUNS

    @property
    def problems_file(self) -> Path:
        """What could not be reconstructed."""
        return self.path / PROBLEMS


def period_folders(folder: Path) -> list[PeriodFolder]:
    """Find the folders of periods.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    list of PeriodFolder
        By number.

    Raises
    ------
    UsageError
        No such folder, or no period in it.
    """
    if not folder.is_dir():
        raise UsageError(f"{folder}: there is no such folder; name one of `x17 simulate` or `x17 pipeline`")
    matches = [(_PERIOD.fullmatch(path.name), path) for path in folder.iterdir() if path.is_dir()]
    found = [PeriodFolder(int(match.group(1)), path) for match, path in matches if match]
    if not found:
        raise UsageError(f"{folder}: holds no folder period-NN; name one of `x17 simulate` or `x17 pipeline`")
    return sorted(found, key=lambda one: one.period)


def sample_of_file(path: Path) -> str:
    """Name of the sample that a file of events is a block of.

    Parameters
    ----------
    path : Path
        ``PROCESS-BBBBB`` or ``PROCESS-R-BBBBB``.

    Returns
    -------
    str
        Without the number of the block.
    """
    return _BLOCK.sub("", path.stem)


def sample_name(plan: PlannedSample, n_runs: int) -> str:
    """Name of a planned sample, as `sample_of_file` finds it.

    Parameters
    ----------
    plan : PlannedSample
    n_runs : int
        Of its period.

    Returns
    -------
    str
    """
    run = f"-{plan.sample.run}" if n_runs > 1 else ""
    return f"{plan.sample.process.value}{run}"


def cluster_path(folder: Path, sample: str) -> Path:
    """Where the clusters of a sample are.

    Parameters
    ----------
    folder : Path
        Of the period.
    sample : str

    Returns
    -------
    Path
    """
    return folder / f"{PREFIX}{sample}.parquet"


def read_period(
    folder: PeriodFolder, calorimeter: Calorimeter
) -> tuple[PeriodEvents, tuple[Mapping[str, Any], ...]]:
    """Read the clusters of all samples of a period.

    Parameters
    ----------
    folder : PeriodFolder
    calorimeter : Calorimeter

    Returns
    -------
    events : PeriodEvents
        `sample` counts the records.
    records : tuple of mapping
        Of the files.

    Raises
    ------
    InputError
        A file that cannot be used, or one that the reconstruction could not make.
    """
    if folder.problems_file.exists():
        raise InputError(
            str(folder.path), _noted(folder), "Make these files again, then run `x17 reconstruct`."
        )
    parts = [read_clusters(path, calorimeter) for path in folder.cluster_files]
    return joined(parts), tuple(part.about for part in parts)


def _noted(folder: PeriodFolder) -> list[Problem]:
    """What the reconstruction could not make of a period."""
    try:
        sentences = json.loads(folder.problems_file.read_text(encoding="utf-8"))
        return [Problem(str(sentence)) for sentence in sentences]
    except (OSError, ValueError, TypeError):
        return [Problem(f"{folder.problems_file.name} cannot be read")]


def joined(parts: Sequence[ReconstructedEvents]) -> PeriodEvents:
    """Put the samples of a period one after the other.

    Parameters
    ----------
    parts : sequence of ReconstructedEvents

    Returns
    -------
    PeriodEvents
        Without events if there are no parts.
    """
    if not parts:
        return PeriodEvents.empty()
    sizes = [part.n_events for part in parts]
    runs = [int(part.about.get("run", 0)) for part in parts]
    return PeriodEvents(
        clusters=Clusters.concatenate([part.clusters for part in parts]),
        run=np.repeat(np.array(runs, dtype=np.int64), sizes),
        weight=np.concatenate([part.weight for part in parts]),
        sample=np.repeat(np.arange(len(parts)), sizes),
    )


def same_record(path: Path, record: Mapping[str, Any]) -> bool:
    """Whether a file of clusters is there and has the record it should have.

    Parameters
    ----------
    path : Path
    record : mapping

    Returns
    -------
    bool
        False for a file that was cut short, too: it is made again.
    """
    if not path.exists():
        return False
    try:
        found = read_cluster_record(path)
    except InputError:
        return False
    ignored = ("n_events", "hits_left_out")
    wanted = json.loads(json.dumps({k: v for k, v in record.items() if k not in ignored}))
    return bool({k: v for k, v in found.items() if k not in ignored} == wanted)


def write_runs(path: Path, runs: Sequence[RunSums], record: Mapping[str, Any]) -> None:
    """Write the sums over the bunches of a period.

    Parameters
    ----------
    path : Path
    runs : sequence of RunSums
    record : mapping
        What decides them.
    """
    document = {"about": dict(record), "runs": [run_sums_to_document(run) for run in runs]}
    write_in_one_step(path, lambda partial: write_text(partial, json_text(document)))


def same_runs(path: Path, record: Mapping[str, Any]) -> bool:
    """Whether the sums over the bunches of a period are there and have the record they should have.

    Parameters
    ----------
    path : Path
    record : mapping

    Returns
    -------
    bool
        False for a file that was cut short, too: it is made again.
    """
    try:
        return bool(read_runs(path)[1] == json.loads(json.dumps(dict(record))))
    except InputError:
        return False


def read_runs(path: Path) -> tuple[tuple[RunSums, ...], dict[str, Any]]:
    """Read the sums over the bunches of a period.

    Parameters
    ----------
    path : Path

    Returns
    -------
    runs : tuple of RunSums
    record : dict

    Raises
    ------
    InputError
        No such file, or not one of ours.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        return tuple(run_sums_from_document(row) for row in document["runs"]), dict(document["about"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        problem = Problem(f"cannot be used ({error})")
        raise InputError(str(path), [problem], "Files of this name are made by `x17 reconstruct`.") from error
