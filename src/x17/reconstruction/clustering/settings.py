"""What can be chosen about clusters; the defaults are PADME's."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from x17.apparatus.calorimeter import Calorimeter
from x17.errors import UsageError
from x17.reconstruction.clustering.containment import Containment


class Algorithm(StrEnum):
    """How hits are gathered around a seed."""

    PADME = "padme"
    """All in a box of crystals around the seed."""
    ISLAND = "island"
    """Those reached from the seed over common sides, downhill in energy."""
    RADIUS = "radius"
    """All in crystals whose centre lies within a radius of the seed's."""


_RANGES = {
    "seed_threshold_mev": (0.0, 1e5, "MeV"),
    "hit_threshold_mev": (0.0, 1e5, "MeV"),
    "window_ns": (0.0, 1e6, "ns"),
    "reach_cells": (0, 99, "crystals"),
    "radius_mm": (0.0, 1e5, "mm"),
    "max_clusters": (1, 10_000, "clusters an event"),
    "max_hits": (1, 10_000, "hits a cluster"),
}
_PADME_BOXES = {2: Containment.BOX_2, 3: Containment.BOX_3}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusteringSettings:
    """Choices about clusters.

    Attributes
    ----------
    algorithm : Algorithm
    seed_threshold_mev, hit_threshold_mev : float or None
        A seed has more energy than the first, any hit of a cluster at least the second; None takes those of
        the calorimeter.
    window_ns : float
        Hits of a cluster are closer than this in time to its seed.
    reach_cells : int
        Half width of the box of `Algorithm.PADME`: |Δix| and |Δiy| up to this.
    radius_mm : float
        Of `Algorithm.RADIUS`, between centres. The default holds the box of ±2 without its corners.
    containment : Containment or None
        Correction of the energy; None takes PADME's polynomial for its own boxes of ±2 and ±3, and none
        where there is no published one.
    max_clusters, max_hits : int
        Of an event and of a cluster; the hits beyond stay unused.

    Raises
    ------
    UsageError
        Settings out of range or unknown, all at once.
    """

    algorithm: Algorithm = Algorithm.PADME
    seed_threshold_mev: float | None = None
    hit_threshold_mev: float | None = None
    window_ns: float = 6.0
    reach_cells: int = 2
    radius_mm: float = 50.0
    containment: Containment | None = None
    max_clusters: int = 600
    max_hits: int = 100

    def __post_init__(self) -> None:
        problems = [
            f"clustering.{name} is {value:g}; allowed: {low:g} to {high:g} {unit}"
            for name, (low, high, unit) in _RANGES.items()
            if (value := getattr(self, name)) is not None and not low <= value <= high
        ]
        problems += [
            f"clustering.{name} is {value!r}; allowed: {', '.join(kind)}"
            for name, kind in (("algorithm", Algorithm), ("containment", Containment))
            if (value := getattr(self, name)) is not None and value not in list(kind)
        ]
        if problems:
            raise UsageError("\n".join(problems))
        # Names as strings, as they come from a file, become members.
        object.__setattr__(self, "algorithm", Algorithm(self.algorithm))
        if self.containment is not None:
            object.__setattr__(self, "containment", Containment(self.containment))

    def resolved(self, calorimeter: Calorimeter) -> ClusteringSettings:
        """Put in the numbers that are left to the calorimeter, and the correction that goes with the rest.

        Parameters
        ----------
        calorimeter : Calorimeter

        Returns
        -------
        ClusteringSettings
            Without None.
        """
        seed, least, containment = self.seed_threshold_mev, self.hit_threshold_mev, self.containment
        if containment is None and self.algorithm is Algorithm.PADME:
            containment = _PADME_BOXES.get(self.reach_cells)
        return replace(
            self,
            seed_threshold_mev=calorimeter.seed_threshold_mev if seed is None else seed,
            hit_threshold_mev=calorimeter.hit_threshold_mev if least is None else least,
            containment=Containment.NONE if containment is None else containment,
        )

    def record(self) -> dict[str, Any]:
        """The settings by name, for JSON.

        Returns
        -------
        dict
        """
        return {name: str(v) if isinstance(v, StrEnum) else v for name, v in asdict(self).items()}
