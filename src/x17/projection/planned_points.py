"""Energy points of a run that has not been taken: energies and positrons, and how they are changed."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from x17.apparatus import Setup
from x17.constants import PUBLISHED_ELECTRON_MASS_MEV
from x17.errors import UsageError
from x17.kinematics import beam_energy_mev, sqrt_s_mev
from x17.scan import EnergyScan

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_SMALL_GAP = 0.5
"""No point is put into a gap narrower than this share of the median gap."""


@dataclass(frozen=True, slots=True, eq=False)
class PlannedPoints:
    """Energy points by rising √s; arrays have shape (n,).

    Attributes
    ----------
    sqrt_s_mev : ndarray
        MeV.
    n_pot : ndarray
        Positrons on target.
    scan_part : ndarray of int
        The scan a point belongs to.
    electron_mass_mev : float
        With which √s and beam energies belong together; that of the published model by default.
    """

    sqrt_s_mev: FloatArray
    n_pot: FloatArray
    scan_part: IntArray
    electron_mass_mev: float = PUBLISHED_ELECTRON_MASS_MEV

    def __len__(self) -> int:
        return int(self.sqrt_s_mev.size)

    @property
    def beam_energy_mev(self) -> FloatArray:
        """Total energy of the positrons, MeV."""
        return beam_energy_mev(self.sqrt_s_mev, self.electron_mass_mev)

    @property
    def energy_step_mev(self) -> float:
        """Median distance of neighbours in beam energy, MeV."""
        return float(np.median(np.diff(self.beam_energy_mev)))

    def times(self, factor: float) -> PlannedPoints:
        """The same energies with more positrons.

        Parameters
        ----------
        factor : float

        Returns
        -------
        PlannedPoints
        """
        return replace(self, n_pot=factor * self.n_pot)


def _sorted(sqrt_s: FloatArray, n_pot: FloatArray, part: IntArray) -> PlannedPoints:
    order = np.argsort(sqrt_s, kind="stable")
    return PlannedPoints(sqrt_s[order], n_pot[order], part[order])


def points_of_scan(scan: EnergyScan) -> PlannedPoints:
    """The points that a scan searches.

    Parameters
    ----------
    scan : EnergyScan

    Returns
    -------
    PlannedPoints
    """
    points = scan.search_points()
    return PlannedPoints(points.sqrt_s_mev.copy(), points.n_pot.copy(), points.scan_part.copy())


def points_of_setup(setup: Setup) -> PlannedPoints:
    """The points of a run plan that are to be searched.

    Parameters
    ----------
    setup : Setup

    Returns
    -------
    PlannedPoints

    Raises
    ------
    UsageError
        A run plan without periods of part 0 or above.
    """
    plan = setup.run_plan
    searched = plan.scan_part >= 0
    if not searched.any():
        raise UsageError(
            f"{setup.name}: its run plan has no period to be searched (scan_part 0 or above); add "
            "[run_plan] periods to the setup, or name energies with --energies LO:HI:N --positrons TOTAL"
        )
    return _sorted(plan.sqrt_s_mev[searched], plan.n_pot[searched], plan.scan_part[searched])


def even_points(
    beam_energies_mev: FloatArray, positrons: float, electron_mass: float = PUBLISHED_ELECTRON_MASS_MEV
) -> PlannedPoints:
    """Points at given energies that share positrons evenly.

    Parameters
    ----------
    beam_energies_mev : ndarray, shape (n,)
        Total energies, MeV.
    positrons : float
        On target, of all points together.
    electron_mass : float
        MeV.

    Returns
    -------
    PlannedPoints
    """
    n = beam_energies_mev.size
    sqrt_s = sqrt_s_mev(beam_energies_mev, electron_mass)
    even = _sorted(sqrt_s, np.full(n, positrons / n), np.zeros(n, dtype=np.int64))
    return replace(even, electron_mass_mev=electron_mass)


def at_half_step(points: PlannedPoints) -> PlannedPoints:
    """Put a point into the middle of each gap; all points together keep their positrons.

    New points get the mean of their neighbours, then all are scaled down to the sum there was. They are a
    scan part of their own. Gaps narrower than half the median gap are left as they are.

    Parameters
    ----------
    points : PlannedPoints

    Returns
    -------
    PlannedPoints
    """
    energy = points.beam_energy_mev
    wide = np.flatnonzero(np.diff(energy) > _SMALL_GAP * points.energy_step_mev)
    between = sqrt_s_mev(0.5 * (energy[wide] + energy[wide + 1]), points.electron_mass_mev)
    n_pot = np.concatenate([points.n_pot, 0.5 * (points.n_pot[wide] + points.n_pot[wide + 1])])
    part = np.full(wide.size, points.scan_part.max() + 1, dtype=np.int64)
    finer = _sorted(
        np.concatenate([points.sqrt_s_mev, between]),
        n_pot * (points.n_pot.sum() / n_pot.sum()),
        np.concatenate([points.scan_part, part]),
    )
    return replace(finer, electron_mass_mev=points.electron_mass_mev)
