"""Bounds of other experiments beside the limit of a view."""

from __future__ import annotations

from functools import lru_cache

from x17.constraints.loading import shipped_bounds
from x17.constraints.plane import NamedBand, constraint_plane
from x17.theory.boson import SpinParity
from x17.workflows.explore.explored_scan import ExploredScan


def bounds_on(explored: ExploredScan) -> tuple[NamedBand, ...]:
    """What other experiments say of the boson that is searched for.

    Parameters
    ----------
    explored : ExploredScan

    Returns
    -------
    tuple of NamedBand
        At the masses of the search.
    """
    return _bands(tuple(explored.q_map.masses.tolist()), explored.choices.boson)


@lru_cache(maxsize=32)
def _bands(masses: tuple[float, ...], boson: SpinParity) -> tuple[NamedBand, ...]:
    import numpy as np

    return constraint_plane(shipped_bounds(), np.array(masses), boson).bands
