"""Where things are in the files that PADME's reconstruction writes, and where its crystals are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from x17.apparatus.calorimeter import Calorimeter
from x17.errors import UsageError

FloatArray = NDArray[np.float64]

TREE = "Events"
"""The tree with an entry a bunch."""

EVENT, HITS, CLUSTERS = "RecoEvent", "ECal_Hits", "ECal_Clusters"
LEAD_GLASS, TARGET = "LeadGlass_Hits", "TargetBeam"

COUNTERS: Mapping[str, str] = {HITS: "fNHits", CLUSTERS: "fNElements"}
"""Leaves that say how many hits or clusters an event has."""

LEAVES: Mapping[str, Mapping[str, str]] = {
    EVENT: {
        "run": "fRunNumber",
        "number": "fEventNumber",
        "trigger_mask": "fTriggerMask",
        "status": "fEventStatus",
    },
    HITS: {"channel": "fHits.fChannelId", "energy": "fHits.fEnergy", "time": "fHits.fTime"},
    CLUSTERS: {
        "channel": "fClus.fChannelId",
        "seed": "fClus.fSeed",
        "n_hits": "fClus.fNHitsInClus",
        "position": "fClus.fPosition",
        "energy": "fClus.fEnergy",
        "time": "fClus.fTime",
    },
    LEAD_GLASS: {
        "charge_pc": "fLGTotalCharge",
        "n_pot": "fLGNPoTs",
        "bunch_length_ns": "fLGBunchLength",
    },
    TARGET: {
        "x_mm": "fXCentroid",
        "y_mm": "fYCentroid",
        "sigma_x_mm": "fXWidth",
        "sigma_y_mm": "fYWidth",
        "charge_x_pc": "fXCharge",
        "charge_y_pc": "fYCharge",
        "n_pot": "fnPOT",
    },
}
"""Branches of the tree, and the names of their leaves that are read.

Names of leaves repeat between detectors: they are looked for below their own branch alone. Source: the
classes TRecoEvent, TRecoVHit, TRecoVCluster, TLeadGlassRecoEvent and TTargetRecoBeam of padme-fw (PadmeRoot).
"""

BEAM_TRIGGER_BIT, SIMULATED_STATUS_BIT = 0, 2
"""Bits of the trigger mask and of the status: the beam fired it, and Geant4 made it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoLattice:
    """Where the reconstruction that wrote a file puts the crystals: not quite where the setup has them.

    Attributes
    ----------
    pitch_mm : float
        From centre to centre. PADME's reconstruction has 21.45 mm, its simulation 21.35 mm.
    offset_x_mm, offset_y_mm : float
        Centre of the matrix.
    """

    pitch_mm: float = 21.45
    offset_x_mm: float = 3.13
    offset_y_mm: float = 3.86

    def __post_init__(self) -> None:
        if not 0.0 < self.pitch_mm < float("inf"):
            raise UsageError(f"crystals {self.pitch_mm:g} mm apart; allowed: above 0")

    def to_setup(
        self, x_mm: ArrayLike, y_mm: ArrayLike, calorimeter: Calorimeter
    ) -> tuple[FloatArray, FloatArray]:
        """Positions in the coordinates of a setup: the same point of the same crystal.

        x' = offset' + (x − offset) · pitch'/pitch, and likewise y, with the setup's values primed.

        Parameters
        ----------
        x_mm, y_mm : array_like
            As the file has them.
        calorimeter : Calorimeter

        Returns
        -------
        x, y : ndarray
            mm.
        """
        scale = calorimeter.pitch_mm / self.pitch_mm
        x = calorimeter.offset_x_mm + scale * (np.asarray(x_mm, dtype=np.float64) - self.offset_x_mm)
        y = calorimeter.offset_y_mm + scale * (np.asarray(y_mm, dtype=np.float64) - self.offset_y_mm)
        return np.asarray(x), np.asarray(y)
