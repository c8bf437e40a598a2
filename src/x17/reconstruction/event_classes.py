"""Electrons, photons, or one of each: what the charged tagger says of a pair."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from x17.reconstruction.pairs import Pairs

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


class EventClass(IntEnum):
    """Classes of pairs."""

    ELECTRONS = 0
    PHOTONS = 1
    MIXED = 2


@dataclass(frozen=True, slots=True, eq=False)
class ClassCounts:
    """Pairs of each class.

    Attributes
    ----------
    weight : ndarray, shape (3,)
        Sum of weights, in the order of `EventClass`.
    error : ndarray, shape (3,)
        √Σw².
    """

    weight: FloatArray
    error: FloatArray

    @property
    def shares(self) -> FloatArray:
        """Of the sum of weights, shape (3,); 0 without pairs."""
        total = float(self.weight.sum())
        return self.weight / total if total else np.zeros(3)

    @property
    def share_errors(self) -> FloatArray:
        """Binomial errors of the shares, shape (3,): √((1−f)²Σw² + f²Σ'w²)/Σw, Σ' over the other classes."""
        total = float(self.weight.sum())
        if not total:
            return np.zeros(3)
        own, shares = np.square(self.error), self.shares
        return np.asarray(np.sqrt((1.0 - shares) ** 2 * own + shares**2 * (own.sum() - own)) / total)


def classify(pairs: Pairs) -> IntArray:
    """Class of each pair: charged particles with both clusters, with neither, or with one.

    Parameters
    ----------
    pairs : Pairs

    Returns
    -------
    ndarray of int, shape (n,)
        Values of `EventClass`.
    """
    charged = pairs.charged_1.astype(np.int64) + pairs.charged_2
    classes = np.array([EventClass.PHOTONS, EventClass.MIXED, EventClass.ELECTRONS], dtype=np.int64)
    return classes[charged]


def class_counts(pairs: Pairs, weight: FloatArray | None = None) -> ClassCounts:
    """Count pairs by class.

    Parameters
    ----------
    pairs : Pairs
    weight : ndarray, shape (n,), optional
        In place of the weights of the pairs, e.g. `side_bands.subtraction_weights`.

    Returns
    -------
    ClassCounts
    """
    weight = pairs.weight if weight is None else weight
    classes = classify(pairs)
    total, squares = (
        np.bincount(classes, w, minlength=3).astype(np.float64) for w in (weight, np.square(weight))
    )
    return ClassCounts(total, np.sqrt(squares))


def confusion(samples: Mapping[EventClass, Pairs]) -> FloatArray:
    """How often pairs that are known to be of one class are put into each.

    Parameters
    ----------
    samples : mapping
        Pairs of simulated events, by what they are.

    Returns
    -------
    ndarray, shape (3, 3)
        Row: what they are; column: what they are taken for. Rows without pairs are 0.
    """
    table = np.zeros((3, 3))
    for truth, pairs in samples.items():
        table[truth] = class_counts(pairs).shares
    return table
