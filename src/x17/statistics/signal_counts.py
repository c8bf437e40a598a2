"""Counts summed over the few energy points where a boson would show most: what counting methods work with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from x17.statistics.data_sets import DataSets
from x17.statistics.model import ScanModel
from x17.statistics.profile_fit import fit_background

FloatArray = NDArray[np.float64]

STRONGEST_POINTS = 5
"""Points of largest signal that are summed, as published."""


@dataclass(frozen=True, slots=True, eq=False)
class SignalCounts:
    """Sums over the points of largest signal at one mass, for each of n data sets; arrays of shape (n,).

    Attributes
    ----------
    observed : ndarray
        N = Σ N_i.
    background, background_err : ndarray
        b = Σ P_i B_i K(s_i), and its error from those of P_i and B_i in quadrature; K's own is left out.
    signal : ndarray
        Σ P_i B_i K(s_i) S(E_i; M) r(s_i): events expected at g = 1.
    """

    observed: FloatArray
    background: FloatArray
    background_err: FloatArray
    signal: FloatArray


def signal_counts(
    model: ScanModel,
    data: DataSets,
    mass: float,
    n2: ArrayLike,
    n_pot: ArrayLike,
    background: ArrayLike,
) -> SignalCounts:
    """Sum the counts around the resonance; K is that of the fit without a boson to each data set.

    Parameters
    ----------
    model : ScanModel
    data : DataSets
        n data sets.
    mass : float
        MeV.
    n2, n_pot, background : array_like, shape (n, n_points) or (n_points,)
        Of the same data sets.

    Returns
    -------
    SignalCounts
    """
    points = model.points
    strength = model.signal_yield(model.centers, mass)
    best = np.argsort(strength)[-STRONGEST_POINTS:]
    scale = model.scale(fit_background(model, data).parameters)[:, best]
    counts, flux, rate = (
        np.broadcast_to(np.asarray(a, dtype=np.float64), (len(data), len(points)))[:, best]
        for a in (n2, n_pot, background)
    )
    expected = flux * rate * scale
    relative2 = (points.n_pot_err[best] / flux) ** 2 + (points.background_err[best] / rate) ** 2
    return SignalCounts(
        counts.sum(axis=1),
        expected.sum(axis=1),
        np.sqrt(np.sum(expected**2 * relative2, axis=1)),
        expected @ strength[best],
    )
