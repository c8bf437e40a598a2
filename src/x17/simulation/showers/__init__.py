"""Showers in crystals: a library of showers made with Geant4, and the sampler that draws from it."""

from x17.simulation.showers.geometry import CrystalBlock
from x17.simulation.showers.library import ShowerLibrary
from x17.simulation.showers.patches import ShowerPatches

__all__ = ["CrystalBlock", "ShowerLibrary", "ShowerPatches"]
