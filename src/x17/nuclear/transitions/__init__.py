"""Nuclei, the reactions that excite them, their levels and the transitions between levels."""

from x17.nuclear.transitions.levels import Level, Transition, levels_of, nearest_level, transitions_of
from x17.nuclear.transitions.nuclei import Nucleus, nucleus_of
from x17.nuclear.transitions.reactions import REACTIONS, Reaction, reaction_of

__all__ = [
    "REACTIONS",
    "Level",
    "Nucleus",
    "Reaction",
    "Transition",
    "levels_of",
    "nearest_level",
    "nucleus_of",
    "reaction_of",
    "transitions_of",
]
