"""The stored showers and their mirror images, sorted for the search of neighbours.

A square cell looks the same after eight mirrorings, so that each shower made serves eight impacts. Two
showers are near each other when their axes are, in the mean over the depth z where they leave their energy:
⟨|Δa + (z − z₀) Δt|²⟩ = |Δa|² + σ_z² |Δt|², with a the axis at the mean depth z₀ and t its slope. Impact and
direction are therefore compared as one: four numbers in mm.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FLIP_X, FLIP_Y, SWAP = 1, 2, 4
"""An image of a shower: x → −x, y → −y, then x ↔ y, as bits."""

NEIGHBOURS = 8
"""A shower is drawn from that many nearest ones."""

BINS = 20
"""Bins along each side of a cell, 1.07 mm wide at PADME: neighbours are looked for in three by three."""


@dataclass(frozen=True, slots=True, eq=False)
class ShowerImages:
    """Images of the showers of one particle and energy.

    Attributes
    ----------
    points : ndarray of float32 (images, 4)
        x, y at the mean depth and slopes times the spread in depth, all mm, sorted by bin.
    shower : ndarray of int32 (images,)
        Stored shower of each.
    image : ndarray of uint8 (images,)
        Mirrors, as bits.
    start : ndarray of int64 (bins, bins + 1)
        First image of each bin, rows along y; the last column ends the row.
    """

    points: NDArray[np.float32]
    shower: NDArray[np.int32]
    image: NDArray[np.uint8]
    start: NDArray[np.int64]

    def fewest(self) -> int:
        """Images in the emptiest place where neighbours are looked for: two by two bins, at a corner."""
        count = np.diff(self.start, axis=1)
        return int(np.min(count[:-1, :-1] + count[1:, :-1] + count[:-1, 1:] + count[1:, 1:]))


def mirror(points: NDArray[np.float32], image: int) -> NDArray[np.float32]:
    """Mirror axes.

    Parameters
    ----------
    points : ndarray (n, 4)
        x, y and the two slopes.
    image : int
        Bits of `FLIP_X`, `FLIP_Y`, `SWAP`.

    Returns
    -------
    ndarray (n, 4)
        A copy.
    """
    sign_x, sign_y = (-1.0 if image & bit else 1.0 for bit in (FLIP_X, FLIP_Y))
    flipped = points * np.array([sign_x, sign_y, sign_x, sign_y], dtype=points.dtype)
    return flipped[:, [1, 0, 3, 2]] if image & SWAP else flipped


def all_images(axis: NDArray[np.float32], pitch_mm: float, depth_spread_mm: float) -> ShowerImages:
    """The eight images of each shower, sorted.

    Parameters
    ----------
    axis : ndarray (n, 4)
        x, y (mm) at the mean depth, from the centre of the cell, and slopes.
    pitch_mm, depth_spread_mm : float
        Width of the cell; spread of the energy in depth.

    Returns
    -------
    ShowerImages
        8 n images.
    """
    scaled = axis * np.array([1.0, 1.0, depth_spread_mm, depth_spread_mm], dtype=axis.dtype)
    points = np.concatenate([mirror(scaled, image) for image in range(8)])
    shower = np.tile(np.arange(len(axis), dtype=np.int32), 8)
    image = np.repeat(np.arange(8, dtype=np.uint8), len(axis))
    column, row = np.clip(((points[:, :2] / pitch_mm + 0.5) * BINS).astype(int), 0, BINS - 1).T
    number = row * BINS + column
    order = np.argsort(number, kind="stable")
    edges = np.searchsorted(number[order], np.arange(BINS * BINS + 1))
    first = np.arange(BINS)[:, None] * BINS + np.arange(BINS + 1)[None, :]
    return ShowerImages(points[order], shower[order], image[order], edges[first])
