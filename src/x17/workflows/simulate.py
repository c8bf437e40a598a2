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
from x17.errors import UsageError
from x17.kinematics import sqrt_s_mev
from x17.report.files import write_text
from x17.report.tables import json_text
from x17.simulation.sample import PlannedSample, Process, Sample
from x17.simulation.showers.library import ShowerLibrary
from x17.simulation.simulate import simulate_block
from x17.simulation.storage import bunches_file, parquet_events, root_events
from x17.simulation.storage.event_table import EventTable, event_table
from x17.simulation.storage.file_identity import (
    library_digest,
    sample_record,
    setup_digest,
    write_in_one_step,
)
from x17.statistics.blocks import Progress, available_cores, run_blocks, silent
from x17.theory.boson import Boson, SpinParity

DEFAULT_PROCESSES = (Process.ELECTRONS, Process.PHOTONS)
RECORD = "simulation.json"


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file for events.

    Attributes
    ----------
    suffix : str
    write : callable
    read_record : callable
    """

    suffix: str
    write: Callable[[EventTable, Path], None]
    read_record: Callable[[Path], dict[str, Any]]


FORMATS = {
    "parquet": Format(
        parquet_events.SUFFIX, parquet_events.write_parquet, parquet_events.read_parquet_record
    ),
    "root": Format(root_events.SUFFIX, root_events.write_root, root_events.read_root_record),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulationRequest:
    """What is to be simulated.

    Attributes
    ----------
    period : int or None
        Its number; None for all periods of the run plan.
    positrons : float or None
        On target in each period; the period's own by default.
    processes : tuple of Process
    boson : Boson or None
        Simulated besides the processes.
    pile_up : bool
    bunches : bool
        Write what the beam monitors say of every bunch.
    seed : int
    format : {"parquet", "root"}

    Raises
    ------
    UsageError
        A number or a name outside what is allowed.
    """

    period: int | None = None
    positrons: float | None = None
    processes: tuple[Process, ...] = DEFAULT_PROCESSES
    boson: Boson | None = None
    pile_up: bool = True
    bunches: bool = False
    seed: int = 1
    format: str = "parquet"

    def __post_init__(self) -> None:
        if self.positrons is not None and not 1.0 <= self.positrons <= 1e30:
            raise UsageError(f"--positrons is {self.positrons:g}; allowed: 1 to 1e30")
        if self.seed < 0:
            raise UsageError(f"--seed is {self.seed}; allowed: 0 or above")
        if self.format not in FORMATS:
            raise UsageError(f"--format is {self.format!r}; allowed: {', '.join(FORMATS)}")


def processes_of(text: str | None) -> tuple[Process, ...]:
    """Processes of a list separated by commas.

    Parameters
    ----------
    text : str or None
        Pairs of electrons and of photons if None.

    Returns
    -------
    tuple of Process

    Raises
    ------
    UsageError
        An unknown one, one given twice, or X, which `--inject` asks for.
    """
    if text is None:
        return DEFAULT_PROCESSES
    allowed = [process.value for process in Process if process is not Process.BOSON]
    names = text.split(",")
    if not set(names) <= set(allowed) or len(set(names)) < len(names):
        raise UsageError(
            f"--processes is {text!r}; allowed: {', '.join(allowed)}, each once, separated by commas; "
            "a boson comes with --inject"
        )
    return tuple(Process(name) for name in names)


def injected_boson(text: str | None) -> Boson | None:
    """Boson of MASS:COUPLING or MASS:COUPLING:SPIN_PARITY.

    Parameters
    ----------
    text : str or None

    Returns
    -------
    Boson or None

    Raises
    ------
    UsageError
    """
    if text is None:
        return None
    mass_text, _, rest = text.partition(":")
    coupling_text, colon, letter = rest.partition(":")
    try:
        mass, coupling = float(mass_text), float(coupling_text)
    except ValueError:
        mass = coupling = 0.0
    letters = [kind.value for kind in SpinParity]
    if not (1.1 <= mass <= 1000.0 and 0.0 < coupling < 1.0) or (letter not in letters and colon):
        raise UsageError(
            f"--inject is {text!r}; allowed: MASS:COUPLING or MASS:COUPLING:J, a mass in MeV (1.1 to 1000), "
            f"a g_ve (0 to 1) and one of {', '.join(letters)}, e.g. 16.9:5e-4:V"
        )
    return Boson(mass, SpinParity(letter or "V"), coupling)


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
    write_in_one_step(out / RECORD, lambda path: write_text(path, json_text(document)))
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
            if path not in wanted or _as_json(kind.read_record(path)) != _as_json(wanted[path]):
                raise UsageError(
                    f"{path} holds events of other settings, another seed or another version; "
                    f"name another folder than {out}, or delete it"
                )
            found.add(path)
    return found


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
    order = [period.number for period in setup.run_plan.periods]
    for period in periods:
        before = float(setup.run_plan.n_pot[: order.index(period.number)].sum())
        about = {
            "setup": setup.name,
            "setup_sha256": digests["setup_sha256"],
            "period": period.number,
            "beam_energy_mev": period.beam_energy_mev,
            "n_pot": request.positrons or period.n_pot,
            "seed": request.seed,
        }
        path = folder_of(out, period.number) / "bunches.parquet"
        bunches_file.write_bunches(path, setup, about, positrons_before=before)


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
