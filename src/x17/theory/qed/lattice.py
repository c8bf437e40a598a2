"""Quasi-random points: additive recurrences with independent random shifts, whose scatter is the error.

x_n = frac(shift + n a), a_j = frac(√p_j) of the j-th prime (Richtmyer). The mean over a shift is an unbiased
estimate (Cranley and Patterson, SIAM J. Numer. Anal. 13 (1976) 904); the scatter between shifts is its error.
A sequence goes on where it stopped: more points refine it.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

N_SHIFTS = 16
"""Independent shifts."""
FIRST_POINTS = 1024
"""Points for each shift in the first round; every round doubles what there is."""
BLOCK = 2048
"""Points handed to the integrand at once: its arrays stay in the processor's cache."""


def increments(dimensions: int) -> FloatArray:
    """The vector a of the recurrence, fractional parts of √2, √3, √5, …

    Parameters
    ----------
    dimensions : int
        1 to 6.

    Returns
    -------
    ndarray, shape (dimensions,)
    """
    return np.asarray(np.sqrt([2.0, 3.0, 5.0, 7.0, 11.0, 13.0][:dimensions]) % 1.0)


def integrate(
    integrand: Callable[[FloatArray], FloatArray],
    dimensions: int,
    seed: int,
    tolerance: float,
    max_points: int = 65536,
    stream: int = 0,
) -> tuple[float, float]:
    """Mean of a function over the unit cube, to a tolerance.

    Parameters
    ----------
    integrand : callable
        Takes points of shape (dimensions, n), returns values of shape (n,).
    dimensions : int
    seed : int
        The same seed gives the same result.
    tolerance : float
        Absolute error at which to stop.
    max_points : int
        Points for each of the 16 shifts at most; the error says when they did not suffice.
    stream : int
        Integrals of one seed that are added take different streams, so that their errors are independent.

    Returns
    -------
    tuple of float
        Value and its standard error, from the scatter of the shifts.
    """
    shifts = np.random.default_rng(np.random.SeedSequence([seed, stream])).random((N_SHIFTS, dimensions, 1))
    step = increments(dimensions)[:, None]
    sums, done, target = np.zeros(N_SHIFTS), 0, FIRST_POINTS
    while True:
        for start in range(done, target, BLOCK):
            index = np.arange(start, min(start + BLOCK, target), dtype=np.float64)
            for i, shift in enumerate(shifts):
                sums[i] += float(np.sum(integrand((shift + index * step) % 1.0)))
        done = target
        means = sums / done
        error = float(np.std(means, ddof=1) / np.sqrt(N_SHIFTS))
        if error <= tolerance or 2 * done > max_points:
            return float(np.mean(means)), error
        target = 2 * done
