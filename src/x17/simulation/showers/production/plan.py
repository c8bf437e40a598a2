"""Which showers a library and its reference are made of."""

from __future__ import annotations

from dataclasses import dataclass, field

from x17.simulation.showers.geometry import CrystalBlock
from x17.simulation.showers.production.job import ShowerJob

LIBRARY_SLOPES = (0.010, 0.100)
"""Slopes at PADME are 15 mrad at the central hole to 85 mrad at the rim, and what the spread of the beam
adds. None below: particles parallel to the crystals run along the gaps, and such showers must not stand for
others."""

REFERENCE_SLOPES = (0.026, 0.075)
"""Slopes of PADME's two-cluster events."""


@dataclass(frozen=True, slots=True)
class ProductionPlan:
    """Particles, energies and numbers of showers.

    Attributes
    ----------
    particles : tuple of int
        PDG codes.
    energies_mev : tuple of float
        Total energies of the library, about evenly spaced in their logarithm.
    showers : int
        Showers kept per particle and energy.
    made_per_kept : int
        Showers made for each one kept.
    reference_energies_mev : tuple of float
        Energies of the reference, between those of the library.
    reference_showers : int
        Showers per particle and energy of the reference.
    seed : int
        The first seed; each job takes the next.
    block : CrystalBlock
        In what.
    """

    particles: tuple[int, ...] = (11, -11, 22)
    energies_mev: tuple[float, ...] = (30.0, 45.0, 65.0, 95.0, 135.0, 185.0, 245.0, 320.0, 420.0)
    showers: int = 5000
    made_per_kept: int = 4
    reference_energies_mev: tuple[float, ...] = (80.0, 160.0, 300.0)
    reference_showers: int = 40_000
    seed: int = 20_251
    block: CrystalBlock = field(default_factory=CrystalBlock)

    def library_jobs(self) -> list[ShowerJob]:
        """Jobs of the library, particle by particle, energies rising."""
        return self._jobs(self.energies_mev, self.showers * self.made_per_kept, self.seed, LIBRARY_SLOPES)

    def reference_jobs(self) -> list[ShowerJob]:
        """Jobs of the reference, in the same order, with seeds of their own."""
        first = self.seed + len(self.particles) * len(self.energies_mev)
        return self._jobs(self.reference_energies_mev, self.reference_showers, first, REFERENCE_SLOPES)

    def _jobs(
        self, energies: tuple[float, ...], showers: int, first_seed: int, slopes: tuple[float, float]
    ) -> list[ShowerJob]:
        pairs = [(pdg, energy) for pdg in self.particles for energy in energies]
        return [
            ShowerJob(pdg, energy, showers, first_seed + i, *slopes) for i, (pdg, energy) in enumerate(pairs)
        ]
