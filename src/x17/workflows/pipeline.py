"""From positrons to limits in one command: simulate, reconstruct, expect, count, search."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from x17.apparatus import Setup, load_setup
from x17.errors import InputError, UsageError
from x17.reconstruction.clustering import ClusteringSettings
from x17.reconstruction.reconstruct import ReconstructionSettings
from x17.report.files import write_text
from x17.report.tables import json_text
from x17.scan.class_table import class_table
from x17.scan.counted import CountedScan
from x17.scan.model_constants import ModelConstants
from x17.simulation.conditions import Conditions
from x17.simulation.planning import SampleSettings, plan_samples
from x17.simulation.sample import Process
from x17.simulation.storage.file_identity import setup_digest, write_in_one_step
from x17.statistics.blocks import Progress, available_cores, silent
from x17.theory.boson import Boson
from x17.toybank.bank import Notify, ignore
from x17.workflows.count import count_periods
from x17.workflows.count_document import count_document, document_without_scan
from x17.workflows.count_settings import CountSettings, resolve_count_settings
from x17.workflows.event_folder import CONDITIONS
from x17.workflows.expect import ExpectRequest, algorithm_of, chosen_periods, expect
from x17.workflows.expected_folder import expected_records
from x17.workflows.folder_names import folder_name
from x17.workflows.scan_of_counts import scan_of_counts
from x17.workflows.search_results import SearchRun, search_to_folder
from x17.workflows.search_settings import TABLES as SEARCH_TABLES
from x17.workflows.search_settings import SearchSettings
from x17.workflows.simulated_clusters import ClusterMaker

RECORD = "pipeline.json"
DATA, EXPECTED, SCAN, COUNTS, SEARCH = "data", "expected", "scan.csv", "counts.json", "search"
PROCESSES = (Process.ELECTRONS, Process.PHOTONS, Process.BREMSSTRAHLUNG, Process.ACCIDENTAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineRequest:
    """What `x17 pipeline` is asked for.

    Attributes
    ----------
    boson : Boson or None
        Put into the data.
    periods : tuple of int or None
        All of the run plan by default.
    positrons : float or None
        On target in each period; the period's own by default.
    expectation : ExpectRequest
        Periods and clustering are those of the data.
    clustering : str
    conditions : bool
        Draw what drifts in the machine; otherwise it is as the setup says.
    expected : Path or None
        An expectation that is there already.
    seed : int
        Of the data; the expectation has its own.
    """

    boson: Boson | None = None
    periods: tuple[int, ...] | None = None
    positrons: float | None = None
    expectation: ExpectRequest = field(default_factory=ExpectRequest)
    clustering: str = "padme"
    conditions: bool = True
    expected: Path | None = None
    seed: int = 1

    def __post_init__(self) -> None:
        if self.positrons is not None and not 1.0 <= self.positrons <= 1e30:
            raise UsageError(f"--positrons is {self.positrons:g}; allowed: 1 to 1e30")
        if self.seed < 0:
            raise UsageError(f"--seed is {self.seed}; allowed: 0 or above")
        if self.seed == self.expectation.seed and self.expected is None:
            raise UsageError(
                f"--seed is {self.seed}, that of the expectation; another one keeps the two independent"
            )

    def resolved(self, setup: Setup) -> PipelineRequest:
        """The same with the radiative corrections decided; see `ExpectRequest.resolved`.

        Parameters
        ----------
        setup : Setup

        Returns
        -------
        PipelineRequest
        """
        asked = replace(self.expectation, periods=self.periods).resolved(setup)
        return replace(self, expectation=replace(asked, periods=self.expectation.periods))

    @property
    def samples(self) -> SampleSettings:
        """What is simulated as data."""
        return SampleSettings(
            processes=PROCESSES,
            boson=self.boson,
            n_pot=self.positrons,
            fiducial_margin_mm=self.expectation.fiducial_margin_mm,
            pile_up_window_ns=self.expectation.pile_up_window_ns,
            published_k=bool(self.expectation.published_k),
        )

    def document(self) -> dict[str, Any]:
        """What decides the numbers, for JSON."""
        tree = asdict(self)
        tree["boson"] = None if self.boson is None else str(self.boson)
        tree["expected"] = None if self.expected is None else str(self.expected)
        return dict(json.loads(json_text(tree)))


@dataclass(frozen=True, slots=True, eq=False)
class PipelineRun:
    """A finished pipeline.

    Attributes
    ----------
    counted : CountedScan
    search : SearchRun
    document : dict
        Content of `pipeline.json`: request, counts and the summary of the search.
    folder : Path
    seconds : float
    """

    counted: CountedScan
    search: SearchRun
    document: dict[str, Any]
    folder: Path
    seconds: float


def pipeline(
    setup_name: str,
    request: PipelineRequest,
    out: Path,
    *,
    search_settings: SearchSettings,
    assignments: Sequence[str] = (),
    config: Path | None = None,
    quick: bool = False,
    workers: int | None = None,
    command: str = "",
    progress: Progress = silent,
    notify: Notify = ignore,
) -> PipelineRun:
    """Simulate data taking, analyse it as the experiment does, and search it.

    Every stage leaves its files: the same command goes on where an interrupted one stopped, to the same
    numbers.

    Parameters
    ----------
    setup_name : str
        A shipped setup or a file.
    request : PipelineRequest
    out : Path
        Gets `data`, `expected`, `scan.csv` with its TOML, `counts.json`, `calibration`, `search` and
        `pipeline.json`.
    search_settings : SearchSettings
    assignments : sequence of str
        Settings of the analysis, TABLE.KEY=VALUE; see `CountSettings`.
    config : Path, optional
        The same as a TOML, which may hold tables of a search besides.
    quick : bool
        No vector figures.
    workers : int, optional
        Threads; all cores by default. No number depends on it.
    command : str
        As typed, for the record.
    progress, notify : callable

    Returns
    -------
    PipelineRun

    Raises
    ------
    X17Error
        A setup, a request or settings that cannot be used, a folder of another request, a full disk.
    KeyboardInterrupt
        With a sentence that says what is safe.
    """
    from x17.report.calibration_files import write_calibration

    started, threads = time.monotonic(), workers or available_cores()
    setup = load_setup(setup_name)
    how = resolve_count_settings(setup, config=config, assignments=assignments, others=SEARCH_TABLES)
    request = request.resolved(setup)
    _check(setup, request)
    again = _claim(out, setup, request)
    with _resumable(out):
        made = simulate_data(setup, request, out / DATA, threads, progress)
        expected = request.expected or out / EXPECTED
        made_expected = None
        if request.expected is None:
            wanted = replace(request.expectation, periods=request.periods, clustering=request.clustering)
            made_expected = expect(
                setup_name, wanted, expected, workers=threads, command=command, progress=progress
            ).n_made
        if again:
            notify(_kept(out, made, made_expected))
        counted = count_to_files(out, out / DATA, expected, setup, how, threads, command, progress)
        write_calibration(
            out / "calibration",
            counted,
            quick=quick,
            search_report=f"../{SEARCH}/report.html",
            progress=progress,
        )
        search = search_to_folder(
            str(out / SCAN),
            search_settings,
            out=out / SEARCH,
            quick=quick,
            force=True,
            workers=threads,
            command=command,
            progress=progress,
            notify=notify,
        )
    document = {
        "command": command,
        "setup": setup.name,
        "request": request.document(),
        "counts": count_document(counted, command),
        "search": search.summary,
    }
    _write_json(out / RECORD, document)
    return PipelineRun(counted, search, document, out, time.monotonic() - started)


def _kept(out: Path, made: int, made_expected: int | None) -> str:
    """What a pipeline that was run before keeps, and what it makes anew."""

    def stage(name: str, number: int) -> str:
        return f"{name} kept" if number == 0 else f"{number} samples of {name} made, the others kept"

    stages = [stage("data", made)]
    if made_expected is not None:
        stages.append(stage("expectation", made_expected))
    return f"{out} was run before: {', '.join(stages)}; counts, calibration and search are made anew"


@contextmanager
def _resumable(out: Path) -> Iterator[None]:
    """Say of an interrupt that nothing is lost."""
    try:
        yield
    except KeyboardInterrupt as stop:
        safe = str(stop) or f"what is whole in {out} is kept; the same command goes on from there"
        raise KeyboardInterrupt(safe) from None


def simulate_data(setup: Setup, request: PipelineRequest, out: Path, workers: int, progress: Progress) -> int:
    """Simulate data taking down to clusters and sums over the bunches of each run.

    Parameters
    ----------
    setup : Setup
    request : PipelineRequest
    out : Path
    workers : int
    progress : callable

    Returns
    -------
    int
        Samples made now; the others were there.
    """
    periods, request = chosen_periods(setup, request.periods), request.resolved(setup)
    conditions = Conditions.drawn(setup, request.seed) if request.conditions else None
    how = ReconstructionSettings(clustering=ClusteringSettings(algorithm=algorithm_of(request.clustering)))
    maker = ClusterMaker.into(out, setup, conditions, how)
    progress("plan of data taking", 0, 1)
    plans = plan_samples(setup, periods, request.samples, request.seed, conditions=conditions)
    if conditions:
        _write_json(out / CONDITIONS, conditions.document())
    made = maker.make(plans, workers, "samples of data", progress)
    n_pot = {period.number: request.positrons or period.n_pot for period in periods}
    maker.make_runs(n_pot, request.seed, workers, "bunches of periods", progress)
    return made


def count_to_files(
    out: Path,
    data: Path,
    expected: Path,
    setup: Setup,
    settings: CountSettings,
    workers: int,
    command: str,
    progress: Progress,
    scan: Path | None = None,
) -> CountedScan:
    """Count, and write the scan with its TOML, its table of classes and `counts.json` beside it.

    Parameters
    ----------
    out : Path
        Folder whose name the scan gets.
    data, expected : Path
    setup : Setup
    settings : CountSettings
    workers : int
    command : str
    progress : callable
    scan : Path, optional
        The CSV; `scan.csv` in `out` by default.

    Returns
    -------
    CountedScan

    Raises
    ------
    UsageError, InputError
        Files that cannot be counted, or too few periods for a scan: the counts are written then, too.
    """
    target = scan or out / SCAN
    beside = target.with_name(COUNTS if scan is None else f"{target.stem}-counts.json")
    found = count_periods(data, expected, settings, setup=setup, workers=workers, progress=progress)
    try:
        counted = scan_of_counts(found, folder_name(target.stem if scan else out.resolve().name))
    except (InputError, UsageError) as error:
        _write_json(beside, document_without_scan(found, str(error), command))
        raise UsageError(f"no scan can be made of these counts; {beside} has them. {error}") from error
    target.parent.mkdir(parents=True, exist_ok=True)
    counted.assembled.scan.write(target)
    classes = class_table(counted.periods).to_csv_text()
    write_in_one_step(
        target.with_name(f"{target.stem}-classes.csv"), lambda partial: write_text(partial, classes)
    )
    _write_json(beside, count_document(counted, command))
    return counted


def _write_json(path: Path, document: dict[str, Any]) -> None:
    write_in_one_step(path, lambda partial: write_text(partial, json_text(document)))


def _check(setup: Setup, request: PipelineRequest) -> None:
    """Refuse now what would fail after hours of simulation."""
    periods = chosen_periods(setup, request.periods)
    algorithm_of(request.clustering)
    searched = sum(period.scan_part >= 0 for period in periods)
    needed = ModelConstants().points_needed
    if searched < needed:
        raise UsageError(
            f"{searched} of the chosen periods are searched (scan_part 0 or above), a search needs {needed}; "
            "take more, or count these with x17 simulate, reconstruct, expect and count"
        )
    if request.expected is not None:
        expected_records(request.expected, periods, setup)
    elif request.expectation.bosons == 0:
        raise UsageError("--bosons is 0; allowed: 1 or more, a scan needs the efficiency for the boson")


def _claim(out: Path, setup: Setup, request: PipelineRequest) -> bool:
    """Take the folder for this request, and say if it was taken before; refuse that of another request."""
    if out.exists() and not out.is_dir():
        raise UsageError(f"--out {out}: is a file; name a folder")
    mark = json_text({"setup_sha256": setup_digest(setup), "request": request.document()})
    path = out / "request.json"
    again = path.exists()
    if again and path.read_text(encoding="utf-8") != mark:
        raise UsageError(
            f"--out {out}: holds a pipeline of another request (see {path.name} there); "
            "name another folder, or delete it"
        )
    write_in_one_step(path, lambda partial: write_text(partial, mark))
    return again
