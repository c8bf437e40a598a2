"""Internal pairs drawn from the Born density."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from x17.nuclear.multipole import Multipole
from x17.nuclear.pair_angles.born import require_transition
from x17.nuclear.pair_angles.unit_square import square_density

FloatArray = NDArray[np.float64]

_CELLS, _PROBES, _HEADROOM = 64, 5, 1.03
"""Cells a side, probes a side of a cell (its edges among them), and what the density may exceed them by."""


@dataclass(frozen=True, slots=True, eq=False)
class InternalPairs:
    """A source of internal pairs of one multipolarity, unaligned nuclei.

    Points of the unit square's half s < 1/2 are drawn from a staircase above the density and accepted in
    proportion; electron and positron are exchanged in half of the pairs.

    Attributes
    ----------
    multipole : Multipole
    energy_mev : float
        W, MeV.

    Raises
    ------
    UsageError
        A transition below 2 m_e.
    """

    multipole: Multipole
    energy_mev: float
    _ceiling: FloatArray = field(init=False, repr=False)
    _cumulative: FloatArray = field(init=False, repr=False)

    def __post_init__(self) -> None:
        require_transition(self.energy_mev)
        edges = np.linspace(0.0, 1.0, _CELLS * (_PROBES - 1) + 1)
        _, density = square_density(self.multipole, self.energy_mev, 0.5 * edges[:, None], edges[None, :])
        ceiling = _HEADROOM * _cell_maximum(density)
        object.__setattr__(self, "_ceiling", ceiling.ravel())
        object.__setattr__(self, "_cumulative", np.cumsum(ceiling.ravel()) / ceiling.sum())

    def draw(self, n: int, rng: np.random.Generator) -> tuple[FloatArray, FloatArray]:
        """Pairs.

        Parameters
        ----------
        n : int
        rng : Generator

        Returns
        -------
        positron_energy, cos_theta : ndarray, shape (n,)
            Total energy, MeV, and cosine of the opening angle.
        """
        energies, cosines, missing = [], [], n
        while missing > 0:
            plus, cos_theta = self._attempt(missing + missing // 8 + 64, rng)
            energies.append(plus[:missing])
            cosines.append(cos_theta[:missing])
            missing -= energies[-1].size
        return np.concatenate(energies or [np.empty(0)]), np.concatenate(cosines or [np.empty(0)])

    def _attempt(self, n: int, rng: np.random.Generator) -> tuple[FloatArray, FloatArray]:
        uniforms = rng.random((4, n))
        cell = np.searchsorted(self._cumulative, uniforms[0], side="right")
        cell = np.minimum(cell, self._cumulative.size - 1)  # rounding of the last sum
        exchanged, place = np.divmod(2.0 * uniforms[1], 1.0)
        s = (cell // _CELLS + place) / (2.0 * _CELLS)
        v = (cell % _CELLS + uniforms[2]) / _CELLS
        point, density = square_density(self.multipole, self.energy_mev, s, v)
        kept = uniforms[3] * self._ceiling[cell] < density
        plus = point.positron_energy[kept]
        return np.where(exchanged[kept] > 0.0, self.energy_mev - plus, plus), point.cos_theta[kept]

    def largest_ratio(self, n: int, rng: np.random.Generator) -> float:
        """Largest density over its staircase at random points: the drawing is exact while it is below one.

        Parameters
        ----------
        n : int
        rng : Generator

        Returns
        -------
        float
        """
        s, v = rng.random((2, n))
        _, density = square_density(self.multipole, self.energy_mev, 0.5 * s, v)
        cell = (s * _CELLS).astype(np.int64) * _CELLS + (v * _CELLS).astype(np.int64)
        return float(np.max(density / self._ceiling[cell]))


def _cell_maximum(density: FloatArray) -> FloatArray:
    """Largest value at the probes of each cell; neighbours share those on their edge."""
    step = _PROBES - 1
    largest = np.zeros((_CELLS, _CELLS))
    for i in range(_PROBES):
        for j in range(_PROBES):
            probe = density[i : i + step * (_CELLS - 1) + 1 : step, j : j + step * (_CELLS - 1) + 1 : step]
            largest = np.maximum(largest, probe)
    return largest
