"""The data folder that Geant4 needs, written from small tables.

Geant4's standard electromagnetic physics reads three sets of tables: the spectra of bremsstrahlung (Seltzer
and Berger), the photoelectric and the coherent cross sections. Compton scattering, pair production,
ionisation, annihilation and multiple scattering are formulae in its code. The tables of the elements of a
calorimeter are shipped here. The shells of the photoelectric effect and fluorescence are not in them: a
photoelectron takes all the energy, which is right where the deposit is local, as in a crystal of 21 mm.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from x17.errors import UsageError

ELEMENTS = (1, 6, 7, 8, 9, 18, 22, 32, 83)
"""Atomic numbers with tables: BGO, the paint, Tedlar, air."""

BREMSSTRAHLUNG_FILE = "bremsstrahlung.csv"
PHOTON_FILE = "photons.csv"
DATA_VARIABLE = "GEANT4_DATA_DIR"

_GRID_POINTS = 600
_BARN_MM2 = 1e-22


def data_folder(scratch: Path) -> Path:
    """The folder that Geant4 is to read: the one that `GEANT4_DATA_DIR` names, else one made here.

    Parameters
    ----------
    scratch : Path
        Where to make it.

    Returns
    -------
    Path
        For `GEANT4_DATA_DIR`.

    Raises
    ------
    UsageError
        If `GEANT4_DATA_DIR` names no folder.
    """
    named = os.environ.get(DATA_VARIABLE)
    if named is None:
        return write_data_folder(scratch)
    if not Path(named).is_dir():
        raise UsageError(
            f"{DATA_VARIABLE} is {named!r}, not a folder; name that of Geant4's data sets, or unset it "
            "to use the tables shipped with x17"
        )
    return Path(named)


def write_data_folder(folder: Path) -> Path:
    """Write the shipped tables as the files that Geant4 11.4 opens.

    Parameters
    ----------
    folder : Path
        Made if it does not exist.

    Returns
    -------
    Path
        The same folder.
    """
    spectra = folder / "G4EMLOW8.8" / "brem_SB"
    photoelectric = folder / "G4EMLOW8.8" / "epics2017" / "phot"
    coherent = folder / "G4EMLOW8.8" / "epics2017" / "rayl"
    states = folder / "G4ENSDFSTATE3.0"
    for path in (spectra, photoelectric, coherent, states, folder / "PhotonEvaporation6.1.2"):
        path.mkdir(parents=True, exist_ok=True)
    # Nuclear levels: Geant4 asks for the file, electromagnetic showers for nothing in it.
    (states / "ENSDFSTATE.dat").touch()

    table = _read(BREMSSTRAHLUNG_FILE)
    fractions, rows = table[0, 2:], table[1:]
    photons = _read(PHOTON_FILE)
    for z in ELEMENTS:
        _write_spectra(spectra / f"br{z}", fractions, rows[rows[:, 0] == z, 1:])
        energy, photo_barn, coherent_barn = _refined(photons[photons[:, 0] == z, 1:])
        _write_vector(photoelectric / f"pe-cs-{z}.dat", energy, photo_barn * energy**3)
        _write_vector(coherent / f"re-cs-{z}.dat", energy, coherent_barn * _BARN_MM2 * energy**2)
        for part in ("low", "high"):
            # One shell bound by 10 eV, so that nothing is left over for a fluorescence photon.
            (photoelectric / f"pe-{part}-{z}.dat").write_text("1 1 1e9\n1e-5 0 0 0 0 0 0\n")
    return folder


def _read(name: str) -> NDArray[np.float64]:
    lines = files(__package__).joinpath("tables", name).read_text().splitlines()
    rows = [line for line in lines if line[0].isdigit()]
    return np.array([[float(word) for word in row.split(",")] for row in rows])


def _write_spectra(path: Path, fractions: NDArray[np.float64], rows: NDArray[np.float64]) -> None:
    """A two-dimensional vector of Geant4 (type 4): photon fractions, logarithms of energy, values."""
    head = f"4 {len(fractions)} {len(rows)}"
    lines = [_words(fractions), _words(np.log(rows[:, 0])), *(_words(row[1:]) for row in rows)]
    path.write_text("\n".join([head, *lines]) + "\n")


def _words(values: Iterable[float]) -> str:
    return " ".join(f"{value:.8g}" for value in values)


def _refined(rows: NDArray[np.float64]) -> tuple[NDArray[np.float64], ...]:
    """Log-log interpolation on a fine grid: Geant4 interpolates linearly between the points of a file."""
    energy = rows[:, 0].copy()
    for i in range(1, len(energy)):  # at an absorption edge the energy stands twice
        energy[i] = max(energy[i], energy[i - 1] * (1.0 + 1e-7))
    grid = np.unique(np.concatenate([energy, np.geomspace(energy[0], energy[-1], _GRID_POINTS)]))
    tiny = np.finfo(float).tiny
    curves = (np.interp(np.log(grid), np.log(energy), np.log(np.maximum(rows[:, k], tiny))) for k in (1, 2))
    return grid, *(np.exp(curve) for curve in curves)


def _write_vector(path: Path, energy: NDArray[np.float64], values: NDArray[np.float64]) -> None:
    head = f"{energy[0]:.8g} {energy[-1]:.8g} {len(energy)}\n{len(energy)}\n"
    path.write_text(head + "".join(f"{e:.10g} {v:.8g}\n" for e, v in zip(energy, values, strict=True)))
