"""When campaigns decide about one boson: confirmed at 3σ, or excluded, by the full likelihood."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.projection.planning_campaign import Campaigns, Strategy, Truth
from x17.projection.planning_criteria import DISCOVERY_Z
from x17.projection.planning_space import PlanSpace
from x17.statistics.asymptotic import cls_limit, discovery_z, estimate_signal
from x17.statistics.data_sets import DataSets
from x17.statistics.monte_carlo import TailFraction
from x17.statistics.profile_fit import fit_background

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

BOOTSTRAPS = 400
_BOOTSTRAP_KEY = 0x626F6F74


@dataclass(frozen=True, slots=True, eq=False)
class Verdicts:
    """What n campaigns say after each step; arrays of shape (n, n_steps).

    Attributes
    ----------
    decided : ndarray of bool
        With a boson in truth: local significance of 3σ or more at its mass. Without: limit below its g.
    ok : ndarray of bool
        Whether the fits converged.
    start : bool
        Whether the data so far have decided already; without them never.
    """

    decided: BoolArray
    ok: BoolArray
    start: bool


def verdicts(
    space: PlanSpace, campaigns: Campaigns, boson: Truth, *, true: bool, with_old: bool, cl: float = 0.90
) -> Verdicts:
    """Ask of each campaign after each step whether the boson is confirmed, or excluded.

    Parameters
    ----------
    space : PlanSpace
    campaigns : Campaigns
        Of n toys.
    boson : Truth
        The one that is asked about.
    true : bool
        Whether it exists in these campaigns.
    with_old : bool
        Whether the data so far count too.
    cl : float
        Of the exclusion.

    Returns
    -------
    Verdicts
    """
    n, steps, n_new = campaigns.y.shape
    data = space.data_sets(
        campaigns.y.reshape(-1, n_new), campaigns.weight.reshape(-1, n_new), with_old=with_old
    )
    decided, ok = _decide(space, data, boson, true=true, cl=cl)
    start = False
    if with_old:
        before = space.data_sets(np.ones((1, n_new)), np.zeros((1, n_new)))
        start = bool(_decide(space, before, boson, true=true, cl=cl)[0][0])
    return Verdicts(decided.reshape(n, steps), ok.reshape(n, steps), start)


def _decide(
    space: PlanSpace, data: DataSets, boson: Truth, *, true: bool, cl: float
) -> tuple[BoolArray, BoolArray]:
    estimate = estimate_signal(space.model, data, boson.mass_mev)
    if not true:
        excluded = cls_limit(estimate.signal, estimate.error, cl) < boson.g_ve**2
        return np.asarray(excluded & estimate.ok), estimate.ok
    background = fit_background(space.model, data)
    ok = np.asarray(estimate.ok & background.ok)
    return np.asarray((discovery_z(estimate, background.chi2) >= DISCOVERY_Z) & ok), ok


@dataclass(frozen=True, slots=True)
class PositronsNeeded:
    """Positrons at which a share of the campaigns has a verdict.

    Attributes
    ----------
    value : float or None
        None: more than all.
    low, high : float or None
        68 % interval of bootstrapped toys; an end is None where it is more than all.
    """

    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, eq=False)
class PowerCurve:
    """How often one strategy decides about a boson, against positrons spent.

    Attributes
    ----------
    strategy : Strategy
    true : bool
        Whether the boson exists.
    with_old : bool
        Whether the data so far count too.
    positrons : ndarray, shape (n_steps,)
    shares : tuple of TailFraction, length n_steps
    needed : PositronsNeeded
        For one campaign in two.
    """

    strategy: Strategy
    true: bool
    with_old: bool
    positrons: FloatArray
    shares: tuple[TailFraction, ...]
    needed: PositronsNeeded


def power_curve(
    strategy: Strategy, outcome: Verdicts, positrons: FloatArray, seed: int, *, true: bool, with_old: bool
) -> PowerCurve:
    """Count verdicts step by step.

    Parameters
    ----------
    strategy : Strategy
    outcome : Verdicts
    positrons : ndarray, shape (n_steps,)
        Spent after each step.
    seed : int
        Of the bootstrap.
    true, with_old : bool
        See `PowerCurve`.

    Returns
    -------
    PowerCurve
    """
    good = outcome.ok.all(axis=1)
    decided, failed = outcome.decided[good], int((~good).sum())
    shares = tuple(TailFraction(int(k), decided.shape[0], failed) for k in decided.sum(axis=0))
    needed = positrons_needed(decided, positrons, seed, start=float(outcome.start))
    return PowerCurve(strategy, true, with_old, positrons, shares, needed)


def positrons_needed(
    decided: BoolArray, positrons: FloatArray, seed: int, *, start: float = 0.0
) -> PositronsNeeded:
    """Positrons for which half of the campaigns have a verdict, on straight lines between the steps.

    Parameters
    ----------
    decided : ndarray of bool, shape (n, n_steps)
    positrons : ndarray, shape (n_steps,)
    seed : int
        Of the bootstrap.
    start : float
        Share without new positrons.

    Returns
    -------
    PositronsNeeded
    """
    if not decided.shape[0]:
        return PositronsNeeded(None, None, None)
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(_BOOTSTRAP_KEY,)))
    picked = rng.integers(0, decided.shape[0], (BOOTSTRAPS, decided.shape[0]))
    found = np.sort([half_crossing(decided[rows].mean(axis=0), positrons, start) for rows in picked])
    low, high = found[int(0.1587 * BOOTSTRAPS)], found[int(0.8413 * BOOTSTRAPS)]
    value = half_crossing(decided.mean(axis=0), positrons, start)
    return PositronsNeeded(*(float(v) if np.isfinite(v) else None for v in (value, low, high)))


def half_crossing(share: FloatArray, positrons: FloatArray, start: float = 0.0) -> float:
    """Where a share first reaches one half, on straight lines.

    Parameters
    ----------
    share, positrons : ndarray, shape (n_steps,)
    start : float
        Share at no positrons.

    Returns
    -------
    float
        Infinite if it does not.
    """
    x, y = np.concatenate([[0.0], positrons]), np.concatenate([[start], share])
    above = np.flatnonzero(y >= 0.5)
    if above.size == 0:
        return float("inf")
    k = int(above[0])
    if k == 0:
        return 0.0
    return float(x[k - 1] + (0.5 - y[k - 1]) / (y[k] - y[k - 1]) * (x[k] - x[k - 1]))
