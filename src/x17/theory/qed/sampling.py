"""Maps from the unit interval to the peaks of photon emission, with their densities."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

_BINS = 720


def both_beams_cosine(u: FloatArray, beta: float) -> FloatArray:
    """Cosine distributed as `both_beams_density`: c = tanh((2u−1) artanh β)/β."""
    return np.asarray(np.tanh((2.0 * u - 1.0) * np.arctanh(beta)) / beta)


def both_beams_density(c: FloatArray, beta: float) -> FloatArray:
    """Density ∝ 1/(1−β²c²): photons along either beam."""
    return np.asarray(beta / (2.0 * np.arctanh(beta)) / (1.0 - (beta * c) ** 2))


def one_leg_cosine(u: FloatArray, beta: FloatArray) -> FloatArray:
    """Cosine distributed as `one_leg_density`."""
    return np.asarray((1.0 - (1.0 + beta) * ((1.0 - beta) / (1.0 + beta)) ** u) / beta)


def one_leg_density(x: FloatArray, beta: FloatArray) -> FloatArray:
    """Density ∝ 1/(1−βx): photons along one lepton of velocity β."""
    return np.asarray(beta / np.log((1.0 + beta) / (1.0 - beta)) / (1.0 - beta * x))


@dataclass(frozen=True, slots=True, eq=False)
class CosineTable:
    """A piecewise constant density of a cosine, in bins of equal angle.

    Attributes
    ----------
    edges : ndarray, shape (bins + 1,)
        Rising cosines from −1 to 1.
    cumulative : ndarray, shape (bins + 1,)
        From 0 to 1.
    """

    edges: FloatArray
    cumulative: FloatArray

    @classmethod
    def around(cls, shape: Callable[[FloatArray], FloatArray], edge: float) -> "CosineTable":
        """Density of a shape inside |c| ≤ edge that falls off outside but nowhere vanishes.

        Parameters
        ----------
        shape : callable
            Positive function of an array of cosines.
        edge : float
            Outside it the shape is that at the edge, times 0.85 e^(−d/3°) + 0.15 e^(−d/25°), d the distance.

        Returns
        -------
        CosineTable
        """
        edges = -np.cos(np.linspace(0.0, np.pi, _BINS + 1))
        centers = 0.5 * (edges[1:] + edges[:-1])
        outside = np.degrees(np.maximum(np.arccos(edge) - np.arccos(np.abs(centers)), 0.0))
        fall = 0.85 * np.exp(-outside / 3.0) + 0.15 * np.exp(-outside / 25.0)
        weights = shape(np.clip(centers, -edge, edge)) * fall * np.diff(edges)
        cumulative = np.concatenate([[0.0], np.cumsum(weights)])
        return cls(edges, cumulative / cumulative[-1])

    def sample(self, u: FloatArray) -> FloatArray:
        """Cosines at the quantiles u."""
        return np.interp(u, self.cumulative, self.edges)

    def density(self, c: FloatArray) -> FloatArray:
        """Density at the cosines c."""
        place = np.clip(np.searchsorted(self.edges, c, side="right") - 1, 0, _BINS - 1)
        return np.asarray((np.diff(self.cumulative) / np.diff(self.edges))[place])
