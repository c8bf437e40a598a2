"""The child process in which Geant4 runs: a job in on standard input, an `.npz` out.

Imports geant4_pybind, which looks for its data as it is imported: `GEANT4_DATA_DIR` must be set.
"""

from __future__ import annotations

import json
import os
import sys
import time
from itertools import pairwise
from typing import Any

import geant4_pybind as g4
import numpy as np
from numpy.typing import NDArray

from x17.simulation.showers.geometry import REFERENCE_DEPTH_MM, CrystalBlock
from x17.simulation.showers.production.job import NAMES, ShowerJob

_START_MM = 1.0
"""Distance before the face at which a particle starts, in vacuum."""

_kept: list[Any] = []
"""Geant4 does not own what Python makes: without a reference here it is freed under Geant4's feet."""


def _keep(thing: Any) -> Any:
    _kept.append(thing)
    return thing


# The library has no types: mypy does not know what these classes are made of.
class Calorimeter(g4.G4VUserDetectorConstruction):  # type: ignore[misc]
    """Crystals in paint, in air, between half sheets of Tedlar, cell by cell."""

    def __init__(self, block: CrystalBlock) -> None:
        super().__init__()
        self.block = block

    def Construct(self) -> Any:
        """Build the block, its front face at z = 0."""
        block, manager = self.block, g4.G4NistManager.Instance()
        half_world = 0.5 * block.pitch_mm * block.cells + 50.0
        world = self._box(
            "world", half_world, block.length_mm + 50.0, manager.FindOrBuildMaterial("G4_Galactic")
        )
        placed = _keep(g4.G4PVPlacement(None, g4.G4ThreeVector(), world, "world", None, False, 0, False))
        half_paint = 0.5 * block.crystal_mm + block.paint_mm
        half_length = 0.5 * block.length_mm + block.paint_mm
        layers = [
            (
                "sheet",
                0.5 * block.pitch_mm,
                half_length,
                manager.FindOrBuildMaterial("G4_POLYVINYLIDENE_FLUORIDE"),
            ),
            (
                "air",
                0.5 * (block.pitch_mm - block.sheet_mm),
                half_length,
                manager.FindOrBuildMaterial("G4_AIR"),
            ),
            ("paint", half_paint, half_length, _paint(manager)),
            ("crystal", 0.5 * block.crystal_mm, 0.5 * block.length_mm, manager.FindOrBuildMaterial("G4_BGO")),
        ]
        volumes = [self._box(*layer) for layer in layers]
        for mother, inner in pairwise(volumes):
            _keep(g4.G4PVPlacement(None, g4.G4ThreeVector(), inner, "inner", mother, False, 0, False))
        middle = block.cells // 2
        for row in range(block.cells):
            for column in range(block.cells):
                place = g4.G4ThreeVector(
                    (column - middle) * block.pitch_mm, (row - middle) * block.pitch_mm, 0.5 * block.length_mm
                )
                copy = row * block.cells + column
                _keep(g4.G4PVPlacement(None, place, volumes[0], "cell", world, False, copy, False))
        self.crystal = volumes[-1]
        return placed

    @staticmethod
    def _box(name: str, half_width: float, half_length: float, material: Any) -> Any:
        solid = _keep(g4.G4Box(name, half_width, half_width, half_length))
        return _keep(g4.G4LogicalVolume(solid, material, name))

    def ConstructSDandField(self) -> None:
        """Sum the energy deposited in each crystal, in C++."""
        detector = _keep(g4.G4MultiFunctionalDetector("calorimeter"))
        g4.G4SDManager.GetSDMpointer().AddNewDetector(detector)
        depth = 3  # the copy number is that of the cell, three volumes out
        detector.RegisterPrimitive(_keep(g4.G4PSEnergyDeposit("energy", depth)))
        self.SetSensitiveDetector(self.crystal, detector)


def _paint(manager: Any) -> Any:
    """EJ-510: titanium dioxide in a binder, 1.182 g/cm³; mass fractions of PADME's simulation."""
    paint = _keep(g4.G4Material("EJ510", 1.182 * g4.g / g4.cm3, 4))
    for element, fraction in {"Ti": 0.4105, "C": 0.1719, "H": 0.0290, "O": 0.3886}.items():
        paint.AddElementByMassFraction(manager.FindOrBuildElement(element), fraction)
    return paint


class Physics(g4.G4VModularPhysicsList):  # type: ignore[misc]
    """Standard electromagnetic physics with Geant4's default cut of 0.7 mm, as PADME's simulation has it."""

    def __init__(self) -> None:
        super().__init__()
        self.RegisterPhysics(_keep(g4.G4EmStandardPhysics()))
        self.SetDefaultCutValue(0.7 * g4.mm)


class Gun(g4.G4VUserPrimaryGeneratorAction):  # type: ignore[misc]
    """Particles whose axis crosses the reference depth at the given places."""

    def __init__(self, job: ShowerJob, axis: NDArray[np.float64]) -> None:
        super().__init__()
        self.axis = axis
        self.gun = _keep(g4.G4ParticleGun(1))
        particle = g4.G4ParticleTable.GetParticleTable().FindParticle(NAMES[job.pdg])
        self.gun.SetParticleDefinition(particle)
        self.gun.SetParticleEnergy(job.kinetic_mev * g4.MeV)

    def GeneratePrimaries(self, event: Any) -> None:
        """Shoot the particle with the number of the event."""
        x, y, tx, ty = (float(v) for v in self.axis[event.GetEventID()])
        back = REFERENCE_DEPTH_MM + _START_MM
        self.gun.SetParticlePosition(g4.G4ThreeVector(x - back * tx, y - back * ty, -_START_MM))
        self.gun.SetParticleMomentumDirection(g4.G4ThreeVector(tx, ty, 1.0).unit())
        self.gun.GeneratePrimaryVertex(event)


class Recorder(g4.G4UserEventAction):  # type: ignore[misc]
    """Take the energies of the crystals at the end of each event."""

    def __init__(self, energy: NDArray[np.float32]) -> None:
        super().__init__()
        self.energy = energy

    def EndOfEventAction(self, event: Any) -> None:
        """Copy what the scorer summed."""
        number = g4.G4SDManager.GetSDMpointer().GetCollectionID("calorimeter/energy")
        for cell, value in event.GetHCofThisEvent().GetHC(number):
            self.energy[event.GetEventID(), cell] = value


class Actions(g4.G4VUserActionInitialization):  # type: ignore[misc]
    """The gun and the recorder."""

    def __init__(self, job: ShowerJob, axis: NDArray[np.float64], energy: NDArray[np.float32]) -> None:
        super().__init__()
        self.parts = job, axis, energy

    def Build(self) -> None:
        """Hand both to Geant4."""
        job, axis, energy = self.parts
        self.SetUserAction(_keep(Gun(job, axis)))
        self.SetUserAction(_keep(Recorder(energy)))


def draw_axes(job: ShowerJob, pitch_mm: float) -> NDArray[np.float64]:
    """Impacts uniform over the central cell at the reference depth, slopes uniform in size, azimuths random.

    Returns
    -------
    ndarray (showers, 4)
        x, y in mm and slopes along x and y.
    """
    rng = np.random.default_rng(job.seed)
    xy = rng.uniform(-0.5 * pitch_mm, 0.5 * pitch_mm, (job.showers, 2))
    slope = rng.uniform(job.slope_min, job.slope_max, job.showers)
    azimuth = rng.uniform(0.0, 2.0 * np.pi, job.showers)
    return np.column_stack([xy, slope * np.cos(azimuth), slope * np.sin(azimuth)])


def _version(manager: Any) -> str:
    """The word of Geant4's greeting that looks like geant4-11-04-patch-01."""
    words = str(manager.GetVersionString()).split()
    return next(word for word in words if word.startswith("geant4-"))


def run(job: ShowerJob, block: CrystalBlock, out: str) -> None:
    """Make the showers and write them."""
    axis = draw_axes(job, block.pitch_mm)
    energy = np.zeros((job.showers, block.cells**2), dtype=np.float32)
    manager = _keep(g4.G4RunManagerFactory.CreateRunManager(g4.G4RunManagerType.Serial))
    for part in (Calorimeter(block), Physics(), Actions(job, axis, energy)):
        manager.SetUserInitialization(_keep(part))
    manager.Initialize()
    g4.G4Random.setTheSeed(job.seed)
    start = time.perf_counter()
    manager.BeamOn(job.showers)
    seconds = (time.perf_counter() - start) / job.showers
    np.savez(
        out,
        axis=axis,
        energy_mev=energy.reshape(-1, block.cells, block.cells).astype(float),
        seconds_per_shower=seconds,
        geant4=_version(manager),
    )


if __name__ == "__main__":
    request = json.load(sys.stdin)
    run(ShowerJob(**request["job"]), CrystalBlock(**request["block"]), sys.argv[1])
    sys.stdout.flush()
    # Geant4 and Python free the same objects in an order that ends in a segmentation fault.
    os._exit(0)
