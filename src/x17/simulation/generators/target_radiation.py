"""Bremsstrahlung in the target, photon and positron both at wide angles."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from x17.apparatus.setup import Setup
from x17.constants import ELECTRON_MASS_MEV
from x17.simulation.events import PHOTON, POSITRON, EventBatch
from x17.simulation.generators.annihilation import CM2_PER_MICROBARN
from x17.simulation.generators.beam_positrons import draw_positrons
from x17.simulation.generators.reach import narrowest_angle, widest_angle
from x17.simulation.generators.two_body import perpendicular
from x17.theory.target_scattering.atom import Atom
from x17.theory.target_scattering.sampling import BremsstrahlungRegion, sample_bremsstrahlung

FloatArray = NDArray[np.float64]

LEAST_ENERGY_MEV = 15.0
"""Of photon and positron: softer ones make no cluster."""
_INSIDE = 1.5
"""By which its angles begin further inside than where anything is seen: the beam has a width."""

_RATE_DRAWS = 2**20
"""Draws behind a rate: 0.2 %."""


def least_wide_angle(setup: Setup) -> float:
    """Angle inside which the hole takes photon or positron, rad: 0.01 at PADME.

    Parameters
    ----------
    setup : Setup

    Returns
    -------
    float
    """
    return narrowest_angle(setup) / _INSIDE


def bremsstrahlung_rate(
    setup: Setup, beam_energy_mev: float, *, least_energy_mev: float, least_angle: float
) -> float:
    """Bremsstrahlung in the region of `generate_bremsstrahlung`, per positron on target.

    A Monte-Carlo integral to 0.2 %, always the same, and made once for each energy and region.

    Parameters
    ----------
    setup : Setup
        Its target.
    beam_energy_mev, least_energy_mev, least_angle : float
        As there.

    Returns
    -------
    float
    """
    atoms = setup.target.slab.atoms_per_cm2 * CM2_PER_MICROBARN
    region = _region(setup, beam_energy_mev, least_energy_mev, least_angle)
    return _rate(region, setup.target.atom, atoms)


@lru_cache(maxsize=1024)
def _rate(region: BremsstrahlungRegion, atom: Atom, atoms: float) -> float:
    seed = int(np.random.default_rng(0).integers(2**63))
    events = sample_bremsstrahlung(region, _RATE_DRAWS, seed, atom)
    return float((events.weight_microbarn * atoms).sum())


def _region(
    setup: Setup, beam_energy_mev: float, least_energy_mev: float, least_angle: float
) -> BremsstrahlungRegion:
    angles = (least_angle, widest_angle(setup))
    return BremsstrahlungRegion(
        beam_energy_mev,
        (least_energy_mev, beam_energy_mev - least_energy_mev),
        angles,
        angles,
    )


def generate_bremsstrahlung(
    setup: Setup,
    beam_energy_mev: float,
    n_drawn: int,
    rng: np.random.Generator,
    *,
    least_energy_mev: float = LEAST_ENERGY_MEV,
    least_angle: float | None = None,
) -> EventBatch:
    """Generate bremsstrahlung whose photon and positron can both reach the calorimeter.

    Parameters
    ----------
    setup : Setup
    beam_energy_mev : float
        Mean total energy of the beam, MeV.
    n_drawn : int
        Draws; those outside the region are lost, about one in ten is kept.
    rng : numpy.random.Generator
    least_energy_mev : float
        Of photon and positron.
    least_angle : float, optional
        Of both to the beam, rad; by default that inside which the hole takes them.

    Returns
    -------
    EventBatch
        Weighted; the photon, then the positron. `cos_theta` is NaN: a nucleus took part.
    """
    least_angle = least_wide_angle(setup) if least_angle is None else least_angle
    region = _region(setup, beam_energy_mev, least_energy_mev, least_angle)
    events = sample_bremsstrahlung(region, n_drawn, int(rng.integers(2**63)), setup.target.atom)
    n = events.weight_microbarn.size
    atoms = setup.target.slab.atoms_per_cm2 * CM2_PER_MICROBARN
    positrons = draw_positrons(setup, beam_energy_mev, n, rng)
    first, second = perpendicular(positrons.direction)
    momenta = []
    for size, angle, azimuth in (
        (events.photon_energy_mev, events.photon_angle, events.photon_azimuth),
        (_momentum(events.positron_energy_mev), events.positron_angle, events.positron_azimuth),
    ):
        across = np.sin(angle)[:, None] * (
            np.cos(azimuth)[:, None] * first + np.sin(azimuth)[:, None] * second
        )
        momenta.append(size[:, None] * (np.cos(angle)[:, None] * positrons.direction + across))
    return EventBatch(
        "bremsstrahlung",
        events.weight_microbarn * atoms,
        np.repeat(np.arange(n), 2),
        np.tile(np.array([PHOTON, POSITRON], dtype=np.int64), n),
        np.stack([events.photon_energy_mev, events.positron_energy_mev], axis=1).ravel(),
        np.stack(momenta, axis=1).reshape(-1, 3),
        np.repeat(positrons.vertex, 2, axis=0),
        np.repeat(positrons.time, 2),
        positrons.energy,
        np.full(n, np.nan),
    )


def _momentum(energy: FloatArray) -> FloatArray:
    return np.asarray(np.sqrt(np.maximum(energy**2 - ELECTRON_MASS_MEV**2, 0.0)))
