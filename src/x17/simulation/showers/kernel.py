"""Compiled loops: choose a stored shower for each particle, mirror it into place, add patches into cells."""

from __future__ import annotations

import numba as nb
import numpy as np
from numpy.typing import NDArray

from x17.simulation.showers.images import FLIP_X, FLIP_Y, NEIGHBOURS, SWAP

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@nb.njit(error_model="numpy", nogil=True, cache=True)
def choose(
    axis: FloatArray,
    rank: FloatArray,
    pitch: float,
    points: NDArray[np.float32],
    start: IntArray,
    out: IntArray,
) -> None:  # pragma: no cover - compiled
    """Position, in the sorted images, of the shower drawn for each axis.

    Parameters
    ----------
    axis : ndarray (n, 4)
        x, y (mm, within the central cell) and the slopes times the spread in depth (mm).
    rank : ndarray (n,)
        Uniform in [0, 1): which of the nearest is taken.
    pitch : float
        Width of the cell, mm.
    points : ndarray (images, 4)
        The same of the stored showers and their images, sorted by bin.
    start : ndarray (bins, bins + 1)
        First image of each bin of a row (y) along x, and the end.
    out : ndarray (n,)
        Written to.

    Notes
    -----
    Images are looked for in the bin of the axis and the eight around it.
    """
    bins = start.shape[0]
    distance = np.empty(NEIGHBOURS, dtype=np.float64)
    nearest = np.empty(NEIGHBOURS, dtype=np.int64)
    for i in range(axis.shape[0]):
        x, y, u, v = axis[i, 0], axis[i, 1], axis[i, 2], axis[i, 3]
        column = min(max(int((x / pitch + 0.5) * bins), 0), bins - 1)
        row = min(max(int((y / pitch + 0.5) * bins), 0), bins - 1)
        first, last = max(column - 1, 0), min(column + 1, bins - 1)
        found = 0
        for r in range(max(row - 1, 0), min(row + 2, bins)):
            for j in range(start[r, first], start[r, last + 1]):
                d = (points[j, 0] - x) ** 2 + (points[j, 1] - y) ** 2
                d += (points[j, 2] - u) ** 2 + (points[j, 3] - v) ** 2
                if found == NEIGHBOURS and d >= distance[NEIGHBOURS - 1]:
                    continue
                if found < NEIGHBOURS:
                    found += 1
                place = found - 1
                while place > 0 and distance[place - 1] > d:
                    distance[place], nearest[place] = distance[place - 1], nearest[place - 1]
                    place -= 1
                distance[place], nearest[place] = d, j
        out[i] = nearest[int(rank[i] * found)]


@nb.njit(error_model="numpy", nogil=True, cache=True)
def unpack(
    codes: NDArray[np.uint16],
    shower: NDArray[np.int32],
    image: NDArray[np.uint8],
    chosen: IntArray,
    scale: FloatArray,
    places: IntArray,
    out: NDArray[np.float32],
) -> None:  # pragma: no cover - compiled
    """Write the chosen showers, mirrored, as energies.

    Parameters
    ----------
    codes : ndarray (showers, rows · columns)
        Coded fractions.
    shower, image : ndarray (images,)
        Stored shower and mirror of each image.
    chosen : ndarray (n,)
        Positions in `shower`.
    scale : ndarray (n,)
        Energy of a code of one, MeV; the energy goes with the square of the code.
    places : ndarray (n,)
        Where in `out`.
    out : ndarray (any, rows, columns)
        Written to.
    """
    cells = out.shape[1]
    for i in range(chosen.shape[0]):
        code, mirror, patch = codes[shower[chosen[i]]], image[chosen[i]], out[places[i]]
        for row in range(cells):
            for column in range(cells):
                r, c = (column, row) if mirror & SWAP else (row, column)
                if mirror & FLIP_X:
                    c = cells - 1 - c
                if mirror & FLIP_Y:
                    r = cells - 1 - r
                value = np.float64(code[r * cells + c])
                patch[row, column] = scale[i] * value * value


@nb.njit(error_model="numpy", nogil=True, cache=True)
def add_patches(
    energy: NDArray[np.float32],
    row: IntArray,
    column: IntArray,
    event: IntArray,
    cell_number: IntArray,
    out: FloatArray,
) -> None:  # pragma: no cover - compiled
    """Add patches into the cells of each event.

    Parameters
    ----------
    energy : ndarray (n, rows, columns)
        Patches.
    row, column, event : ndarray (n,)
        Central cell in `cell_number`, and event, of each.
    cell_number : ndarray (rows, columns)
        Crystal at each place, −1 where there is none.
    out : ndarray (events, crystals)
        Added to.
    """
    cells = energy.shape[1]
    half = cells // 2
    for i in range(energy.shape[0]):
        for r in range(cells):
            y = row[i] + r - half
            if y < 0 or y >= cell_number.shape[0]:
                continue
            for c in range(cells):
                x = column[i] + c - half
                if 0 <= x < cell_number.shape[1] and cell_number[y, x] >= 0:
                    out[event[i], cell_number[y, x]] += energy[i, r, c]
