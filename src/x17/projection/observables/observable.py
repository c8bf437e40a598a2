"""The observables, as functions of the pairs in the three classes of an energy point."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


class Observable(StrEnum):
    """What is counted, and over what."""

    TWO_CLUSTERS = "2cl"
    """N_2cl/N_PoT: all classes; no tag needed."""
    ELECTRONS = "ee"
    """N_ee/N_PoT: two tags."""
    PHOTONS = "gg"
    """N_γγ/N_PoT: no tag."""
    RATIO = "ee/gg"
    """N_ee/N_γγ: no positrons needed."""


ALL = tuple(Observable)
"""All four: only three of them are independent."""


def weights(observables: Sequence[Observable], expected: FloatArray) -> FloatArray:
    """Relative change of each observable by the relative change of each class, to first order.

    Parameters
    ----------
    observables : sequence of Observable
        k of them.
    expected : ndarray, shape (n, 3)
        Counts of the classes ee, γγ, mixed.

    Returns
    -------
    ndarray, shape (n, k, 3)
        N_2cl: share of the class; N_ee and N_γγ: 1 for theirs; the ratio: +1 and −1.
    """
    n = expected.shape[0]
    rows = {
        Observable.TWO_CLUSTERS: expected / expected.sum(axis=1, keepdims=True),
        Observable.ELECTRONS: np.broadcast_to([1.0, 0.0, 0.0], (n, 3)),
        Observable.PHOTONS: np.broadcast_to([0.0, 1.0, 0.0], (n, 3)),
        Observable.RATIO: np.broadcast_to([1.0, -1.0, 0.0], (n, 3)),
    }
    return np.stack([rows[one] for one in observables], axis=1)


def measured(observables: Sequence[Observable], counts: FloatArray, expected: FloatArray) -> FloatArray:
    """Observables of data over their expectation, less 1.

    Parameters
    ----------
    observables : sequence of Observable
        k of them.
    counts : ndarray, shape (..., n, 3)
        Counts of the classes, above 0.
    expected : ndarray, shape (n, 3)

    Returns
    -------
    ndarray, shape (..., n, k)
    """
    ratio = np.divide(counts, expected, out=np.ones_like(counts), where=expected > 0.0)
    columns = {
        Observable.TWO_CLUSTERS: counts.sum(axis=-1) / expected.sum(axis=-1),
        Observable.ELECTRONS: ratio[..., 0],
        Observable.PHOTONS: ratio[..., 1],
        Observable.RATIO: ratio[..., 0] / ratio[..., 1],
    }
    return np.stack([columns[one] for one in observables], axis=-1) - 1.0
