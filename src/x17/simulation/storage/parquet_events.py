"""Simulated events as Parquet files: one row an event."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from x17.errors import missing_extra
from x17.simulation.storage.event_table import LISTS, OPTIONAL_LISTS, SCALARS, EventTable
from x17.simulation.storage.file_identity import ABOUT, foreign, parse_record, write_in_one_step

SUFFIX = ".parquet"
_KEY = f"x17.{ABOUT}".encode()


def pyarrow() -> tuple[Any, Any]:
    """Import pyarrow.

    Returns
    -------
    pyarrow, pyarrow.parquet : modules

    Raises
    ------
    UsageError
        It is not installed.
    """
    try:
        import pyarrow as arrow
        from pyarrow import parquet
    except ModuleNotFoundError:
        raise missing_extra("Parquet files need pyarrow", "simulation") from None
    return arrow, parquet


def write_parquet(table: EventTable, path: Path) -> None:
    """Write events.

    Parameters
    ----------
    table : EventTable
    path : Path

    Raises
    ------
    UsageError
        pyarrow is not installed.
    X17Error
        The file cannot be written; nothing is left behind.
    """
    arrow, parquet = pyarrow()
    columns = {name: arrow.array(values) for name, values in table.scalars.items()}
    for group, parts in table.lists.items():
        offsets = arrow.array(np.concatenate([[0], np.cumsum(table.counts[group])]).astype(np.int32))
        for name, values in parts.items():
            columns[f"{group}_{name}"] = arrow.ListArray.from_arrays(offsets, arrow.array(values))
    content = arrow.table(columns).replace_schema_metadata({_KEY: json.dumps(dict(table.about))})
    write_in_one_step(path, lambda partial: parquet.write_table(content, partial, compression="zstd"))


def read_parquet_record(path: Path) -> dict[str, Any]:
    """Read where the events of a file come from, and nothing else.

    Parameters
    ----------
    path : Path

    Returns
    -------
    dict
        As `EventTable.about`.

    Raises
    ------
    UsageError
        pyarrow is not installed.
    InputError
        Not a file of ours, or one that was cut short.
    """
    return _record(path, _opened(path))


def read_parquet(path: Path) -> EventTable:
    """Read events.

    Parameters
    ----------
    path : Path

    Returns
    -------
    EventTable

    Raises
    ------
    UsageError
        pyarrow is not installed.
    InputError
        Not a file of ours, or one that was cut short.
    """
    arrow, _ = pyarrow()
    file = _opened(path)
    about = _record(path, file)
    try:
        content = file.read().combine_chunks()
        scalars = {name: content[name].to_numpy() for name in SCALARS}
        lists, counts = {}, {}
        there = {g: p for g, p in OPTIONAL_LISTS.items() if f"{g}_{next(iter(p))}" in content.column_names}
        for group, parts in {**LISTS, **there}.items():
            arrays = {name: content[f"{group}_{name}"].chunk(0) for name in parts}
            lists[group] = {name: array.flatten().to_numpy() for name, array in arrays.items()}
            first = next(iter(arrays.values()))
            counts[group] = np.diff(first.offsets.to_numpy()).astype(np.int64)
    except (arrow.ArrowInvalid, OSError) as error:
        raise foreign(path, f"is damaged: {str(error)[:200]}") from error
    except (KeyError, IndexError) as error:
        raise foreign(path, f"lacks the column {str(error)[:60]}") from error
    return EventTable(about, scalars, counts, lists)


def _opened(path: Path) -> Any:
    arrow, parquet = pyarrow()
    try:
        return parquet.ParquetFile(path)
    except FileNotFoundError as error:
        raise foreign(path, "there is no such file") from error
    except (arrow.ArrowInvalid, OSError) as error:
        raise foreign(path, "is no Parquet file, or was cut short") from error


def _record(path: Path, file: Any) -> dict[str, Any]:
    metadata = file.schema_arrow.metadata or {}
    return parse_record(path, metadata.get(_KEY))
