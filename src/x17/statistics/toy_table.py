"""Limits from toys at one mass after the other: which couplings need toys, and what is read off them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.statistics.bounded_gaussian import bounded_interval
from x17.statistics.cls_plus_b import cls_plus_b_limit, couplings_within, find_clsb_limit, window_around
from x17.statistics.coupling_set import CouplingSet, Hypothesis
from x17.statistics.data_sets import DataSets
from x17.statistics.feldman_cousins import (
    critical_values,
    feldman_cousins_interval,
    fit_critical_curve,
    likelihood_ratio,
)
from x17.statistics.limit_methods import Calculation, LimitName, Method, MethodLimit, coupling_of
from x17.statistics.limit_settings import LimitSettings
from x17.statistics.model import ScanModel
from x17.statistics.profile_fit import q_statistic
from x17.statistics.toy_cls import ToyCLs, count_toys
from x17.statistics.toy_limit import WINDOW, ToyLimit, couplings_around, find_limit
from x17.statistics.toy_set import Arrays, ToySource

FloatArray = NDArray[np.float64]

TOY_METHODS = frozenset({Method.CLS, Method.CLSB, Method.PCL, Method.FC})
"""Methods that can use toys."""


ENOUGH = 16
"""Couplings of a grid that CLs+b and Feldman–Cousins are content with: of a finer grid some are left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What the fit to the data lets expect of the limits at one mass.

    Attributes
    ----------
    mass : float
        MeV.
    signal, error : float
        û and σ.
    cls : float
        Asymptotic CLs limit on g_ve.
    published, standard : float
        Power constraints on u = g².
    """

    mass: float
    signal: float
    error: float
    cls: float
    published: float
    standard: float


@dataclass(frozen=True, slots=True, eq=False)
class CouplingToys:
    """Toys of both hypotheses at n couplings of one mass, by rising coupling."""

    couplings: FloatArray
    signal: Arrays
    background: Arrays


def couplings_with_toys(
    expected: Expectation,
    grid: FloatArray,
    methods: Collection[Method],
    settings: LimitSettings,
    *,
    whole_grid: bool,
) -> tuple[FloatArray, FloatArray]:
    """The couplings whose toys the limits need.

    Parameters
    ----------
    expected : Expectation
    grid : ndarray
        Rising couplings g_ve.
    methods : collection of Method
    settings : LimitSettings
    whole_grid : bool
        Take every coupling of the grid, those that no limit needs too.

    Returns
    -------
    of_grid, added : ndarray
        Couplings of the grid, and others where the grid does not surround what is expected.
    """
    largest = settings.max_coupling
    near = np.full(grid.size, whole_grid)
    windows = _windows(expected, methods, settings)
    if Method.CLS in methods:
        center = min(expected.cls, largest)
        near |= (grid >= WINDOW[0] * center) & (grid <= WINDOW[1] * center)
    if windows:
        low, high = min(low for low, _ in windows), max(high for _, high in windows)
        inside = np.flatnonzero((grid**2 >= low) & (grid**2 <= high))
        near[inside[:: max(-(-inside.size // ENOUGH), 1)]] = True
    of_grid = have = grid[near]
    if Method.CLS in methods:
        have = np.union1d(have, couplings_around(center, have, largest))
    for low, high in windows:
        have = np.union1d(have, couplings_within(low, high, have))
    return of_grid, np.setdiff1d(have, of_grid)


def _windows(
    expected: Expectation, methods: Collection[Method], settings: LimitSettings
) -> list[tuple[float, float]]:
    """The u = g² around the CLs+b limit, and from end to end of the Feldman–Cousins interval."""
    largest, error = settings.max_coupling, expected.error
    windows = []
    if Method.CLSB in methods or Method.PCL in methods:
        limit = float(cls_plus_b_limit(expected.signal, error, settings.cl))
        windows.append(window_around(limit, error, largest))
    if Method.FC in methods:
        interval = bounded_interval(expected.signal / error, settings.cl)
        high = min((float(interval.upper) + 1.0) * error, largest**2)
        windows.append((min(max(float(interval.lower) - 1.0, 0.0) * error, 0.5 * high), high))
    return windows


def _sets(
    mass: float, couplings: FloatArray, settings: LimitSettings, *, best: bool
) -> tuple[CouplingSet, CouplingSet]:
    signal, background = (
        CouplingSet(
            ensemble=settings.ensemble,
            hypothesis=hypothesis,
            mass=mass,
            couplings=tuple(couplings.tolist()),
            seed=settings.seed,
            best=best,
        )
        for hypothesis in (Hypothesis.SIGNAL, Hypothesis.BACKGROUND)
    )
    return signal, background


def _joined(parts: Sequence[tuple[FloatArray, Arrays, Arrays]]) -> CouplingToys:
    """Toys of several sets at one mass, by rising coupling."""
    couplings = np.concatenate([part[0] for part in parts])
    order = np.argsort(couplings, kind="stable")

    def columns(toys: Sequence[Arrays]) -> Arrays:
        return {name: np.concatenate([one[name] for one in toys], axis=1)[:, order] for name in toys[0]}

    return CouplingToys(
        couplings[order], columns([part[1] for part in parts]), columns([part[2] for part in parts])
    )


def toys_by_mass(
    model: ScanModel,
    expectations: Sequence[Expectation],
    grid: FloatArray,
    methods: Collection[Method],
    settings: LimitSettings,
    source: ToySource,
    *,
    whole_grid: bool = False,
) -> Iterator[CouplingToys]:
    """Toys at one mass after the other, all asked of the source at once.

    Parameters
    ----------
    model : ScanModel
    expectations : sequence of Expectation
    grid : ndarray
        Rising couplings g_ve.
    methods : collection of Method
    settings : LimitSettings
    source : ToySource
    whole_grid : bool
        See `couplings_with_toys`.

    Yields
    ------
    CouplingToys
    """
    best = Method.FC in methods
    plan = [
        [
            couplings
            for couplings in couplings_with_toys(e, grid, methods, settings, whole_grid=whole_grid)
            if couplings.size
        ]
        for e in expectations
    ]
    sets = [
        toy_set
        for e, parts in zip(expectations, plan, strict=True)
        for couplings in parts
        for toy_set in _sets(e.mass, couplings, settings, best=best)
    ]
    made = source(model, sets, settings.toys)
    for parts in plan:
        yield _joined([(couplings, next(made), next(made)) for couplings in parts])


def toy_limits(
    model: ScanModel,
    data: DataSets,
    expected: Expectation,
    toys: CouplingToys,
    methods: Collection[Method],
    settings: LimitSettings,
    source: ToySource,
) -> dict[LimitName, MethodLimit]:
    """Limits at one mass from toys.

    Parameters
    ----------
    model : ScanModel
    data : DataSets
        The data set that the toys are about.
    expected : Expectation
    toys : CouplingToys
    methods : collection of Method
    settings : LimitSettings
    source : ToySource
        For couplings that turn out to be needed too.

    Returns
    -------
    dict
        By name.
    """
    mass = expected.mass

    def counted(couplings: FloatArray, signal: Arrays, background: Arrays) -> ToyCLs:
        q = q_statistic(model, data, mass, couplings).q[0]
        return count_toys(mass, couplings, q, signal, background)

    def more(couplings: FloatArray) -> ToyCLs:
        return counted(couplings, *source(model, _sets(mass, couplings, settings, best=False), settings.toys))

    points = counted(toys.couplings, toys.signal, toys.background)
    limits = {}
    if Method.CLS in methods:
        limit = find_limit(
            points,
            expected.cls,
            settings.cl,
            settings.toys,
            more,
            method=settings.method,
            max_coupling=settings.max_coupling,
        )
        limits[LimitName.CLS] = _from_toys(LimitName.CLS, limit)
    if Method.CLSB in methods or Method.PCL in methods:
        limit = find_clsb_limit(
            points,
            expected.signal,
            expected.error,
            settings.cl,
            settings.toys,
            more,
            max_coupling=settings.max_coupling,
        )
        limits[LimitName.CLSB] = _from_toys(LimitName.CLSB, limit)
        for name, least in (
            (LimitName.PCL, expected.published),
            (LimitName.PCL_STANDARD, expected.standard),
        ):
            limits[name] = _constrained(name, limit, coupling_of(least), settings.max_coupling)
    if Method.FC in methods:
        limits[LimitName.FC] = _feldman_cousins(model, data, expected, toys, settings)
    return limits


def _from_toys(name: LimitName, limit: ToyLimit) -> MethodLimit:
    return MethodLimit(
        mass_mev=limit.mass_mev,
        name=name,
        calculation=Calculation.TOYS,
        coupling=limit.coupling,
        low=limit.low,
        high=limit.high,
        n_toys=limit.n_toys,
        n_failed=limit.n_failed,
        reason=limit.reason,
    )


def _constrained(name: LimitName, limit: ToyLimit, least: float, max_coupling: float) -> MethodLimit:
    """The CLs+b limit, or the constraint if that is larger; it is taken to have no Monte-Carlo error."""
    if least > max_coupling:
        reason = f"no limit below g = {max_coupling:g}"
        return _from_toys(
            name, ToyLimit(limit.mass_mev, None, None, None, limit.n_toys, limit.n_failed, reason)
        )
    if limit.coupling is None or limit.low is None or limit.high is None:
        return _from_toys(name, limit)
    reason = limit.reason if max(limit.coupling, least) == 0.0 else ""
    coupling, low, high = (max(value, least) for value in (limit.coupling, limit.low, limit.high))
    bounded = ToyLimit(limit.mass_mev, coupling, low, high, limit.n_toys, limit.n_failed, reason)
    return _from_toys(name, bounded)


def _feldman_cousins(
    model: ScanModel, data: DataSets, expected: Expectation, toys: CouplingToys, settings: LimitSettings
) -> MethodLimit:
    values = critical_values(toys.couplings, toys.signal, toys.background, settings.cl)
    curve = fit_critical_curve(values, expected.error, settings.cl)
    t, best = likelihood_ratio(model, data, expected.mass)
    lower, upper = feldman_cousins_interval(t, best, curve, settings.max_coupling**2)
    coupling = low = high = None
    reason = f"no limit below g = {settings.max_coupling:g}"
    if upper is not None:
        u, error = upper.signal, upper.error
        coupling, low, high = (coupling_of(value) for value in (u, u - error, u + error))
        reason = ""
    return MethodLimit(
        mass_mev=expected.mass,
        name=LimitName.FC,
        calculation=Calculation.TOYS,
        coupling=coupling,
        low=low,
        high=high,
        lower=coupling_of(lower.signal),
        n_toys=settings.toys,
        n_failed=values.n_failed,
        reason=reason,
    )
