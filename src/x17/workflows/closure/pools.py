"""Reconstructed pairs of a whole simulated run, period by period and process by process, to draw from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from x17.apparatus import Setup
from x17.apparatus.run_plan import Period
from x17.errors import UsageError
from x17.reconstruction.pairs import Pairs
from x17.reconstruction.period_selection import select_period
from x17.scan.model_constants import ModelConstants
from x17.simulation.sample import Process
from x17.statistics.blocks import Progress, run_blocks, silent
from x17.workflows.cluster_folder import PeriodFolder, read_period, read_runs
from x17.workflows.count import spots_of_runs
from x17.workflows.count_settings import CountSettings
from x17.workflows.event_folder import folder_of
from x17.workflows.expect import expectation_of
from x17.workflows.scan_constants import model_constants


@dataclass(frozen=True, slots=True, eq=False)
class PairPool:
    """Reconstructed pairs of a period to draw from.

    Attributes
    ----------
    period : Period
    pairs : dict
        By process, as selected, without the windows of the angles.
    n_pot : float
        Positrons that each pool stands for.
    signal_efficiency, signal_efficiency_err : float
        As the simulation expects it.
    """

    period: Period
    pairs: dict[Process, Pairs]
    n_pot: float
    signal_efficiency: float
    signal_efficiency_err: float


@dataclass(frozen=True, slots=True, eq=False)
class ClosureSample:
    """The large sample behind pseudo runs.

    Attributes
    ----------
    setup : Setup
    pools : tuple of PairPool
    coupling : float
        Of the boson in it; 0 without one.
    settings : CountSettings
    constants : ModelConstants
    """

    setup: Setup
    pools: tuple[PairPool, ...]
    coupling: float
    settings: CountSettings
    constants: ModelConstants


def closure_sample(
    data: Path, expected: Path, setup: Setup, *, workers: int = 1, progress: Progress = silent
) -> ClosureSample:
    """Read a pipeline's folders into pools of pairs.

    Parameters
    ----------
    data : Path
        Clusters of a whole run, with a boson or without.
    expected : Path
        As `x17 expect` leaves it, for the signal efficiency.
    setup : Setup
    workers : int
    progress : callable

    Returns
    -------
    ClosureSample

    Raises
    ------
    UsageError
        Bosons of different couplings.
    """
    settings = CountSettings.of(setup)
    results = run_blocks(
        lambda period: _pool(data, expected, period, setup, settings),
        setup.run_plan.periods,
        workers=workers,
        what="pools of pairs",
        progress=progress,
    )
    couplings = {coupling for _, coupling in results if coupling > 0.0}
    if len(couplings) > 1:
        raise UsageError(f"{data}: holds bosons of several couplings {sorted(couplings)}")
    pools = tuple(pool for pool, _ in results)
    return ClosureSample(
        setup, pools, couplings.pop() if couplings else 0.0, settings, model_constants(setup)
    )


def _pool(
    data: Path, expected: Path, period: Period, setup: Setup, settings: CountSettings
) -> tuple[PairPool, float]:
    place = PeriodFolder(period.number, folder_of(data, period.number))
    events, records = read_period(place, setup.calorimeter)
    events = replace(events, weight=np.ones(events.n_events))
    runs, _ = read_runs(place.runs_file)
    spots = spots_of_runs(runs, 1 + int(events.run.max(initial=0)))
    selection = select_period(events, spots, period.sqrt_s_mev, setup, settings.period)
    process = np.array([list(Process).index(Process(record["process"])) for record in records])
    mine = process[selection.sample[selection.pairs.event]]
    pairs = {kind: selection.pairs.select(mine == number) for number, kind in enumerate(Process)}
    coupling = max((record["boson"]["g_ve"] for record in records if record.get("boson")), default=0.0)
    n_pot = sum(float(record["n_pot"]) for record in records if record["process"] == Process.ELECTRONS)
    found = expectation_of(expected, period, setup, settings.period)
    pool = PairPool(period, pairs, n_pot, found.signal_efficiency, found.signal_efficiency_err)
    return pool, float(coupling)
