"""Count, sum and sum of squares of a quantity: all that is kept of millions of bunches."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Moments:
    """Sums of a quantity, which add up over blocks.

    Attributes
    ----------
    n : int
    total, squares : float
        Sum, and sum of squares.
    """

    n: int = 0
    total: float = 0.0
    squares: float = 0.0

    @classmethod
    def of(cls, values: FloatArray) -> Moments:
        """Sum an array; values that are not finite are left out.

        Parameters
        ----------
        values : ndarray, shape (n,)

        Returns
        -------
        Moments
        """
        kept = np.asarray(values[np.isfinite(values)], dtype=np.float64)
        return cls(int(kept.size), float(kept.sum()), float((kept**2).sum()))

    def __add__(self, other: Moments) -> Moments:
        return Moments(self.n + other.n, self.total + other.total, self.squares + other.squares)

    @property
    def mean(self) -> float:
        """Mean; NaN of nothing."""
        return self.total / self.n if self.n else math.nan

    @property
    def variance(self) -> float:
        """Sample variance with n − 1; NaN below two values."""
        if self.n < 2:
            return math.nan
        # Rounding may leave a tiny negative number where all values agree.
        return max(self.squares - self.total**2 / self.n, 0.0) / (self.n - 1)

    @property
    def mean_err(self) -> float:
        """Standard error of the mean: √(variance/n); NaN below two values."""
        return math.sqrt(self.variance / self.n) if self.n > 1 else math.nan
