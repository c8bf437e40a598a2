"""The global significance of a scan: the function behind `x17 significance` and `x17 search --full`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from x17.errors import UsageError
from x17.scan import EnergyScan
from x17.statistics.asymptotic_check import AsymptoticCheck, validate_asymptotic
from x17.statistics.blocks import Progress, silent
from x17.statistics.data_sets import observed
from x17.statistics.experiment_set import ExperimentSet
from x17.statistics.injected_boson import InjectedBoson, injected_boson
from x17.statistics.model import ScanModel
from x17.statistics.signal_scan import scan_signal
from x17.statistics.significance import Significance, significance, window_columns
from x17.statistics.toy_set import ToySource
from x17.workflows.ranges import window
from x17.workflows.search_settings import SearchSettings

Window = tuple[float, float]

CHECK_TOYS = 4000
"""Toys of each hypothesis at each coupling in the check of asymptotic limits: 0.5 % of a limit."""

FEWEST_CHECKED = 5

MOST_TOYS = 10_000_000

MARGIN = 1.3
"""Room for the error of an error, where it is not binomial."""

PUBLISHED_WINDOWS: tuple[Window, ...] = ((16.6, 17.2), (16.73, 16.97))
"""First and last mass of arXiv:2505.24797's windows, MeV; the second is 16.85 ± 0.12."""


def windows_of(settings: SearchSettings) -> tuple[Window, ...]:
    """The windows that the settings name, or else all masses.

    Parameters
    ----------
    settings : SearchSettings

    Returns
    -------
    tuple of (float, float)
        MeV.

    Raises
    ------
    UsageError
        One that cannot be read or lies outside the masses.
    """
    masses = settings.masses
    windows = tuple(window(text, "significance.windows") for text in settings.significance.windows)
    for low, high in windows:
        window_columns(masses, low, high)
    return windows or ((float(masses[0]), float(masses[-1])),)


def report_windows(settings: SearchSettings) -> tuple[Window, ...]:
    """All masses, and then the windows that the settings name, or else those published that lie inside.

    Parameters
    ----------
    settings : SearchSettings

    Returns
    -------
    tuple of (float, float)
        MeV.

    Raises
    ------
    UsageError
        As for `windows_of`.
    """
    low, high = float(settings.masses[0]), float(settings.masses[-1])
    inside = tuple(pair for pair in PUBLISHED_WINDOWS if low <= pair[0] and pair[1] <= high)
    named = windows_of(settings) if settings.significance.windows else inside
    return ((low, high), *(pair for pair in named if pair != (low, high)))


def run_significance(
    scan: EnergyScan, settings: SearchSettings, source: ToySource, windows: Sequence[Window]
) -> tuple[Significance, ...]:
    """Local and global p-values of the largest excess.

    Parameters
    ----------
    scan : EnergyScan
    settings : SearchSettings
        Masses, likelihood, confidence level and seed; what depends on the scan is resolved.
    source : ToySource
    windows : sequence of (float, float)
        First and last mass, MeV.

    Returns
    -------
    tuple of Significance
        One for each window.

    Raises
    ------
    UsageError
        A window outside the masses.
    X17Error
        A fit to the data failed.
    """
    masses = settings.masses
    model = ScanModel.build(scan, settings.model)
    wanted = ExperimentSet(
        ensemble=settings.limit.ensemble, masses=tuple(masses.tolist()), seed=settings.limit.seed
    )
    data = scan_signal(model, observed(model), masses)
    (arrays,) = source(model, [wanted], settings.significance.toys)
    toys = wanted.signal_scan(arrays)
    return tuple(significance(data, toys, settings.limit.cl, bounds) for bounds in windows)


def run_injected(
    scan: EnergyScan, settings: SearchSettings, source: ToySource, window: Window, boson: tuple[float, float]
) -> InjectedBoson:
    """What experiments with a boson would have shown in the place of the data.

    Parameters
    ----------
    scan : EnergyScan
    settings : SearchSettings
    source : ToySource
    window : (float, float)
        First and last mass, MeV.
    boson : (float, float)
        Mass in MeV and coupling.

    Returns
    -------
    InjectedBoson
    """
    masses = settings.masses
    model = ScanModel.build(scan, settings.model)
    wanted = ExperimentSet(
        ensemble=settings.limit.ensemble,
        masses=tuple(masses.tolist()),
        seed=settings.limit.seed,
        truth_mass=boson[0],
        truth_coupling=boson[1],
    )
    data = scan_signal(model, observed(model), masses)
    (arrays,) = source(model, [wanted], settings.significance.toys)
    return injected_boson(data, wanted.signal_scan(arrays), settings.limit.cl, window, boson)


def check_asymptotic(
    scan: EnergyScan,
    settings: SearchSettings,
    mass: float,
    n_sample: int,
    *,
    workers: int,
    progress: Progress = silent,
) -> AsymptoticCheck:
    """Compare the asymptotic limits of some pseudo-experiments with limits from their own toys.

    Parameters
    ----------
    scan : EnergyScan
    settings : SearchSettings
    mass : float
        MeV.
    n_sample : int
        Pseudo-experiments.
    workers : int
    progress : callable

    Returns
    -------
    AsymptoticCheck

    Raises
    ------
    UsageError
        Too few to tell their scatter.
    """
    if n_sample < FEWEST_CHECKED:
        raise UsageError(f"--validate is {n_sample}; allowed: {FEWEST_CHECKED} pseudo-experiments or more")
    limit = replace(settings.limit, toys=CHECK_TOYS)
    model = ScanModel.build(scan, settings.model)
    return validate_asymptotic(model, mass, limit, n_sample, workers=workers, progress=progress)


def check_precision(precision: float) -> None:
    """Refuse a precision that is no relative error.

    Parameters
    ----------
    precision : float

    Raises
    ------
    UsageError
    """
    if not 0.0 < precision < 1.0:
        raise UsageError(
            f"--precision is {precision:g}; allowed: a relative error between 0 and 1, e.g. 0.05"
        )


def shortfall(result: Significance, precision: float) -> str | None:
    """What to do about global p-values that are known less well than asked.

    Parameters
    ----------
    result : Significance
    precision : float
        Largest relative error, one standard deviation.

    Returns
    -------
    str or None
        A sentence with the number of pseudo-experiments that would do; None if all is well. The error that it
        starts from is known to 11 % where the toys fix the level too: the number has room for that.
    """
    worst = max(result.definitions, key=lambda definition: definition.fraction.toys_needed(precision))
    fraction = worst.fraction
    if fraction.toys_needed(precision) <= fraction.n_toys:
        return None
    margin = MARGIN if fraction.inflation > 1.0 else 1.0
    needed = _round_up(math.ceil(margin * fraction.toys_needed(precision)))
    low, high = fraction.interval()
    found = f"p = {fraction.value:.3g}" if low > 0.0 else f"p < {high:.2g}"
    if needed > MOST_TOYS:
        return (
            f"a relative error of {precision:g} is out of reach: {found} by {worst.statistic.value} would "
            f"need {needed:.1g} pseudo-experiments, and at most {MOST_TOYS} are made"
        )
    return (
        f"{fraction.n_toys} pseudo-experiments are too few: {found} by {worst.statistic.value}, where a "
        f"relative error of {precision:g} needs about {needed}. Run again with --toys {needed}; the toys in "
        "the bank are used again"
    )


def _round_up(n: int) -> int:
    """Two significant digits, upwards."""
    step = int(10 ** max(len(str(n)) - 2, 0))
    return -(-n // step) * step
