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

from x17.statistics.deviation import deviation
from x17.statistics.expected_band import ExpectedBand
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


def published_deviation(
    toy_limits: FloatArray, data_limits: FloatArray, band: ExpectedBand, n_failed: int = 0
) -> GlobalP:
    """Global p by the largest deviation of a limit from the expected band.

    Parameters
    ----------
    toy_limits : ndarray, shape (n, m)
        Limits on g_ve of pseudo-experiments without a boson.
    data_limits : ndarray, shape (m,)
        Those of the data, by the same method.
    band : ExpectedBand
        At the same masses.
    n_failed : int
        Pseudo-experiments left out.

    Returns
    -------
    GlobalP
    """
    _, _, median, plus_one, plus_two = band.limits
    toys = np.sort(deviation(toy_limits, median, plus_one, plus_two).max(axis=1))
    observed = deviation(data_limits, median, plus_one, plus_two)
    k = int(np.argmax(observed))
    above = int(np.count_nonzero(toys >= observed[k]))
    return GlobalP(
        GlobalStatistic.PUBLISHED_DEVIATION,
        float(observed[k]),
        float(band.masses[k]),
        TailFraction(above, toys.size, n_failed),
        toys,
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

    Parameters
    ----------
    toys, data : SignalScan
        As for `min_q`.
    n_failed : int

    Returns
    -------
    GlobalP
    """
    from scipy.special import ndtri

    reference = toys.signed_z
    smallest = np.sort(local_p_by_rank(reference, reference).min(axis=1))
    observed = local_p_by_rank(reference, data.signed_z)[0]
    k = int(np.argmin(observed))
    below = int(np.count_nonzero(smallest <= observed[k]))
    return GlobalP(
        GlobalStatistic.MAX_Z,
        float(-ndtri(observed[k])),
        float(data.masses[k]),
        TailFraction(below, smallest.size, n_failed),
        np.asarray(-ndtri(smallest[::-1])),
    )
