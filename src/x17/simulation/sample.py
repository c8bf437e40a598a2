"""What is to be simulated: a process at one beam energy, and how many events a number of positrons makes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from x17.apparatus.setup import Setup
from x17.errors import UsageError
from x17.kinematics import sqrt_s_mev
from x17.simulation.events import EventBatch
from x17.simulation.fiducial import least_angle_rad, least_energy_mev
from x17.simulation.generators.annihilation import Annihilation, annihilation_rate, generate_annihilation
from x17.simulation.generators.boson import boson_rate, generate_boson
from x17.simulation.generators.reach import narrowest_angle, widest_cosine
from x17.simulation.generators.single_positrons import generate_accidental_pairs
from x17.simulation.generators.target_radiation import (
    LEAST_ENERGY_MEV,
    bremsstrahlung_rate,
    generate_bremsstrahlung,
    least_wide_angle,
)
from x17.theory.boson import Boson

EVENTS_PER_BLOCK = 5000
MOST_EVENTS = 1e9
"""Events of one sample: 500 GB on disk."""
MOST_OF_ALL = 1e6
"""Of margins, windows and factors."""

_COUNT, _EVENTS, _LOSSES = 11, 12, 15
"""What random numbers are for, so that no two purposes share a stream."""
_BREMSSTRAHLUNG_DRAWS = 30
"""Draws for one unweighted event of bremsstrahlung, with something to spare."""


class Process(StrEnum):
    """What a positron does in the target."""

    ELECTRONS = "ee"
    PHOTONS = "gg"
    BOSON = "X"
    BREMSSTRAHLUNG = "bremsstrahlung"
    ACCIDENTAL = "accidental"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A process at one beam energy, in a run of a period.

    Attributes
    ----------
    process : Process
    beam_energy_mev : float
        Mean total energy, MeV.
    n_pot : float
        Positrons on target.
    period : int
        Number of the period, for the random numbers and the record.
    boson : Boson or None
        For `Process.BOSON` alone.
    pile_up : bool
        Put the single positrons of the bunch beside every event.
    run : int
        Number of the run in its period, for the random numbers and the record.
    fiducial_margin_mm : float or None
        Keep only events near the two-cluster selection, by this margin; all of them by default.
        Bremsstrahlung and accidental pairs are then generated, and counted, in a region of energies and
        angles that holds everything that can be kept.
    pile_up_window_ns : float or None
        Largest time between the event and the single positrons beside it; the whole bunch by default.
    k_factor : float
        By which the tree-level rate of pairs of electrons and of photons is multiplied.

    Raises
    ------
    UsageError
        No positrons, or a boson where there must be none, or none where there must be one; a negative run or
        margin, a window or factor not above 0.
    """

    process: Process
    beam_energy_mev: float
    n_pot: float
    period: int = 0
    boson: Boson | None = None
    pile_up: bool = True
    run: int = 0
    fiducial_margin_mm: float | None = None
    pile_up_window_ns: float | None = None
    k_factor: float = 1.0

    def __post_init__(self) -> None:
        if not 0.0 < self.n_pot < float("inf"):
            raise UsageError(f"{self.n_pot:g} positrons on target; allowed: above 0")
        if (self.boson is None) == (self.process is Process.BOSON):
            raise UsageError(f"process {self.process} with boson {self.boson}; X needs one, others have none")
        if self.run < 0:
            raise UsageError(f"run {self.run}; allowed: 0 or above")
        for name, value, least in (
            ("margin about the selection", self.fiducial_margin_mm, 0.0),
            ("window of the pile-up", self.pile_up_window_ns, 1e-3),
            ("K factor", self.k_factor, 1e-3),
        ):
            if value is not None and not least <= value <= MOST_OF_ALL:
                raise UsageError(f"{name} {value:g}; allowed: {least:g} to {MOST_OF_ALL:g}")

    def rate_per_pot(self, setup: Setup) -> float:
        """Events per positron on target.

        Parameters
        ----------
        setup : Setup

        Returns
        -------
        float
            Exact, but for bremsstrahlung: a Monte-Carlo integral to 0.2 %, always the same.
        """
        energy = self.beam_energy_mev
        if self.boson is not None:
            return boson_rate(setup, self.boson, energy, setup.target.electron_momenta)[0]
        if self.process is Process.BREMSSTRAHLUNG:
            least_energy, least_angle = self._bremsstrahlung_region(setup)
            return bremsstrahlung_rate(setup, energy, least_energy_mev=least_energy, least_angle=least_angle)
        if self.process is Process.ACCIDENTAL:
            return self._accidental(setup, 1, np.random.default_rng(0)).rate_per_pot
        kind = Annihilation(self.process.value)
        sqrt_s = float(sqrt_s_mev(energy))
        return self.k_factor * annihilation_rate(setup, kind, sqrt_s, widest_cosine(setup, sqrt_s))

    def generate(self, setup: Setup, n: int, rng: np.random.Generator) -> EventBatch:
        """Draw about `n` events, weighted.

        Parameters
        ----------
        setup : Setup
        n : int
        rng : numpy.random.Generator

        Returns
        -------
        EventBatch
            At least `n` events are left after `EventBatch.unweighted`, most of the time.
        """
        energy = self.beam_energy_mev
        if self.boson is not None:
            profile = setup.target.electron_momenta
            return generate_boson(setup, self.boson, energy, n, rng, profile=profile)
        if self.process is Process.BREMSSTRAHLUNG:
            least_energy, least_angle = self._bremsstrahlung_region(setup)
            n_drawn = _BREMSSTRAHLUNG_DRAWS * (n + 10)
            return generate_bremsstrahlung(
                setup, energy, n_drawn, rng, least_energy_mev=least_energy, least_angle=least_angle
            )
        if self.process is Process.ACCIDENTAL:
            return self._accidental(setup, n, rng)
        # The weights follow the energy of the positron and differ by one or two per cent.
        return generate_annihilation(setup, Annihilation(self.process.value), energy, n + n // 20 + 10, rng)

    def _bremsstrahlung_region(self, setup: Setup) -> tuple[float, float]:
        """Least energy, MeV, and angle, rad, of what is generated."""
        if self.fiducial_margin_mm is None:
            return LEAST_ENERGY_MEV, least_wide_angle(setup)
        energy = least_energy_mev(setup, self.beam_energy_mev)
        angle = least_angle_rad(setup, self.beam_energy_mev, self.fiducial_margin_mm)
        return max(LEAST_ENERGY_MEV, energy), max(least_wide_angle(setup), angle)

    def _accidental(self, setup: Setup, n: int, rng: np.random.Generator) -> EventBatch:
        angle = narrowest_angle(setup)
        if self.fiducial_margin_mm is not None:
            angle = max(angle, least_angle_rad(setup, self.beam_energy_mev, self.fiducial_margin_mm))
        return generate_accidental_pairs(setup, self.beam_energy_mev, n, rng, least_angle=angle)

    def stream(self, seed: int, *key: int) -> np.random.Generator:
        """Random numbers of this run of a period and process.

        Parameters
        ----------
        seed : int
        *key : int
            What they are for.

        Returns
        -------
        numpy.random.Generator
        """
        purpose, *rest = key
        number = list(Process).index(self.process)
        # Numbers of periods may be negative; keys may not.
        spawn_key = (purpose, self.period % 2**32, number, *rest, *([self.run] if self.run else []))
        return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=spawn_key))


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedSample:
    """A sample whose number of events is drawn.

    Attributes
    ----------
    sample : Sample
    seed : int
    rate_per_pot : float
        Events per positron on target.
    n_events : int
        Generated: Poisson with mean rate × positrons.
    """

    sample: Sample
    seed: int
    rate_per_pot: float
    n_events: int

    @classmethod
    def draw(
        cls, setup: Setup, sample: Sample, seed: int, *, rate_per_pot: float | None = None
    ) -> PlannedSample:
        """Draw the number of events.

        Parameters
        ----------
        setup : Setup
        sample : Sample
        seed : int
            0 or more.
        rate_per_pot : float, optional
            That of the sample, if it is known already.

        Returns
        -------
        PlannedSample

        Raises
        ------
        UsageError
            A negative seed, or more events than can be kept.
        """
        if seed < 0:
            raise UsageError(f"the seed is {seed}; allowed: 0 or above")
        rate = sample.rate_per_pot(setup) if rate_per_pot is None else rate_per_pot
        if rate * sample.n_pot > MOST_EVENTS:
            raise UsageError(
                f"{sample.n_pot:g} positrons make {rate * sample.n_pot:.3g} events of {sample.process}; "
                f"allowed: at most {MOST_EVENTS:g}, so {MOST_EVENTS / rate:.3g} positrons"
            )
        number = int(sample.stream(seed, _COUNT).poisson(rate * sample.n_pot))
        return cls(sample=sample, seed=seed, rate_per_pot=rate, n_events=number)

    @property
    def expected(self) -> float:
        """Mean number of events."""
        return self.rate_per_pot * self.sample.n_pot

    @property
    def n_blocks(self) -> int:
        """Blocks of at most 5000 events."""
        return -(-self.n_events // EVENTS_PER_BLOCK)

    def events_in(self, block: int) -> int:
        """Events of a block.

        Parameters
        ----------
        block : int
            From 0.

        Returns
        -------
        int

        Raises
        ------
        UsageError
            There is no such block.
        """
        if not 0 <= block < self.n_blocks:
            raise UsageError(f"block {block} of {self.n_blocks}; allowed: 0 to {self.n_blocks - 1}")
        return min(EVENTS_PER_BLOCK, self.n_events - block * EVENTS_PER_BLOCK)

    def block_stream(self, block: int) -> np.random.Generator:
        """Random numbers of a block.

        Parameters
        ----------
        block : int

        Returns
        -------
        numpy.random.Generator
        """
        return self.sample.stream(self.seed, _EVENTS, block)

    def loss_stream(self, block: int) -> np.random.Generator:
        """Random numbers for the showers that a block loses.

        Parameters
        ----------
        block : int

        Returns
        -------
        numpy.random.Generator
        """
        return self.sample.stream(self.seed, _LOSSES, block)
