"""From folders of clusters to a scan: the function behind `x17 count`."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from x17.apparatus import Setup
from x17.apparatus.run_plan import Period
from x17.errors import InputError, UsageError
from x17.reconstruction.beam_line_fit import Spot
from x17.reconstruction.counting import count_period, table_of_counts
from x17.reconstruction.data_quality import RunQuality, judge_runs
from x17.reconstruction.expectation import table_of_expectations
from x17.reconstruction.flux.period_flux import PeriodFlux, measure_flux
from x17.reconstruction.flux.proxies import calorimeter_per_positron
from x17.reconstruction.flux.run_sums import RunSums
from x17.reconstruction.period_counts import CountStatus
from x17.reconstruction.period_selection import PeriodEvents, PeriodSelection, select_period
from x17.reconstruction.stability import margin_stability, r_max_stability
from x17.scan.assembly import AssembledScan, assemble_scan
from x17.scan.counted import CountedPeriod, CountedScan
from x17.scan.model_constants import ModelConstants
from x17.simulation.storage.file_identity import setup_digest
from x17.statistics.blocks import Progress, available_cores, run_blocks, silent
from x17.workflows.cluster_folder import PeriodFolder, period_folders, read_period, read_runs
from x17.workflows.count_settings import CountSettings
from x17.workflows.expect import expectation_of
from x17.workflows.measured_budget import measured_budget
from x17.workflows.scan_constants import model_constants
from x17.workflows.setup_of_events import setup_of_record

IntArray = NDArray[np.int64]
SOURCE = "counted by x17 from reconstructed events"


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
        No periods, none that can be used, or a setup that is not that of the files.
    """
    how = settings or CountSettings.of(setup)
    places = {place.period: place for place in period_folders(folder)}
    periods = [period for period in setup.run_plan.periods if period.number in places]
    if strangers := sorted(set(places) - {period.number for period in periods}):
        raise UsageError(f"{folder}: period {strangers[0]} is not in the run plan of setup {setup.name}")
    runs = tuple(run for period in periods for run in _runs_of(places[period.number], period))
    quality = _quality(runs, setup, how)
    good = tuple(run for run, is_good in zip(runs, quality.good, strict=True) if is_good)
    counted_in = {run.period for run in good}
    without = tuple(_nothing(period) for period in periods if period.number not in counted_in)
    flux = measure_flux((*good, *without), setup, how.flux)

    def work(period: Period) -> CountedPeriod | tuple[int, CountStatus]:
        mine = [run for run in good if run.period == period.number]
        return _counted(places[period.number], period, expected, mine, setup, how)

    results = run_blocks(
        work, periods, workers=workers or available_cores(), what="periods", progress=progress
    )
    counted = tuple(result for result in results if isinstance(result, CountedPeriod))
    assembled = _assembled(periods, results, counted, flux, setup, how, name, constants)
    bands = how.period.bands
    return CountedScan(setup, assembled, flux, runs, quality, counted, bands, how.document())


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
    runs: Sequence[RunSums],
    setup: Setup,
    settings: CountSettings,
) -> CountedPeriod | tuple[int, CountStatus]:
    try:
        events, records = read_period(place, setup.calorimeter)
    except InputError:
        return period.number, CountStatus.BAD_FILE
    _same_setup(records, setup, place.path)
    if runs:
        events = _of_runs(events, [run.run for run in runs])
    if events.n_events == 0:
        return period.number, CountStatus.NO_EVENTS
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
        _lighter(selection),
        replace(expectation, selection=_lighter(expectation.selection)),
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


def _lighter(selection: PeriodSelection) -> PeriodSelection:
    """Drop what has been used: the pairs stay, for the figures."""
    none = selection.wide_pairs.select(np.zeros(0, dtype=np.int64))
    empty = np.zeros(0, dtype=np.int64)
    tags = type(selection.tags)(*(getattr(selection.tags, name)[:0] for name in selection.tags.__slots__))
    return replace(selection, wide_pairs=none, tags=tags, sample=empty)


def _of_runs(events: PeriodEvents, runs: Sequence[int]) -> PeriodEvents:
    kept = np.isin(events.run, np.array(runs, dtype=np.int64))
    return events if kept.all() else events.select(kept)


def _same_setup(records: Sequence[Mapping[str, Any]], setup: Setup, folder: Path) -> None:
    wanted = setup_digest(setup)
    for record in records:
        if record.get("setup_sha256") != wanted:
            raise UsageError(
                f"{folder}: clusters of another setup than {setup.name}; all periods must be of one setup"
            )


def _assembled(
    periods: Sequence[Period],
    results: Sequence[CountedPeriod | tuple[int, CountStatus]],
    counted: Sequence[CountedPeriod],
    flux: PeriodFlux,
    setup: Setup,
    settings: CountSettings,
    name: str,
    constants: ModelConstants | None,
) -> AssembledScan:
    """Put the rows in the order of data taking; periods without a count are left to the scan to name."""
    lost = [result for result in results if not isinstance(result, CountedPeriod)]
    number = [period.number for period in periods]
    counts = table_of_counts([row.count for row in counted], lost)
    counts = counts.select(np.array([int(np.flatnonzero(counts.period == n)[0]) for n in number]))
    known = {row.period.number: row.expectation for row in counted}
    yields = table_of_expectations([known[n] for n in number if n in known])
    yields = yields.padded(np.array(number, dtype=np.int64), np.array([p.sqrt_s_mev for p in periods]))
    shifts = np.array([_rmax_shift(known_row) for known_row in _by_number(counted, number)])
    base = constants or model_constants(setup)
    with_errors = replace(
        base,
        n_pot_err_added=settings.scan.n_pot_err_added,
        background_err_added=settings.scan.background_err_added,
    )
    return assemble_scan(
        setup.run_plan,
        counts,
        flux,
        yields,
        name=name,
        source=SOURCE,
        constants=with_errors,
        normalise=settings.scan.normalise,
        budget=measured_budget(counted, flux, settings),
        rmax_shift=shifts,
    )


def _by_number(counted: Sequence[CountedPeriod], numbers: Sequence[int]) -> list[CountedPeriod | None]:
    found = {row.period.number: row for row in counted}
    return [found.get(number) for number in numbers]


def _rmax_shift(row: CountedPeriod | None) -> float:
    """Half the change of data over expectation from the smallest to the largest R_max."""
    if row is None or row.r_max is None:
        return math.nan
    ratio = row.r_max.double_ratio
    return float(0.5 * (ratio[-1] - ratio[0]))


def count_document(run: CountedScan, command: str = "") -> dict[str, Any]:
    """Everything that was counted, as plain values.

    Parameters
    ----------
    run : CountedScan
    command : str
        As typed.

    Returns
    -------
    dict
        For JSON.
    """
    scan, checks = run.assembled.scan, run.assembled.validation
    ratio = scan.n2 / (scan.n_pot * scan.background_per_pot)
    rows = {row.period.number: row for row in run.periods}
    points = []
    for i, number in enumerate(scan.period):
        row = rows[int(number)]
        points.append(
            {
                "period": int(number),
                "scan_part": int(scan.scan_part[i]),
                "sqrt_s_mev": float(scan.sqrt_s_mev[i]),
                "n2_raw": row.count.count.in_window,
                "n2": float(scan.n2[i]),
                "n2_err": float(scan.n2_err[i]),
                "n_pot": float(scan.n_pot[i]),
                "n_pot_err": float(scan.n_pot_err[i]),
                "background_per_pot": float(scan.background_per_pot[i]),
                "background_err": float(scan.background_err[i]),
                "signal_efficiency": float(scan.signal_efficiency[i]),
                "g_r": float(ratio[i]),
                "tag_and_probe_data": row.count.efficiency.efficiency,
                "tag_and_probe_simulated": row.expectation.count.efficiency.efficiency,
                "classes": {
                    name: float(value)
                    for name, value in zip(("ee", "gg", "mixed"), row.count.classes, strict=True)
                },
                "cut_flow": {
                    name: int(events)
                    for name, events in zip(
                        row.selection.cut_flow.names, row.selection.cut_flow.events, strict=True
                    )
                },
                "beam_lines": [status.name for status in row.selection.lines.status],
                "flux_status": _flux_status(run.flux, int(number)),
            }
        )
    return {
        "command": command,
        "scan": scan.name,
        "settings": run.settings,
        "points": points,
        "left_out": [asdict(entry) for entry in run.assembled.left_out],
        "runs_left_out": [
            {"period": one.period, "run": one.run, "reason": reason}
            for one, reason, good in zip(run.runs, run.quality.reasons, run.quality.good, strict=True)
            if not good
        ],
        "normalisation": asdict(checks.normalisation) if checks.normalisation else None,
        "below_resonance": _line(checks.below),
        "over_resonance": asdict(checks.over) if checks.over else None,
        "ageing": {
            "slope": run.flux.slope.slope,
            "slope_err": run.flux.slope.slope_err,
            "source": run.flux.slope.source.value,
        },
    }


def _flux_status(flux: PeriodFlux, period: int) -> str:
    from x17.reconstruction.flux.status import FluxStatus

    row = int(np.flatnonzero(flux.period == period)[0])
    return FluxStatus(int(flux.status[row])).name


def _line(line: Any) -> dict[str, float] | None:
    if line is None:
        return None
    return {
        "constant": line.constant,
        "constant_err": line.constant_err,
        "slope": line.slope,
        "slope_err": line.slope_err,
        "chi2": line.chi2,
        "ndf": line.ndf,
    }
