"""Draws from a smooth density of cos θ by its inverse distribution function."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

_CELLS = 4000


@dataclass(frozen=True, slots=True, eq=False)
class AngleTable:
    """A density of cos θ in a range, tabulated.

    Attributes
    ----------
    cosine : ndarray, shape (n,)
        Rising.
    below : ndarray, shape (n,)
        Integral of the density from the first cosine, not normalised.
    """

    cosine: FloatArray
    below: FloatArray

    @classmethod
    def of(cls, density: Callable[[FloatArray], FloatArray], low: float, high: float) -> AngleTable:
        """Tabulate a density.

        Parameters
        ----------
        density : callable
            Of cos θ, smooth and positive.
        low, high : float

        Returns
        -------
        AngleTable
        """
        edges = np.linspace(low, high, _CELLS + 1)
        middle = 0.5 * (edges[:-1] + edges[1:])
        # Simpson's rule in every cell: the integral is good to rounding, not only the shape.
        at_edges, at_middle = density(edges), density(middle)
        cells = (at_edges[:-1] + 4.0 * at_middle + at_edges[1:]) * np.diff(edges) / 6.0
        return cls(edges, np.concatenate([[0.0], np.cumsum(cells)]))

    @property
    def integral(self) -> float:
        """Integral over the range."""
        return float(self.below[-1])

    def draw(self, uniform: FloatArray) -> FloatArray:
        """Cosines with the density; linear inside a cell.

        Parameters
        ----------
        uniform : ndarray
            Between 0 and 1.

        Returns
        -------
        ndarray
            The shape of `uniform`.
        """
        return np.asarray(np.interp(uniform * self.integral, self.below, self.cosine))
