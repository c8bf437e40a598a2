"""The two-cluster selection: from clusters to one pair an event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from x17.apparatus.pair_cuts import PairCuts
from x17.apparatus.setup import Setup
from x17.errors import UsageError
from x17.kinematics import beam_energy_mev
from x17.reconstruction.beam_line import BeamLine
from x17.reconstruction.clusters import Clusters
from x17.reconstruction.cm_angles import Directions, delta_phi, directions
from x17.reconstruction.cut_flow import CutFlow
from x17.reconstruction.pair_kernel import best_pairs
from x17.reconstruction.pairs import Pairs

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

CLUSTER_DEPTH_MM = 45.0
"""Of the centroids of simulated pairs: 42 mm for electrons and positrons, 56 mm for photons, on average."""

CUT_NAMES = (
    "all",
    "two clusters",
    "in time",
    "apart",
    "above E_min",
    "below E_max",
    "beyond R_min",
    "within R_max",
    "azimuth",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectionSettings:
    """Every cut of the selection of pairs.

    Attributes
    ----------
    cuts : PairCuts
        Its `cluster_depth_mm` is not read: that is the depth of the collaboration's code, 6.5 radiation
        lengths, whereas the linear centroid of a shower lies at 40 to 60 mm.
    cluster_depth_mm : float
        Depth behind the front face at which the centroid of a cluster is put. It moves θ₁ + θ₂ by half a
        milliradian for each mm at 16.9 MeV.
    """

    cuts: PairCuts
    cluster_depth_mm: float = CLUSTER_DEPTH_MM

    def __post_init__(self) -> None:
        if not 0.0 <= self.cluster_depth_mm <= 1e3:
            raise UsageError(f"clusters at a depth of {self.cluster_depth_mm:g} mm; allowed: 0 to 1000")

    @classmethod
    def of(cls, setup: Setup) -> SelectionSettings:
        """The cuts that a setup names.

        Parameters
        ----------
        setup : Setup

        Returns
        -------
        SelectionSettings
        """
        return cls(cuts=setup.pair_cuts)


def select_pairs(
    clusters: Clusters,
    run_of_event: IntArray,
    weight: FloatArray,
    beam_lines: Sequence[BeamLine],
    sqrt_s: float,
    setup: Setup,
    settings: SelectionSettings | None = None,
) -> tuple[Pairs, CutFlow]:
    """Select at most one pair of clusters an event.

    Both clusters have R > R_min − Δ and one (or both, as `PairCuts.r_max_applies_to` says) R < R_max; both
    lie in the wedge of azimuth and between e_min_factor · E_min and E_max / e_max_factor; they are in time
    and apart. Of several such pairs that with the smallest ((E_beam − E₁ − E₂)/σ_E)² is taken. These are the
    cuts of PADME Run III (arXiv:2503.05650 and the collaboration's talk of 2025).

    Parameters
    ----------
    clusters : Clusters
    run_of_event : ndarray of int, shape (n_events,)
        Which of `beam_lines` belongs to each event.
    weight : ndarray, shape (n_events,)
    beam_lines : sequence of BeamLine
        One a run.
    sqrt_s : float
        MeV.
    setup : Setup
    settings : SelectionSettings, optional
        Those of the setup by default.

    Returns
    -------
    Pairs
    CutFlow

    Raises
    ------
    UsageError
        Runs or weights that do not fit the events, or a run without a beam line.
    """
    settings = SelectionSettings.of(setup) if settings is None else settings
    _require_events(clusters, run_of_event, weight, len(beam_lines))
    seen = cluster_directions(clusters, run_of_event, beam_lines, setup, settings)
    passed, first, second = find_pairs(clusters, seen, sqrt_s, setup, settings.cuts)
    event = np.flatnonzero(passed == len(CUT_NAMES))
    pairs = _as_pairs(
        clusters, seen, event, first[event], second[event], sqrt_s, distance_mm(setup, settings.cuts)
    )
    pairs = replace(pairs, run=run_of_event[event], weight=weight[event])
    return pairs, CutFlow.of(CUT_NAMES, passed, weight)


def cluster_directions(
    clusters: Clusters,
    run_of_event: IntArray,
    beam_lines: Sequence[BeamLine],
    setup: Setup,
    settings: SelectionSettings,
) -> Directions:
    """Directions of clusters about the beam line of their run.

    Parameters
    ----------
    clusters : Clusters
    run_of_event : ndarray of int, shape (n_events,)
    beam_lines : sequence of BeamLine
    setup : Setup
    settings : SelectionSettings
        Its depth of clusters.

    Returns
    -------
    Directions
    """
    z = setup.calorimeter.front_face_z_mm + settings.cluster_depth_mm
    return directions(clusters.x, clusters.y, z, run_of_event[clusters.event], beam_lines)


def distance_mm(setup: Setup, cuts: PairCuts) -> float:
    """D: from the target to the plane of R_min and R_max of these cuts.

    Parameters
    ----------
    setup : Setup
    cuts : PairCuts

    Returns
    -------
    float
        mm.
    """
    return replace(setup, pair_cuts=cuts).distance_mm


def _require_events(clusters: Clusters, run: IntArray, weight: FloatArray, n_runs: int) -> None:
    shape = (clusters.n_events,)
    if run.shape != shape or weight.shape != shape:
        raise UsageError(
            f"runs of shape {run.shape} and weights of shape {weight.shape} for {clusters.n_events} events; "
            "allowed: one of each an event"
        )
    if run.size and not 0 <= run.min() <= run.max() < n_runs:
        raise UsageError(
            f"runs {run.min()} to {run.max()} with beam lines of {n_runs} runs; allowed: 0 to {n_runs - 1}"
        )


def cut_values(sqrt_s: float, setup: Setup, cuts: PairCuts) -> FloatArray:
    """Numbers of the cuts at one energy, in the order of `pair_kernel.best_pairs`.

    Parameters
    ----------
    sqrt_s : float
        MeV.
    setup : Setup
    cuts : PairCuts

    Returns
    -------
    ndarray, shape (7,)
    """
    with_cuts = replace(setup, pair_cuts=cuts)
    return np.array(
        [
            cuts.time_window_ns,
            cuts.min_separation_mm,
            cuts.e_min_factor * with_cuts.e_min_mev(sqrt_s),
            with_cuts.e_max_mev(sqrt_s) / cuts.e_max_factor,
            with_cuts.r_min_mm(sqrt_s) - cuts.margin_mm,
            cuts.r_max_mm,
            1.0 if cuts.r_max_applies_to == "both" else 0.0,
        ],
        dtype=np.float64,
    )


def find_pairs(
    clusters: Clusters, seen: Directions, sqrt_s: float, setup: Setup, cuts: PairCuts
) -> tuple[IntArray, IntArray, IntArray]:
    """Find the pair of each event.

    Parameters
    ----------
    clusters : Clusters
    seen : Directions
        Of the clusters.
    sqrt_s : float
        MeV.
    setup : Setup
    cuts : PairCuts

    Returns
    -------
    passed : ndarray of int, shape (n_events,)
        Cuts of `CUT_NAMES` passed by each event; all of them where there is a pair.
    first, second : ndarray of int, shape (n_events,)
        Clusters of the pair, that of higher energy first; 0 where there is none.
    """
    start = np.searchsorted(clusters.event, np.arange(clusters.n_events + 1))
    passed, first, second = np.zeros((3, clusters.n_events), dtype=np.int64)
    best_pairs(
        start.astype(np.int64),
        clusters.time,
        clusters.x,
        clusters.y,
        clusters.energy,
        np.square(setup.calorimeter.cluster_sigma_mev(clusters.energy)),
        seen.radius_mm(distance_mm(setup, cuts)),
        cuts.inside_wedge(seen.azimuth),
        cut_values(sqrt_s, setup, cuts),
        float(beam_energy_mev(sqrt_s)),
        passed,
        first,
        second,
    )
    return passed, first, second


def _as_pairs(
    clusters: Clusters,
    seen: Directions,
    event: IntArray,
    first: IntArray,
    second: IntArray,
    sqrt_s: float,
    distance: float,
) -> Pairs:
    """Pairs of given clusters, without run and weight."""
    radius, theta = seen.radius_mm(distance), seen.theta_cm(sqrt_s)
    charged = clusters.tagger_ends > 0
    return Pairs(
        event=event,
        run=np.zeros_like(event),
        weight=np.ones(event.size),
        radius_1=radius[first],
        radius_2=radius[second],
        azimuth_1=seen.azimuth[first],
        azimuth_2=seen.azimuth[second],
        energy_1=clusters.energy[first],
        energy_2=clusters.energy[second],
        time_difference=clusters.time[first] - clusters.time[second],
        delta_phi=delta_phi(seen.azimuth[first], seen.azimuth[second]),
        sum_theta=theta[first] + theta[second],
        charged_1=charged[first],
        charged_2=charged[second],
    )
