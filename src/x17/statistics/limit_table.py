"""Limits by every method at every mass, side by side."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.errors import X17Error
from x17.statistics.data_sets import DataSets, observed
from x17.statistics.ensembles import Ensemble
from x17.statistics.experiment_set import ExperimentSet
from x17.statistics.fit_status import FitStatus
from x17.statistics.limit_methods import (
    Calculation,
    Intervals,
    LimitName,
    Method,
    MethodLimit,
    limit_from_interval,
)
from x17.statistics.limit_scan import observed_asymptotic
from x17.statistics.limit_settings import LimitSettings
from x17.statistics.method_intervals import counting_intervals, gaussian_intervals
from x17.statistics.model import ScanModel
from x17.statistics.power_constrained import PowerConstraints, asimov_constraints, experiment_constraints
from x17.statistics.signal_counts import signal_counts
from x17.statistics.toy_set import ToySource
from x17.statistics.toy_table import TOY_METHODS, Expectation, toy_limits, toys_by_mass

FloatArray = NDArray[np.float64]
Row = dict[tuple[LimitName, Calculation], MethodLimit]


@dataclass(frozen=True, slots=True, eq=False)
class LimitTable:
    """Limits at every mass by every method.

    Attributes
    ----------
    cl : float
    ensemble : Ensemble
        Of the toys.
    n_toys : int
        Toys of each hypothesis at each coupling; 0 if there are none.
    band_toys : int
        Pseudo-experiments behind the power constraints; 0 if they are from the Asimov data set.
    masses : ndarray, shape (n_masses,)
        MeV.
    limits : tuple of MethodLimit
        By rising mass; at each, by method.
    """

    cl: float
    ensemble: Ensemble
    n_toys: int
    band_toys: int
    masses: FloatArray
    limits: tuple[MethodLimit, ...]

    def column(self, name: LimitName, calculation: Calculation) -> tuple[MethodLimit, ...]:
        """One limit at every mass.

        Parameters
        ----------
        name : LimitName
        calculation : Calculation

        Returns
        -------
        tuple of MethodLimit
            Empty if it was not asked for; without the masses whose fits failed, if from toys.
        """
        return tuple(m for m in self.limits if m.name is name and m.calculation is calculation)

    @property
    def columns(self) -> tuple[tuple[LimitName, Calculation], ...]:
        """What there is at every mass, in the order of the table."""
        return tuple(dict.fromkeys((m.name, m.calculation) for m in self.limits))


def limit_table(
    model: ScanModel,
    masses: FloatArray,
    couplings: FloatArray,
    methods: Collection[Method],
    settings: LimitSettings,
    source: ToySource,
    *,
    band_toys: int = 0,
    whole_grid: bool = False,
) -> LimitTable:
    """Limits of the model's own data at each mass by each method.

    Parameters
    ----------
    model : ScanModel
    masses : ndarray, shape (n_masses,)
        Rising, MeV.
    couplings : ndarray, shape (n_couplings,)
        Rising g_ve: where toys may be made. Only those near a limit get toys; others are added where these do
        not surround it.
    methods : collection of Method
    settings : LimitSettings
        With `toys` = 0 there are asymptotic limits only.
    source : ToySource
        Delivers the toys.
    band_toys : int
        Take the power constraints from so many pseudo-experiments instead of the Asimov data set.
    whole_grid : bool
        Make toys at all couplings, as `x17 toys generate` does, so that a bank can be used and added to.

    Returns
    -------
    LimitTable

    Raises
    ------
    X17Error
        A fit to the data, about which toys are to be made, failed, or all fits of pseudo-experiments.
    """
    data, chosen = observed(model), set(methods)
    estimate, cls, expected = observed_asymptotic(model, data, masses, settings)
    constraints = asimov_constraints(expected.error, settings.cl)
    if band_toys and Method.PCL in chosen:
        constraints = _constraints_from_toys(model, masses, settings, source, band_toys)
    signal, error = estimate.signal[0], estimate.error[0]
    intervals = gaussian_intervals(signal, error, constraints, cls, chosen, settings.cl)
    worst = np.maximum(estimate.status[0], expected.status)
    rows: list[Row] = [{} for _ in masses]
    for k, row in enumerate(rows):
        mass = float(masses[k])
        _add(row, mass, Calculation.ASYMPTOTIC, intervals, k, settings)
        _add(row, mass, Calculation.COUNTS, _counting(model, data, mass, chosen, settings.cl), 0, settings)
        if worst[k] != FitStatus.CONVERGED:
            _withdraw(row, FitStatus(int(worst[k])).sentence)
    by_toys = chosen & TOY_METHODS
    if settings.toys and by_toys:
        places = np.flatnonzero(worst == FitStatus.CONVERGED)
        expectations = [
            Expectation(
                mass=float(masses[k]),
                signal=float(signal[k]),
                error=float(error[k]),
                cls=float(np.sqrt(cls[k])),
                published=float(constraints.published[k]),
                standard=float(constraints.standard[k]),
            )
            for k in places
        ]
        toys = toys_by_mass(model, expectations, couplings, by_toys, settings, source, whole_grid=whole_grid)
        for place, e, of_mass in zip(places, expectations, toys, strict=True):
            found = toy_limits(model, data, e, of_mass, by_toys, settings, source)
            rows[place] |= {(name, Calculation.TOYS): limit for name, limit in found.items()}
    return LimitTable(
        cl=settings.cl,
        ensemble=settings.ensemble,
        n_toys=settings.toys,
        band_toys=band_toys,
        masses=masses,
        limits=tuple(row[key] for row in rows for key in sorted(row, key=_place)),
    )


_NAMES, _CALCULATIONS = list(LimitName), list(Calculation)


def _place(key: tuple[LimitName, Calculation]) -> tuple[int, int]:
    return _NAMES.index(key[0]), _CALCULATIONS.index(key[1])


def _add(
    row: Row,
    mass: float,
    calculation: Calculation,
    intervals: Mapping[LimitName, Intervals],
    index: int,
    settings: LimitSettings,
) -> None:
    for name, interval in intervals.items():
        row[name, calculation] = limit_from_interval(
            mass, name, calculation, interval, index, settings.max_coupling
        )


def _withdraw(row: Row, reason: str) -> None:
    """Take back what the failed fits of the likelihood say."""
    for (name, calculation), limit in row.items():
        if calculation is Calculation.ASYMPTOTIC:
            row[name, calculation] = MethodLimit(
                mass_mev=limit.mass_mev, name=name, calculation=calculation, coupling=None, reason=reason
            )


def _counting(
    model: ScanModel, data: DataSets, mass: float, methods: Collection[Method], cl: float
) -> dict[LimitName, Intervals]:
    points = model.points
    counts = signal_counts(model, data, mass, points.n2, points.n_pot, points.background_per_pot)
    return counting_intervals(counts, methods, cl)


def _constraints_from_toys(
    model: ScanModel, masses: FloatArray, settings: LimitSettings, source: ToySource, n_toys: int
) -> PowerConstraints:
    wanted = ExperimentSet(ensemble=settings.ensemble, masses=tuple(masses.tolist()), seed=settings.seed)
    (arrays,) = source(model, [wanted], n_toys)
    experiments = wanted.signal_scan(arrays)
    if not experiments.complete.any():
        raise X17Error("every pseudo-experiment has a failed fit: hold a nuisance fixed (model.fixed)")
    return experiment_constraints(experiments, settings.cl)
