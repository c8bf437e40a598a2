"""Every pair of clusters, cut by cut: by what the selection of pairs keeps an event or gives it up.

The selection itself (`pair_selection`) keeps no record of the pairs that it does not take. Here each pair of
each event has the numbers that the cuts look at, so that a person can be told which of them failed, and by
how much. It is for looking at events, not for counting: all pairs of all events are held at once.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from x17.apparatus.setup import Setup
from x17.kinematics import beam_energy_mev
from x17.reconstruction.angle_windows import AngleWindows
from x17.reconstruction.clusters import Clusters
from x17.reconstruction.cm_angles import Directions, delta_phi
from x17.reconstruction.pair_selection import CUT_NAMES, SelectionSettings, cut_values, distance_mm

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

SELECTION_CUTS = CUT_NAMES[2:]
"""The cuts that a pair must pass to be selected."""
PAIR_CUTS = (*SELECTION_CUTS, "Δφ window", "θ₁ + θ₂ window")
"""The same, and the windows of the angles, which are for counting."""


@dataclass(frozen=True, slots=True, eq=False)
class PairVerdicts:
    """All pairs of clusters of some events, in the order of the events.

    Attributes
    ----------
    event : ndarray of int, shape (n,)
    first, second : ndarray of int, shape (n,)
        Clusters of the pair, that of higher energy first.
    value : ndarray, shape (n, 9)
        What each of `PAIR_CUTS` looks at: |Δt| in ns, distance in mm, lower and higher energy in MeV, smaller
        radius and the radius that R_max is asked of in mm, the larger angle to the horizontal, Δφ and
        θ₁ + θ₂ in rad.
    above, below : ndarray, shape (9,)
        Between what the values must be; infinite where there is no such limit.
    passed : ndarray of bool, shape (n, 9)
    chi_square : ndarray, shape (n,)
        ((E_beam − E₁ − E₂)/σ_E)², by which one of several pairs is chosen.
    """

    event: IntArray
    first: IntArray
    second: IntArray
    value: FloatArray
    above: FloatArray
    below: FloatArray
    passed: BoolArray
    chi_square: FloatArray

    @property
    def depth(self) -> IntArray:
        """Cuts of the selection that each pair passes, up to the first that it fails, shape (n,)."""
        selection = self.passed[:, : len(SELECTION_CUTS)]
        return np.asarray(np.logical_and.accumulate(selection, axis=1).sum(axis=1), dtype=np.int64)

    @property
    def selected(self) -> BoolArray:
        """Whether each pair passes all cuts of the selection, shape (n,)."""
        return np.asarray(self.depth == len(SELECTION_CUTS))

    @property
    def counted(self) -> BoolArray:
        """Whether each pair is selected and inside both windows of the angles, shape (n,)."""
        return np.asarray(self.passed.all(axis=1))

    def best_of(self, n_events: int) -> IntArray:
        """Which pair stands for each event: the one that gets furthest, and of those the least χ².

        For an event with selected pairs it is the one that `pair_selection.select_pairs` takes.

        Parameters
        ----------
        n_events : int

        Returns
        -------
        ndarray of int, shape (n_events,)
            −1 for events with fewer than two clusters.
        """
        order = np.lexsort((self.chi_square, -self.depth, self.event))
        events, place = np.unique(self.event[order], return_index=True)
        best = np.full(n_events, -1, dtype=np.int64)
        best[events] = order[place]
        return best


def judge_pairs(
    clusters: Clusters,
    seen: Directions,
    sqrt_s: float,
    setup: Setup,
    settings: SelectionSettings | None = None,
    windows: AngleWindows | None = None,
) -> PairVerdicts:
    """Hold every pair of clusters to every cut.

    Parameters
    ----------
    clusters : Clusters
    seen : Directions
        Of the clusters, as `pair_selection.cluster_directions` finds them.
    sqrt_s : float
        MeV.
    setup : Setup
    settings : SelectionSettings, optional
        Those of the setup by default.
    windows : AngleWindows, optional
        Those of counting by default.

    Returns
    -------
    PairVerdicts
    """
    settings = SelectionSettings.of(setup) if settings is None else settings
    windows = AngleWindows() if windows is None else windows
    cuts = settings.cuts
    first, second = _pairs_of(clusters)
    value = _values(clusters, seen, sqrt_s, setup, settings, first, second)
    above, below = _limits(sqrt_s, setup, settings, windows)
    passed = (value > above) & (value < below)
    # An edge is an edge in the words of the cuts themselves.
    wedge = SELECTION_CUTS.index("azimuth")
    passed[:, wedge] = (cuts.inside_wedge(seen.azimuth[first])) & (cuts.inside_wedge(seen.azimuth[second]))
    passed[:, wedge + 1] = windows.in_delta_phi(value[:, wedge + 1])
    passed[:, wedge + 2] = windows.in_sum_theta(value[:, wedge + 2])
    energy = clusters.energy
    variance = np.square(setup.calorimeter.cluster_sigma_mev(energy))
    # In the order of the selection's loop, so that equal pairs have equal χ² to the last digit.
    a, b = np.minimum(first, second), np.maximum(first, second)
    missing = float(beam_energy_mev(sqrt_s)) - energy[a] - energy[b]
    chi_square = np.square(missing) / (variance[a] + variance[b])
    return PairVerdicts(clusters.event[first], first, second, value, above, below, passed, chi_square)


def _pairs_of(clusters: Clusters) -> tuple[IntArray, IntArray]:
    """All pairs of clusters of the same event, that of higher energy first."""
    start = np.searchsorted(clusters.event, np.arange(clusters.n_events + 1))
    blocks = [np.zeros((2, 0), dtype=np.int64)]
    for low, high in pairwise(start):
        blocks.append(low + np.stack(np.triu_indices(int(high - low), 1)))
    a, b = np.concatenate(blocks, axis=1)
    swap = clusters.energy[a] < clusters.energy[b]
    return np.where(swap, b, a), np.where(swap, a, b)


def _values(
    clusters: Clusters,
    seen: Directions,
    sqrt_s: float,
    setup: Setup,
    settings: SelectionSettings,
    first: IntArray,
    second: IntArray,
) -> FloatArray:
    cuts = settings.cuts
    radius, theta = seen.radius_mm(distance_mm(setup, cuts)), seen.theta_cm(sqrt_s)
    slope = np.abs(np.arcsin(np.clip(np.sin(seen.azimuth), -1.0, 1.0)))
    near, far = np.minimum(radius[first], radius[second]), np.maximum(radius[first], radius[second])
    x, y, time, energy = clusters.x, clusters.y, clusters.time, clusters.energy
    columns = [
        np.abs(time[first] - time[second]),
        np.hypot(x[first] - x[second], y[first] - y[second]),
        energy[second],
        energy[first],
        near,
        far if cuts.r_max_applies_to == "both" else near,
        np.maximum(slope[first], slope[second]),
        delta_phi(seen.azimuth[first], seen.azimuth[second]),
        theta[first] + theta[second],
    ]
    return np.stack(columns, axis=1)


def _limits(
    sqrt_s: float, setup: Setup, settings: SelectionSettings, windows: AngleWindows
) -> tuple[FloatArray, FloatArray]:
    """Between what the values of a pair must be, each of shape (9,)."""
    time, distance, e_low, e_high, r_low, r_high, _ = cut_values(sqrt_s, setup, settings.cuts)
    phi, theta = windows.delta_phi_edges, windows.sum_theta_edges
    wedge = settings.cuts.azimuth_half_width_rad
    none = math.inf
    above = [-none, distance, e_low, -none, r_low, -none, -none, phi[0], theta[0]]
    below = [time, none, none, e_high, none, r_high, wedge, phi[1], theta[1]]
    return np.array(above), np.array(below)


def pair_mass_mev(seen: Directions, energy: FloatArray, first: IntArray, second: IntArray) -> FloatArray:
    """Invariant mass of two massless particles: m² = 2 E₁E₂ (1 − cos θ₁₂).

    With the opening angle from the directions, 1 − cos θ₁₂ = (1 − cos(θ₁ − θ₂)) + sin θ₁ sin θ₂ (1 − cos Δφ),
    in which nothing cancels at the small angles of the laboratory.

    Parameters
    ----------
    seen : Directions
        Of clusters.
    energy : ndarray
        Of the clusters, MeV.
    first, second : ndarray of int, shape (n,)
        Clusters of the pairs.

    Returns
    -------
    ndarray, shape (n,)
        MeV.
    """
    theta = np.arctan(seen.tan_theta)
    half_theta = np.sin(0.5 * (theta[first] - theta[second]))
    half_phi = np.sin(0.5 * (seen.azimuth[first] - seen.azimuth[second]))
    across = np.sin(theta[first]) * np.sin(theta[second])
    opening = 2.0 * (np.square(half_theta) + across * np.square(half_phi))
    return np.asarray(np.sqrt(2.0 * energy[first] * energy[second] * opening))
