"""Power-constrained limits: a CLs+b limit that may not be stronger than the experiment is sensitive.

- *published*: the constraint is the median limit expected without a boson, by CLs.
- *standard*: it is the −1σ quantile of the CLs+b limits expected without a boson (Cowan, Cranmer, Gross,
  Vitells, arXiv:1105.3166).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from x17.statistics.asymptotic import cls_limit
from x17.statistics.cls_plus_b import cls_plus_b_limit
from x17.statistics.signal_scan import SignalScan

FloatArray = NDArray[np.float64]

MINUS_ONE_SIGMA = 0.158655253931457
"""Φ(−1)."""


@dataclass(frozen=True, slots=True, eq=False)
class PowerConstraints:
    """The smallest u = g² that may be excluded at each of m masses.

    Attributes
    ----------
    published, standard : ndarray, shape (m,)
        Median of the CLs limits, and −1σ quantile of the CLs+b limits, of experiments without a boson.
    """

    published: FloatArray
    standard: FloatArray


def asimov_constraints(error: ArrayLike, cl: float) -> PowerConstraints:
    """Constraints from the error σ_A of the signal in the median experiment: û = 0, and û = −σ_A.

    Parameters
    ----------
    error : array_like, shape (m,)
        σ_A from `expected_error`.
    cl : float

    Returns
    -------
    PowerConstraints
    """
    sigma = np.asarray(error, dtype=np.float64)
    return PowerConstraints(
        cls_limit(np.zeros_like(sigma), sigma, cl), np.maximum(cls_plus_b_limit(-sigma, sigma, cl), 0.0)
    )


def experiment_constraints(experiments: SignalScan, cl: float) -> PowerConstraints:
    """Constraints from pseudo-experiments without a boson.

    Parameters
    ----------
    experiments : SignalScan
        Shape (n, m); those with a failed fit are left out.
    cl : float

    Returns
    -------
    PowerConstraints
    """
    kept = experiments.complete
    signal, error = experiments.signal[kept], experiments.error[kept]
    standard = np.quantile(cls_plus_b_limit(signal, error, cl), MINUS_ONE_SIGMA, axis=0)
    return PowerConstraints(np.median(cls_limit(signal, error, cl), axis=0), np.maximum(standard, 0.0))
