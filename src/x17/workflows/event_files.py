"""Files of simulated events by their format."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from x17.errors import UsageError
from x17.simulation.storage import parquet_events, root_events
from x17.simulation.storage.event_table import EventTable


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file for events.

    Attributes
    ----------
    suffix : str
    write, read : callable
        Of an `EventTable`.
    read_record : callable
        Of its `about` alone.
    """

    suffix: str
    write: Callable[[EventTable, Path], None]
    read: Callable[[Path], EventTable]
    read_record: Callable[[Path], dict[str, Any]]


FORMATS = {
    "parquet": Format(
        parquet_events.SUFFIX,
        parquet_events.write_parquet,
        parquet_events.read_parquet,
        parquet_events.read_parquet_record,
    ),
    "root": Format(
        root_events.SUFFIX, root_events.write_root, root_events.read_root, root_events.read_root_record
    ),
}


def read_events(path: Path) -> EventTable:
    """Read events in the format that the name of the file says.

    Parameters
    ----------
    path : Path

    Returns
    -------
    EventTable

    Raises
    ------
    UsageError
        Another suffix, or a library is not installed.
    InputError
        Not a file of ours, or one that was cut short.
    """
    return _format_of(path).read(path)


def read_event_record(path: Path) -> dict[str, Any]:
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
        Another suffix, or a library is not installed.
    InputError
        Not a file of ours, or one that was cut short.
    """
    return _format_of(path).read_record(path)


def _format_of(path: Path) -> Format:
    for kind in FORMATS.values():
        if path.suffix == kind.suffix:
            return kind
    endings = " or ".join(kind.suffix for kind in FORMATS.values())
    raise UsageError(f"{path}; allowed: a name that ends in {endings}")
