"""How many events each cut leaves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.errors import UsageError

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class CutFlow:
    """Events and weight left after each cut, in the order of the cuts.

    Attributes
    ----------
    names : tuple of str
        Of the cuts; the first is what there was before any.
    events : ndarray of int, shape (n_cuts,)
        Events with a pair that passes this cut and all before.
    weight : ndarray, shape (n_cuts,)
        Sum of their weights.
    """

    names: tuple[str, ...]
    events: IntArray
    weight: FloatArray

    @classmethod
    def of(cls, names: tuple[str, ...], passed: IntArray, weight: FloatArray) -> CutFlow:
        """Count events by the number of cuts that they pass.

        Parameters
        ----------
        names : tuple of str
        passed : ndarray of int, shape (n_events,)
            Cuts that each event passes in order, from 1 to the number of names.
        weight : ndarray, shape (n_events,)

        Returns
        -------
        CutFlow
        """
        # Suffix sums: an event that passed k cuts counts in the first k rows.
        size = len(names) + 1
        events = np.bincount(passed, minlength=size)[:0:-1].cumsum()[::-1]
        weights = np.bincount(passed, weight, minlength=size)[:0:-1].cumsum()[::-1]
        # Without events counting gives whole numbers.
        return cls(names, events.astype(np.int64), weights.astype(np.float64))

    def followed_by(self, name: str, weight: FloatArray) -> CutFlow:
        """The table with one more cut at its end.

        Parameters
        ----------
        name : str
        weight : ndarray
            Weights of the events that are left.

        Returns
        -------
        CutFlow
        """
        events = np.append(self.events, weight.size)
        return CutFlow((*self.names, name), events, np.append(self.weight, weight.sum()))

    def __add__(self, other: CutFlow) -> CutFlow:
        """Merge the tables of two sets of events.

        Raises
        ------
        UsageError
            They have other cuts.
        """
        if self.names != other.names:
            raise UsageError(
                f"cut flows of different cuts cannot be added: {', '.join(self.names)}; "
                f"{', '.join(other.names)}"
            )
        return CutFlow(self.names, self.events + other.events, self.weight + other.weight)

    @property
    def efficiency(self) -> FloatArray:
        """Weight after each cut over the weight before it, shape (n_cuts,); 1 for the first, 0 after 0."""
        before = np.concatenate([self.weight[:1], self.weight[:-1]])
        share = np.divide(self.weight, before, out=np.zeros_like(self.weight), where=before != 0.0)
        return np.asarray(share, dtype=np.float64)
