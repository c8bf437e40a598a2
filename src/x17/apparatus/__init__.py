"""The apparatus: a setup file → beam, target, calorimeter and what stands around them, validated."""

from x17.apparatus.loading import load_setup
from x17.apparatus.setup import Setup

__all__ = ["Setup", "load_setup"]
