"""Events of PADME's reconstruction: what its ROOT files hold of every bunch, in the forms of this package."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.reconstruction.clusters import Clusters
from x17.reconstruction.hits import Hits
from x17.reconstruction.padme_layout import BEAM_TRIGGER_BIT, SIMULATED_STATUS_BIT

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class LeadGlassCharges:
    """The lead glass, bunch by bunch; all arrays have shape (n_events,).

    Attributes
    ----------
    charge_pc : ndarray
        Above pedestal, pC.
    n_pot : ndarray
        Positrons, as the file has them: with the constants of the reconstruction that wrote it.
    bunch_length_ns : ndarray
    """

    charge_pc: FloatArray
    n_pot: FloatArray
    bunch_length_ns: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class TargetSpots:
    """The target, bunch by bunch; all arrays have shape (n_events,).

    Attributes
    ----------
    x_mm, y_mm, sigma_x_mm, sigma_y_mm : ndarray
        Centre and width of the spot.
    charge_x_pc, charge_y_pc : ndarray
        Sum of the strips of either side, pC.
    n_pot : ndarray
        Positrons, as the file has them.
    """

    x_mm: FloatArray
    y_mm: FloatArray
    sigma_x_mm: FloatArray
    sigma_y_mm: FloatArray
    charge_x_pc: FloatArray
    charge_y_pc: FloatArray
    n_pot: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class PadmeEvents:
    """Bunches of a PADME file, in the order in which they are there; None for a detector that the file lacks.

    Attributes
    ----------
    first_entry : int
        Entry of the tree that is event 0 here.
    run, number : ndarray of int, shape (n_events,)
        Of the run, and of the event in it.
    trigger_mask, status : ndarray of int, shape (n_events,)
        Bits.
    hits : Hits or None
        Of the crystals.
    clusters : Clusters or None
        As the file has them, in the coordinates of the setup; without the tagger.
    n_clusters_left_out : int
        Clusters that were not usable: no such crystal, or not a finite number.
    lead_glass : LeadGlassCharges or None
    target : TargetSpots or None
    """

    first_entry: int
    run: IntArray
    number: IntArray
    trigger_mask: IntArray
    status: IntArray
    hits: Hits | None
    clusters: Clusters | None
    n_clusters_left_out: int
    lead_glass: LeadGlassCharges | None
    target: TargetSpots | None

    @property
    def n_events(self) -> int:
        """Bunches, those with nothing in them included."""
        return int(self.run.size)

    @property
    def has_beam(self) -> NDArray[np.bool_]:
        """Whether the beam fired the trigger, shape (n_events,)."""
        return np.asarray((self.trigger_mask >> BEAM_TRIGGER_BIT) & 1 == 1)

    @property
    def is_simulated(self) -> NDArray[np.bool_]:
        """Whether the event comes from a simulation, shape (n_events,)."""
        return np.asarray((self.status >> SIMULATED_STATUS_BIT) & 1 == 1)
