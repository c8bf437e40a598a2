"""How improbable is the largest excess anywhere in a window of masses?

Three statistics of a whole scan, compared with those of pseudo-experiments without a boson:

- `published-deviation`: the largest deviation of the limit from the expected band
  (`x17.statistics.deviation`);
- `min-q`: the deepest Q(M, ĝ), that is the largest asymptotic local significance;
- `max-z`: the largest local significance, each mass calibrated with the pseudo-experiments themselves.

The last two differ where the distribution of Q depends on the mass. Data and pseudo-experiments are taken
on the same masses.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from x17.statistics.asymptotic import BAND_QUANTILES
from x17.statistics.deviation import deviation
from x17.statistics.jackknife import jackknife_variance
from x17.statistics.monte_carlo import TailFraction
from x17.statistics.signal_scan import SignalScan

FloatArray = NDArray[np.float64]


class GlobalStatistic(StrEnum):
    """What is compared with pseudo-experiments."""

    PUBLISHED_DEVIATION = "published-deviation"
    MIN_Q = "min-q"
    MAX_Z = "max-z"


@dataclass(frozen=True, slots=True, eq=False)
class GlobalP:
    """A global p-value.

    Attributes
    ----------
    statistic : GlobalStatistic
    observed : float
        The statistic of the data: d, Q or z.
    mass_mev : float
        Where the data take it.
    fraction : TailFraction
        Share of pseudo-experiments at least as extreme.
    toys : ndarray, shape (n,)
        The statistic of each pseudo-experiment, rising.
    """

    statistic: GlobalStatistic
    observed: float
    mass_mev: float
    fraction: TailFraction
    toys: FloatArray


def local_p_by_rank(toys: FloatArray, values: FloatArray) -> FloatArray:
    """Share of pseudo-experiments that reach a value, mass by mass; never zero.

    Parameters
    ----------
    toys : ndarray, shape (n, m)
    values : ndarray, shape (k, m)

    Returns
    -------
    ndarray, shape (k, m)
        (1 + number of toys above)/(n + 1): a value beyond all toys counts as the next one.
    """
    n = toys.shape[0]
    columns = zip(np.sort(toys, axis=0).T, values.T, strict=True)
    above = [n - np.searchsorted(ordered, column, side="right") for ordered, column in columns]
    return np.asarray((1.0 + np.stack(above, axis=1)) / (n + 1.0))


def _shares(sigmas: tuple[float, ...]) -> FloatArray:
    from scipy.special import ndtr

    return np.asarray(ndtr(np.array(sigmas)))


def _inflation(p: float, variance: float, n: int) -> float:
    """Variance of a share of toys over the binomial one, at least one."""
    binomial = p * (1.0 - p) / n
    return max(variance / binomial, 1.0) if binomial > 0.0 else 1.0


def published_deviation(
    toy_limits: FloatArray, data_limits: FloatArray, masses: FloatArray, n_failed: int = 0
) -> GlobalP:
    """Global p by the largest deviation of a limit from the expected band.

    The band is that of the same toys, and its fluctuations count: what the data reach moves with the band at
    one mass, which leaves p less well known than a share of that many toys.

    Parameters
    ----------
    toy_limits : ndarray, shape (n, m)
        Limits on g_ve of pseudo-experiments without a boson.
    data_limits : ndarray, shape (m,)
        Those of the data, by the same method.
    masses : ndarray, shape (m,)
        MeV.
    n_failed : int
        Pseudo-experiments left out.

    Returns
    -------
    GlobalP
    """
    levels = _shares(BAND_QUANTILES[2:])

    def deviations(limits: FloatArray) -> tuple[FloatArray, FloatArray]:
        median, plus_one, plus_two = np.quantile(limits, levels, axis=0)
        toys = deviation(limits, median, plus_one, plus_two).max(axis=1)
        return toys, deviation(data_limits, median, plus_one, plus_two)

    def share(kept: NDArray[np.bool_]) -> float:
        toys, observed = deviations(toy_limits[kept])
        return float(np.mean(toys >= observed.max()))

    toys, observed = deviations(toy_limits)
    k, n = int(np.argmax(observed)), toys.size
    above = int(np.count_nonzero(toys >= observed[k]))
    inflation = _inflation(above / n, jackknife_variance(share, n), n)
    return GlobalP(
        GlobalStatistic.PUBLISHED_DEVIATION,
        float(observed[k]),
        float(masses[k]),
        TailFraction(above, n, n_failed, inflation),
        np.sort(toys),
    )


def min_q(toys: SignalScan, data: SignalScan, n_failed: int = 0) -> GlobalP:
    """Global p by the deepest Q.

    Parameters
    ----------
    toys : SignalScan
        Pseudo-experiments without a boson, all fits converged.
    data : SignalScan
        One experiment at the same masses.
    n_failed : int
        Pseudo-experiments left out.

    Returns
    -------
    GlobalP
    """
    deepest, observed = np.sort(toys.excess_q.min(axis=1)), data.excess_q[0]
    k = int(np.argmin(observed))
    below = int(np.count_nonzero(deepest <= observed[k]))
    fraction = TailFraction(below, deepest.size, n_failed)
    return GlobalP(GlobalStatistic.MIN_Q, float(observed[k]), float(data.masses[k]), fraction, deepest)


def max_z(toys: SignalScan, data: SignalScan, n_failed: int = 0) -> GlobalP:
    """Global p by the largest calibrated local significance.

    The calibration is that of the same toys and its fluctuations count, as for `published_deviation`. A local
    p-value is never below one in n + 1: conservative where few toys are beyond the data.

    Parameters
    ----------
    toys, data : SignalScan
        As for `min_q`.
    n_failed : int

    Returns
    -------
    GlobalP
        `observed` is the local z that the smallest local p stands for.
    """
    from scipy.special import ndtri

    reference, measured = toys.signed_z, data.signed_z

    def share(kept: NDArray[np.bool_]) -> float:
        part = reference[kept]
        above = round(float(local_p_by_rank(part, measured).min()) * (part.shape[0] + 1))
        # The toys as far out at some mass: beyond its order statistic of that rank.
        level = np.partition(part, part.shape[0] - above, axis=0)[part.shape[0] - above]
        return float(np.mean((part >= level).any(axis=1)))

    smallest = np.sort(local_p_by_rank(reference, reference).min(axis=1))
    observed = local_p_by_rank(reference, measured)[0]
    k, n = int(np.argmin(observed)), smallest.size
    below = int(np.count_nonzero(smallest <= observed[k]))
    inflation = _inflation(below / n, jackknife_variance(share, n), n)
    return GlobalP(
        GlobalStatistic.MAX_Z,
        float(-ndtri(observed[k])),
        float(data.masses[k]),
        TailFraction(below, n, n_failed, inflation),
        np.asarray(-ndtri(smallest[::-1])),
    )
