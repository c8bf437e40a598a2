"""The look-elsewhere effect from how often the significance crosses a low level.

E. Gross and O. Vitells, EPJC 70 (2010) 525: for a chi-squared process q0(M) of one degree of freedom,

    P(max q0 > c) ≈ P(q0 > c) + ⟨N(c₀)⟩ exp(−(c − c₀)/2),

with ⟨N(c₀)⟩ the mean number of times q0 rises through c₀ along the masses, counted in pseudo-experiments.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

REFERENCE_LEVEL = 1.0
"""c₀: low, for many crossings, but above the noise of steps between masses."""


@dataclass(frozen=True, slots=True)
class GrossVitells:
    """A global p-value by upcrossings.

    Attributes
    ----------
    p, p_low, p_high : float
        Value and interval, one standard deviation of the mean number of upcrossings; may exceed one where the
        excess is small, the formula being one for the tail.
    upcrossings, upcrossings_err : float
        ⟨N(c₀)⟩ and its error.
    level : float
        c₀.
    n_toys : int
    """

    p: float
    p_low: float
    p_high: float
    upcrossings: float
    upcrossings_err: float
    level: float
    n_toys: int


def count_upcrossings(z: FloatArray, level: float) -> NDArray[np.int64]:
    """How often z rises through √level from one mass to the next.

    Parameters
    ----------
    z : ndarray, shape (n, m)
        Signed root of q0 of n experiments.
    level : float
        c₀, above zero.

    Returns
    -------
    ndarray of int, shape (n,)
    """
    above = z >= np.sqrt(level)
    return np.asarray(np.count_nonzero(~above[:, :-1] & above[:, 1:], axis=1))


def gross_vitells(z: FloatArray, observed_q0: float, level: float = REFERENCE_LEVEL) -> GrossVitells:
    """Global p-value of the largest excess.

    Parameters
    ----------
    z : ndarray, shape (n, m)
        Signed root of q0 of pseudo-experiments without a boson.
    observed_q0 : float
        Largest q0 of the data.
    level : float
        c₀.

    Returns
    -------
    GrossVitells
    """
    from scipy.special import ndtr

    counts = count_upcrossings(z, level)
    mean, error = float(counts.mean()), float(counts.std() / np.sqrt(counts.size))
    local, slope = float(ndtr(-np.sqrt(observed_q0))), float(np.exp(-0.5 * (observed_q0 - level)))
    p, p_low, p_high = (local + slope * max(n, 0.0) for n in (mean, mean - error, mean + error))
    return GrossVitells(p, p_low, p_high, mean, error, level, counts.size)
