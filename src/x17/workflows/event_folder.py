"""The folder of `x17 simulate`: which files belong in it, which are there, and what it must not hold."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from x17.errors import InputError, UsageError
from x17.simulation.sample import PlannedSample
from x17.simulation.storage.file_identity import sample_record
from x17.workflows.event_files import Format

RECORD = "simulation.json"
CONDITIONS = "conditions.json"

_OF_THE_FOLDER = (
    "seed",
    "pile_up",
    "pile_up_window_ns",
    "fiducial_margin_mm",
    "setup_sha256",
    "library_sha256",
    "conditions_sha256",
)
"""What all samples of a folder have in common."""


@dataclass(frozen=True, slots=True)
class EventFile:
    """A file to be: a block of a sample, where it goes and what its record has to say.

    Attributes
    ----------
    plan : PlannedSample
    block : int
    path : Path
    record : dict
        All of the file's record but how many events were kept.
    """

    plan: PlannedSample
    block: int
    path: Path
    record: dict[str, Any]

    @property
    def n_generated(self) -> int:
        """Events of the block before any are dropped."""
        return self.plan.events_in(self.block)


def folder_of(out: Path, period: int) -> Path:
    """Where the files of a period are.

    Parameters
    ----------
    out : Path
    period : int

    Returns
    -------
    Path
    """
    return out / f"period-{period:02d}"


def event_files(
    plans: Sequence[PlannedSample],
    setup_name: str,
    digests: Mapping[str, str | None],
    out: Path,
    kind: Format,
) -> Iterator[EventFile]:
    """Name the files of samples.

    Parameters
    ----------
    plans : sequence of PlannedSample
    setup_name : str
    digests : mapping
        `setup_sha256`, `library_sha256`, `conditions_sha256`.
    out : Path
    kind : Format

    Returns
    -------
    iterator of EventFile
        `PROCESS-BBBBB`, or `PROCESS-R-BBBBB` where a period has several runs.
    """
    runs = {plan.sample.period: 0 for plan in plans}
    for plan in plans:
        runs[plan.sample.period] = max(runs[plan.sample.period], plan.sample.run)
    for plan in plans:
        sample, record = plan.sample, sample_record(setup_name, digests, plan)
        run = f"-{sample.run}" if runs[sample.period] else ""
        for block in range(plan.n_blocks):
            path = folder_of(out, sample.period) / f"{sample.process.value}{run}-{block:05d}{kind.suffix}"
            about = {**record, "block": block, "n_generated": plan.events_in(block)}
            yield EventFile(plan, block, path, about)


def n_generated(files: Sequence[EventFile]) -> int:
    """Events of files together, before any are dropped.

    Parameters
    ----------
    files : sequence of EventFile

    Returns
    -------
    int
    """
    return sum(file.n_generated for file in files)


def found(files: Sequence[EventFile], out: Path, kind: Format) -> set[Path]:
    """Find files that are there already; all others of the same process must not be there.

    Parameters
    ----------
    files : sequence of EventFile
    out : Path
        The folder, for the message.
    kind : Format

    Returns
    -------
    set of Path

    Raises
    ------
    UsageError
        Events of other settings.
    InputError
        A file that cannot be read.
    """
    wanted = {file.path: file.record for file in files}
    there = set()
    for folder, process in sorted({(f.path.parent, f.plan.sample.process.value) for f in files}):
        for leftover in folder.glob(f".{process}-*"):
            leftover.unlink(missing_ok=True)
        for path in sorted(folder.glob(f"{process}-*")):
            if path not in wanted:
                raise _of_others(path, out)
            try:
                record = kind.read_record(path)
            except InputError as error:
                advice = "Delete this file: the same command makes it again."
                raise InputError(str(path), error.problems, advice) from error
            if _as_json({**record, "n_events": None}) != _as_json({**wanted[path], "n_events": None}):
                raise _of_others(path, out)
            there.add(path)
    return there


def earlier_samples(files: Sequence[EventFile], out: Path) -> list[dict[str, Any]]:
    """Samples of other processes and periods in the folder, which must be of the same beam and seed.

    Parameters
    ----------
    files : sequence of EventFile
    out : Path

    Returns
    -------
    list of dict
        As in `simulation.json`.

    Raises
    ------
    UsageError
        They are of other settings.
    """
    try:
        document = json.loads((out / RECORD).read_text(encoding="utf-8"))
        samples = list(document["samples"])
    except (OSError, ValueError, KeyError, TypeError):
        return []
    now = {(f.plan.sample.period, f.plan.sample.process.value) for f in files}
    positrons = {f.plan.sample.period: f.plan.sample.n_pot for f in files}
    earlier = [row for row in samples if (row["period"], row["process"]) not in now]
    same = {key: document.get(key) for key in _OF_THE_FOLDER}
    for file in files[:1]:
        if earlier and any(file.record[key] != value for key, value in same.items()):
            raise _of_others(out / RECORD, out)
    if any(row["n_pot"] != positrons.get(row["period"], row["n_pot"]) for row in earlier):
        raise UsageError(
            f"--out {out}: its other processes of this period are for another number of positrons; "
            "name another folder"
        )
    return earlier


def _of_others(path: Path, out: Path) -> UsageError:
    return UsageError(
        f"{path} holds events of other settings, another seed or another version; "
        f"name another folder than {out}, or delete it"
    )


def _as_json(record: dict[str, Any]) -> str:
    return json.dumps(record, sort_keys=True)
