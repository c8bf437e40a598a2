"""The significance of the largest excess in a window of masses: local, and global by every definition."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.errors import UsageError, X17Error
from x17.statistics.expected_band import ExpectedBand, expected_band
from x17.statistics.fit_status import FitStatus
from x17.statistics.global_p import GlobalP, max_z, min_q, published_deviation
from x17.statistics.local_p import LocalP
from x17.statistics.monte_carlo import TailFraction
from x17.statistics.signal_scan import SignalScan
from x17.statistics.upcrossings import GrossVitells, gross_vitells

FloatArray = NDArray[np.float64]

SMALLEST_EXCESS_Q = -1.0
"""A maximum of the likelihood is listed from one standard deviation on."""

FEWEST_TOYS = 200
"""Fewer leave less than five beyond the band's +2σ edge, the unit of the published deviation."""


@dataclass(frozen=True, slots=True)
class Maximum:
    """A local maximum of the likelihood along the masses.

    Attributes
    ----------
    mass_mev : float
    g_ve : float
        √û.
    q : float
        Q(M, ĝ).
    p_local : float
        Asymptotic, one-sided.
    p_global : TailFraction
        Share of pseudo-experiments with a deeper Q anywhere in the window.
    """

    mass_mev: float
    g_ve: float
    q: float
    p_local: float
    p_global: TailFraction


@dataclass(frozen=True, slots=True, eq=False)
class Significance:
    """What the pseudo-experiments say of the data in a window of masses.

    Attributes
    ----------
    window_mev : (float, float)
        First and last mass.
    cl : float
        Confidence level of the limits.
    local : LocalP
        At the mass of the deepest Q.
    maxima : tuple of Maximum
        Deepest first.
    definitions : tuple of GlobalP
        By published deviation, deepest Q and largest calibrated z.
    gross_vitells : GrossVitells
    band : ExpectedBand
        Of the limits of the pseudo-experiments.
    observed_limits : ndarray, shape (m,)
        Asymptotic limits of the data on g_ve, at the masses of the band.
    n_toys, n_failed : int
        Pseudo-experiments used, and left out because a fit failed.
    """

    window_mev: tuple[float, float]
    cl: float
    local: LocalP
    maxima: tuple[Maximum, ...]
    definitions: tuple[GlobalP, ...]
    gross_vitells: GrossVitells
    band: ExpectedBand
    observed_limits: FloatArray
    n_toys: int
    n_failed: int


def window_columns(masses: FloatArray, low: float, high: float) -> NDArray[np.bool_]:
    """Which masses lie in a window, both ends included.

    Parameters
    ----------
    masses : ndarray, shape (m,)
        MeV, rising.
    low, high : float
        MeV.

    Returns
    -------
    ndarray of bool, shape (m,)

    Raises
    ------
    UsageError
        The window reaches beyond the masses or holds none of them.
    """
    if not masses[0] - 1e-6 <= low <= high <= masses[-1] + 1e-6:
        raise UsageError(
            f"the window {low:g}:{high:g} MeV is not inside the masses searched; "
            f"allowed: LO ≤ HI between {masses[0]:g} and {masses[-1]:g}, or choose other masses"
        )
    inside = (masses >= low - 1e-6) & (masses <= high + 1e-6)
    if not inside.any():
        raise UsageError(
            f"the window {low:g}:{high:g} MeV lies between two masses; widen it or take a smaller step"
        )
    return np.asarray(inside)


def significance(
    data: SignalScan, toys: SignalScan, cl: float, window: tuple[float, float] | None = None
) -> Significance:
    """Compare the data with pseudo-experiments without a boson.

    Parameters
    ----------
    data : SignalScan
        One experiment.
    toys : SignalScan
        Pseudo-experiments at the same masses.
    cl : float
        Confidence level of the limits.
    window : (float, float), optional
        First and last mass in MeV; all masses by default.

    Returns
    -------
    Significance

    Raises
    ------
    UsageError
        A window outside the masses, or too few pseudo-experiments.
    X17Error
        A fit to the data failed.
    """
    low, high = window or (float(data.masses[0]), float(data.masses[-1]))
    columns = window_columns(data.masses, low, high)
    data, n_all = data.select(slice(None), columns), len(toys)
    toys = toys.select(toys.complete, columns)
    if not data.complete[0]:
        worst = FitStatus(int(data.status.max()))
        raise X17Error(f"a fit to the data in {low:g}:{high:g} MeV failed: {worst.sentence}")
    if len(toys) < FEWEST_TOYS:
        raise UsageError(
            f"{len(toys)} pseudo-experiments are too few for a global p-value; at least {FEWEST_TOYS} are "
            "needed for the +2σ edge of the band, some 40000 for an error of 2 % at p = 0.05: raise --toys"
        )
    failed = n_all - len(toys)
    toy_limits, data_limits = toys.limits(cl), data.limits(cl)[0]
    band = expected_band(toys.masses, toy_limits)
    return Significance(
        window_mev=(low, high),
        cl=cl,
        local=_local(data, data_limits, toy_limits, failed),
        maxima=_maxima(data, toys, failed),
        definitions=(
            published_deviation(toy_limits, data_limits, toys.masses, failed),
            min_q(toys, data, failed),
            max_z(toys, data, failed),
        ),
        gross_vitells=gross_vitells(toys.signed_z, float(-data.excess_q.min())),
        band=band,
        observed_limits=data_limits,
        n_toys=len(toys),
        n_failed=failed,
    )


def _local(data: SignalScan, data_limits: FloatArray, toy_limits: FloatArray, failed: int) -> LocalP:
    """Local p at the deepest Q: asymptotic, and by the share of pseudo-experiments with a weaker limit."""
    from scipy.special import ndtr

    k = int(np.argmin(data.excess_q[0]))
    z = float(max(data.signed_z[0, k], 0.0))
    weaker = TailFraction(
        int(np.count_nonzero(toy_limits[:, k] > data_limits[k])), toy_limits.shape[0], failed
    )
    return LocalP(float(data.masses[k]), float(ndtr(-z)), z, weaker)


def _maxima(data: SignalScan, toys: SignalScan, failed: int) -> tuple[Maximum, ...]:
    from scipy.special import ndtr

    q, deepest = data.excess_q[0], toys.excess_q.min(axis=1)
    padded = np.concatenate([[np.inf], q, [np.inf]])
    valleys = (q <= SMALLEST_EXCESS_Q) & (q < padded[:-2]) & (q <= padded[2:])
    found = [
        Maximum(
            mass_mev=float(data.masses[k]),
            g_ve=float(np.sqrt(data.signal[0, k])),
            q=float(q[k]),
            p_local=float(ndtr(-np.sqrt(-q[k]))),
            p_global=TailFraction(int(np.count_nonzero(deepest <= q[k])), deepest.size, failed),
        )
        for k in np.flatnonzero(valleys)
    ]
    return tuple(sorted(found, key=lambda maximum: maximum.q))
