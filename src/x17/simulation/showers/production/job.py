"""One job: showers of one particle at one energy, made by Geant4 in a child process."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from x17.errors import X17Error, missing_extra
from x17.simulation.showers.geometry import CrystalBlock
from x17.simulation.showers.production.em_tables import DATA_VARIABLE, data_folder

ELECTRON_MASS_MEV = 0.51099895
NAMES = {11: "e-", -11: "e+", 22: "gamma"}


@dataclass(frozen=True, slots=True)
class ShowerJob:
    """What to make.

    Attributes
    ----------
    pdg : int
        11, −11 or 22.
    energy_mev : float
        Total energy of the particle.
    showers : int
        How many.
    seed : int
        Of the impacts and of Geant4.
    slope_min, slope_max : float
        Slope to the normal of the face, uniform between the two at a random azimuth.
    """

    pdg: int
    energy_mev: float
    showers: int
    seed: int
    slope_min: float
    slope_max: float

    @property
    def kinetic_mev(self) -> float:
        """Kinetic energy of the particle."""
        return self.energy_mev - (0.0 if self.pdg == 22 else ELECTRON_MASS_MEV)


@dataclass(frozen=True, slots=True)
class RawShowers:
    """Showers as Geant4 made them.

    Attributes
    ----------
    axis : ndarray (n, 4)
        x, y (mm, from the centre of the central cell, at the reference depth) and slopes dx/dz, dy/dz.
    energy_mev : ndarray (n, rows, columns)
        Deposited in each crystal; row along y, column along x.
    seconds_per_shower : float
        Time of Geant4's event loop.
    geant4 : str
        Its version.
    """

    axis: NDArray[np.float64]
    energy_mev: NDArray[np.float64]
    seconds_per_shower: float
    geant4: str


def run_job(job: ShowerJob, block: CrystalBlock, scratch: Path) -> RawShowers:
    """Make the showers of a job.

    Geant4 runs in a child process: it ends with a segmentation fault when Python clears its objects, and
    takes one geometry per process.

    Parameters
    ----------
    job : ShowerJob
        What to make.
    block : CrystalBlock
        In what.
    scratch : Path
        Folder for the tables of Geant4 and the result, made if need be.

    Returns
    -------
    RawShowers
        In the order made.

    Raises
    ------
    UsageError
        If geant4-pybind is not installed, or `GEANT4_DATA_DIR` names no folder.
    X17Error
        If Geant4 stops.
    """
    if importlib.util.find_spec("geant4_pybind") is None:
        raise missing_extra("making showers needs geant4-pybind", "geant4")
    scratch.mkdir(parents=True, exist_ok=True)
    environment = dict(os.environ) | {DATA_VARIABLE: str(data_folder(scratch / "geant4-data"))}
    out = scratch / f"{NAMES[job.pdg]}-{job.energy_mev:g}-{job.seed}.npz"
    command = [sys.executable, "-m", "x17.simulation.showers.production.geant4_run", str(out)]
    text = json.dumps({"job": asdict(job), "block": asdict(block)})
    done = subprocess.run(command, input=text, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0 or not out.exists():
        tail = "\n".join((done.stdout + done.stderr).splitlines()[-15:])
        raise X17Error(f"Geant4 stopped (exit {done.returncode}) while making {job}; its last words:\n{tail}")
    with np.load(out) as file:
        return RawShowers(
            file["axis"], file["energy_mev"], float(file["seconds_per_shower"]), str(file["geant4"])
        )
