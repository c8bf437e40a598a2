"""Efficiency for a cluster from the data themselves: how often the probe of a tag is found.

Tags from other processes are counted from the sides of E − E_exp, chance probes from the sides of Δφ.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from x17.reconstruction.exponential_background import exponential_between
from x17.reconstruction.tags import TagAndProbeSettings, Tags

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class TagAndProbe:
    """Efficiency for a cluster.

    Attributes
    ----------
    efficiency, error : float
        Over all slices; without tags 0 and infinity.
    tags, tag_background : float
        Sums of weights in the window of energy, and what of them is background.
    found, found_background : float
        The same for those with a probe.
    slice_edges_mev : ndarray, shape (n + 1,)
        Of the probe's expected energy.
    slice_efficiency, slice_error : ndarray, shape (n,)
        0 and infinity in slices without tags.
    """

    efficiency: float
    error: float
    tags: float
    tag_background: float
    found: float
    found_background: float
    slice_edges_mev: FloatArray
    slice_efficiency: FloatArray
    slice_error: FloatArray


def tag_and_probe(tags: Tags, settings: TagAndProbeSettings | None = None) -> TagAndProbe:
    """Count tags and probes, take backgrounds off slice by slice, and divide.

    With f found and n not found, and backgrounds b of tags and b' of probes, ε = (f − b')/(f + n − b), and

        σ² = ((1−ε)² Σ_f w² + ε² Σ_n w² + σ(b')² + ε² σ(b)²)/(f + n − b)²

    where pairs that are counted twice count twice in the first sum.

    Parameters
    ----------
    tags : Tags
    settings : TagAndProbeSettings, optional
        The same as for `find_tags`.

    Returns
    -------
    TagAndProbe
    """
    settings = TagAndProbeSettings() if settings is None else settings
    edges = _slice_edges(tags, settings)
    place = np.clip(np.searchsorted(edges, tags.probe_energy_mev, "right") - 1, 0, edges.size - 2)
    counts = _Counts.of(tags, place, edges.size - 1, settings)
    efficiency, error = counts.efficiency()
    total = counts.total()
    overall = total.efficiency()
    return TagAndProbe(
        efficiency=float(overall[0][0]),
        error=float(overall[1][0]),
        tags=float(total.found[0] + total.lost[0]),
        tag_background=float(total.tag_background[0]),
        found=float(total.found[0]),
        found_background=float(total.found_background[0]),
        slice_edges_mev=edges,
        slice_efficiency=efficiency,
        slice_error=error,
    )


def efficiency_ratio(data: TagAndProbe, simulated: TagAndProbe) -> tuple[float, float]:
    """Efficiency in data over that in simulation: the correction of the expectation for each cluster.

    Parameters
    ----------
    data, simulated : TagAndProbe

    Returns
    -------
    ratio, error : float
        1 and infinity if either could not be measured.
    """
    if not (data.efficiency > 0.0 and simulated.efficiency > 0.0):
        return 1.0, math.inf
    ratio = data.efficiency / simulated.efficiency
    return ratio, ratio * math.hypot(data.error / data.efficiency, simulated.error / simulated.efficiency)


def _slice_edges(tags: Tags, settings: TagAndProbeSettings) -> FloatArray:
    """Multiples of the width of a slice around all expected energies."""
    if not tags.size:
        return np.array([0.0, settings.slice_mev])
    low, high = (float(f(tags.probe_energy_mev)) / settings.slice_mev for f in (np.min, np.max))
    return np.asarray(settings.slice_mev * np.arange(math.floor(low), math.floor(high) + 2))


@dataclass(frozen=True, slots=True, eq=False)
class _Counts:
    """Sums in slices: weights, their squares, backgrounds and the squares of the errors of these."""

    found: FloatArray
    lost: FloatArray
    found_square: FloatArray
    lost_square: FloatArray
    tag_background: FloatArray
    tag_background_square: FloatArray
    found_background: FloatArray
    found_background_square: FloatArray

    @classmethod
    def of(cls, tags: Tags, place: IntArray, n: int, settings: TagAndProbeSettings) -> _Counts:
        def total(kept: BoolArray, weight: FloatArray) -> FloatArray:
            return np.bincount(place[kept], weight[kept], minlength=n).astype(np.float64)

        weight = tags.weight
        square = np.square(weight)
        core = np.abs(tags.residual_mev) < settings.energy_window_mev
        found = core & tags.probe_found & settings.windows.in_delta_phi(tags.delta_phi)
        lost = core & ~found
        inner = settings.energy_side_mev[0]
        below, above = tags.residual_mev <= -inner, tags.residual_mev >= inner
        beside = core & tags.probe_found & ~settings.windows.in_delta_phi(tags.delta_phi)
        beside &= (tags.delta_phi > settings.delta_phi_range[0]) & (
            tags.delta_phi < settings.delta_phi_range[1]
        )
        width = 2.0 * settings.windows.n_sigma * settings.windows.delta_phi_sigma
        chance = width / (settings.delta_phi_range[1] - settings.delta_phi_range[0] - width)
        background, background_square = exponential_between(
            (total(below, weight), total(above, weight)),
            (total(below, square), total(above, square)),
            settings.energy_side_mev,
            settings.energy_window_mev,
        )
        return cls(
            total(found, weight),
            total(lost, weight),
            total(found, square * np.where(tags.twice, 2.0, 1.0)),
            total(lost, square),
            background,
            background_square,
            chance * total(beside, weight),
            chance**2 * total(beside, square),
        )

    def total(self) -> _Counts:
        """All slices as one."""
        return _Counts(*(np.array([getattr(self, f.name).sum()]) for f in fields(self)))

    def efficiency(self) -> tuple[FloatArray, FloatArray]:
        """Efficiency and error in each slice."""
        tags = self.found + self.lost - self.tag_background
        usable = tags > 0.0
        below = np.where(usable, tags, 1.0)
        value = np.where(usable, (self.found - self.found_background) / below, 0.0)
        variance = (1.0 - value) ** 2 * self.found_square + value**2 * self.lost_square
        variance += self.found_background_square + value**2 * self.tag_background_square
        # All found, or none: the error is that of one tag, not zero.
        least = np.maximum(self.found_square + self.lost_square, 0.0) / np.maximum(below, 1e-300)
        variance = np.maximum(variance, np.square(least) * 0.25)
        return value, np.where(usable, np.sqrt(variance) / below, np.inf)
