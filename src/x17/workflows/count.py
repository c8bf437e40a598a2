"""From folders of clusters to a scan: the function behind `x17 count`."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from x17.apparatus import Setup
from x17.apparatus.run_plan import Period
from x17.errors import InputError, UsageError
from x17.reconstruction.beam_line_fit import Spot
from x17.reconstruction.counting import count_period
from x17.reconstruction.data_quality import RunQuality, judge_runs
from x17.reconstruction.flux.period_flux import measure_flux
from x17.reconstruction.flux.proxies import calorimeter_per_positron
from x17.reconstruction.flux.run_sums import RunSums
from x17.reconstruction.period_counts import CountStatus
from x17.reconstruction.period_selection import PeriodEvents, select_period
from x17.reconstruction.stability import margin_stability, r_max_stability
from x17.scan.counted import CountedPeriod, CountedScan
from x17.scan.model_constants import ModelConstants
from x17.statistics.blocks import Progress, available_cores, run_blocks, silent
from x17.workflows.cluster_folder import PeriodFolder, period_folders, read_period, read_runs
from x17.workflows.count_settings import CountSettings
from x17.workflows.counted_periods import CountedPeriods, LostPeriod
from x17.workflows.expect import expectation_of
from x17.workflows.expected_folder import expected_records, refuse_unlike
from x17.workflows.scan_of_counts import scan_of_counts
from x17.workflows.setup_of_events import setup_of_record
from x17.workflows.source_of_events import source_of_folders

IntArray = NDArray[np.int64]


def count(
    folder: Path,
    expected: Path,
    settings: CountSettings | None = None,
    *,
    setup: Setup,
    name: str,
    constants: ModelConstants | None = None,
    workers: int | None = None,
    progress: Progress = silent,
) -> CountedScan:
    """Count every period, measure its flux, and put it beside what is expected.

    A period whose files cannot be read, without candidates or without lead-glass data is left out of the scan
    and named in its notes; the others go on.

    Parameters
    ----------
    folder : Path
        Clusters and sums over bunches, as `x17 reconstruct` or `x17 pipeline` leaves them.
    expected : Path
        As `x17 expect` leaves it.
    settings : CountSettings, optional
        Those of the setup by default.
    setup : Setup
    name : str
        Of the scan.
    constants : ModelConstants, optional
        Of the search model; those of the setup's line shape by default.
    workers : int, optional
        Threads; all cores by default. The scan does not depend on it.
    progress : callable

    Returns
    -------
    CountedScan

    Raises
    ------
    UsageError, InputError
        No periods, none that can be used, too few for a scan, or files that do not belong together.
    """
    found = count_periods(folder, expected, settings, setup=setup, workers=workers, progress=progress)
    return scan_of_counts(found, name, constants)


def count_periods(
    folder: Path,
    expected: Path,
    settings: CountSettings | None = None,
    *,
    setup: Setup,
    workers: int | None = None,
    progress: Progress = silent,
) -> CountedPeriods:
    """Count every period and measure its flux.

    Parameters
    ----------
    folder, expected : Path
    settings : CountSettings, optional
    setup : Setup
    workers : int, optional
    progress : callable
        All as `count` has them.

    Returns
    -------
    CountedPeriods

    Raises
    ------
    UsageError, InputError
        No periods, or files that do not belong together.
    """
    how = settings or CountSettings.of(setup)
    places = {place.period: place for place in period_folders(folder)}
    periods = [period for period in setup.run_plan.periods if period.number in places]
    if strangers := sorted(set(places) - {period.number for period in periods}):
        raise UsageError(f"{folder}: period {strangers[0]} is not in the run plan of setup {setup.name}")
    records = expected_records(expected, periods, setup)
    runs = tuple(run for period in periods for run in _runs_of(places[period.number], period))
    quality = _quality(runs, setup, how)
    good = tuple(run for run, is_good in zip(runs, quality.good, strict=True) if is_good)
    counted_in = {run.period for run in good}
    without = tuple(_nothing(period) for period in periods if period.number not in counted_in)
    flux = measure_flux((*good, *without), setup, how.flux)

    def work(period: Period) -> CountedPeriod | LostPeriod:
        mine = [run for run in good if run.period == period.number]
        of_expected = records[period.number]
        return _counted(places[period.number], period, expected, of_expected, mine, setup, how)

    results = run_blocks(
        work, periods, workers=workers or available_cores(), what="periods", progress=progress
    )
    return CountedPeriods(
        setup=setup,
        plan=tuple(periods),
        counted=tuple(result for result in results if isinstance(result, CountedPeriod)),
        lost=tuple(result for result in results if isinstance(result, LostPeriod)),
        flux=flux,
        runs=runs,
        quality=quality,
        settings=how,
        source=source_of_folders(places.values()),
    )


def setup_of_folder(folder: Path, setup_name: str | None = None) -> Setup:
    """The setup that the clusters of a folder were made with.

    Parameters
    ----------
    folder : Path
    setup_name : str, optional
        A setup that is a file.

    Returns
    -------
    Setup

    Raises
    ------
    UsageError
        No clusters, or not the setup of the clusters.
    """
    from x17.reconstruction.cluster_file import read_cluster_record

    for place in period_folders(folder):
        for path in place.cluster_files:
            try:
                record = read_cluster_record(path)
            except InputError:
                continue
            return setup_of_record(record, setup_name)
    raise UsageError(f"{folder}: holds no clusters; make them with `x17 reconstruct {folder}`")


def _runs_of(place: PeriodFolder, period: Period) -> tuple[RunSums, ...]:
    """Sums of the runs of a period; one without bunches if there are none, so that it is flagged."""
    if not place.runs_file.exists():
        return (_nothing(period),)
    try:
        return read_runs(place.runs_file)[0] or (_nothing(period),)
    except InputError:
        return (_nothing(period),)


def _nothing(period: Period) -> RunSums:
    return RunSums(period=period.number, run=0, beam_energy_mev=period.beam_energy_mev)


def _quality(runs: Sequence[RunSums], setup: Setup, settings: CountSettings) -> RunQuality:
    """Judge runs by their energy in the calorimeter per positron, relative to what theory expects of it."""
    energies = np.array([run.beam_energy_mev for run in runs])
    expected = calorimeter_per_positron(setup, energies)
    catcher = setup.beam_catcher
    charge = np.array([run.lead_glass_pc for run in runs])
    positrons = catcher.positrons(charge, energies) if catcher else charge
    seen = np.array([run.calorimeter_mev for run in runs]) / expected * float(expected.mean())
    return judge_runs(np.nan_to_num(seen), np.nan_to_num(positrons), settings.quality)


def _counted(
    place: PeriodFolder,
    period: Period,
    expected: Path,
    expected_records: Sequence[Mapping[str, Any]],
    runs: Sequence[RunSums],
    setup: Setup,
    settings: CountSettings,
) -> CountedPeriod | LostPeriod:
    try:
        events, records = read_period(place, setup.calorimeter)
    except InputError as error:
        detail = f"{Path(error.source).name}: {error.problems[0]}"
        return LostPeriod(period.number, CountStatus.BAD_FILE, detail)
    refuse_unlike(records, expected_records, setup, place.path)
    there = {int(record.get("run", 0)) for record in records}
    if records and (gone := [run.run for run in runs if run.run not in there]):
        return LostPeriod(period.number, CountStatus.BAD_FILE, f"no clusters of run {gone[0]}")
    if runs:
        events = _of_runs(events, [run.run for run in runs])
    if events.n_events == 0:
        return LostPeriod(period.number, CountStatus.NO_EVENTS)
    # Data are counted one by one, whatever the simulation says that an event stands for.
    events = replace(events, weight=np.ones(events.n_events))
    spots = spots_of_runs(runs, int(events.run.max()) + 1)
    how = settings.period
    selection = select_period(events, spots, period.sqrt_s_mev, setup, how)
    expectation = expectation_of(expected, period, setup, how)
    given = (selection.wide_pairs, expectation.selection.wide_pairs, period.sqrt_s_mev, setup, settings.cuts)
    r_max = margin = None
    if selection.wide_pairs.size and expectation.selection.wide_pairs.size:
        r_max = r_max_stability(*given, bands=how.bands)
        margin = margin_stability(*given, bands=how.bands)
    count_of_data = count_period(period.number, selection, how)
    return CountedPeriod(
        period,
        count_of_data,
        selection.lighter(keep_pairs=True),
        replace(expectation, selection=expectation.selection.lighter(keep_pairs=True)),
        r_max,
        margin,
    )


def spots_of_runs(runs: Sequence[RunSums], n_runs: int) -> list[Spot]:
    """Spots at the target of the runs of a period, mm; NaN where there is none.

    Parameters
    ----------
    runs : sequence of RunSums
    n_runs : int
        Runs that the events name.

    Returns
    -------
    list of (x, y)
    """
    found = {run.run: (run.target_x.mean, run.target_y.mean) for run in runs}
    return [found.get(number, (math.nan, math.nan)) for number in range(n_runs)]


def _of_runs(events: PeriodEvents, runs: Sequence[int]) -> PeriodEvents:
    kept = np.isin(events.run, np.array(runs, dtype=np.int64))
    return events if kept.all() else events.select(kept)
