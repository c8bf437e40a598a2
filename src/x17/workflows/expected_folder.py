"""The folder of `x17 expect` as counting takes it: whether it is that of the data, and complete."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from x17.apparatus import Setup
from x17.apparatus.run_plan import Period
from x17.errors import UsageError
from x17.reconstruction.cluster_file import read_cluster_record
from x17.simulation.sample import Process
from x17.simulation.storage.file_identity import setup_digest
from x17.workflows.cluster_folder import PeriodFolder
from x17.workflows.event_folder import folder_of
from x17.workflows.ranges import ranges_of

Record = Mapping[str, Any]
_EXPECTED = (Process.ELECTRONS, Process.PHOTONS, Process.BOSON)


def expected_records(folder: Path, periods: Sequence[Period], setup: Setup) -> dict[int, tuple[Record, ...]]:
    """Records of all samples of an expectation, once they are seen to be what they should be.

    Parameters
    ----------
    folder : Path
        As `x17 expect` leaves it.
    periods : sequence of Period
        That are to be counted.
    setup : Setup

    Returns
    -------
    dict of int to tuple of mapping
        By period.

    Raises
    ------
    UsageError
        No such folder, one that lacks periods, or one of another setup or of data.
    InputError
        A file that cannot be read.
    """
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"--expected {folder}: is a file; name a folder of `x17 expect`")
    records = {period.number: _records(folder, period) for period in periods}
    lacking = [number for number, found in records.items() if not _has(found, Process.ELECTRONS)]
    if lacking:
        chosen = ranges_of(lacking)
        raise UsageError(
            f"--expected {folder}: has nothing of periods {chosen}; "
            f"make it with `x17 expect SETUP --periods {chosen} --out {folder}`"
        )
    unsigned = [number for number, found in records.items() if not _has(found, Process.BOSON)]
    if unsigned:
        raise UsageError(
            f"--expected {folder}: has no bosons in periods {ranges_of(unsigned)}, whose efficiency is "
            "needed; make another folder with `x17 expect --bosons N`"
        )
    wanted = setup_digest(setup)
    for number, found in records.items():
        where = f"--expected {folder_of(folder, number)}"
        if any(record.get("setup_sha256") != wanted for record in found):
            raise UsageError(f"{where}: is of another setup than {setup.name}, that of the data")
        if others := [record["process"] for record in found if record.get("process") not in _EXPECTED]:
            raise UsageError(f"{where}: holds {others[0]}, as data do; name a folder of `x17 expect`")
    return records


def _records(folder: Path, period: Period) -> tuple[Record, ...]:
    place = PeriodFolder(period.number, folder_of(folder, period.number))
    return tuple(read_cluster_record(path) for path in place.cluster_files)


def _has(records: Sequence[Record], process: Process) -> bool:
    return any(record.get("process") == process for record in records)


def refuse_unlike(data: Sequence[Record], expected: Sequence[Record], setup: Setup, folder: Path) -> None:
    """Refuse data that the expectation is not for.

    Parameters
    ----------
    data, expected : sequence of mapping
        Records of the samples of one period.
    setup : Setup
    folder : Path
        Of the data, for the message.

    Raises
    ------
    UsageError
        Another setup, clusters made in another way, or simulated events with the same random numbers.
    """
    wanted, clustering = setup_digest(setup), expected[0].get("clustering")
    seeds = {(record.get("process"), record.get("seed")) for record in expected}
    for record in data:
        if record.get("setup_sha256") != wanted:
            raise UsageError(
                f"{folder}: clusters of another setup than {setup.name}; all periods must be of one setup"
            )
        if record.get("clustering") != clustering:
            raise UsageError(
                f"{folder}: clusters made by {record.get('clustering')}, those of the expectation by "
                f"{clustering}; choose one --clustering for both"
            )
        if (record.get("process"), record.get("seed")) in seeds:
            raise UsageError(
                f"{folder}: simulated with seed {record.get('seed')}, as the expectation is; "
                "make one of them with another --seed, so that they are independent"
            )
