"""What the analysis makes of many pseudo runs: mass, coupling and their pulls against the truth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.scan.energy_scan import EnergyScan
from x17.statistics.asymptotic import estimate_signal
from x17.statistics.best_fit import best_fit
from x17.statistics.blocks import Progress, run_blocks, silent
from x17.statistics.data_sets import observed
from x17.statistics.model import ScanModel
from x17.statistics.model_settings import KSource, LineShapeKind, ModelSettings
from x17.workflows.closure.pools import ClosureSample
from x17.workflows.closure.pseudo_run import pseudo_run

FloatArray = NDArray[np.float64]

UNBIASED = ModelSettings(k_constraint=KSource.FREE, lineshape=LineShapeKind.COMPUTED)
"""The line that is simulated, and no point used twice: a side band beside a strong boson holds its tails."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundBoson:
    """What the analysis of a pseudo run finds.

    Attributes
    ----------
    mass_mev, g2 : float
        Best fit, g² ≥ 0.
    q : float
        Depth of Q there.
    g2_err : float
        ΔQ = 1 at that mass.
    g2_at_truth, g2_at_truth_err : float
        Free fit at the true mass; at the best mass without a boson.
    """

    mass_mev: float
    g2: float
    q: float
    g2_err: float
    g2_at_truth: float
    g2_at_truth_err: float

    def pull(self, g2_true: float) -> float:
        """(ĝ² − g²)/σ at the fitted mass.

        Parameters
        ----------
        g2_true : float

        Returns
        -------
        float
        """
        return (self.g2 - g2_true) / self.g2_err


def find_boson(
    scan: EnergyScan,
    true_mass: float | None = None,
    *,
    settings: ModelSettings | None = None,
    low: float = 16.4,
    high: float = 17.4,
) -> FoundBoson:
    """Fit mass and coupling.

    Parameters
    ----------
    scan : EnergyScan
    true_mass : float, optional
        MeV.
    settings : ModelSettings, optional
    low, high : float
        Range of masses, MeV.

    Returns
    -------
    FoundBoson
    """
    model = ScanModel.build(scan, settings or ModelSettings())
    data = observed(model)
    best = best_fit(model, data, low, high)
    masses = np.array([best.mass_mev, true_mass or best.mass_mev])
    estimate = estimate_signal(model, data, masses)
    return FoundBoson(
        mass_mev=best.mass_mev,
        g2=float(estimate.signal[0, 0]),
        q=best.q,
        g2_err=float(estimate.error[0, 0]),
        g2_at_truth=float(estimate.signal[0, 1]),
        g2_at_truth_err=float(estimate.error[0, 1]),
    )


@dataclass(frozen=True, slots=True, eq=False)
class ClosureStudy:
    """Results of pseudo runs at one coupling.

    Attributes
    ----------
    mass_mev, coupling : float
        Truth.
    found : tuple of FoundBoson
        One a pseudo run.
    """

    mass_mev: float
    coupling: float
    found: tuple[FoundBoson, ...]

    @property
    def masses(self) -> FloatArray:
        """Fitted masses, MeV, shape (n_runs,)."""
        return np.array([one.mass_mev for one in self.found])

    @property
    def pulls(self) -> FloatArray:
        """Pulls of g², shape (n_runs,)."""
        return np.array([one.pull(self.coupling**2) for one in self.found])

    @property
    def g2_ratio(self) -> float:
        """Mean of ĝ² over the truth."""
        return float(np.mean([one.g2 for one in self.found])) / self.coupling**2


def closure_study(
    sample: ClosureSample,
    mass_mev: float,
    coupling: float,
    n_runs: int,
    seed: int,
    *,
    settings: ModelSettings = UNBIASED,
    workers: int = 1,
    progress: Progress = silent,
) -> ClosureStudy:
    """Draw pseudo runs and fit each.

    Parameters
    ----------
    sample : ClosureSample
        With a boson of that mass.
    mass_mev, coupling : float
        Truth.
    n_runs : int
    seed : int
    settings : ModelSettings
        Of the fit.
    workers : int
        Threads; the results do not depend on it.
    progress : callable

    Returns
    -------
    ClosureStudy
    """

    def work(number: int) -> FoundBoson:
        scan = pseudo_run(sample, coupling, seed, number).scan
        return find_boson(scan, mass_mev, settings=settings)

    found = run_blocks(work, range(n_runs), workers=workers, what="pseudo runs", progress=progress)
    return ClosureStudy(mass_mev, coupling, tuple(found))
