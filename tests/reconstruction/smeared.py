"""Clusters made from where simulated particles arrive, without showers and clustering."""

from dataclasses import dataclass

import numpy as np

from x17.apparatus.setup import Setup
from x17.kinematics import beam_energy_mev
from x17.reconstruction.clusters import Clusters
from x17.simulation.events import EventBatch
from x17.simulation.sample import Process, Sample
from x17.simulation.transport import Arrivals, charge_of, to_calorimeter

DEPTH_MM = 50.0


@dataclass(frozen=True)
class Smearing:
    position_mm: float = 5.0
    energy: float = 0.05
    time_ns: float = 0.9
    depth_mm: float = DEPTH_MM
    lost: float = 0.0
    everywhere: bool = False


def events_of(setup: Setup, process: Process, n: int, seed: int, sqrt_s: float = 16.9) -> EventBatch:
    """About `n` events of equal weight that add up to the rate per positron."""
    sample = Sample(process=process, beam_energy_mev=float(beam_energy_mev(sqrt_s)), n_pot=1.0, pile_up=False)
    rng = np.random.default_rng(seed)
    return sample.generate(setup, n, rng).unweighted(rng)


def smeared_clusters(
    setup: Setup, events: EventBatch, seed: int, smearing: Smearing | None = None
) -> tuple[Clusters, Arrivals]:
    """A cluster for each particle that arrives on the calorimeter and is not lost."""
    smearing = Smearing() if smearing is None else smearing
    rng = np.random.default_rng(seed)
    arrivals = to_calorimeter(events, setup)
    keep = on_calorimeter(setup, arrivals, smearing) & (rng.random(arrivals.x.size) >= smearing.lost)
    particle = arrivals.particle[keep]
    n = particle.size
    energy = events.energy[particle] * (1.0 + smearing.energy * rng.standard_normal(n))
    moved = smearing.position_mm * rng.standard_normal((2, n))
    clusters = Clusters(
        events.n_events,
        events.event[particle],
        np.zeros(n, dtype=np.int64),
        np.full(n, 6),
        energy,
        arrivals.time[keep] + smearing.time_ns * rng.standard_normal(n),
        arrivals.x[keep] + smearing.depth_mm * arrivals.slope_x[keep] + moved[0],
        arrivals.y[keep] + smearing.depth_mm * arrivals.slope_y[keep] + moved[1],
        np.where(charge_of(events.pdg[particle]) != 0.0, 2, 0),
    )
    return clusters, arrivals


def on_calorimeter(setup: Setup, arrivals: Arrivals, smearing: Smearing) -> np.ndarray:
    cell = setup.calorimeter.cells.cell_at(arrivals.x, arrivals.y)
    return np.asarray((cell >= 0) | smearing.everywhere)
