"""Limits by toys for the choices of a visitor: seconds of work that can be given up for newer choices."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from x17.errors import X17Error
from x17.statistics.limit_scan import scan_limits
from x17.workflows.explore.explored_scan import ExploredScan
from x17.workflows.explore.state import Choices

FloatArray = NDArray[np.float64]

N_MASSES = 26
"""Masses at which toys are made: fewer than a search has, so that they follow within seconds."""
N_COUPLINGS = 12
"""Couplings of the grid; more are added where the limit lies."""


class Superseded(X17Error):
    """The work was given up because other choices were made since."""


@dataclass(frozen=True, slots=True, eq=False)
class ToyCurve:
    """Limits by toy CLs against the mass.

    Attributes
    ----------
    mass_mev : ndarray, shape (n,)
        Rising.
    g_limit : ndarray, shape (n,)
        Upper limit on g_ve.
    n_toys : int
        Of each hypothesis at each (M, g).
    choices : Choices
        What they were made with: for other ones the curve is older.
    """

    mass_mev: FloatArray
    g_limit: FloatArray
    n_toys: int
    choices: Choices


def toy_curve(explored: ExploredScan, n_toys: int, stop: threading.Event, *, workers: int = 1) -> ToyCurve:
    """Make toys and read the limits off.

    Parameters
    ----------
    explored : ExploredScan
    n_toys : int
        Of each hypothesis at each (M, g).
    stop : Event
        Set it to give the work up.
    workers : int
        Threads; the result does not depend on it.

    Returns
    -------
    ToyCurve

    Raises
    ------
    Superseded
        `stop` was set.
    """

    def check(what: str, done: int, total: int) -> None:
        del what, done, total
        if stop.is_set():
            raise Superseded("other choices were made")

    settings = replace(explored.settings.limit, toys=n_toys)
    masses = _thinned(explored.settings.masses, N_MASSES)
    couplings = _thinned(explored.settings.couplings, N_COUPLINGS)
    points = scan_limits(
        explored.model, explored.data, masses, couplings, settings, workers=workers, progress=check
    )
    found = [
        (point.mass_mev, point.toy.coupling)
        for point in points
        if point.toy and point.toy.coupling is not None
    ]
    mass, limit = np.array(found, dtype=np.float64).reshape(-1, 2).T
    return ToyCurve(mass, limit, n_toys, explored.choices)


def _thinned(values: FloatArray, at_most: int) -> FloatArray:
    """Values at even distances, the first and the last among them."""
    if values.size <= at_most:
        return values
    return np.asarray(values[np.unique(np.linspace(0, values.size - 1, at_most).round().astype(int))])
