"""Tags, and the best candidate for the probe of each: one cluster of a two-body event tells of the other.

A tag has the energy that its angle asks for in a two-body event. Then its partner, the probe, has the rest of
the energy of the beam and lies opposite.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields

import numpy as np
from numpy.typing import NDArray

from x17.apparatus.setup import Setup
from x17.errors import UsageError
from x17.kinematics import beam_energy_mev
from x17.reconstruction.angle_windows import AngleWindows
from x17.reconstruction.beam_line import BeamLine
from x17.reconstruction.clusters import Clusters
from x17.reconstruction.cm_angles import Directions, delta_phi, expected_energy_mev
from x17.reconstruction.pair_selection import SelectionSettings, cluster_directions, cut_values, distance_mm
from x17.reconstruction.probe_kernel import nearest_probes

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

_PUBLISHED_SIGMA_MEV = 7.709
"""Of a cluster of half the beam energy in PADME Run III: 141.4 MeV (2 %/√E ⊕ 0.003 %/E ⊕ 1.2 %)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TagAndProbeSettings:
    """Cuts on tags and probes, and where their backgrounds are taken from.

    Attributes
    ----------
    windows : AngleWindows
        A probe lies in both.
    least_hits : int
        Crystals of a tag.
    energy_window_mev : float
        Largest |E − E_exp| of a tag.
    energy_side_mev : tuple of float
        The background of tags is an exponential through the two bands of |E − E_exp| between these.
    delta_phi_range : tuple of float
        Chance probes are flat in Δφ, as between these angles outside the window, rad.
    slice_mev : float
        Width of the slices of the probe's expected energy.
    """

    windows: AngleWindows = field(default_factory=AngleWindows)
    least_hits: int = 3
    energy_window_mev: float = 15.0
    energy_side_mev: tuple[float, float] = (35.0, 50.0)
    delta_phi_range: tuple[float, float] = (2.0, 4.5)
    slice_mev: float = 5.0

    @classmethod
    def of(cls, setup: Setup) -> TagAndProbeSettings:
        """The published cuts, their energies in proportion to the resolution of a cluster of half the beam.

        Parameters
        ----------
        setup : Setup

        Returns
        -------
        TagAndProbeSettings
            Rounded to 0.1 MeV; those of PADME Run III for PADME Run III.
        """
        scale = float(setup.calorimeter.cluster_sigma_mev(0.5 * setup.beam.energy_mev)) / _PUBLISHED_SIGMA_MEV
        usual = cls()
        inner, outer = usual.energy_side_mev
        return cls(
            energy_window_mev=round(scale * usual.energy_window_mev, 1),
            energy_side_mev=(round(scale * inner, 1), round(scale * outer, 1)),
            slice_mev=max(round(scale * usual.slice_mev, 1), 0.1),
        )

    def __post_init__(self) -> None:
        inner, outer = self.energy_side_mev
        if not 0.0 < self.energy_window_mev <= inner < outer:
            raise UsageError(
                f"tags within {self.energy_window_mev:g} MeV and side bands {inner:g} to {outer:g} MeV; "
                "allowed: rising"
            )
        if not self.slice_mev > 0.0:
            raise UsageError(f"slices of {self.slice_mev:g} MeV; allowed: above 0")
        low, high = self.delta_phi_range
        edges = self.windows.delta_phi_edges
        if not low < edges[0] < edges[1] < high:
            raise UsageError(
                f"Δφ of chance probes from {low:g} to {high:g} rad; allowed: beyond the window, "
                f"{edges[0]:.3f} to {edges[1]:.3f}"
            )


@dataclass(frozen=True, slots=True, eq=False)
class Tags:
    """Tags of many events and what lies opposite. All arrays have shape (n,). They add up over files.

    Attributes
    ----------
    run : ndarray of int
    weight : ndarray
    residual_mev : ndarray
        E − E_exp of the tag, within the outer edge of the side bands.
    probe_energy_mev : ndarray
        Expected for the probe, E_beam − E_exp.
    probe_found : ndarray of bool
        Whether a cluster lies in the window of θ₁ + θ₂, at any Δφ.
    delta_phi : ndarray
        Of that cluster, the best if several, rad; 0 without one.
    twice : ndarray of bool
        Whether that cluster is a tag too, so that the pair is counted twice.
    """

    run: IntArray
    weight: FloatArray
    residual_mev: FloatArray
    probe_energy_mev: FloatArray
    probe_found: BoolArray
    delta_phi: FloatArray
    twice: BoolArray

    @property
    def size(self) -> int:
        """Number of tags, those in the side bands included."""
        return int(self.run.size)

    @staticmethod
    def concatenate(parts: Sequence[Tags]) -> Tags:
        """Put tags one after the other.

        Parameters
        ----------
        parts : sequence of Tags
            At least one.

        Returns
        -------
        Tags
        """
        return Tags(*(np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Tags)))


def find_tags(
    clusters: Clusters,
    run_of_event: IntArray,
    weight: FloatArray,
    beam_lines: Sequence[BeamLine],
    sqrt_s: float,
    setup: Setup,
    selection: SelectionSettings | None = None,
    settings: TagAndProbeSettings | None = None,
) -> Tags:
    """Find tags, and the best candidate for the probe of each.

    A tag has R_min < R < R_max, lies in the wedge of azimuth, as then does its opposite, has some hits and an
    energy near that of a two-body event at its angle; here up to the side bands, of which `tag_and_probe`
    takes the middle. A probe has the least energy that the selection of pairs asks for.

    Parameters
    ----------
    clusters : Clusters
    run_of_event : ndarray of int, shape (n_events,)
    weight : ndarray, shape (n_events,)
    beam_lines : sequence of BeamLine
    sqrt_s : float
        MeV.
    setup : Setup
    selection : SelectionSettings, optional
        Cuts that tags and probes share with the selection of pairs; those of the setup by default.
    settings : TagAndProbeSettings, optional

    Returns
    -------
    Tags
    """
    selection = SelectionSettings.of(setup) if selection is None else selection
    settings = TagAndProbeSettings() if settings is None else settings
    seen = cluster_directions(clusters, run_of_event, beam_lines, setup, selection)
    expected = expected_energy_mev(seen.tan_theta, sqrt_s)
    tag = np.flatnonzero(_may_tag(clusters, seen, expected, sqrt_s, setup, selection, settings))
    probe = _probes(clusters, seen, tag, sqrt_s, setup, selection, settings)
    found = probe >= 0
    narrow = np.zeros(clusters.size, dtype=bool)
    narrow[tag] = np.abs(clusters.energy[tag] - expected[tag]) < settings.energy_window_mev
    event = clusters.event[tag]
    return Tags(
        run=run_of_event[event],
        weight=weight[event],
        residual_mev=clusters.energy[tag] - expected[tag],
        probe_energy_mev=float(beam_energy_mev(sqrt_s)) - expected[tag],
        probe_found=found,
        delta_phi=np.where(found, delta_phi(seen.azimuth[tag], seen.azimuth[probe]), 0.0),
        twice=found & narrow[probe],
    )


def _may_tag(
    clusters: Clusters,
    seen: Directions,
    expected: FloatArray,
    sqrt_s: float,
    setup: Setup,
    selection: SelectionSettings,
    settings: TagAndProbeSettings,
) -> BoolArray:
    cuts = selection.cuts
    radius = seen.radius_mm(distance_mm(setup, cuts))
    r_min = cut_values(sqrt_s, setup, cuts)[4] + cuts.margin_mm
    # The wedge is the same on both sides: a probe opposite to a tag in it lies in it.
    return np.asarray(
        (radius > r_min)
        & (radius < cuts.r_max_mm)
        & cuts.inside_wedge(seen.azimuth)
        & (clusters.n_hits >= settings.least_hits)
        & (np.abs(clusters.energy - expected) < settings.energy_side_mev[1])
    )


def _probes(
    clusters: Clusters,
    seen: Directions,
    tag: IntArray,
    sqrt_s: float,
    setup: Setup,
    selection: SelectionSettings,
    settings: TagAndProbeSettings,
) -> IntArray:
    cuts, windows = selection.cuts, settings.windows
    probe = np.empty(tag.size, dtype=np.int64)
    low, high = windows.sum_theta_edges
    nearest_probes(
        tag,
        clusters.event,
        np.searchsorted(clusters.event, np.arange(clusters.n_events + 1)).astype(np.int64),
        clusters.time,
        clusters.x,
        clusters.y,
        clusters.energy > cut_values(sqrt_s, setup, cuts)[2],
        seen.azimuth,
        seen.theta_cm(sqrt_s),
        np.array(
            [
                cuts.time_window_ns,
                cuts.min_separation_mm,
                windows.sum_theta_center,
                0.5 * (high - low),
                windows.delta_phi_center,
            ]
        ),
        probe,
    )
    return probe
