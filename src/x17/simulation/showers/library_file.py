"""The library of showers as one compressed `.npz`.

A fraction f of the energy in a cell is stored as the nearest integer to 1000 √f: the step is 0.002 √f, so
that all cells together, whatever their number, add 0.06 % in quadrature to the resolution of a sum, and a
cell with 10⁻⁶ of the energy is still there. Cells without energy compress to almost nothing.
"""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from x17.errors import InputError, Problem

FILE_VERSION = 1
CODE_SCALE = 1000.0
"""Code of a cell that has all the energy."""

_ADVICE = "Take the file of the package again, or make one: python -m x17.simulation.showers.production"
_LARGEST_SUM = 1.05
"""Largest energy in all cells over the particle's; a positron brings 0.5 MeV more than its own."""


@dataclass(frozen=True, slots=True, eq=False)
class StoredShowers:
    """What the file holds.

    Attributes
    ----------
    pitch_mm, depth_mm, depth_spread_mm : float
        Distance of the crystals; depth at which an axis is given; spread of the energy in depth.
    slope_min, slope_max : float
        Slopes to the normal that the showers have.
    pdg : ndarray (particles,)
        PDG codes.
    energies_mev : ndarray (energies,)
        Total energies of the particles, rising.
    axis : ndarray (particles, energies, showers, 4)
        x, y at the depth, from the centre of the central cell (mm), and slopes dx/dz, dy/dz.
    codes : ndarray of uint16 (particles, energies, showers, rows · columns)
        Energy of each cell, coded.
    origin : dict
        How it was made: geometry, physics, version of Geant4, seed.
    """

    pitch_mm: float
    depth_mm: float
    depth_spread_mm: float
    slope_min: float
    slope_max: float
    pdg: NDArray[np.int64]
    energies_mev: NDArray[np.float64]
    axis: NDArray[np.float32]
    codes: NDArray[np.uint16]
    origin: Mapping[str, object]


def encode_fractions(fractions: NDArray[np.float64]) -> NDArray[np.uint16]:
    """Codes of the fractions of the energy in cells.

    Parameters
    ----------
    fractions : ndarray
        Not negative.

    Returns
    -------
    ndarray of uint16
        Of the same shape.
    """
    return np.rint(CODE_SCALE * np.sqrt(fractions)).astype(np.uint16)


def write_library(path: Path, stored: StoredShowers) -> None:
    """Write a library.

    Parameters
    ----------
    path : Path
        Ends in `.npz`.
    stored : StoredShowers
        What to write.
    """
    np.savez_compressed(
        path,
        version=FILE_VERSION,
        geometry=[
            stored.pitch_mm,
            stored.depth_mm,
            stored.depth_spread_mm,
            stored.slope_min,
            stored.slope_max,
        ],
        pdg=stored.pdg,
        energies_mev=stored.energies_mev,
        axis=stored.axis.astype(np.float16),
        codes=_to_bytes(stored.codes),
        origin=json.dumps(stored.origin, sort_keys=True),
    )


def read_library(path: Path | None) -> StoredShowers:
    """Read and check a library.

    Parameters
    ----------
    path : Path or None
        None: the one of the package.

    Returns
    -------
    StoredShowers

    Raises
    ------
    InputError
        If the file cannot be read or is not a library.
    """
    resource = files("x17.simulation.showers").joinpath("data", "bgo_padme.npz") if path is None else path
    name = "the library of showers in the package" if path is None else str(path)
    try:
        with resource.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            read = {key: arrays[key] for key in arrays.files}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise InputError(name, [Problem(f"not a readable library of showers: {error}")], _ADVICE) from error
    problems = _problems(read)
    if problems:
        raise InputError(name, problems, _ADVICE)
    pitch, depth, spread, slope_min, slope_max = (float(value) for value in read["geometry"])
    return StoredShowers(
        pitch,
        depth,
        spread,
        slope_min,
        slope_max,
        pdg=read["pdg"].astype(np.int64),
        energies_mev=read["energies_mev"].astype(np.float64),
        axis=read["axis"].astype(np.float32),
        codes=_from_bytes(read["codes"]),
        origin=json.loads(str(read["origin"])),
    )


def _to_bytes(codes: NDArray[np.uint16]) -> NDArray[np.uint8]:
    """Low and high bytes apart, all showers of one cell together: long runs of zeros, which compress well."""
    by_cell = np.swapaxes(codes, 2, 3)
    return np.stack([by_cell & 0xFF, by_cell >> 8]).astype(np.uint8)


def _from_bytes(parts: NDArray[np.generic]) -> NDArray[np.uint16]:
    low, high = parts.astype(np.uint16)
    return np.ascontiguousarray(np.swapaxes(low | (high << 8), 2, 3))


def _problems(read: Mapping[str, NDArray[np.generic]]) -> list[Problem]:
    names = ("version", "geometry", "pdg", "energies_mev", "axis", "codes", "origin")
    missing = [name for name in names if name not in read]
    if missing:
        return [Problem(f"the array {name!r} is missing") for name in missing]
    if read["version"] != FILE_VERSION:
        return [Problem("made for another version", None, "version", str(read["version"]), str(FILE_VERSION))]
    sets = (len(read["pdg"]), len(read["energies_mev"]))
    axis, codes = read["axis"], read["codes"]
    cells = round(codes.shape[3] ** 0.5) if codes.ndim == 5 else 0
    showers = codes.shape[4] if codes.ndim == 5 else 0
    if codes.shape != (2, *sets, cells**2, showers) or axis.shape != (*sets, showers, 4) or cells % 2 == 0:
        found = f"axis {axis.shape}, codes {codes.shape} for {sets[0]} particles and {sets[1]} energies"
        return [Problem("the shapes of its arrays do not fit each other", None, None, found)]
    problems = []
    if read["geometry"].shape != (5,) or not np.all(np.asarray(read["geometry"], float) > 0.0):
        problems.append(Problem("five positive numbers wanted", None, "geometry", str(read["geometry"])))
    energies = np.asarray(read["energies_mev"], float)
    if len(energies) < 2 or not np.all(np.diff(energies) > 0.0) or energies[0] <= 0.0:
        problems.append(
            Problem("wanted rising and positive, two or more", None, "energies_mev", str(energies))
        )
    largest = float(np.max(np.sum(np.square(_from_bytes(codes) / np.float32(CODE_SCALE)), axis=3)))
    if largest > _LARGEST_SUM:
        problems.append(
            Problem(
                "a shower deposits more than the particle has",
                None,
                "codes",
                f"{largest:.3g}",
                f"≤ {_LARGEST_SUM}",
            )
        )
    if not np.all(np.isfinite(axis)):
        problems.append(Problem("an axis is not a number", None, "axis"))
    return problems
