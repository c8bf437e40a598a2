"""Simulated periods in a folder of blocks: the function behind `x17 simulate`."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from x17.apparatus import Setup, load_setup
from x17.apparatus.run_plan import Period
from x17.errors import UsageError
from x17.kinematics import sqrt_s_mev
from x17.report.files import write_text
from x17.report.tables import json_text
from x17.simulation.conditions import Conditions
from x17.simulation.planning import plan_samples
from x17.simulation.sample import PlannedSample
from x17.simulation.showers.library_of_setup import library_of
from x17.simulation.simulate import simulate_block
from x17.simulation.storage import bunches_file
from x17.simulation.storage.event_table import event_table
from x17.simulation.storage.file_identity import library_digest, setup_digest, write_in_one_step
from x17.statistics.blocks import Progress, available_cores, run_blocks, silent
from x17.workflows.event_files import FORMATS
from x17.workflows.event_folder import (
    CONDITIONS,
    RECORD,
    EventFile,
    earlier_samples,
    event_files,
    folder_of,
    found,
    n_generated,
)
from x17.workflows.simulation_request import SimulationRequest

_SUMMED = ("n_pot", "expected", "n_events")


@dataclass(frozen=True, slots=True, eq=False)
class SimulationRun:
    """A finished simulation.

    Attributes
    ----------
    document : dict
        Content of `simulation.json`: under `samples` one entry a period, run and process.
    n_made, n_kept : int
        Events generated now, and found from before.
    seconds : float
        Time for those made now.
    """

    document: dict[str, Any]
    n_made: int
    n_kept: int
    seconds: float


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
        Gets a folder for each period with files of at most 5000 events, `simulation.json`, and
        `conditions.json` if conditions are drawn.
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
    periods = periods_of(setup, request.period)
    if out.exists() and not out.is_dir():
        raise UsageError(f"--out {out}: is a file; name a folder")
    library = library_of(setup, [period.beam_energy_mev for period in periods])
    conditions = conditions_of(setup, request)
    digests = {
        "setup_sha256": setup_digest(setup),
        "library_sha256": library_digest(library),
        "conditions_sha256": conditions.digest() if conditions else None,
    }
    plans = plan_samples(setup, periods, request.settings, request.seed, conditions=conditions)
    kind = FORMATS[request.format]
    files = list(event_files(plans, setup.name, digests, out, kind))
    earlier = earlier_samples(files, out)
    kept = found(files, out, kind)
    todo = [file for file in files if file.path not in kept]

    def make(file: EventFile) -> None:
        events = simulate_block(setup, library, file.plan, file.block, conditions=conditions)
        about = {**file.record, "n_events": events.events.n_events}
        kind.write(event_table(events, setup, about), file.path)

    n_kept = n_generated(files) - n_generated(todo)
    _make_all(make, todo, n_kept, out, workers or available_cores(), progress)
    if conditions:
        truths = conditions.document()
        write_in_one_step(out / CONDITIONS, lambda path: write_text(path, json_text(truths)))
    if request.bunches:
        _write_bunches(setup, periods, request, conditions, digests, out)
    seconds = time.monotonic() - started
    document = _document(setup, digests, request, plans, command)
    everything = {**document, "samples": [*earlier, *document["samples"]]}
    write_in_one_step(out / RECORD, lambda path: write_text(path, json_text(everything)))
    return SimulationRun(document, n_generated(todo), n_kept, seconds)


def periods_of(setup: Setup, number: int | None) -> list[Period]:
    """Periods of a run plan.

    Parameters
    ----------
    setup : Setup
    number : int or None
        Of one of them; None for all.

    Returns
    -------
    list of Period

    Raises
    ------
    UsageError
        There are none, or none of this number.
    """
    known = setup.run_plan.periods
    chosen = [period for period in known if number in (None, period.number)]
    if not known:
        raise UsageError(f"setup {setup.name} has no periods; add [run_plan] to it")
    if not chosen:
        names = ", ".join(str(period.number) for period in known)
        raise UsageError(f"--period {number}: setup {setup.name} has no such period; it has {names}")
    return chosen


def conditions_of(setup: Setup, request: SimulationRequest) -> Conditions | None:
    """Conditions that a request asks for; None for what the setup says.

    Parameters
    ----------
    setup : Setup
    request : SimulationRequest

    Returns
    -------
    Conditions or None
    """
    return Conditions.drawn(setup, request.seed) if request.conditions == "drawn" else None


def _make_all(
    make: Callable[[EventFile], None],
    todo: Sequence[EventFile],
    n_kept: int,
    out: Path,
    workers: int,
    progress: Progress,
) -> None:
    """Make files on threads; say what is safe if that is interrupted."""
    done = list(itertools.accumulate((file.n_generated for file in todo), initial=n_kept))
    try:
        run_blocks(
            make,
            todo,
            workers=workers,
            progress=lambda _, blocks, __: progress("events", done[blocks], done[-1]),
        )
    except KeyboardInterrupt:
        safe = n_kept + n_generated([file for file in todo if file.path.exists()])
        raise KeyboardInterrupt(
            f"{safe} of {done[-1]} events are safe in {out}; the same command goes on from there"
        ) from None


def _write_bunches(
    setup: Setup,
    periods: Sequence[Period],
    request: SimulationRequest,
    conditions: Conditions | None,
    digests: dict[str, str | None],
    out: Path,
) -> None:
    """Write the bunches of the periods, each after the positrons of all periods before it."""
    for period in periods:
        about = {
            "setup": setup.name,
            "setup_sha256": digests["setup_sha256"],
            "conditions_sha256": digests["conditions_sha256"],
            "period": period.number,
            "beam_energy_mev": period.beam_energy_mev,
            "n_pot": request.positrons or period.n_pot,
            "seed": request.seed,
        }
        path = folder_of(out, period.number) / "bunches.parquet"
        bunches_file.write_bunches(path, setup, about, conditions or Conditions.nominal(setup))


def _document(
    setup: Setup,
    digests: dict[str, str | None],
    request: SimulationRequest,
    plans: Sequence[PlannedSample],
    command: str,
) -> dict[str, Any]:
    samples = [
        {
            "period": plan.sample.period,
            "run": plan.sample.run,
            "process": plan.sample.process.value,
            "beam_energy_mev": plan.sample.beam_energy_mev,
            "sqrt_s_mev": float(sqrt_s_mev(plan.sample.beam_energy_mev)),
            "n_pot": plan.sample.n_pot,
            "k_factor": plan.sample.k_factor,
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
        "conditions": request.conditions,
        "k_factor": request.k_factor,
        "pile_up": request.pile_up,
        "pile_up_window_ns": request.pile_up_window_ns,
        "fiducial_margin_mm": request.fiducial_margin_mm,
        "format": request.format,
        "samples": samples,
    }


def simulation_text(run: SimulationRun, out: Path) -> str:
    """Say what was simulated, in lines of at most 80 columns; the runs of a period together.

    Parameters
    ----------
    run : SimulationRun
    out : Path

    Returns
    -------
    str
        Ends in a newline.
    """
    sums: dict[tuple[int, str], dict[str, Any]] = {}
    for row in run.document["samples"]:
        one = sums.setdefault((row["period"], row["process"]), {**row, **dict.fromkeys(_SUMMED, 0)})
        one.update({name: one[name] + row[name] for name in _SUMMED})
    lines = ["period  process         √s [MeV]   positrons    expected    events"]
    lines += [
        f"{row['period']:6d}  {row['process']:14s} {row['sqrt_s_mev']:9.4f} {row['n_pot']:11.4g} "
        f"{row['expected']:11.1f} {row['n_events']:9d}"
        for row in sums.values()
    ]
    rate = f", {run.n_made / run.seconds:,.0f} a second" if run.n_made else ""
    kept = f"; {run.n_kept} were there already" if run.n_kept else ""
    lines += ["", f"{run.n_made} events made in {run.seconds:.1f} s{rate}{kept}", str(out)]
    return "\n".join(lines) + "\n"
