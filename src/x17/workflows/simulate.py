"""Simulated periods in a folder of blocks: the function behind `x17 simulate`."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from x17.apparatus import Setup, load_setup
from x17.apparatus.run_plan import Period
from x17.errors import InputError, UsageError
from x17.kinematics import sqrt_s_mev
from x17.report.files import write_text
from x17.report.tables import json_text
from x17.simulation.conditions import Conditions
from x17.simulation.sample import PlannedSample, Process, Sample
from x17.simulation.showers.library import ShowerLibrary
from x17.simulation.simulate import simulate_block
from x17.simulation.storage import bunches_file
from x17.simulation.storage.event_table import event_table
from x17.simulation.storage.file_identity import (
    library_digest,
    sample_record,
    setup_digest,
    write_in_one_step,
)
from x17.statistics.blocks import Progress, available_cores, run_blocks, silent
from x17.workflows.event_files import FORMATS, Format
from x17.workflows.simulation_request import SimulationRequest

RECORD = "simulation.json"


@dataclass(frozen=True, slots=True, eq=False)
class SimulationRun:
    """A finished simulation.

    Attributes
    ----------
    document : dict
        Content of `simulation.json`: under `samples` one entry a period and process.
    n_made, n_kept : int
        Events made now, and found from before.
    seconds : float
        Time for those made now.
    """

    document: dict[str, Any]
    n_made: int
    n_kept: int
    seconds: float


@dataclass(frozen=True, slots=True)
class _Block:
    """A file to be: its sample and number, where it goes and what its record has to be."""

    plan: PlannedSample
    number: int
    path: Path
    record: dict[str, Any]


def simulate(
    setup_name: str,
    request: SimulationRequest,
    out: Path,
    *,
    workers: int | None = None,
    command: str = "",
    progress: Progress = silent,
) -> SimulationRun:
    """Simulate periods into a folder; blocks that are there already are kept.

    Parameters
    ----------
    setup_name : str
        A shipped setup or a file.
    request : SimulationRequest
    out : Path
        Gets a folder for each period with files of at most 5000 events, and `simulation.json`.
    workers : int, optional
        Threads; all cores by default. The events do not depend on it.
    command : str
        As typed, for the record.
    progress : callable
        Told of events.

    Returns
    -------
    SimulationRun

    Raises
    ------
    UsageError, InputError
        A setup, a period or a request that cannot be used, or a folder with other events.
    X17Error
        A file cannot be written.
    KeyboardInterrupt
        With a sentence that says how many events are safe.
    """
    started = time.monotonic()
    setup = load_setup(setup_name)
    periods = _periods(setup, request.period)
    if out.exists() and not out.is_dir():
        raise UsageError(f"--out {out}: is a file; name a folder")
    library = ShowerLibrary.load()
    digests = {"setup_sha256": setup_digest(setup), "library_sha256": library_digest(library)}
    plans = [PlannedSample.draw(setup, sample, request.seed) for sample in _samples(periods, request)]
    kind = FORMATS[request.format]
    blocks = list(_blocks(plans, setup.name, digests, out, kind))
    earlier = _earlier_samples(blocks, out)
    kept = _found(blocks, out, kind)
    todo = [block for block in blocks if block.path not in kept]

    def make(block: _Block) -> None:
        events = simulate_block(setup, library, block.plan, block.number)
        kind.write(event_table(events, setup, block.record), block.path)

    n_kept = _events(blocks) - _events(todo)
    _make_all(make, todo, n_kept, out, workers or available_cores(), progress)
    if request.bunches:
        _write_bunches(setup, periods, request, digests, out)
    seconds = time.monotonic() - started
    document = _document(setup, digests, request, plans, command)
    everything = {**document, "samples": [*earlier, *document["samples"]]}
    write_in_one_step(out / RECORD, lambda path: write_text(path, json_text(everything)))
    return SimulationRun(document, _events(todo), n_kept, seconds)


def _periods(setup: Setup, number: int | None) -> list[Period]:
    known = setup.run_plan.periods
    chosen = [period for period in known if number in (None, period.number)]
    if not known:
        raise UsageError(f"setup {setup.name} has no periods; add [run_plan] to it")
    if not chosen:
        names = ", ".join(str(period.number) for period in known)
        raise UsageError(f"--period {number}: setup {setup.name} has no such period; it has {names}")
    return chosen


def _samples(periods: Sequence[Period], request: SimulationRequest) -> Iterator[Sample]:
    bosons = [] if request.boson is None else [Process.BOSON]
    for period in periods:
        for process in [*request.processes, *bosons]:
            yield Sample(
                process=process,
                beam_energy_mev=period.beam_energy_mev,
                n_pot=request.positrons or period.n_pot,
                period=period.number,
                boson=request.boson if process is Process.BOSON else None,
                pile_up=request.pile_up,
            )


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


def _blocks(
    plans: Sequence[PlannedSample], setup_name: str, digests: dict[str, str], out: Path, kind: Format
) -> Iterator[_Block]:
    for plan in plans:
        record = sample_record(setup_name, digests, plan)
        for number in range(plan.n_blocks):
            name = f"{plan.sample.process.value}-{number:05d}{kind.suffix}"
            about = {**record, "block": number, "n_events": plan.events_in(number)}
            yield _Block(plan, number, folder_of(out, plan.sample.period) / name, about)


def _events(blocks: Sequence[_Block]) -> int:
    return sum(block.record["n_events"] for block in blocks)


def _found(blocks: Sequence[_Block], out: Path, kind: Format) -> set[Path]:
    """Files that are there already; all others of the same process must not be there."""
    wanted = {block.path: block.record for block in blocks}
    found = set()
    for folder, process in sorted({(b.path.parent, b.plan.sample.process.value) for b in blocks}):
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
            if _as_json(record) != _as_json(wanted[path]):
                raise _of_others(path, out)
            found.add(path)
    return found


def _of_others(path: Path, out: Path) -> UsageError:
    return UsageError(
        f"{path} holds events of other settings, another seed or another version; "
        f"name another folder than {out}, or delete it"
    )


def _earlier_samples(blocks: Sequence[_Block], out: Path) -> list[dict[str, Any]]:
    """Samples of other processes and periods in the folder, which must be of the same beam and seed."""
    try:
        document = json.loads((out / RECORD).read_text(encoding="utf-8"))
        samples = list(document["samples"])
    except (OSError, ValueError, KeyError, TypeError):
        return []
    now = {(b.plan.sample.period, b.plan.sample.process.value): b for b in blocks}
    positrons = {b.plan.sample.period: b.plan.sample.n_pot for b in blocks}
    earlier = [row for row in samples if (row["period"], row["process"]) not in now]
    same = {key: document.get(key) for key in ("seed", "pile_up", "setup_sha256", "library_sha256")}
    for block in blocks[:1]:
        if earlier and any(block.record[key] != value for key, value in same.items()):
            raise _of_others(out / RECORD, out)
    if any(row["n_pot"] != positrons.get(row["period"], row["n_pot"]) for row in earlier):
        raise UsageError(
            f"--out {out}: its other processes of this period are for another number of positrons; "
            "name another folder"
        )
    return earlier


def _as_json(record: dict[str, Any]) -> str:
    return json.dumps(record, sort_keys=True)


def _make_all(
    make: Callable[[_Block], None],
    todo: Sequence[_Block],
    n_kept: int,
    out: Path,
    workers: int,
    progress: Progress,
) -> None:
    """Make blocks on threads; say what is safe if that is interrupted."""
    done = list(itertools.accumulate((block.record["n_events"] for block in todo), initial=n_kept))
    try:
        run_blocks(
            make,
            todo,
            workers=workers,
            progress=lambda _, blocks, __: progress("events", done[blocks], done[-1]),
        )
    except KeyboardInterrupt:
        safe = n_kept + _events([block for block in todo if block.path.exists()])
        raise KeyboardInterrupt(
            f"{safe} of {done[-1]} events are safe in {out}; the same command goes on from there"
        ) from None


def _write_bunches(
    setup: Setup, periods: Sequence[Period], request: SimulationRequest, digests: dict[str, str], out: Path
) -> None:
    """Write the bunches of the periods, each after the positrons of all periods before it."""
    for period in periods:
        about = {
            "setup": setup.name,
            "setup_sha256": digests["setup_sha256"],
            "period": period.number,
            "beam_energy_mev": period.beam_energy_mev,
            "n_pot": request.positrons or period.n_pot,
            "seed": request.seed,
        }
        path = folder_of(out, period.number) / "bunches.parquet"
        bunches_file.write_bunches(path, setup, about, Conditions.nominal(setup))


def _document(
    setup: Setup,
    digests: dict[str, str],
    request: SimulationRequest,
    plans: Sequence[PlannedSample],
    command: str,
) -> dict[str, Any]:
    samples = [
        {
            "period": plan.sample.period,
            "process": plan.sample.process.value,
            "beam_energy_mev": plan.sample.beam_energy_mev,
            "sqrt_s_mev": float(sqrt_s_mev(plan.sample.beam_energy_mev)),
            "n_pot": plan.sample.n_pot,
            "rate_per_pot": plan.rate_per_pot,
            "expected": plan.expected,
            "n_events": plan.n_events,
            "n_files": plan.n_blocks,
        }
        for plan in plans
    ]
    return {
        "command": command,
        "setup": setup.name,
        **digests,
        "seed": request.seed,
        "pile_up": request.pile_up,
        "format": request.format,
        "samples": samples,
    }


def simulation_text(run: SimulationRun, out: Path) -> str:
    """Say what was simulated, in lines of at most 80 columns.

    Parameters
    ----------
    run : SimulationRun
    out : Path

    Returns
    -------
    str
        Ends in a newline.
    """
    lines = ["period  process         √s [MeV]   positrons    expected    events"]
    lines += [
        f"{row['period']:6d}  {row['process']:14s} {row['sqrt_s_mev']:9.4f} {row['n_pot']:11.4g} "
        f"{row['expected']:11.1f} {row['n_events']:9d}"
        for row in run.document["samples"]
    ]
    rate = f", {run.n_made / run.seconds:,.0f} a second" if run.n_made else ""
    kept = f"; {run.n_kept} were there already" if run.n_kept else ""
    lines += ["", f"{run.n_made} events made in {run.seconds:.1f} s{rate}{kept}", str(out)]
    return "\n".join(lines) + "\n"
