"""How often a limit keeps its promise: the share of pseudo-experiments whose interval contains the truth.

Pseudo-experiments with a known boson are analysed by every method. CLs, CLs+b and the power-constrained
limits take their asymptotic forms; Feldman–Cousins takes its asymptotic form and critical values from toys,
which are not those that are tested; the others may be had with toys made about each pseudo-experiment.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.statistics.asymptotic import cls_limit, estimate_signal, expected_error, expected_truth
from x17.statistics.asymptotic_check import toy_seed
from x17.statistics.blocks import Progress, run_blocks, silent
from x17.statistics.coupling_set import CouplingSet, Hypothesis
from x17.statistics.data_sets import DataSets, observed
from x17.statistics.ensembles import Ensemble
from x17.statistics.experiment_model import experiment_model
from x17.statistics.experiment_set import EXPERIMENTS_PER_BLOCK, ExperimentSet
from x17.statistics.fit_status import FitStatus
from x17.statistics.limit_methods import Calculation, LimitName, Method
from x17.statistics.limit_settings import LimitSettings
from x17.statistics.method_intervals import counting_intervals, gaussian_intervals
from x17.statistics.model import ScanModel
from x17.statistics.monte_carlo import TailFraction
from x17.statistics.power_constrained import PowerConstraints, asimov_constraints
from x17.statistics.profile_fit import fit_background, fit_fixed_signal
from x17.statistics.signal_counts import signal_counts
from x17.statistics.toy_cls import toy_cls
from x17.statistics.toy_set import ToySource
from x17.statistics.toys import ToyCounts

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
Key = tuple[LimitName, Calculation]

CALIBRATION_TOYS = 20_000
"""Toys behind a critical value of Feldman–Cousins: they add 0.2 % to the error of its coverage."""


@dataclass(frozen=True, slots=True)
class CoveragePoint:
    """Coverage of one method at one truth.

    Attributes
    ----------
    coupling : float
        The true g_ve.
    name : LimitName
    calculation : Calculation
    fraction : TailFraction
        Pseudo-experiments whose interval contains the truth.
    """

    coupling: float
    name: LimitName
    calculation: Calculation
    fraction: TailFraction


@dataclass(frozen=True, slots=True, eq=False)
class CoverageTable:
    """Coverage at one mass.

    Attributes
    ----------
    mass_mev, cl : float
    ensemble : Ensemble
        Of the pseudo-experiments and the toys.
    n_toys : int
        Pseudo-experiments at each coupling.
    full_toys : int
        Toys of each hypothesis about every pseudo-experiment; 0 if there are none.
    points : tuple of CoveragePoint
        By coupling; at each, by method.
    """

    mass_mev: float
    cl: float
    ensemble: Ensemble
    n_toys: int
    full_toys: int
    points: tuple[CoveragePoint, ...]

    @property
    def columns(self) -> tuple[Key, ...]:
        """The methods, in the order of the table."""
        return tuple(dict.fromkeys((point.name, point.calculation) for point in self.points))

    def column(self, name: LimitName, calculation: Calculation) -> tuple[CoveragePoint, ...]:
        """One method at every coupling.

        Parameters
        ----------
        name : LimitName
        calculation : Calculation

        Returns
        -------
        tuple of CoveragePoint
        """
        return tuple(p for p in self.points if p.name is name and p.calculation is calculation)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Test:
    """Everything that is the same for all pseudo-experiments."""

    model: ScanModel
    mass: float
    methods: frozenset[Method]
    settings: LimitSettings
    constraints: PowerConstraints
    full_toys: int


def coverage(
    model: ScanModel,
    mass: float,
    couplings: Sequence[float],
    methods: Collection[Method],
    settings: LimitSettings,
    n_toys: int,
    source: ToySource,
    *,
    full_toys: int = 0,
    workers: int = 1,
    progress: Progress = silent,
) -> CoverageTable:
    """Coverage of each method at each true coupling.

    Parameters
    ----------
    model : ScanModel
    mass : float
        Of the boson that is put in and looked for, MeV.
    couplings : sequence of float
        True g_ve; 0 for none.
    methods : collection of Method
    settings : LimitSettings
        Confidence level, ensemble and seed. Asymptotic CLs is the ΔQ form, whatever the settings say.
    n_toys : int
        Pseudo-experiments at each coupling.
    source : ToySource
        Delivers the toys that calibrate Feldman–Cousins: toys about the fit to the data, whose stream of
        random numbers is another than that of pseudo-experiments.
    full_toys : int
        Toys of each hypothesis about every pseudo-experiment, for CLs, CLs+b and the power constraint.
    workers : int
        Threads; the result does not depend on it.
    progress : callable

    Returns
    -------
    CoverageTable

    Notes
    -----
    A limit or an interval below zero does not contain g = 0. Power constraints are those of the median
    experiment, for every pseudo-experiment the same. The statistical limit knows nothing of the counts beyond
    the background: it contains small couplings always, and large ones never.
    """
    sigma = expected_error(model, expected_truth(model, fit_background(model, observed(model))), mass)
    test = _Test(
        model=model,
        mass=mass,
        methods=frozenset(methods),
        settings=settings,
        constraints=asimov_constraints(sigma.error, settings.cl),
        full_toys=full_toys,
    )
    critical = _critical_values(test, couplings, source)
    tasks = [
        (k, block) for k in range(len(couplings)) for block in range(-(-n_toys // EXPERIMENTS_PER_BLOCK))
    ]
    found = run_blocks(
        lambda task: _block(test, couplings[task[0]], critical[task[0]], task[1], n_toys),
        tasks,
        workers=workers,
        what="blocks of pseudo-experiments",
        progress=progress,
    )
    points = []
    for k, coupling in enumerate(couplings):
        parts = [counts for (place, _), counts in zip(tasks, found, strict=True) if place == k]
        for key in parts[0]:
            covered, good, failed = (sum(part[key][j] for part in parts) for j in range(3))
            points.append(CoveragePoint(coupling, *key, TailFraction(covered, good, failed)))
    return CoverageTable(mass, settings.cl, settings.ensemble, n_toys, full_toys, tuple(points))


def _critical_values(test: _Test, couplings: Sequence[float], source: ToySource) -> list[float]:
    """The critical value of Feldman–Cousins at each coupling; infinite if it is not asked for."""
    if Method.FC not in test.methods:
        return [np.inf] * len(couplings)
    wanted = CouplingSet(
        ensemble=test.settings.ensemble,
        hypothesis=Hypothesis.SIGNAL,
        mass=test.mass,
        couplings=tuple(couplings),
        seed=test.settings.seed,
        best=True,
    )
    (toys,) = source(test.model, [wanted], CALIBRATION_TOYS)
    t = np.asarray(toys["q"], dtype=np.float64) - np.asarray(toys["q_best"], dtype=np.float64)
    good = np.asarray(toys["status"] == FitStatus.CONVERGED)
    return [
        float(np.quantile(t[good[:, k], k], test.settings.cl, method="median_unbiased"))
        for k in range(len(couplings))
    ]


def _block(
    test: _Test, coupling: float, critical: float, block: int, n_toys: int
) -> dict[Key, tuple[int, int, int]]:
    """Covered, good and failed pseudo-experiments of a block, by method."""
    first = block * EXPERIMENTS_PER_BLOCK
    rows = slice(0, min(EXPERIMENTS_PER_BLOCK, n_toys - first))
    wanted = ExperimentSet(
        ensemble=test.settings.ensemble,
        masses=(test.mass,),
        seed=test.settings.seed,
        truth_mass=test.mass if coupling else 0.0,
        truth_coupling=coupling,
    )
    whole = wanted.counts(test.model, block)
    counts = ToyCounts(whole.n2[rows], whole.n_pot[rows], whole.background[rows], whole.centers[rows])
    data = counts.data_sets(test.model)
    covered, good = _asymptotic(test, data, coupling, critical)
    for name, interval in counting_intervals(
        signal_counts(test.model, data, test.mass, counts.n2, counts.n_pot, counts.background),
        test.methods,
        test.settings.cl,
    ).items():
        covered[name, Calculation.COUNTS] = interval.contains(coupling**2)
    if test.full_toys:
        covered |= _full_toys(test, counts, coupling, first)
    return {
        key: (int((inside & good).sum()), int(good.sum()), int((~good).sum()))
        for key, inside in covered.items()
    }


def _asymptotic(
    test: _Test, data: DataSets, coupling: float, critical: float
) -> tuple[dict[Key, BoolArray], BoolArray]:
    """Whether each interval contains the truth, and whether all fits converged."""
    cl, u = test.settings.cl, coupling**2
    estimate = estimate_signal(test.model, data, test.mass)
    background = fit_background(test.model, data)
    at_truth = fit_fixed_signal(test.model, data, test.mass, u)
    good = estimate.ok & background.ok & at_truth.ok
    # A failed fit has no numbers; it is left out afterwards.
    signal, error = np.where(good, estimate.signal, 0.0), np.where(good, estimate.error, 1.0)
    limits = cls_limit(signal, error, cl)
    covered = {
        (name, Calculation.ASYMPTOTIC): interval.contains(u)
        for name, interval in gaussian_intervals(
            signal, error, test.constraints, limits, test.methods, cl
        ).items()
    }
    if Method.FC in test.methods:
        lowest = np.where(estimate.signal > 0.0, estimate.chi2, background.chi2)
        t = np.subtract(at_truth.chi2, lowest, out=np.zeros(good.size), where=good)
        covered[LimitName.FC, Calculation.TOYS] = t <= critical
    return covered, good


def _full_toys(test: _Test, counts: ToyCounts, coupling: float, first: int) -> dict[Key, BoolArray]:
    """The same for CLs, CLs+b and the power constraint, by toys about each pseudo-experiment.

    The truth is inside where its own CLs, or P_S, is above 1 − CL: no limit need be found. Without a boson
    CLs is one, and P_S has no meaning but that of the background: the asymptotic rows stand for it.
    """
    if coupling == 0.0:
        return {}
    settings, methods = test.settings, test.methods
    n = counts.n2.shape[0]
    cls, clsb = np.empty(n), np.empty(n)
    for row in range(n):
        one = experiment_model(test.model, counts, row)
        seed = toy_seed(settings.seed, first + row)
        toys = toy_cls(
            one, observed(one), test.mass, coupling, test.full_toys, seed, ensemble=settings.ensemble
        )
        cls[row], clsb[row] = toys.cls, toys.cls_plus_b
    level, u = 1.0 - settings.cl, coupling**2
    inside = {}
    if Method.CLS in methods:
        inside[LimitName.CLS, Calculation.TOYS] = cls > level
    if Method.CLSB in methods:
        inside[LimitName.CLSB, Calculation.TOYS] = clsb > level
    if Method.PCL in methods:
        for name, least in (
            (LimitName.PCL, test.constraints.published),
            (LimitName.PCL_STANDARD, test.constraints.standard),
        ):
            inside[name, Calculation.TOYS] = (clsb > level) | (u <= least)
    return inside
