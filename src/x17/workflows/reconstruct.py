"""Clusters from folders of hits, and sums over their bunches: the function behind `x17 reconstruct`."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from x17.apparatus import Setup, load_setup
from x17.errors import InputError, Problem, UsageError
from x17.reconstruction.cluster_file import ReconstructedEvents, read_clusters, write_clusters
from x17.reconstruction.flux.bunch_file import sum_bunch_file
from x17.reconstruction.reconstruct import ReconstructionSettings, clusters_record, reconstruct_events
from x17.report.files import write_text
from x17.report.tables import json_text
from x17.simulation.storage.bunches_file import read_bunch_record
from x17.simulation.storage.file_identity import setup_digest, write_in_one_step
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
from x17.workflows.event_files import FORMATS, read_event_record, read_events
from x17.workflows.event_folder import folder_of
from x17.workflows.setup_of_events import setup_of_record

BUNCHES = "bunches.parquet"
RECORD = "reconstruction.json"
_BLOCK_KEYS = ("block", "n_events", "n_generated")
_SUFFIXES = {kind.suffix for kind in FORMATS.values()}
_AGAIN = "Make the events again with `x17 simulate`."


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
class _How:
    setup: Setup
    settings: ReconstructionSettings


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

    @classmethod
    def of(cls, sample: _Sample, events: ReconstructedEvents) -> _Outcome:
        return cls(sample, events.n_events, events.clusters.size)

    @property
    def row(self) -> dict[str, Any]:
        return {
            "period": self.sample.period,
            "sample": self.sample.name,
            "n_events": self.n_events,
            "n_clusters": self.n_clusters,
            "problem": self.problem,
        }


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
    """Find the clusters of all events of a folder, sample by sample; those that are there already are kept.

    A file that cannot be read, or that is of another setup than the others, spoils its sample alone; the
    others are reconstructed, and counting leaves the period out.

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
        No events, a setup that is not theirs, or a folder with clusters of other samples.
    """
    started = time.monotonic()
    target = out or folder
    if target.exists() and not target.is_dir():
        raise UsageError(f"--out {target}: is a file; name a folder")
    places = period_folders(folder)
    samples = [sample for place in places for sample in _samples(place, target)]
    if not samples:
        raise UsageError(f"{folder}: holds no events; make some with `x17 simulate`")
    _refuse_others(samples, target)
    how = _How(_setup_of(samples, setup_name), settings or ReconstructionSettings())
    outcomes = run_blocks(
        lambda sample: _outcome(sample, how),
        samples,
        workers=workers or available_cores(),
        what="samples",
        progress=progress,
    )
    bunch_problems = []
    for number, place in enumerate(places):
        _note_problems(place, target, [o for o in outcomes if o.sample.period == place.period])
        progress("bunches", number, len(places))
        bunch_problems += _reduce_bunches(place, target, how.setup)
    document = {
        "command": command,
        "setup": how.setup.name,
        "clustering": how.settings.clustering.resolved(how.setup.calorimeter).record(),
        "tagger_offset_ns": how.settings.tagger_offset_ns,
        "samples": [outcome.row for outcome in outcomes],
    }
    write_in_one_step(target / RECORD, lambda path: write_text(path, json_text(document)))
    problems = [f"{o.sample.name}: {o.problem}" for o in outcomes if o.problem]
    n_made = sum(outcome.made for outcome in outcomes)
    return ReconstructRun(
        document,
        (*problems, *bunch_problems),
        n_made,
        len(outcomes) - n_made - len(problems),
        time.monotonic() - started,
    )


def _samples(place: PeriodFolder, out: Path) -> Iterator[_Sample]:
    """Files of events of a period, by sample."""
    found: dict[str, list[Path]] = defaultdict(list)
    for path in sorted(place.path.iterdir()):
        if path.suffix in _SUFFIXES and not path.name.startswith((".", PREFIX)) and path.name != BUNCHES:
            found[sample_of_file(path)].append(path)
    target = folder_of(out, place.period)
    for name, paths in found.items():
        yield _Sample(place.period, name, tuple(paths), cluster_path(target, name))


def _refuse_others(samples: Sequence[_Sample], out: Path) -> None:
    """Clusters of the same periods whose events are not here would be counted with the others."""
    targets = {sample.target for sample in samples}
    for folder in sorted({target.parent for target in targets}):
        for path in sorted(folder.glob(f"{PREFIX}*.parquet")):
            if path not in targets:
                raise UsageError(
                    f"{path} is of events that are not here; name another folder than {out}, or delete it"
                )


def _setup_of(samples: Sequence[_Sample], setup_name: str | None) -> Setup:
    """Setup of the first events that can be read."""
    for path in (path for sample in samples for path in sample.files):
        try:
            return setup_of_record(read_event_record(path), setup_name)
        except InputError:
            continue
    if setup_name:
        return load_setup(setup_name)
    raise UsageError(f"{samples[0].files[0]} and all other files here hold no events; see `x17 simulate`")


def _outcome(sample: _Sample, how: _How) -> _Outcome:
    try:
        return _reconstructed(sample, how)
    except InputError as error:
        sample.target.unlink(missing_ok=True)
        return _Outcome(sample, problem=" ".join(str(error).split()))


def _reconstructed(sample: _Sample, how: _How) -> _Outcome:
    about = _record_of(sample, how)
    if same_record(sample.target, about):
        with suppress(InputError):
            return _Outcome.of(sample, read_clusters(sample.target, how.setup.calorimeter))
    parts = [
        reconstruct_events(read_events(path), how.setup, how.settings, source=str(path))
        for path in sample.files
    ]
    about |= {
        "n_events": sum(part.n_events for part in parts),
        "hits_left_out": sum(int(part.about["hits_left_out"]) for part in parts),
    }
    events = ReconstructedEvents.concatenate(parts, about)
    write_clusters(events, sample.target, how.setup.calorimeter)
    return replace(_Outcome.of(sample, events), made=True)


def _record_of(sample: _Sample, how: _How) -> dict[str, Any]:
    """Record of the clusters of a sample, from those of its files, which must belong together."""
    records = [read_event_record(path) for path in sample.files]
    blocks = [int(record.get("block", number)) for number, record in enumerate(records)]
    if blocks != list(range(len(blocks))):
        raise InputError(str(sample.files[0].parent), [_missing_block(sample, blocks)], _AGAIN)
    common = [{k: v for k, v in record.items() if k not in _BLOCK_KEYS} for record in records]
    for path, record in zip(sample.files, common, strict=True):
        if record != common[0]:
            problem = Problem(f"is of another sample than {sample.files[0].name}")
            raise InputError(str(path), [problem], _AGAIN)
        if record.get("setup_sha256") != setup_digest(how.setup):
            problem = Problem("is of another setup than the other events", None, "setup", record.get("setup"))
            raise InputError(str(path), [problem], "Keep the events of each setup in a folder of their own.")
    generated = sum(int(record.get("n_generated", record.get("n_events", 0))) for record in records)
    if generated < common[0].get("n_events_of_sample", 0):
        raise InputError(str(sample.files[0].parent), [_missing_block(sample, blocks)], _AGAIN)
    about = common[0] | {"n_generated": generated}
    return about | clusters_record(about, how.setup, how.settings, 0)


def _missing_block(sample: _Sample, blocks: Sequence[int]) -> Problem:
    wanted = next(number for number in range(len(blocks) + 1) if number not in blocks)
    return Problem(f"file {wanted} of {sample.name} is missing: there are {len(blocks)} of them")


def _note_problems(place: PeriodFolder, out: Path, outcomes: Sequence[_Outcome]) -> None:
    target = PeriodFolder(place.period, folder_of(out, place.period))
    sentences = [outcome.problem for outcome in outcomes if outcome.problem]
    if sentences:
        write_in_one_step(target.problems_file, lambda path: write_text(path, json_text(sentences)))
    else:
        target.problems_file.unlink(missing_ok=True)


def _reduce_bunches(place: PeriodFolder, out: Path, setup: Setup) -> list[str]:
    """Sum the bunches of a period run by run; what is wrong with their file, as a sentence."""
    path = place.path / BUNCHES
    if not path.exists():
        return []
    target = PeriodFolder(place.period, folder_of(out, place.period)).runs_file
    try:
        record = read_bunch_record(path)
        if record.get("setup_sha256") != setup_digest(setup):
            raise InputError(str(path), [Problem("is of another setup than the events")], _AGAIN)
        write_runs(target, sum_bunch_file(path, setup), record)
    except InputError as error:
        # Sums of an earlier file would be taken for those of this one.
        target.unlink(missing_ok=True)
        return [" ".join(str(error).split())]
    return []


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
