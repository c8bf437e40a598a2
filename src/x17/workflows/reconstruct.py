"""Clusters from folders of hits, and sums over their bunches: the function behind `x17 reconstruct`."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from x17.errors import InputError, Problem, UsageError
from x17.reconstruction.cluster_file import ReconstructedEvents, write_clusters
from x17.reconstruction.flux.bunch_file import sum_bunch_file
from x17.reconstruction.reconstruct import ReconstructionSettings, clusters_record, reconstruct_events
from x17.report.files import write_text
from x17.report.tables import json_text
from x17.simulation.storage.bunches_file import read_bunch_record
from x17.simulation.storage.file_identity import write_in_one_step
from x17.statistics.blocks import Progress, available_cores, run_blocks, silent
from x17.workflows.cluster_folder import (
    PREFIX,
    PeriodFolder,
    cluster_path,
    period_folders,
    same_record,
    sample_of_file,
    write_runs,
)
from x17.workflows.event_files import FORMATS, read_events
from x17.workflows.event_folder import folder_of
from x17.workflows.setup_of_events import setup_of_record

BUNCHES = "bunches.parquet"
RECORD = "reconstruction.json"
_BLOCK_KEYS = ("block", "n_events", "n_generated")


@dataclass(frozen=True, slots=True, eq=False)
class ReconstructRun:
    """A finished reconstruction.

    Attributes
    ----------
    document : dict
        Content of `reconstruction.json`: under `samples` one entry a period and sample.
    problems : tuple of str
        Samples that could not be reconstructed, with the reason; the others are there.
    n_made, n_kept : int
        Samples made now, and found from before.
    seconds : float
    """

    document: dict[str, Any]
    problems: tuple[str, ...]
    n_made: int
    n_kept: int
    seconds: float


@dataclass(frozen=True, slots=True)
class _Sample:
    period: int
    name: str
    files: tuple[Path, ...]
    target: Path


@dataclass(frozen=True, slots=True)
class _Outcome:
    sample: _Sample
    n_events: int = 0
    n_clusters: int = 0
    made: bool = False
    problem: str | None = None


def reconstruct(
    folder: Path,
    out: Path | None = None,
    settings: ReconstructionSettings | None = None,
    *,
    setup_name: str | None = None,
    workers: int | None = None,
    command: str = "",
    progress: Progress = silent,
) -> ReconstructRun:
    """Find the clusters of all events of a folder, sample by sample.

    A file that cannot be read spoils its sample alone; the others are reconstructed, and counting leaves the
    period out.

    Parameters
    ----------
    folder : Path
        As `x17 simulate` leaves it.
    out : Path, optional
        Gets the clusters; beside the hits by default.
    settings : ReconstructionSettings, optional
    setup_name : str, optional
        Setup of the events, if it is a file.
    workers : int, optional
        Threads; all cores by default.
    command : str
        As typed, for the record.
    progress : callable

    Returns
    -------
    ReconstructRun

    Raises
    ------
    UsageError
        No events, or a setup that is not theirs.
    """
    started = time.monotonic()
    target = out or folder
    if target.exists() and not target.is_dir():
        raise UsageError(f"--out {target}: is a file; name a folder")
    places = period_folders(folder)
    samples = [sample for place in places for sample in _samples(place, target)]
    if not samples:
        raise UsageError(f"{folder}: holds no events; make some with `x17 simulate`")
    how = settings or ReconstructionSettings()
    outcomes = run_blocks(
        lambda sample: _outcome(sample, how, setup_name),
        samples,
        workers=workers or available_cores(),
        what="samples",
        progress=progress,
    )
    problems = [outcome for outcome in outcomes if outcome.problem]
    for place in places:
        _note_problems(place, target, [o.problem or "" for o in problems if o.sample.period == place.period])
    bunch_problems = []
    for number, place in enumerate(places):
        progress("bunches", number, len(places))
        try:
            _reduce_bunches(place, target, setup_name)
        except InputError as error:
            bunch_problems.append(" ".join(str(error).split()))
    document = {
        "command": command,
        "clustering": how.clustering.record(),
        "tagger_offset_ns": how.tagger_offset_ns,
        "samples": [
            {
                "period": outcome.sample.period,
                "sample": outcome.sample.name,
                "n_events": outcome.n_events,
                "n_clusters": outcome.n_clusters,
                "problem": outcome.problem,
            }
            for outcome in outcomes
        ],
    }
    write_in_one_step(target / RECORD, lambda path: write_text(path, json_text(document)))
    n_made = sum(outcome.made for outcome in outcomes)
    return ReconstructRun(
        document,
        (*(f"{o.sample.name}: {o.problem}" for o in problems), *bunch_problems),
        n_made,
        len(outcomes) - n_made - len(problems),
        time.monotonic() - started,
    )


def _samples(place: PeriodFolder, out: Path) -> Iterator[_Sample]:
    """Files of events of a period, by sample."""
    found: dict[str, list[Path]] = defaultdict(list)
    suffixes = {kind.suffix for kind in FORMATS.values()}
    for path in sorted(place.path.iterdir()):
        if path.suffix in suffixes and not path.name.startswith((".", PREFIX)) and path.name != BUNCHES:
            found[sample_of_file(path)].append(path)
    target = folder_of(out, place.period)
    for name, paths in found.items():
        yield _Sample(place.period, name, tuple(paths), cluster_path(target, name))


def _outcome(sample: _Sample, settings: ReconstructionSettings, setup_name: str | None) -> _Outcome:
    try:
        return _reconstructed(sample, settings, setup_name)
    except InputError as error:
        sample.target.unlink(missing_ok=True)
        return _Outcome(sample, problem=" ".join(str(error).split()))


def _reconstructed(sample: _Sample, settings: ReconstructionSettings, setup_name: str | None) -> _Outcome:
    tables = [read_events(path) for path in sample.files]
    blocks = [int(table.about.get("block", number)) for number, table in enumerate(tables)]
    if blocks != list(range(len(blocks))):
        raise InputError(str(sample.files[0].parent), [_missing_block(sample, blocks)])
    setup = setup_of_record(tables[0].about, setup_name)
    whole = {key: value for key, value in tables[0].about.items() if key not in _BLOCK_KEYS}
    generated = sum(int(table.about.get("n_generated", table.n_events)) for table in tables)
    about = whole | {"n_generated": generated}
    record = about | clusters_record(about, setup, settings, 0)
    made = not same_record(sample.target, record)
    parts = [
        reconstruct_events(table, setup, settings, source=str(path))
        for table, path in zip(tables, sample.files, strict=True)
    ]
    record |= {
        "n_events": sum(part.n_events for part in parts),
        "hits_left_out": sum(int(part.about["hits_left_out"]) for part in parts),
    }
    events = ReconstructedEvents.concatenate(parts, record)
    if made:
        write_clusters(events, sample.target, setup.calorimeter)
    return _Outcome(sample, events.n_events, events.clusters.size, made)


def _missing_block(sample: _Sample, blocks: Sequence[int]) -> Problem:
    wanted = next(number for number in range(len(blocks) + 1) if number not in blocks)
    what = f"file {wanted} of {sample.name} is missing: there are {len(blocks)} of them"
    return Problem(what, None, None, None, "all files of a sample; run `x17 simulate` again")


def _note_problems(place: PeriodFolder, out: Path, sentences: Sequence[str]) -> None:
    target = PeriodFolder(place.period, folder_of(out, place.period))
    if sentences:
        write_in_one_step(target.problems_file, lambda path: write_text(path, json_text(list(sentences))))
    else:
        target.problems_file.unlink(missing_ok=True)


def _reduce_bunches(place: PeriodFolder, out: Path, setup_name: str | None) -> None:
    path = place.path / BUNCHES
    if not path.exists():
        return
    record = read_bunch_record(path)
    sums = sum_bunch_file(path, setup_of_record(record, setup_name))
    write_runs(PeriodFolder(place.period, folder_of(out, place.period)).runs_file, sums, record)


def reconstruction_text(run: ReconstructRun, out: Path) -> str:
    """Say what was reconstructed, in lines of at most 80 columns.

    Parameters
    ----------
    run : ReconstructRun
    out : Path

    Returns
    -------
    str
        Ends in a newline.
    """
    sums: dict[int, list[int]] = {}
    for row in run.document["samples"]:
        one = sums.setdefault(row["period"], [0, 0, 0])
        one[0] += row["n_events"]
        one[1] += row["n_clusters"]
        one[2] += row["problem"] is not None
    lines = ["period     events   clusters  samples lost"]
    lines += [f"{period:6d} {events:10d} {n:10d} {lost:13d}" for period, (events, n, lost) in sums.items()]
    lines += [
        "",
        f"{run.n_made} samples reconstructed in {run.seconds:.1f} s; {run.n_kept} were there already",
    ]
    lines += [f"lost: {problem}" for problem in run.problems]
    return "\n".join([*lines, str(out)]) + "\n"
