"""A self-test of seconds: fit the shipped scan and compare with numbers that are known."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from x17.errors import X17Error

SCAN = "padme-run3"
FITS = 50_001
"""Fits that are timed: a quarter of a second on one core."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A number of the self-test beside the one that is known.

    Attributes
    ----------
    what, unit : str
    found, known, tolerance : float
    digits : int
        Behind the point, of the number that is known.
    """

    what: str
    unit: str
    found: float
    known: float
    tolerance: float
    digits: int

    @property
    def agrees(self) -> bool:
        """Whether it is within the tolerance."""
        return abs(self.found - self.known) <= self.tolerance


@dataclass(frozen=True, slots=True)
class SelfTest:
    """What the self-test found.

    Attributes
    ----------
    comparisons : tuple of Comparison
        Empty if it did not get so far.
    seconds, first_fit_seconds : float
        In all, and for the first fit, which compiles the kernel or loads it from the cache.
    compiled_now : bool
        Whether the kernel was compiled, and not found in the cache.
    fits_per_second : float
        On one core, with a free boson; 0 if not reached.
    cache : Path or None
        Where compiled code is kept.
    failure : str or None
        What went wrong, None if nothing did.
    """

    comparisons: tuple[Comparison, ...]
    seconds: float
    first_fit_seconds: float
    compiled_now: bool
    fits_per_second: float
    cache: Path | None
    failure: str | None

    @property
    def passed(self) -> bool:
        """Whether it ran to its end, with the numbers that are known."""
        return self.failure is None and all(row.agrees for row in self.comparisons)


def run_self_test() -> SelfTest:
    """Fit the shipped scan without and with a boson, and time fits.

    χ² without a boson and the mass of the best fit are those of `docs/explanation/published-numbers.md`.
    Fits of different processors agree within 1e-9 of χ²; the tolerances allow for other versions of the
    libraries, and are far below what would show in a limit.

    Returns
    -------
    SelfTest
        Whatever goes wrong is in it, in words.
    """
    start = time.perf_counter()
    try:
        return _fit_and_compare(start)
    except X17Error as error:
        failure = str(error)
    except Exception as error:  # any library of the core may be broken in its own way, which is the finding
        failure = f"{type(error).__name__}: {error}"
    return SelfTest((), time.perf_counter() - start, 0.0, False, 0.0, None, failure)


def _fit_and_compare(start: float) -> SelfTest:
    import numpy as np

    from x17.scan import EnergyScan
    from x17.statistics.best_fit import best_fit
    from x17.statistics.data_sets import observed
    from x17.statistics.model import ScanModel
    from x17.statistics.profile_fit import fit_background, fit_free_signal

    model = ScanModel.build(EnergyScan.load(SCAN))
    data = observed(model)
    before = time.perf_counter()
    background = fit_background(model, data)
    first = time.perf_counter() - before
    best = best_fit(model, data, 16.22, 17.72)
    masses = np.linspace(16.22, 17.72, FITS)
    before = time.perf_counter()
    fit_free_signal(model, data, masses, bounded=True)
    rate = FITS / (time.perf_counter() - before)
    cache, compiled_now = _cache_of_kernel()
    return SelfTest(
        comparisons=(
            Comparison("χ² without a boson", "", float(background.chi2[0]), 40.80994, 1e-4, 5),
            Comparison("mass of the best fit", " MeV", best.mass_mev, 16.9005, 2e-4, 4),
            Comparison("its coupling g_ve", "e-4", best.g_ve * 1e4, 4.417, 2e-3, 3),
        ),
        seconds=time.perf_counter() - start,
        first_fit_seconds=first,
        compiled_now=compiled_now,
        fits_per_second=rate,
        cache=cache,
        failure=None,
    )


def _cache_of_kernel() -> tuple[Path | None, bool]:
    """Where numba keeps the fit kernel, and whether it had to be compiled in this process."""
    from x17.statistics.kernel.fit import fit_many

    kernel: Any = fit_many  # a dispatcher of numba, which has no types
    stats = kernel.stats
    return Path(stats.cache_path) if stats.cache_path else None, not sum(stats.cache_hits.values())
