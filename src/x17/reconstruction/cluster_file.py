"""Reconstructed events as Parquet files: one row an event, its clusters as lists."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from x17.apparatus.calorimeter import Calorimeter
from x17.errors import InputError, Problem
from x17.reconstruction.clusters import Clusters
from x17.simulation.storage.file_identity import ABOUT, write_in_one_step
from x17.simulation.storage.parquet_events import pyarrow

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

PROGRAM = "x17 reconstruct"
"""Entry `program` of the record of these files."""

SCALARS: Mapping[str, str] = {"event": "int64", "weight": "float64"}
"""Columns with one number an event, and their types."""

LISTS: Mapping[str, str] = {
    "cluster_energy_mev": "float32",
    "cluster_time_ns": "float32",
    "cluster_x_mm": "float32",
    "cluster_y_mm": "float32",
    "cluster_seed_channel": "int16",
    "cluster_n_hits": "int16",
    "cluster_tagger_ends": "int8",
}
"""Columns with a list an event, all equally long, and the types of their elements."""

_KEY = f"x17.{ABOUT}".encode()
_ADVICE = "Files of clusters are made by `x17 reconstruct`."


@dataclass(frozen=True, slots=True, eq=False)
class ReconstructedEvents:
    """Events as the reconstruction leaves them, without their hits and their truth.

    Attributes
    ----------
    about : mapping
        That of the events, and `clustering`, `tagger_offset_ns`, `hits_left_out`; `program` is `PROGRAM`, and
        `hits_program` and `hits_version` say what made the hits.
    event : ndarray of int, shape (n_events,)
        Numbers of the events.
    weight : ndarray, shape (n_events,)
        Of the events.
    clusters : Clusters
        Their `event` counts the rows from 0.
    """

    about: Mapping[str, Any]
    event: IntArray
    weight: FloatArray
    clusters: Clusters

    @property
    def n_events(self) -> int:
        """Number of events."""
        return int(self.event.size)

    @staticmethod
    def concatenate(parts: Sequence[ReconstructedEvents], about: Mapping[str, Any]) -> ReconstructedEvents:
        """Put the blocks of a sample one after the other.

        Parameters
        ----------
        parts : sequence of ReconstructedEvents
            At least one.
        about : mapping
            Record of the whole.

        Returns
        -------
        ReconstructedEvents
        """
        return ReconstructedEvents(
            about,
            np.concatenate([part.event for part in parts]),
            np.concatenate([part.weight for part in parts]),
            Clusters.concatenate([part.clusters for part in parts]),
        )


def write_clusters(events: ReconstructedEvents, path: Path, calorimeter: Calorimeter) -> None:
    """Write reconstructed events.

    Parameters
    ----------
    events : ReconstructedEvents
    path : Path
    calorimeter : Calorimeter
        Names the channels of the seeds, 100·ix + iy.

    Raises
    ------
    UsageError
        pyarrow is not installed.
    X17Error
        The file cannot be written; nothing is left behind.
    """
    arrow, parquet = pyarrow()
    clusters = events.clusters
    offsets = np.searchsorted(clusters.event, np.arange(clusters.n_events + 1)).astype(np.int32)
    values = {
        "cluster_energy_mev": clusters.energy,
        "cluster_time_ns": clusters.time,
        "cluster_x_mm": clusters.x,
        "cluster_y_mm": clusters.y,
        "cluster_seed_channel": calorimeter.cells.channel[clusters.seed],
        "cluster_n_hits": clusters.n_hits,
        "cluster_tagger_ends": clusters.tagger_ends,
    }
    columns = {name: arrow.array(getattr(events, name).astype(kind)) for name, kind in SCALARS.items()}
    for name, kind in LISTS.items():
        columns[name] = arrow.ListArray.from_arrays(offsets, arrow.array(values[name].astype(kind)))
    content = arrow.table(columns).replace_schema_metadata({_KEY: json.dumps(dict(events.about))})

    def write(partial: Path) -> None:
        parquet.write_table(content, partial, compression="zstd", write_page_checksum=True)

    write_in_one_step(path, write)


def read_cluster_record(path: Path) -> dict[str, Any]:
    """Read where the clusters of a file come from, and nothing else.

    Parameters
    ----------
    path : Path

    Returns
    -------
    dict
        As `ReconstructedEvents.about`.

    Raises
    ------
    UsageError
        pyarrow is not installed.
    InputError
        Not a file of ours, or one that was cut short.
    """
    return _record(path, _opened(path))


def read_clusters(path: Path, calorimeter: Calorimeter) -> ReconstructedEvents:
    """Read reconstructed events.

    Parameters
    ----------
    path : Path
    calorimeter : Calorimeter
        That of the hits.

    Returns
    -------
    ReconstructedEvents
        Energies, times and places in single precision.

    Raises
    ------
    UsageError
        pyarrow is not installed.
    InputError
        Not a file of ours, one that was cut short, or clusters of another calorimeter.
    """
    arrow, _ = pyarrow()
    file = _opened(path)
    about = _record(path, file)
    _check_columns(path, file)
    try:
        content = file.read().combine_chunks()
        scalars = {name: content[name].to_numpy() for name in SCALARS}
        arrays = {name: content[name].combine_chunks() for name in LISTS}
        lists = {name: array.flatten().to_numpy() for name, array in arrays.items()}
        counts = [np.diff(array.offsets.to_numpy()) for array in arrays.values()]
    except (arrow.ArrowException, OSError, ValueError) as error:
        raise _foreign(path, f"is damaged: {str(error)[:200]}") from error
    same = all(np.array_equal(count, counts[0]) for count in counts[1:])
    if not same or any(values.size != counts[0].sum() for values in lists.values()):
        raise _foreign(path, "has lists of different lengths in one event")
    n_events = scalars["event"].size
    event = np.repeat(np.arange(n_events), counts[0])
    clusters = _clusters(path, n_events, event, lists, calorimeter)
    return ReconstructedEvents(about, scalars["event"], scalars["weight"], clusters)


def _clusters(
    path: Path,
    n_events: int,
    event: IntArray,
    lists: Mapping[str, NDArray[Any]],
    calorimeter: Calorimeter,
) -> Clusters:
    column, row = np.divmod(lists["cluster_seed_channel"].astype(np.int64), 100)
    seed = calorimeter.cells.index_of(column, row)
    if np.any(seed < 0):
        first = lists["cluster_seed_channel"][seed < 0][0]
        what = f"{np.count_nonzero(seed < 0)} of {seed.size} clusters start outside the crystal map"
        problem = Problem(what, None, "cluster_seed_channel", str(first), "100·ix + iy of a crystal")
        raise InputError(str(path), [problem], "Use the setup that the clusters were made with.")
    real = ("energy_mev", "time_ns", "x_mm", "y_mm")
    energy, time, x, y = (lists[f"cluster_{name}"].astype(np.float64) for name in real)
    n_hits, ends = (lists[f"cluster_{name}"].astype(np.int64) for name in ("n_hits", "tagger_ends"))
    return Clusters(n_events, event, seed, n_hits, energy, time, x, y, ends)


def _opened(path: Path) -> Any:
    arrow, parquet = pyarrow()
    try:
        return parquet.ParquetFile(path, page_checksum_verification=True)
    except FileNotFoundError as error:
        raise _foreign(path, "there is no such file") from error
    except (arrow.ArrowException, OSError, ValueError) as error:
        raise _foreign(path, "is no Parquet file, or was cut short") from error


def _check_columns(path: Path, file: Any) -> None:
    arrow, _ = pyarrow()
    found = {item.name: item.type for item in file.schema_arrow}
    wanted = {name: getattr(arrow, kind)() for name, kind in SCALARS.items()}
    wanted |= {name: arrow.list_(getattr(arrow, kind)()) for name, kind in LISTS.items()}
    problems = [
        Problem("lacks this column", None, name, None, str(kind))
        if name not in found
        else Problem("column of another type", None, name, str(found[name]), str(kind))
        for name, kind in wanted.items()
        if name not in found or not found[name].equals(kind)
    ]
    if problems:
        raise InputError(str(path), problems, _ADVICE)


def _record(path: Path, file: Any) -> dict[str, Any]:
    try:
        record = json.loads((file.schema_arrow.metadata or {}).get(_KEY, b""))
    except ValueError:
        record = None
    if not isinstance(record, dict) or record.get("program") != PROGRAM:
        raise _foreign(path, "holds no clusters of x17")
    return record


def _foreign(path: Path, what: str) -> InputError:
    return InputError(str(path), [Problem(what)], _ADVICE)
