"""One simulated event as it is shown: cells, clusters, truth, and its pair with every cut in words."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.apparatus import Setup
from x17.reconstruction.clusters import Clusters
from x17.reconstruction.cm_angles import Directions
from x17.reconstruction.pair_verdicts import PAIR_CUTS, SELECTION_CUTS, PairVerdicts, pair_mass_mev
from x17.simulation.events import ELECTRON, PHOTON, POSITRON
from x17.simulation.storage.event_table import EventTable

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

_PARTICLES = {ELECTRON: "e⁻", POSITRON: "e⁺", PHOTON: "γ"}
_OWN = 2
"""Particles of the event itself; those behind them are of the bunch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCluster:
    """A cluster on the face.

    Attributes
    ----------
    x_mm, y_mm, energy_mev, time_ns : float
    radius_mm : float
        From the beam line, in the plane of R_min and R_max.
    charged : bool
        Whether the tagger or the tracker saw a charged particle with it.
    in_time : bool
        With the pair of the event; True where there is no pair in time.
    """

    x_mm: float
    y_mm: float
    energy_mev: float
    time_ns: float
    radius_mm: float
    charged: bool
    in_time: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TrueParticle:
    """A simulated particle that reaches the calorimeter's plane.

    Attributes
    ----------
    name : str
        e⁻, e⁺ or γ.
    x_mm, y_mm : float
        Where, on the front face.
    energy_mev : float
    own : bool
        Whether it is of the event itself, and not of the bunch beside it.
    """

    name: str
    x_mm: float
    y_mm: float
    energy_mev: float
    own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CutInWords:
    """A cut on a pair.

    Attributes
    ----------
    name : str
        One of `pair_verdicts.PAIR_CUTS`.
    found : str
        The value of the pair.
    wanted : str
        What is asked of it.
    passed : bool
    """

    name: str
    found: str
    wanted: str
    passed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPair:
    """The pair that stands for an event: the selected one, or the one that gets furthest.

    Attributes
    ----------
    first, second : int
        Its clusters, as places in `ExploredEvent.clusters`; the one of higher energy first.
    cuts : tuple of CutInWords
        In the order of the selection, then the windows of the angles.
    selected : bool
        All cuts of the selection are passed.
    counted : bool
        Those and both windows.
    energy_sum_mev : float
    delta_r_mm : float
        Radius of the second less what two bodies ask for: (D/γ)²/R₁.
    delta_phi_rad, sum_theta_rad : float
        In the centre of mass.
    mass_mev : float
        From energies and opening angle.
    """

    first: int
    second: int
    cuts: tuple[CutInWords, ...]
    selected: bool
    counted: bool
    energy_sum_mev: float
    delta_r_mm: float
    delta_phi_rad: float
    sum_theta_rad: float
    mass_mev: float

    @property
    def in_time(self) -> bool:
        """Whether its clusters are in time with each other; if not, no two of the event are."""
        return self.cuts[0].passed


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ExploredEvent:
    """One event.

    Attributes
    ----------
    number : int
        Among those shown, from 1.
    cell : ndarray of int, shape (n_cells,)
        Crystals with energy, as index of `Calorimeter.cells`.
    energy_mev : ndarray, shape (n_cells,)
        All hits of the bunch in each.
    in_time : ndarray of bool, shape (n_cells,)
        Whether a crystal has a hit in time with the pair; all, where no pair is in time.
    clusters : tuple of ShownCluster
    particles : tuple of TrueParticle
    pair : ShownPair or None
        None with fewer than two clusters.
    """

    number: int
    cell: IntArray
    energy_mev: FloatArray
    in_time: BoolArray
    clusters: tuple[ShownCluster, ...]
    particles: tuple[TrueParticle, ...]
    pair: ShownPair | None

    @property
    def verdict(self) -> str:
        """What the selection says of the event, as a sentence."""
        if self.pair is None:
            return f"Not selected: {_counted(len(self.clusters))}, and two are needed."
        failed = [cut for cut in self.pair.cuts if not cut.passed]
        if not failed:
            return "Selected and counted: the pair passes every cut and both windows of the angles."
        first = f"{failed[0].name}: {failed[0].found}, wanted {failed[0].wanted}"
        more = {1: "", 2: "; one more fails"}.get(len(failed), f"; {len(failed) - 1} more fail")
        if self.pair.selected:
            return f"Selected, but not counted. {first}{more}."
        return f"Not selected. First to fail is {first}{more}."


def _counted(n: int) -> str:
    return {0: "no cluster", 1: "one cluster"}.get(n, f"{n} clusters")


def event_of(
    row: int,
    table: EventTable,
    clusters: Clusters,
    seen: Directions,
    verdicts: PairVerdicts,
    best: int,
    setup: Setup,
    partner_mm2: float,
) -> ExploredEvent:
    """Put together what is shown of one event.

    Parameters
    ----------
    row : int
        Of the event in the table, and among the events of the clusters.
    table : EventTable
    clusters : Clusters
    seen : Directions
        Of the clusters.
    verdicts : PairVerdicts
        Of the clusters.
    best : int
        The pair that stands for the event; −1 if there is none.
    setup : Setup
    partner_mm2 : float
        (D/γ)²: the product of the radii of two bodies, mm².

    Returns
    -------
    ExploredEvent
    """
    low, high = np.searchsorted(clusters.event, [row, row + 1])
    reference = None
    if best >= 0 and verdicts.passed[best, 0]:
        pair = [verdicts.first[best], verdicts.second[best]]
        reference = float(clusters.time[pair].mean())
    window = setup.pair_cuts.time_window_ns
    cell, energy, in_time = _cells(row, table, setup, reference, window)
    radius = seen.radius_mm(setup.distance_mm)
    shown = tuple(
        ShownCluster(
            x_mm=float(clusters.x[k]),
            y_mm=float(clusters.y[k]),
            energy_mev=float(clusters.energy[k]),
            time_ns=float(clusters.time[k]),
            radius_mm=float(radius[k]),
            charged=bool(clusters.tagger_ends[k] > 0),
            in_time=reference is None or abs(float(clusters.time[k]) - reference) < window,
        )
        for k in range(low, high)
    )
    return ExploredEvent(
        number=row + 1,
        cell=cell,
        energy_mev=energy,
        in_time=in_time,
        clusters=shown,
        particles=_particles(row, table),
        pair=_pair(clusters, seen, radius, verdicts, best, int(low), partner_mm2) if best >= 0 else None,
    )


def _cells(
    row: int, table: EventTable, setup: Setup, reference: float | None, window: float
) -> tuple[IntArray, FloatArray, BoolArray]:
    """Crystals with energy, how much, and whether in time."""
    mine, hits = table.event_of("hit") == row, table.lists["hit"]
    channel = setup.calorimeter.cells.channel
    hit_cell = np.searchsorted(channel, hits["channel"][mine])
    good = np.ones(hit_cell.size, dtype=np.bool_)
    if reference is not None:
        good = np.abs(hits["time_ns"][mine] - reference) < window
    energy = np.bincount(hit_cell, hits["energy_mev"][mine], minlength=channel.size).astype(np.float64)
    in_time = np.bincount(hit_cell, good, minlength=channel.size) > 0
    cell = np.unique(hit_cell).astype(np.int64)
    return cell, energy[cell], in_time[cell]


def _particles(row: int, table: EventTable) -> tuple[TrueParticle, ...]:
    listed = table.lists["particle"]
    mine = np.flatnonzero(table.event_of("particle") == row)
    found = []
    for place, k in enumerate(mine):
        if math.isfinite(listed["impact_x_mm"][k]):
            one = TrueParticle(
                name=_PARTICLES[int(listed["pdg"][k])],
                x_mm=float(listed["impact_x_mm"][k]),
                y_mm=float(listed["impact_y_mm"][k]),
                energy_mev=float(listed["energy_mev"][k]),
                own=place < _OWN,
            )
            found.append(one)
    return tuple(found)


def _pair(
    clusters: Clusters,
    seen: Directions,
    radius: FloatArray,
    verdicts: PairVerdicts,
    best: int,
    low: int,
    partner_mm2: float,
) -> ShownPair:
    value = dict(zip(PAIR_CUTS, verdicts.value[best], strict=True))
    pair = verdicts.first[best : best + 1], verdicts.second[best : best + 1]
    first, second = int(pair[0][0]), int(pair[1][0])
    return ShownPair(
        first=first - low,
        second=second - low,
        cuts=cuts_in_words(verdicts, best),
        selected=bool(verdicts.selected[best]),
        counted=bool(verdicts.counted[best]),
        energy_sum_mev=float(clusters.energy[first] + clusters.energy[second]),
        delta_r_mm=float(radius[second] - partner_mm2 / radius[first]),
        delta_phi_rad=float(value["Δφ window"]),
        sum_theta_rad=float(value["θ₁ + θ₂ window"]),
        mass_mev=float(pair_mass_mev(seen, clusters.energy, *pair)[0]),
    )


def cuts_in_words(verdicts: PairVerdicts, pair: int) -> tuple[CutInWords, ...]:
    """Write what each cut finds of a pair and what it wants.

    Parameters
    ----------
    verdicts : PairVerdicts
    pair : int
        Which of its pairs.

    Returns
    -------
    tuple of CutInWords
        In the order of `pair_verdicts.PAIR_CUTS`.
    """
    value, above, below = verdicts.value[pair], verdicts.above, verdicts.below
    angles = len(SELECTION_CUTS) - 1
    # R_max is asked of the inner cluster, or of both, and then of the outer one.
    asked = "inner" if value[5] == value[4] else "outer"
    found = [
        f"|Δt| = {value[0]:.1f} ns",
        f"{value[1]:.0f} mm apart",
        f"E₂ = {value[2]:.0f} MeV",
        f"E₁ = {value[3]:.0f} MeV",
        f"inner R = {value[4]:.0f} mm",
        f"{asked} R = {value[5]:.0f} mm",
        f"{_degrees(value[6])} from the horizontal",
        f"Δφ = {_degrees(value[7])}",
        f"θ₁ + θ₂ = {_degrees(value[8])}",
    ]
    wanted = [
        f"below {below[0]:g} ns",
        f"above {above[1]:g} mm",
        f"above {above[2]:.0f} MeV",
        f"below {below[3]:.0f} MeV",
        f"above R_min − Δ = {above[4]:.0f} mm",
        f"below R_max = {below[5]:g} mm",
        f"within {_degrees(below[6])}",
        *(f"{_degrees(above[k])} to {_degrees(below[k])}" for k in (angles + 1, angles + 2)),
    ]
    return tuple(
        CutInWords(name=name, found=one, wanted=other, passed=bool(passed))
        for name, one, other, passed in zip(PAIR_CUTS, found, wanted, verdicts.passed[pair], strict=True)
    )


def _degrees(angle: float) -> str:
    return f"{math.degrees(angle):.1f}°"
