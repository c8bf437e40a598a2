"""Mean and width of E₁ + E₂ and of Δt: what the selection does not use, or hardly."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.reconstruction.pairs import Pairs

FloatArray = NDArray[np.float64]

_ITERATIONS = 100
_CONVERGED = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Core:
    """Gaussian core of a distribution.

    Attributes
    ----------
    mean, mean_error : float
    width, width_error : float
        Standard deviation of the Gaussian.
    share : float
        Of the sum of weights, within the range that was looked at.
    n : int
        Values in that range; with fewer than 10 the errors are infinite.
    """

    mean: float
    mean_error: float
    width: float
    width_error: float
    share: float
    n: int


def gaussian_core(values: FloatArray, weight: FloatArray | None = None, n_sigma: float = 2.0) -> Core:
    """Mean and width of a Gaussian, from the values within some widths of the mean.

    The mean and the variance of what lies inside are those of a cut-off Gaussian; the range follows them
    until they agree. Errors are those of these equations (M-estimator): for values from a Gaussian

        σ(mean) = σ/√(n c),  σ(width) = σ √(v/n) P/|P (2c) − 2kφ(k) (k² − c)|

    with n values inside, P = erf(k/√2), c the variance and v the variance of the square of what is inside, in
    units of σ².

    Parameters
    ----------
    values : ndarray, shape (n,)
    weight : ndarray, shape (n,), optional
        1 by default.
    n_sigma : float
        k, half of the range in widths.

    Returns
    -------
    Core
    """
    weight = np.ones(values.size) if weight is None else weight
    if values.size < 10:
        mean = float(values.mean()) if values.size else 0.0
        return Core(mean=mean, mean_error=math.inf, width=0.0, width_error=math.inf, share=1.0, n=values.size)
    tail = math.exp(-0.5 * n_sigma**2) / math.sqrt(2.0 * math.pi)
    inside_share = math.erf(n_sigma / math.sqrt(2.0))
    variance = 1.0 - 2.0 * n_sigma * tail / inside_share
    fourth = 3.0 - 2.0 * n_sigma * tail * (n_sigma**2 + 3.0) / inside_share
    low, mean, high = (float(q) for q in np.quantile(values, (0.16, 0.5, 0.84)))
    width = max(0.5 * (high - low), np.finfo(np.float64).tiny)
    for _ in range(_ITERATIONS):
        kept = np.abs(values - mean) <= n_sigma * width
        inner, w = values[kept], weight[kept]
        before = (mean, width)
        mean = float(np.average(inner, weights=w))
        width = math.sqrt(float(np.average((inner - mean) ** 2, weights=w)) / variance)
        if max(abs(mean - before[0]), abs(width - before[1])) <= _CONVERGED * width:
            break
    n_effective = float(w.sum()) ** 2 / float(np.square(w).sum())
    slope = abs(2.0 * inside_share * variance - 2.0 * n_sigma * tail * (n_sigma**2 - variance))
    return Core(
        mean=mean,
        mean_error=width / math.sqrt(n_effective * variance),
        width=width,
        width_error=width * math.sqrt((fourth - variance**2) / n_effective) * inside_share / slope,
        share=float(w.sum() / weight.sum()),
        n=int(kept.sum()),
    )


def energy_sum(pairs: Pairs) -> Core:
    """Core of E₁ + E₂: the energy scale of the calorimeter against that of the beam.

    Parameters
    ----------
    pairs : Pairs

    Returns
    -------
    Core
        MeV.
    """
    return gaussian_core(pairs.energy_1 + pairs.energy_2, pairs.weight)


def time_difference(pairs: Pairs) -> Core:
    """Core of the difference of the times of the two clusters.

    Parameters
    ----------
    pairs : Pairs

    Returns
    -------
    Core
        ns.
    """
    return gaussian_core(pairs.time_difference, pairs.weight)
