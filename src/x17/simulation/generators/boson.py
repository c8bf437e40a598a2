"""e⁺e⁻ → X → e⁺e⁻ on the electrons of the target, with their motion and the flight of the boson."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from x17.apparatus.setup import Setup
from x17.constants import ELECTRON_MASS_MEV
from x17.errors import UsageError
from x17.simulation.events import ELECTRON, POSITRON, EventBatch
from x17.simulation.generators.angle_table import AngleTable
from x17.simulation.generators.annihilation import CM2_PER_MICROBARN
from x17.simulation.generators.beam_positrons import SPEED_OF_LIGHT_MM_NS, draw_positrons
from x17.simulation.generators.two_body import decay
from x17.theory.boson import Boson
from x17.theory.compton import ComptonProfile
from x17.theory.production import momentum_distribution

FloatArray = NDArray[np.float64]


def boson_rate(
    setup: Setup, boson: Boson, beam_energy_mev: float, profile: ComptonProfile | None
) -> tuple[float, FloatArray, FloatArray]:
    """Bosons per positron on target, and the beam energies that make them.

    n_e d Σ_k a_k Gauss(E_k; E, σ): the electrons of momentum k take energy E_k, which the beam has with the
    density of its spread (`x17.theory.production`).

    Parameters
    ----------
    setup : Setup
        Its target and beam spread.
    boson : Boson
    beam_energy_mev : float
        Mean total energy, MeV.
    profile : ComptonProfile or None
        Motion of the electrons; None for electrons at rest.

    Returns
    -------
    rate : float
    energy : ndarray, shape (n,)
        MeV.
    probability : ndarray, shape (n,)
        Sums to one; all zero if the boson cannot be made.
    """
    energy, area = momentum_distribution(boson, profile)
    sigma = setup.beam.energy_spread * beam_energy_mev
    gauss = np.exp(-0.5 * ((energy - beam_energy_mev) / sigma) ** 2) / (sigma * math.sqrt(2.0 * math.pi))
    shares = area * gauss
    total = float(shares.sum())
    rate = total * CM2_PER_MICROBARN * setup.target.slab.electrons_per_cm2
    return rate, energy, shares / total if total > 0.0 else shares


def generate_boson(
    setup: Setup,
    boson: Boson,
    beam_energy_mev: float,
    n: int,
    rng: np.random.Generator,
    *,
    profile: ComptonProfile | None = None,
) -> EventBatch:
    """Generate bosons and their decays.

    Parameters
    ----------
    setup : Setup
    boson : Boson
        With a coupling above 0.
    beam_energy_mev : float
        Mean total energy of the beam, MeV.
    n : int
        Events.
    rng : numpy.random.Generator
    profile : ComptonProfile, optional
        Motion of the electrons; at rest by default.

    Returns
    -------
    EventBatch
        Electron, then positron; their vertex is where the boson decays, after an exponential flight. All
        angles are there: the decay is not cut.

    Raises
    ------
    UsageError
        No events, no coupling, or a beam energy at which the boson is never made.
    """
    if n < 1:
        raise UsageError(f"{n} events are asked for; allowed: 1 or more")
    if boson.g_ve <= 0.0:
        raise UsageError("a boson without coupling is never made; give a coupling above 0")
    rate, energies, probability = boson_rate(setup, boson, beam_energy_mev, profile)
    if rate <= 0.0:
        raise UsageError(
            f"a boson of {boson.mass_mev:g} MeV is never made by positrons of {beam_energy_mev:g} MeV; "
            f"it resonates near {float(np.median(energies)):.1f} MeV"
        )
    uniform = rng.random((3, n))
    flight = rng.standard_exponential(n)
    made_by = energies[np.searchsorted(np.cumsum(probability), uniform[0] * (1.0 - 1e-12))]
    positrons = draw_positrons(setup, beam_energy_mev, n, rng, made_by)
    # The electron's energy is m_e up to eV; its momentum puts the pair on the mass of the boson.
    energy = positrons.energy + ELECTRON_MASS_MEV
    momentum = np.sqrt(energy**2 - boson.mass_mev**2)
    table = AngleTable.of(boson.decay_density, -1.0, 1.0)
    cosine = table.draw(uniform[1])
    products = decay(
        energy, momentum, positrons.direction, ELECTRON_MASS_MEV, -cosine, 2.0 * math.pi * uniform[2]
    )
    length = flight * boson.decay_length_mm(energy)
    vertex = positrons.vertex + length[:, None] * positrons.direction
    time = positrons.time + length * energy / momentum / SPEED_OF_LIGHT_MM_NS
    return EventBatch(
        "X",
        np.full(n, rate / n),
        np.repeat(np.arange(n), 2),
        np.tile(np.array([ELECTRON, POSITRON], dtype=np.int64), n),
        products.energy.ravel(),
        products.momentum.reshape(-1, 3),
        np.repeat(vertex, 2, axis=0),
        np.repeat(time, 2),
        positrons.energy,
        cosine,
    )
