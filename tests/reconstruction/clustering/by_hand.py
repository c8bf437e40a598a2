"""Hits made by hand."""

from collections.abc import Sequence

import numpy as np

from x17.apparatus.calorimeter import Calorimeter
from x17.reconstruction.hits import Hits

ByHand = tuple[int, int, float, float]
"""Column, row, energy, time."""


def hits_of(calorimeter: Calorimeter, *events: Sequence[ByHand]) -> Hits:
    """One list of hits an event."""
    flat = [(number, *hit) for number, event in enumerate(events) for hit in event]
    owner, column, row, energy, time = (
        (np.array(values) for values in zip(*flat, strict=True)) if flat else (np.zeros(0) for _ in range(5))
    )
    channel = 100 * column + row
    return Hits.of_channels(len(events), owner, channel, energy, time, calorimeter)
