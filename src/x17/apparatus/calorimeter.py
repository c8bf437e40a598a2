"""The crystal calorimeter: its matrix, its resolution and its thresholds."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Annotated, Literal

import numpy as np
from numpy.typing import ArrayLike

from x17.apparatus.cell_map import CellMap, FloatArray, make_cell_map
from x17.apparatus.quantity import (
    Count,
    Duration,
    Energy,
    Fraction,
    Length,
    Part,
    Position,
    Quantity,
    Time,
    Width,
)
from x17.errors import Problem

MatrixSize = Annotated[int, Quantity("", least=1, most=100)]
"""Columns or rows: channel numbers 100·ix + iy have room for 100."""
Stretch = tuple[int, int, int]
Cell = tuple[int, int]
BeyondLibrary = Literal["refuse", "scale"]

_MEV_PER_GEV = 1000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Calorimeter(Part):
    """A matrix of square crystals facing the beam.

    Attributes
    ----------
    front_face_z_mm : float
        Front face of the crystals.
    n_columns, n_rows : int
        Size of the full matrix, of which some places may be empty.
    stretches : tuple of (row, first column, last column)
        Neighbouring crystals of a row, both ends included; a row may have several stretches.
    material : str
    density_g_cm3, radiation_length_mm : float
        Of the crystals.
    dead_cells : tuple of (column, row)
        Crystals that give no signal.
    pitch_mm : float
        From centre to centre.
    crystal_side_mm, crystal_length_mm : float
        Without wrapping.
    wrapping_mm : float
        Paint on each face.
    foil_mm : float
        Foil in the gap between two painted crystals.
    offset_x_mm, offset_y_mm : float
        Centre of the matrix.
    hole_support_side_mm, hole_radius_mm : float
        Plastic box in the central hole, and the round hole in it; 0 and 0 if there is none.
    photoelectrons_per_mev, pedestal_mev : float
        Resolution of a hit: σ² = E/photoelectrons_per_mev + pedestal².
    cluster_stochastic, cluster_noise, cluster_constant : float
        a, b, c of the resolution of a cluster, σ/E = a/√E ⊕ b/E ⊕ c with E in GeV; on top of that of its
        hits when showers are not simulated in full.
    time_resolution_ns : float
        Gaussian width of the time of a hit.
    hit_threshold_mev, seed_threshold_mev : float
        Least energy of a hit, and of the hit that a cluster starts from.
    merge_window_ns : float
        Deposits in one crystal closer in time are one hit.
    later_hit_threshold_mev : float
        Least energy of a second or later hit of a crystal in one bunch.
    hits_per_bunch : int
        Hits that one crystal can have in one bunch.
    shower_library : str or None
        File of simulated showers; None for that of the package.
    beyond_library : {"refuse", "scale"} or None
        What is done with particles above the energies of the library; None: they are refused.
    cells : CellMap
        Made from the fields above.
    """

    front_face_z_mm: Position
    n_columns: MatrixSize
    n_rows: MatrixSize
    stretches: tuple[Stretch, ...]
    material: str
    density_g_cm3: Annotated[float, Quantity("g/cm³", above=0.0, most=30.0)]
    radiation_length_mm: Length
    dead_cells: tuple[Cell, ...] = ()
    pitch_mm: Length = 21.35
    crystal_side_mm: Length = 21.0
    crystal_length_mm: Length = 230.0
    wrapping_mm: Width = 0.115
    foil_mm: Width = 0.05
    offset_x_mm: Position = 0.0
    offset_y_mm: Position = 0.0
    hole_support_side_mm: Width = 0.0
    hole_radius_mm: Width = 0.0
    photoelectrons_per_mev: Annotated[float, Quantity("1/MeV", above=0.0, most=1e6)] = 200.0
    pedestal_mev: Energy = 0.3
    cluster_stochastic: Fraction = 0.02
    cluster_noise: Fraction = 0.00003
    cluster_constant: Fraction = 0.012
    time_resolution_ns: Time = 0.9
    hit_threshold_mev: Energy = 1.0
    seed_threshold_mev: Energy = 15.0
    merge_window_ns: Duration = 5.0
    later_hit_threshold_mev: Energy = 10.0
    hits_per_bunch: Count = 3
    shower_library: str | None = None
    beyond_library: BeyondLibrary | None = None
    cells: CellMap = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        Part.__post_init__(self)
        cells = make_cell_map(
            self._filled(),
            self.dead_cells,
            (self.n_columns, self.n_rows),
            pitch_mm=self.pitch_mm,
            crystal_side_mm=self.crystal_side_mm,
            offset_x_mm=self.offset_x_mm,
            offset_y_mm=self.offset_y_mm,
        )
        object.__setattr__(self, "cells", cells)

    @property
    def gap_mm(self) -> float:
        """Between two painted crystals: pitch − side − 2 wrapping, mm."""
        return self.pitch_mm - self.crystal_side_mm - 2.0 * self.wrapping_mm

    def contradictions(self) -> list[Problem]:
        """Find crystals that overlap, are missing, outside the matrix, or dead without being there."""
        return self._size_problems() + (self._stretch_problems() or self._dead_problems())

    def _size_problems(self) -> list[Problem]:
        problems = []
        if self.gap_mm < 0.0:
            least = self.crystal_side_mm + 2.0 * self.wrapping_mm
            allowed = f"at least crystal_side_mm + 2 wrapping_mm = {least:g}"
            problems.append(Problem("crystals overlap", None, "pitch_mm", f"{self.pitch_mm:g}", allowed))
        if self.hole_radius_mm > 0.5 * self.hole_support_side_mm:
            allowed = f"at most half of hole_support_side_mm = {0.5 * self.hole_support_side_mm:g}"
            value = f"{self.hole_radius_mm:g}"
            problems.append(Problem("hole larger than its support", None, "hole_radius_mm", value, allowed))
        return problems

    def _stretch_problems(self) -> list[Problem]:
        """Problems of the stretches, each of which is looked at on its own first."""
        rows, columns = f"rows 0 to {self.n_rows - 1}", f"columns 0 to {self.n_columns - 1}"
        problems = []
        for number, stretch in enumerate(self.stretches):
            row, first, last = stretch
            key = f"stretches[{number}]"
            if row not in range(self.n_rows) or not {first, last} <= set(range(self.n_columns)):
                problems.append(
                    Problem("outside the matrix", None, key, str(list(stretch)), f"{rows}, {columns}")
                )
            elif first > last:
                problems.append(
                    Problem(
                        "first column after the last", None, key, str(list(stretch)), "[row, first, last]"
                    )
                )
        if problems:
            return problems
        twice = [cell for cell, times in Counter(self._filled()).items() if times > 1]
        problems += [Problem("crystal given twice", None, "stretches", _named(cell)) for cell in twice]
        missing = sorted(set(range(self.n_rows)) - {row for row, _, _ in self.stretches})
        problems += [
            Problem("row without crystals", None, "stretches", f"row {row}", f"a stretch in each of {rows}")
            for row in missing
        ]
        return problems

    def _dead_problems(self) -> list[Problem]:
        filled = set(self._filled())
        counts = Counter(self.dead_cells)
        problems = [
            Problem("dead crystal given twice", None, "dead_cells", _named(cell))
            for cell, times in counts.items()
            if times > 1
        ]
        problems += [
            Problem("no such crystal", None, "dead_cells", _named(cell), "crystals of stretches")
            for cell in counts
            if cell not in filled
        ]
        return problems

    def _filled(self) -> list[Cell]:
        return [(ix, row) for row, first, last in self.stretches for ix in range(first, last + 1)]

    def hit_sigma_mev(self, energy_mev: ArrayLike) -> FloatArray:
        """Gaussian width of the energy of hits: √(E/n + p²), n photoelectrons per MeV and p the pedestal.

        Parameters
        ----------
        energy_mev : array_like
            0 or more, MeV.

        Returns
        -------
        ndarray
            MeV, the shape of `energy_mev`.
        """
        energy = np.asarray(energy_mev, dtype=np.float64)
        return np.asarray(np.sqrt(energy / self.photoelectrons_per_mev + self.pedestal_mev**2))

    def cluster_sigma_mev(self, energy_mev: ArrayLike) -> FloatArray:
        """Gaussian width of the energy of clusters: E (a/√E ⊕ b/E ⊕ c), E in GeV inside the brackets.

        Parameters
        ----------
        energy_mev : array_like
            0 or more, MeV.

        Returns
        -------
        ndarray
            MeV, the shape of `energy_mev`.
        """
        gev = np.asarray(energy_mev, dtype=np.float64) / _MEV_PER_GEV
        a, b, c = self.cluster_stochastic, self.cluster_noise, self.cluster_constant
        return np.asarray(_MEV_PER_GEV * np.sqrt(a**2 * gev + b**2 + np.square(c * gev)))


def _named(cell: Cell) -> str:
    return f"column {cell[0]}, row {cell[1]}"
