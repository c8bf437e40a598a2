"""The sampler: energies in the cells around the impact of a particle, from showers made with Geant4.

A shower is not computed but drawn. Between the library's energies on either side of the particle's one is
chosen, with probabilities linear in the logarithm of the energy, which makes the mean of anything the
interpolated mean. Then one of the eight stored showers with the nearest axes is taken whole, so that its
fluctuations and the correlations between its cells are those of Geant4.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from x17.errors import UsageError
from x17.simulation.showers.images import NEIGHBOURS, ShowerImages, all_images
from x17.simulation.showers.library_file import CODE_SCALE, StoredShowers, read_library
from x17.simulation.showers.patches import ShowerPatches

FloatArray = NDArray[np.float64]

_SLOPE_TOLERANCE = 1e-9
_BORDER_MM = 0.5
"""About the distance of a shower's neighbours: with it the centroid of showers at a border has no bias."""


@dataclass(frozen=True, slots=True, eq=False)
class ShowerLibrary:
    """Showers of several particles and energies in an endless matrix of square cells.

    Attributes
    ----------
    stored : StoredShowers
        The showers.
    images : tuple of tuples of ShowerImages
        Their images, by particle and energy, in the order of `stored`.
    """

    stored: StoredShowers
    images: tuple[tuple[ShowerImages, ...], ...]

    @classmethod
    def load(cls, path: Path | str | None = None) -> ShowerLibrary:
        """Read a library of showers.

        Parameters
        ----------
        path : Path or str, optional
            A file made by `python -m x17.simulation.showers.production`; without it, the one of the package.

        Returns
        -------
        ShowerLibrary

        Raises
        ------
        InputError
            If the file cannot be read or is damaged.
        """
        return cls.of(read_library(None if path is None else Path(path)))

    @classmethod
    def of(cls, stored: StoredShowers) -> ShowerLibrary:
        """Make the sampler of stored showers.

        Parameters
        ----------
        stored : StoredShowers
            Showers and their geometry.

        Returns
        -------
        ShowerLibrary

        Raises
        ------
        UsageError
            If there are too few showers of a particle and energy to choose from.
        """
        images = tuple(
            tuple(all_images(axis, stored.pitch_mm, stored.depth_spread_mm) for axis in axes)
            for axes in stored.axis
        )
        for pdg, row in zip(stored.pdg, images, strict=True):
            for energy, one in zip(stored.energies_mev, row, strict=True):
                if one.fewest() < NEIGHBOURS:
                    raise UsageError(
                        f"too few showers to choose from: {stored.axis.shape[2]} of {pdg} at {energy:g} MeV "
                        f"leave {one.fewest()} near some impacts, and {NEIGHBOURS} are wanted; 500 are enough"
                    )
        return cls(stored, images)

    def sample(
        self,
        pdg: ArrayLike,
        energy_mev: ArrayLike,
        x_mm: ArrayLike,
        y_mm: ArrayLike,
        tx: ArrayLike,
        ty: ArrayLike,
        rng: np.random.Generator,
    ) -> ShowerPatches:
        """Draw a shower for each particle.

        Parameters
        ----------
        pdg : array_like of int
            11, −11 or 22. This and the others broadcast against each other to one axis of n particles.
        energy_mev : array_like
            Total energies.
        x_mm, y_mm : array_like
            Where the particles cross the front face of the crystals, from the centre of a cell.
        tx, ty : array_like
            Slopes dx/dz, dy/dz.
        rng : numpy.random.Generator
            Four numbers are drawn for each particle: many particles at once or in parts give the same
            showers.

        Returns
        -------
        ShowerPatches
            Of n showers. The central cell is the one that the axis crosses 45 mm deep in the crystals, not at
            the face; within half a millimetre of a border it may be the other one.

        Raises
        ------
        UsageError
            If a particle, an energy or a slope is not in the library, or a place is not a number.
        """
        columns = [
            np.atleast_1d(np.asarray(value, dtype=float)) for value in (energy_mev, x_mm, y_mm, tx, ty)
        ]
        kind, *rest = np.broadcast_arrays(np.atleast_1d(np.asarray(pdg, dtype=np.int64)), *columns)
        energy, x, y, slope_x, slope_y = rest
        self._check(kind, energy, np.stack([x, y]), np.hypot(slope_x, slope_y))
        pitch, depth, spread = self.stored.pitch_mm, self.stored.depth_mm, self.stored.depth_spread_mm
        axis_x, axis_y = x + depth * slope_x, y + depth * slope_y
        draw = rng.random((len(kind), 4))
        # The nearest stored showers of an axis at a border are all on its inner side: in half the cases
        # that is the side of the other cell, so that in the mean they are where the axis is.
        move = (2.0 * draw[:, 2:] - 1.0) * _BORDER_MM
        column = np.rint((axis_x + move[:, 0]) / pitch).astype(np.int64)
        row = np.rint((axis_y + move[:, 1]) / pitch).astype(np.int64)
        axis = np.column_stack(
            [axis_x - column * pitch, axis_y - row * pitch, spread * slope_x, spread * slope_y]
        )
        return ShowerPatches(self._draw(kind, energy, axis, draw), row, column)

    def _check(
        self, kind: NDArray[np.int64], energy: FloatArray, place: FloatArray, slope: FloatArray
    ) -> None:
        stored = self.stored
        if kind.ndim != 1:
            raise UsageError(f"particles given with shape {kind.shape}; wanted one axis")
        unknown = np.setdiff1d(kind, stored.pdg)
        if unknown.size:
            known = ", ".join(str(code) for code in stored.pdg)
            raise UsageError(f"no showers of particle {unknown[0]} in the library; allowed: {known}")
        _check_range("energy", "MeV", energy, stored.energies_mev[0], stored.energies_mev[-1])
        tolerance = _SLOPE_TOLERANCE
        _check_range("slope", "", slope, stored.slope_min - tolerance, stored.slope_max + tolerance)
        if not np.all(np.isfinite(place)):
            raise UsageError("an impact x_mm, y_mm is not a finite number")

    def _draw(
        self, kind: NDArray[np.int64], energy: FloatArray, axis: FloatArray, draw: FloatArray
    ) -> NDArray[np.float32]:
        from x17.simulation.showers.kernel import choose, unpack

        stored = self.stored
        cells = round(stored.codes.shape[3] ** 0.5)
        out = np.empty((len(kind), cells, cells), dtype=np.float32)
        nodes = np.log(stored.energies_mev)
        position = np.interp(np.log(energy), nodes, np.arange(len(nodes)))
        node = np.floor(position).astype(np.int64)
        node += draw[:, 0] < position - node
        for p, pdg in enumerate(stored.pdg):
            for e in np.unique(node[kind == pdg]):
                places = np.flatnonzero((kind == pdg) & (node == e))
                images = self.images[p][e]
                chosen = np.empty(len(places), dtype=np.int64)
                choose(axis[places], draw[places, 1], stored.pitch_mm, images.points, images.start, chosen)
                scale = energy[places] / CODE_SCALE**2
                unpack(stored.codes[p, e], images.shower, images.image, chosen, scale, places, out)
        return out


def _check_range(name: str, unit: str, values: FloatArray, low: float, high: float) -> None:
    outside = ~((values >= low) & (values <= high))  # a value that is not a number is outside
    if np.any(outside):
        first = f"{values[outside][0]:g} {unit}".rstrip()
        raise UsageError(
            f"{np.count_nonzero(outside)} of {values.size} particles: {name} outside the library of showers "
            f"(the first: {first}); allowed: {low:g} to {high:g} {unit}".rstrip()
            + "; leave them out, or make a library that holds them"
        )
