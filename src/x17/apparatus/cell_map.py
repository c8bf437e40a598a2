"""The cells of a calorimeter: where they are, which are dead, and which one a position belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

OUTSIDE = -1
"""Index that stands for no cell."""


@dataclass(frozen=True, slots=True, eq=False)
class CellMap:
    """Cells in the order of their channel numbers; all arrays have shape (n_cells,) and are read-only.

    Attributes
    ----------
    column, row : ndarray of int
        ix and iy, from 0.
    x_mm, y_mm : ndarray
        Centres: x = offset_x + pitch · (ix − (n_columns − 1)/2), and likewise y.
    dead : ndarray of bool
    pitch_mm, crystal_side_mm : float
    offset_x_mm, offset_y_mm : float
        Centre of the matrix.
    index : ndarray of int, shape (n_columns, n_rows)
        Index of the cell at (column, row), −1 where there is none.
    """

    column: IntArray
    row: IntArray
    x_mm: FloatArray
    y_mm: FloatArray
    dead: BoolArray
    pitch_mm: float
    crystal_side_mm: float
    offset_x_mm: float
    offset_y_mm: float
    index: IntArray

    def __len__(self) -> int:
        return self.column.size

    @property
    def channel(self) -> IntArray:
        """Channel numbers 100·ix + iy, rising."""
        return np.asarray(100 * self.column + self.row)

    def index_of(self, column: ArrayLike, row: ArrayLike) -> IntArray:
        """Index of the cells at given columns and rows.

        Parameters
        ----------
        column, row : array_like of int
            Any shape; they broadcast. May lie outside the matrix.

        Returns
        -------
        ndarray of int
            −1 where there is no cell.
        """
        ix, iy = np.broadcast_arrays(np.asarray(column), np.asarray(row))
        inside = (ix >= 0) & (ix < self.index.shape[0]) & (iy >= 0) & (iy < self.index.shape[1])
        found = self.index[np.where(inside, ix, 0).astype(np.int64), np.where(inside, iy, 0).astype(np.int64)]
        return np.where(inside, found, OUTSIDE)

    def cell_at(self, x_mm: ArrayLike, y_mm: ArrayLike) -> IntArray:
        """Index of the cell that a position belongs to; the walls between crystals are shared half and half.

        Parameters
        ----------
        x_mm, y_mm : array_like
            Any shape; they broadcast.

        Returns
        -------
        ndarray of int
            −1 outside the matrix, in its hole, and for NaN.
        """
        return self.index_of(*self._nearest(x_mm, y_mm))

    def crystal_at(self, x_mm: ArrayLike, y_mm: ArrayLike) -> IntArray:
        """Index of the cell whose crystal holds a position: as `cell_at`, and −1 in the walls too.

        Parameters
        ----------
        x_mm, y_mm : array_like
            Any shape; they broadcast.

        Returns
        -------
        ndarray of int
        """
        x, y = np.asarray(x_mm, dtype=np.float64), np.asarray(y_mm, dtype=np.float64)
        cell, half = self.cell_at(x, y), 0.5 * self.crystal_side_mm
        inside = (np.abs(x - self.x_mm[cell]) <= half) & (np.abs(y - self.y_mm[cell]) <= half)
        return np.where(inside, cell, OUTSIDE)

    def _nearest(self, x_mm: ArrayLike, y_mm: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Column and row of the nearest lattice point, as floats: they may be huge or NaN."""
        last_column, last_row = (0.5 * (size - 1) for size in self.index.shape)
        ix = (np.asarray(x_mm, dtype=np.float64) - self.offset_x_mm) / self.pitch_mm + last_column
        iy = (np.asarray(y_mm, dtype=np.float64) - self.offset_y_mm) / self.pitch_mm + last_row
        return np.floor(ix + 0.5), np.floor(iy + 0.5)


def make_cell_map(
    cells: Sequence[tuple[int, int]],
    dead: Sequence[tuple[int, int]],
    shape: tuple[int, int],
    *,
    pitch_mm: float,
    crystal_side_mm: float,
    offset_x_mm: float,
    offset_y_mm: float,
) -> CellMap:
    """Lay cells out on their lattice.

    Parameters
    ----------
    cells : sequence of (column, row)
        Each once, inside `shape`, in any order.
    dead : sequence of (column, row)
        Some of the cells.
    shape : (int, int)
        Columns and rows of the matrix.
    pitch_mm, crystal_side_mm, offset_x_mm, offset_y_mm : float

    Returns
    -------
    CellMap
    """
    column, row = np.array(sorted(cells), dtype=np.int64).T
    index = np.full(shape, OUTSIDE, dtype=np.int64)
    index[column, row] = np.arange(column.size)
    is_dead = np.zeros(column.size, dtype=np.bool_)
    for cell in dead:
        is_dead[index[cell]] = True
    x_mm = offset_x_mm + pitch_mm * (column - 0.5 * (shape[0] - 1))
    y_mm = offset_y_mm + pitch_mm * (row - 0.5 * (shape[1] - 1))
    for array in (column, row, x_mm, y_mm, is_dead, index):
        array.flags.writeable = False
    return CellMap(
        column,
        row,
        x_mm,
        y_mm,
        is_dead,
        pitch_mm,
        crystal_side_mm,
        offset_x_mm,
        offset_y_mm,
        index,
    )
