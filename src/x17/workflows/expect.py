"""Expected background and signal efficiency of every period: the function behind `x17 expect`."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from x17.apparatus import Setup, load_setup
from x17.apparatus.run_plan import Period
from x17.errors import InputError, Problem, UsageError
from x17.reconstruction.clustering import Algorithm, ClusteringSettings
from x17.reconstruction.expectation import (
    BosonSample,
    PeriodExpectation,
    expect_period,
    table_of_expectations,
)
from x17.reconstruction.expected_yields import ExpectedYields
from x17.reconstruction.period_selection import PeriodSettings
from x17.reconstruction.reconstruct import ReconstructionSettings
from x17.report.files import write_text
from x17.report.tables import json_text
from x17.simulation.planning import SampleSettings, plan_samples
from x17.simulation.sample import PlannedSample, Process
from x17.simulation.storage.file_identity import write_in_one_step
from x17.statistics.blocks import Progress, available_cores, silent
from x17.theory.boson import Boson, SpinParity
from x17.theory.qed.published_k import published_k_holds
from x17.workflows.cluster_folder import PREFIX, PeriodFolder, period_folders, read_period
from x17.workflows.event_folder import folder_of
from x17.workflows.simulated_clusters import ClusterMaker

RECORD = "expected.json"
TABLE = "expected.csv"
_UNIT_COUPLING = 1e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectRequest:
    """What is to be expected, and how precisely.

    Attributes
    ----------
    periods : tuple of int or None
        Numbers; all of the run plan by default.
    positrons : float
        Simulated for each period: 1.6e10 give B to 0.4 % in Run III of PADME.
    bosons : int
        Simulated for each period, mean of a Poisson number: 3e5 give the efficiency to 0.6 %.
    published_k : bool or None
        Multiply the tree-level rates by the published radiative corrections; None: where they hold.
    fiducial_margin_mm, pile_up_window_ns : float
        As `Sample` has them: what cannot be selected is not simulated.
    clustering : str
        Algorithm of the clusters.
    seed : int
        Independent of that of data by default.

    Raises
    ------
    UsageError
        A number outside what is allowed.
    """

    periods: tuple[int, ...] | None = None
    positrons: float = 1.6e10
    bosons: int = 300_000
    published_k: bool | None = None
    fiducial_margin_mm: float = 20.0
    pile_up_window_ns: float = 30.0
    clustering: str = "padme"
    seed: int = 1_000_001

    def __post_init__(self) -> None:
        if not 1.0 <= self.positrons <= 1e30:
            raise UsageError(f"--positrons is {self.positrons:g}; allowed: 1 to 1e30")
        if not 0 <= self.bosons <= 10**9:
            raise UsageError(f"--bosons is {self.bosons}; allowed: 0 to 1e9")
        if self.seed < 0:
            raise UsageError(f"--seed is {self.seed}; allowed: 0 or above")

    @property
    def settings(self) -> SampleSettings:
        """Pairs of electrons and photons that are simulated."""
        return SampleSettings(
            processes=(Process.ELECTRONS, Process.PHOTONS),
            n_pot=self.positrons,
            fiducial_margin_mm=self.fiducial_margin_mm,
            pile_up_window_ns=self.pile_up_window_ns,
            published_k=bool(self.published_k),
        )

    def resolved(self, setup: Setup) -> ExpectRequest:
        """The same with the radiative corrections decided: the published ones at PADME's energies.

        Parameters
        ----------
        setup : Setup

        Returns
        -------
        ExpectRequest
        """
        if self.published_k is not None:
            return self
        energies = [period.sqrt_s_mev for period in chosen_periods(setup, self.periods)]
        return replace(self, published_k=published_k_holds(energies))


@dataclass(frozen=True, slots=True, eq=False)
class ExpectRun:
    """A finished expectation.

    Attributes
    ----------
    yields : ExpectedYields
    document : dict
        Content of `expected.json`.
    n_made : int
        Samples made now; the others were there.
    """

    yields: ExpectedYields
    document: dict[str, Any]
    n_made: int


def expect(
    setup_name: str,
    request: ExpectRequest,
    out: Path,
    *,
    workers: int | None = None,
    command: str = "",
    progress: Progress = silent,
) -> ExpectRun:
    """Simulate, reconstruct and count what is expected of every period.

    Parameters
    ----------
    setup_name : str
        A shipped setup or a file.
    request : ExpectRequest
    out : Path
        Gets the clusters of every period, `expected.csv` and `expected.json`.
    workers : int, optional
        Threads; all cores by default. The numbers do not depend on it.
    command : str
        As typed, for the record.
    progress : callable

    Returns
    -------
    ExpectRun

    Raises
    ------
    UsageError, InputError
        A setup or a request that cannot be used, or a folder with other events.
    KeyboardInterrupt
        With a sentence that says what is safe.
    """
    setup = load_setup(setup_name)
    periods, request = chosen_periods(setup, request.periods), request.resolved(setup)
    how = ReconstructionSettings(clustering=ClusteringSettings(algorithm=algorithm_of(request.clustering)))
    _refuse_other_files(out)
    maker = ClusterMaker.into(out, setup, None, how)
    plans = plan_samples(setup, periods, request.settings, request.seed)
    plans += [plan for period in periods for plan in _boson_plan(setup, period, request)]
    made = maker.make(plans, workers or available_cores(), "expected samples", progress)
    rows = []
    for number, period in enumerate(periods):
        progress("expected yields", number, len(periods))
        row = expectation_of(out, period, setup, PeriodSettings.of(setup))
        rows.append(replace(row, selection=row.selection.lighter(keep_pairs=False)))
    yields = table_of_expectations(rows)
    document: dict[str, Any] = {
        "command": command,
        "setup": setup.name,
        "setup_sha256": maker.digests["setup_sha256"],
        "seed": request.seed,
        "positrons": request.positrons,
        "bosons": request.bosons,
        "published_k": request.published_k,
        "clustering": request.clustering,
        "periods": [_row(row) for row in rows],
    }
    write_in_one_step(out / TABLE, lambda path: write_text(path, _csv(document["periods"])))
    write_in_one_step(out / RECORD, lambda path: write_text(path, json_text(document)))
    return ExpectRun(yields, document, made)


def _refuse_other_files(out: Path) -> None:
    """Take a folder that is new, empty, or holds an expectation, whole or begun."""
    if out.exists() and not out.is_dir():
        raise UsageError(f"--out {out}: is a file; name a folder")
    there = sorted(path.name for path in out.iterdir()) if out.is_dir() else []
    periods = period_folders(out) if any(name.startswith("period-") for name in there) else []
    if there and not periods:
        raise UsageError(f"--out {out}: holds other files ({there[0]}, …); name a new folder")
    for place in periods:
        if data := sorted(path.name for path in place.path.iterdir() if PREFIX not in path.name):
            raise UsageError(
                f"--out {out}: holds data ({place.path.name}/{data[0]}); an expectation is made apart from "
                "them, with random numbers of its own: name a new folder"
            )


def chosen_periods(setup: Setup, numbers: Sequence[int] | None) -> list[Period]:
    """Periods of a run plan by their numbers.

    Parameters
    ----------
    setup : Setup
    numbers : sequence of int or None
        None for all.

    Returns
    -------
    list of Period
        In the order of the plan.

    Raises
    ------
    UsageError
        No plan, or a number that is not in it.
    """
    known = setup.run_plan.periods
    if not known:
        raise UsageError(f"setup {setup.name} has no periods; add [run_plan] to it")
    if numbers is None:
        return list(known)
    if strangers := sorted(set(numbers) - {period.number for period in known}):
        names = ", ".join(str(period.number) for period in known)
        raise UsageError(f"--periods: setup {setup.name} has no period {strangers[0]}; it has {names}")
    return [period for period in known if period.number in set(numbers)]


def algorithm_of(name: str) -> Algorithm:
    """Algorithm of the clusters by its name.

    Parameters
    ----------
    name : str

    Returns
    -------
    Algorithm

    Raises
    ------
    UsageError
        There is none of that name.
    """
    try:
        return Algorithm(name)
    except ValueError:
        names = ", ".join(one.value for one in Algorithm)
        raise UsageError(f"--clustering is {name!r}; allowed: {names}") from None


def expectation_of(folder: Path, period: Period, setup: Setup, settings: PeriodSettings) -> PeriodExpectation:
    """Count the simulated events of one period.

    Parameters
    ----------
    folder : Path
        As `expect` leaves it.
    period : Period
    setup : Setup
    settings : PeriodSettings

    Returns
    -------
    PeriodExpectation

    Raises
    ------
    InputError
        No clusters of this period, or files that cannot be used.
    """
    place = PeriodFolder(period.number, folder_of(folder, period.number))
    events, records = read_period(place, setup.calorimeter)
    processes = [record["process"] for record in records]
    if Process.ELECTRONS not in processes:
        problem = Problem("holds no simulated pairs of electrons", None, None, str(processes))
        raise InputError(str(place.path), [problem], "Make them with `x17 expect`.")
    bosons = [number for number, process in enumerate(processes) if process == Process.BOSON]
    others = [number for number in range(len(processes)) if number not in bosons]
    boson = None
    if bosons:
        generated = sum(int(records[number]["n_generated"]) for number in bosons)
        boson = BosonSample(events=events.of_samples(bosons), n_generated=generated)
    photons = [number for number in others if processes[number] == Process.PHOTONS]
    background = events.of_samples(others)
    return expect_period(period.number, period.sqrt_s_mev, background, photons, boson, setup, settings)


def _boson_plan(setup: Setup, period: Period, request: ExpectRequest) -> list[PlannedSample]:
    """A vector of mass √s, its coupling such that the positrons make as many as are asked for."""
    if request.bosons == 0:
        return []
    from x17.simulation.generators.boson import boson_rate

    unit = Boson(period.sqrt_s_mev, SpinParity.VECTOR, _UNIT_COUPLING)
    rate, _, _ = boson_rate(setup, unit, period.beam_energy_mev, setup.target.electron_momenta)
    coupling = _UNIT_COUPLING * math.sqrt(request.bosons / (rate * request.positrons))
    settings = replace(request.settings, processes=(), boson=replace(unit, g_ve=coupling))
    return plan_samples(setup, [period], settings, request.seed)


def _row(row: PeriodExpectation) -> dict[str, Any]:
    background = row.electrons_per_pot + row.photons_per_pot
    found = row.count.efficiency
    return {
        "period": row.count.period,
        "sqrt_s_mev": row.sqrt_s_mev,
        "electrons_per_pot": row.electrons_per_pot,
        "photons_per_pot": row.photons_per_pot,
        "background_per_pot": background,
        "background_err_raw": row.count.count.n2_error,
        "signal_efficiency": row.signal_efficiency,
        "signal_efficiency_err": row.signal_efficiency_err,
        "tag_and_probe": found.efficiency,
        "tag_and_probe_err": found.error,
        "spot_shift_per_mm": row.spot.per_mm,
        "pairs": row.count.count.n_pairs,
    }


def _csv(rows: Sequence[dict[str, Any]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({key: _cell(value) for key, value in row.items()})
    return text.getvalue()


def _cell(value: Any) -> Any:
    return "" if isinstance(value, float) and not np.isfinite(value) else value


def expected_text(run: ExpectRun, out: Path) -> str:
    """Say what is expected, in lines of at most 80 columns.

    Parameters
    ----------
    run : ExpectRun
    out : Path

    Returns
    -------
    str
        Ends in a newline.
    """
    lines = ["period  √s [MeV]    B [1e-6]   error    ε_S [%]  error   tag and probe [%]"]
    for row in run.document["periods"]:
        b, b_err = row["background_per_pot"], row["background_err_raw"]
        eff, eff_err = row["signal_efficiency"], row["signal_efficiency_err"]
        lines.append(
            f"{row['period']:6d} {row['sqrt_s_mev']:9.4f} {1e6 * b:11.4f} {_percent(b_err, b)} "
            f"{100 * eff:8.3f} {_percent(eff_err, eff)}"
            f" {100 * row['tag_and_probe']:10.2f}({100 * row['tag_and_probe_err']:.2f})"
        )
    lines += ["", f"{run.n_made} samples made; the others were there", str(out)]
    return "\n".join(lines) + "\n"


def _percent(error: float, value: float) -> str:
    """Relative error; a dash where nothing was found."""
    return f"{100.0 * error / value:6.2f} %" if value > 0.0 else "     – %"
