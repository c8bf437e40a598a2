"""How the yield changes with the cuts on radii, and whether the expectation follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from x17.apparatus.pair_cuts import PairCuts
from x17.apparatus.setup import Setup
from x17.errors import UsageError
from x17.reconstruction.overlap_ratio import overlap_ratio
from x17.reconstruction.pair_selection import cut_values
from x17.reconstruction.pairs import Pairs
from x17.reconstruction.side_bands import SideBands, subtraction_weights

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

R_MAX_STEPS_MM = (230.0, 240.0, 250.0, 260.0, 270.0, 280.0, 290.0, 300.0)
"""The range over which the collaboration varied R_max, 270 mm."""

_PUBLISHED_R_MAX_MM = 270.0


def r_max_steps(setup: Setup) -> tuple[float, ...]:
    """Values over which R_max is varied: the published ones, in proportion to the R_max of the setup.

    Parameters
    ----------
    setup : Setup

    Returns
    -------
    tuple of float
        mm.
    """
    scale = setup.pair_cuts.r_max_mm / _PUBLISHED_R_MAX_MM
    return tuple(scale * step for step in R_MAX_STEPS_MM)


@dataclass(frozen=True, slots=True, eq=False)
class Stability:
    """Yields with varied cuts over those with the cuts of the analysis; arrays have shape (n,).

    Attributes
    ----------
    varied : ndarray
        Value of the cut.
    data, data_error : ndarray
        N₂ over N₂; the error is that of the difference of samples that share most of their events.
    expected, expected_error : ndarray
        The same for simulated events.
    """

    varied: FloatArray
    data: FloatArray
    data_error: FloatArray
    expected: FloatArray
    expected_error: FloatArray

    @property
    def double_ratio(self) -> FloatArray:
        """N₂/B over N₂/B; 1 where nothing is expected."""
        seen = self.expected > 0.0
        return np.divide(self.data, self.expected, out=np.ones_like(self.data), where=seen)

    @property
    def double_ratio_error(self) -> FloatArray:
        """Statistical, of data and simulation; infinite where nothing is expected."""
        seen = self.expected > 0.0
        both = np.hypot(self.data_error, self.double_ratio * self.expected_error)
        return np.divide(both, self.expected, out=np.full_like(both, np.inf), where=seen)


def widest_cuts(cuts: PairCuts, r_max_mm: float = R_MAX_STEPS_MM[-1], margin_cells: float = 2.5) -> PairCuts:
    """Cuts with which pairs are selected so that narrower ones can be applied afterwards.

    Parameters
    ----------
    cuts : PairCuts
        Of the analysis.
    r_max_mm, margin_cells : float
        The widest that are wanted.

    Returns
    -------
    PairCuts
    """
    return replace(
        cuts, r_max_mm=max(cuts.r_max_mm, r_max_mm), margin_cells=max(cuts.margin_cells, margin_cells)
    )


def passing(pairs: Pairs, sqrt_s: float, setup: Setup, cuts: PairCuts) -> BoolArray:
    """Whether pairs that were selected with wider radii pass the radii and energies of narrower cuts.

    Parameters
    ----------
    pairs : Pairs
    sqrt_s : float
        MeV.
    setup : Setup
    cuts : PairCuts
        R_min, E_min and E_max follow R_max.

    Returns
    -------
    ndarray of bool, shape (n,)
    """
    _, _, e_low, e_high, r_low, r_high, both = cut_values(sqrt_s, setup, cuts)
    near = np.minimum(pairs.radius_1, pairs.radius_2)
    far = np.maximum(pairs.radius_1, pairs.radius_2)
    # Pairs hold the cluster of higher energy first.
    energies = (pairs.energy_2 > e_low) & (pairs.energy_1 < e_high)
    return np.asarray(energies & (near > r_low) & ((far if both else near) < r_high))


def r_max_stability(
    data: Pairs,
    expected: Pairs,
    sqrt_s: float,
    setup: Setup,
    cuts: PairCuts,
    *,
    steps_mm: Sequence[float] | None = None,
    bands: SideBands | None = None,
) -> Stability:
    """Vary R_max, and with it R_min, E_min and E_max.

    Parameters
    ----------
    data, expected : Pairs
        Selected with `widest_cuts` or wider.
    sqrt_s : float
        MeV.
    setup : Setup
    cuts : PairCuts
        Of the analysis.
    steps_mm : sequence of float, optional
        Those of `r_max_steps` by default.
    bands : SideBands, optional

    Returns
    -------
    Stability
    """
    steps_mm = r_max_steps(setup) if steps_mm is None else steps_mm
    varied = [replace(cuts, r_max_mm=step) for step in steps_mm]
    return _stability(data, expected, sqrt_s, setup, cuts, varied, np.array(steps_mm), bands)


def margin_stability(
    data: Pairs,
    expected: Pairs,
    sqrt_s: float,
    setup: Setup,
    cuts: PairCuts,
    *,
    steps_cells: Sequence[float] = (0.5, 1.0, 1.5, 2.0, 2.5),
    bands: SideBands | None = None,
) -> Stability:
    """Vary the margin by which R_min is lowered.

    Parameters
    ----------
    data, expected : Pairs
        Selected with `widest_cuts` or wider.
    sqrt_s : float
        MeV.
    setup : Setup
    cuts : PairCuts
        Of the analysis.
    steps_cells : sequence of float
        Margins, in cells.
    bands : SideBands, optional

    Returns
    -------
    Stability
    """
    varied = [replace(cuts, margin_cells=step) for step in steps_cells]
    return _stability(data, expected, sqrt_s, setup, cuts, varied, np.array(steps_cells), bands)


def _stability(
    data: Pairs,
    expected: Pairs,
    sqrt_s: float,
    setup: Setup,
    cuts: PairCuts,
    varied: Sequence[PairCuts],
    values: FloatArray,
    bands: SideBands | None,
) -> Stability:
    columns = [
        [_against(pairs, sqrt_s, setup, cuts, other, bands) for other in varied] for pairs in (data, expected)
    ]
    if not data.size or not expected.size:
        raise UsageError("no pairs to vary cuts on; allowed: pairs of data and of simulation")
    (ratio, error), (expected_ratio, expected_error) = (np.array(rows).T for rows in columns)
    return Stability(values, ratio, error, expected_ratio, expected_error)


def _against(
    pairs: Pairs, sqrt_s: float, setup: Setup, cuts: PairCuts, other: PairCuts, bands: SideBands | None
) -> tuple[float, float]:
    """Yield with other cuts over that with the cuts of the analysis."""
    sums = []
    for some in (other, cuts):
        kept = np.flatnonzero(passing(pairs, sqrt_s, setup, some))
        weight = np.zeros(pairs.size)
        weight[kept] = subtraction_weights(pairs.select(kept), bands)
        sums.append(weight)
    return overlap_ratio(*sums)
