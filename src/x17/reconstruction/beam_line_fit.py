"""The beam line of each run: the spot of the target's strips, and the balance of transverse momentum.

The momenta of the two clusters of a two-body event add up to that of the beam. Each is taken as massless,
E along the direction from the spot; the mean of their sums points along the beam, whatever the scale of the
energies, and where it meets the plane of the calorimeter is the centre of gravity of the run.

A crystal that is dead, or the edge of the matrix, takes a few per cent of the energy of a cluster beside it;
that of one side alone pulls the sum by millimetres. Such clusters are left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from x17.apparatus.pair_cuts import PairCuts
from x17.apparatus.setup import Setup
from x17.errors import UsageError
from x17.reconstruction.beam_line import BeamLine
from x17.reconstruction.clusters import Clusters
from x17.reconstruction.pair_selection import (
    CLUSTER_DEPTH_MM,
    CUT_NAMES,
    SelectionSettings,
    cluster_directions,
    find_pairs,
)

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

Spot = tuple[float, float]
"""Centre of the beam at the target, x and y in mm."""


class LineStatus(Enum):
    """Where the beam line of a run comes from."""

    FITTED = "fitted to the pairs of the run"
    PERIOD = "too few pairs in the run: the mean of the period's pairs stands in; take the run with care"
    NOMINAL = "too few pairs in the period: the beam axis of the setup stands in; look at the period's data"


@dataclass(frozen=True, slots=True, kw_only=True)
class BeamLineSettings:
    """How the centre of gravity is found.

    Attributes
    ----------
    cuts : PairCuts
        Loose ones in azimuth and energy; R_max asked of both clusters keeps them off the edge of the matrix.
    cluster_depth_mm : float
        As in the selection of pairs.
    largest_offset_mm : float
        Largest distance of an event's own centre of gravity from the line, mm.
    dead_margin_cells : int
        A cluster whose seed is closer than this to a dead crystal, in columns and rows, is not used; at
        least the half width of the box of cells that makes a cluster. −1 to use all.
    iterations : int
        Selections after the first, each about the line that the one before gave.
    least_pairs : int
        Fewer pairs in a run are not fitted.
    """

    cuts: PairCuts = field(
        default_factory=lambda: PairCuts(
            r_max_applies_to="both", margin_cells=3.0, azimuth_half_width_rad=0.9
        )
    )
    cluster_depth_mm: float = CLUSTER_DEPTH_MM
    largest_offset_mm: float = 70.0
    dead_margin_cells: int = 2
    iterations: int = 1
    least_pairs: int = 30

    def __post_init__(self) -> None:
        if self.largest_offset_mm <= 0.0 or self.iterations < 0 or self.least_pairs < 2:
            raise UsageError(
                f"centre of gravity within {self.largest_offset_mm:g} mm, {self.iterations} iterations, at "
                f"least {self.least_pairs} pairs; allowed: above 0, 0 or more, 2 or more"
            )


@dataclass(frozen=True, slots=True, eq=False)
class MomentumSums:
    """Sums over the pairs of each run, from which its direction follows. They add up over files.

    All arrays have shape (n_runs,); P is the sum of the momenta of a pair, w the weight of its event.

    Attributes
    ----------
    pairs : ndarray of int
    px, py, pz : ndarray
        Σ w P.
    xx, xz, yy, yz, zz : ndarray
        Σ w² of the products of components of P.
    """

    pairs: IntArray
    px: FloatArray
    py: FloatArray
    pz: FloatArray
    xx: FloatArray
    xz: FloatArray
    yy: FloatArray
    yz: FloatArray
    zz: FloatArray

    def __add__(self, other: MomentumSums) -> MomentumSums:
        """Sums of both."""
        return MomentumSums(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))

    def of_period(self) -> MomentumSums:
        """The runs taken together, as one.

        Returns
        -------
        MomentumSums
        """
        return MomentumSums(*(np.array([getattr(self, f.name).sum()]) for f in fields(self)))

    @property
    def slopes(self) -> tuple[FloatArray, FloatArray]:
        """dx/dz and dy/dz: ΣPₓ/ΣP_z; runs without pairs have 0."""
        return _over(self.px, self.pz), _over(self.py, self.pz)

    @property
    def slope_errors(self) -> tuple[FloatArray, FloatArray]:
        """From the spread over events, √Σw²(Pₓ − s P_z)²/ΣwP_z; runs without pairs have 0."""
        slope_x, slope_y = self.slopes
        spread_x = self.xx - 2.0 * slope_x * self.xz + slope_x**2 * self.zz
        spread_y = self.yy - 2.0 * slope_y * self.yz + slope_y**2 * self.zz
        return (
            _over(np.sqrt(np.maximum(spread_x, 0.0)), self.pz),
            _over(np.sqrt(np.maximum(spread_y, 0.0)), self.pz),
        )


@dataclass(frozen=True, slots=True, eq=False)
class BeamLineFit:
    """Beam lines of the runs of a period.

    Attributes
    ----------
    lines : tuple of BeamLine
    cog_x_error_mm, cog_y_error_mm : ndarray, shape (n_runs,)
        Statistical; those of the period where the period's mean stands in, 0 where the setup does.
    pairs : ndarray of int, shape (n_runs,)
        Pairs behind each.
    status : tuple of LineStatus
    """

    lines: tuple[BeamLine, ...]
    cog_x_error_mm: FloatArray
    cog_y_error_mm: FloatArray
    pairs: IntArray
    status: tuple[LineStatus, ...]


def starting_lines(spots: Sequence[Spot], setup: Setup) -> tuple[BeamLine, ...]:
    """Lines from the measured spots along the nominal direction of the beam.

    Parameters
    ----------
    spots : sequence of (x, y)
        One a run, mm; a spot that was not measured (not finite) is that of the setup.
    setup : Setup

    Returns
    -------
    tuple of BeamLine
    """
    nominal = BeamLine.nominal(setup)
    return tuple(
        _line(nominal, spot if np.all(np.isfinite(spot)) else None, nominal.slopes, _plane(setup))
        for spot in spots
    )


def momentum_sums(
    clusters: Clusters,
    run_of_event: IntArray,
    weight: FloatArray,
    lines: Sequence[BeamLine],
    sqrt_s: float,
    setup: Setup,
    settings: BeamLineSettings | None = None,
) -> MomentumSums:
    """Add up the momenta of loose pairs, run by run.

    Parameters
    ----------
    clusters : Clusters
    run_of_event : ndarray of int, shape (n_events,)
    weight : ndarray, shape (n_events,)
    lines : sequence of BeamLine
        Of each run, about which pairs are selected.
    sqrt_s : float
        MeV.
    setup : Setup
    settings : BeamLineSettings, optional

    Returns
    -------
    MomentumSums
    """
    settings = BeamLineSettings() if settings is None else settings
    clusters = clusters.select(~_beside_dead(clusters.seed, setup, settings.dead_margin_cells))
    selection = SelectionSettings(cuts=settings.cuts, cluster_depth_mm=settings.cluster_depth_mm)
    seen = cluster_directions(clusters, run_of_event, lines, setup, selection)
    passed, first, second = find_pairs(clusters, seen, sqrt_s, setup, settings.cuts)
    event = np.flatnonzero(passed == len(CUT_NAMES))
    run = run_of_event[event]
    z = setup.calorimeter.front_face_z_mm + settings.cluster_depth_mm
    p = sum(_momenta(clusters.select(cluster[event]), z, run, lines) for cluster in (first, second))
    p = np.asarray(p)
    slope = np.array([line.slopes for line in lines])[run]
    offset = _path(setup) * np.hypot(p[:, 0] / p[:, 2] - slope[:, 0], p[:, 1] / p[:, 2] - slope[:, 1])
    near = offset < settings.largest_offset_mm
    return _summed(p[near], weight[event[near]], run[near], len(lines))


def lines_from_sums(sums: MomentumSums, spots: Sequence[Spot], setup: Setup, least_pairs: int) -> BeamLineFit:
    """Beam lines from sums of momenta; runs with too few pairs get a stand-in, and a status that says so.

    Parameters
    ----------
    sums : MomentumSums
    spots : sequence of (x, y)
        As in `starting_lines`.
    setup : Setup
    least_pairs : int
        Fewer are not fitted.

    Returns
    -------
    BeamLineFit
    """
    nominal, period = BeamLine.nominal(setup), sums.of_period()
    lines, status, errors = [], [], []
    for run, spot in enumerate(spots):
        source, place, found = sums, run, LineStatus.FITTED
        if sums.pairs[run] < least_pairs:
            source, place, found = period, 0, LineStatus.PERIOD
        slopes, error = (
            (values[0][place], values[1][place]) for values in (source.slopes, source.slope_errors)
        )
        if source.pairs[place] < least_pairs:
            found, slopes, error = LineStatus.NOMINAL, nominal.slopes, (0.0, 0.0)
        lines.append(_line(nominal, spot if np.all(np.isfinite(spot)) else None, slopes, _plane(setup)))
        status.append(found)
        errors.append(error)
    error_x, error_y = _path(setup) * np.array(errors, dtype=np.float64).reshape(-1, 2).T
    return BeamLineFit(tuple(lines), error_x, error_y, sums.pairs, tuple(status))


def fit_beam_lines(
    clusters: Clusters,
    run_of_event: IntArray,
    weight: FloatArray,
    spots: Sequence[Spot],
    sqrt_s: float,
    setup: Setup,
    settings: BeamLineSettings | None = None,
) -> BeamLineFit:
    """Find the beam line of every run of a period from its clusters.

    Parameters
    ----------
    clusters : Clusters
    run_of_event : ndarray of int, shape (n_events,)
    weight : ndarray, shape (n_events,)
    spots : sequence of (x, y)
        Measured at the target, one a run, mm.
    sqrt_s : float
        MeV.
    setup : Setup
    settings : BeamLineSettings, optional

    Returns
    -------
    BeamLineFit
    """
    settings = BeamLineSettings() if settings is None else settings
    lines = starting_lines(spots, setup)
    for _ in range(settings.iterations + 1):
        sums = momentum_sums(clusters, run_of_event, weight, lines, sqrt_s, setup, settings)
        fit = lines_from_sums(sums, spots, setup, settings.least_pairs)
        lines = fit.lines
    return fit


def _beside_dead(seed: IntArray, setup: Setup, margin: int) -> NDArray[np.bool_]:
    """Whether crystals have a dead one within a margin."""
    cells = setup.calorimeter.cells
    dead = np.flatnonzero(cells.dead)
    columns = np.abs(cells.column[:, None] - cells.column[dead])
    rows = np.abs(cells.row[:, None] - cells.row[dead])
    return np.asarray(np.any(np.maximum(columns, rows) <= margin, axis=1)[seed])


def _plane(setup: Setup) -> float:
    """The plane of R_min and R_max, in which the centre of gravity is given, mm."""
    return setup.calorimeter.front_face_z_mm + setup.pair_cuts.plane_depth_mm


def _path(setup: Setup) -> float:
    return _plane(setup) - setup.target.z_mm


def _line(nominal: BeamLine, spot: Spot | None, slopes: tuple[float, float], plane: float) -> BeamLine:
    x, y = (nominal.target_x_mm, nominal.target_y_mm) if spot is None else spot
    path = plane - nominal.target_z_mm
    return replace(
        nominal,
        target_x_mm=float(x),
        target_y_mm=float(y),
        cog_x_mm=float(x + slopes[0] * path),
        cog_y_mm=float(y + slopes[1] * path),
        cog_z_mm=plane,
    )


def _momenta(clusters: Clusters, z: float, run: IntArray, lines: Sequence[BeamLine]) -> FloatArray:
    """Momenta of massless particles from the spot to the clusters, shape (n, 3), MeV."""
    spot = np.array([[b.target_x_mm, b.target_y_mm, b.target_z_mm] for b in lines])[run]
    place = np.stack([clusters.x, clusters.y, np.full(clusters.size, z)], axis=1) - spot
    return np.asarray(clusters.energy[:, None] * place / np.linalg.norm(place, axis=1, keepdims=True))


def _summed(p: FloatArray, weight: FloatArray, run: IntArray, n_runs: int) -> MomentumSums:
    def total(values: FloatArray) -> FloatArray:
        return np.bincount(run, values, minlength=n_runs).astype(np.float64)

    x, y, z = (weight[:, None] * p).T
    return MomentumSums(
        np.bincount(run, minlength=n_runs).astype(np.int64),
        *(total(values) for values in (x, y, z, x * x, x * z, y * y, y * z, z * z)),
    )


def _over(numerator: FloatArray, denominator: FloatArray) -> FloatArray:
    return np.divide(numerator, denominator, out=np.zeros_like(numerator), where=denominator != 0.0)
