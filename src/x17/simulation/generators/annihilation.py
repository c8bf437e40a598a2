"""e⁺e⁻ → e⁺e⁻ and e⁺e⁻ → γγ in the target, at tree level."""

from __future__ import annotations

import math
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from x17.apparatus.setup import Setup
from x17.constants import ELECTRON_MASS_MEV
from x17.errors import UsageError
from x17.kinematics import sqrt_s_mev
from x17.simulation.events import ELECTRON, PHOTON, POSITRON, EventBatch
from x17.simulation.generators import reach
from x17.simulation.generators.angle_table import AngleTable
from x17.simulation.generators.beam_positrons import draw_positrons
from x17.simulation.generators.two_body import decay
from x17.theory.qed.born_bhabha import bhabha_differential
from x17.theory.qed.born_two_photon import two_photon_differential

FloatArray = NDArray[np.float64]

CM2_PER_MICROBARN = 1e-30


class Annihilation(StrEnum):
    """What becomes of the pair."""

    ELECTRONS = "ee"
    PHOTONS = "gg"


def annihilation_rate(setup: Setup, process: Annihilation, sqrt_s: float, widest_cosine: float) -> float:
    """Pairs per positron on target with |cos θ*| below a limit.

    n_e d ∫ dσ/dΩ dΩ; identical photons are counted once.

    Parameters
    ----------
    setup : Setup
        Its target.
    process : Annihilation
    sqrt_s : float
        MeV.
    widest_cosine : float
        Largest |cos θ*|.

    Returns
    -------
    float
    """
    table = _table(process, sqrt_s, widest_cosine)
    azimuths = 2.0 * math.pi if process is Annihilation.ELECTRONS else math.pi
    return azimuths * table.integral * CM2_PER_MICROBARN * setup.target.slab.electrons_per_cm2


def generate_annihilation(
    setup: Setup,
    process: Annihilation,
    beam_energy_mev: float,
    n: int,
    rng: np.random.Generator,
    *,
    widest_cosine: float | None = None,
    k_factor: float = 1.0,
    weighted: bool = False,
) -> EventBatch:
    """Generate pairs.

    The angle follows the cross section at the mean energy; the small change of the rate with the energy of a
    positron is in its weight.

    Parameters
    ----------
    setup : Setup
    process : Annihilation
    beam_energy_mev : float
        Mean total energy of the beam, MeV.
    n : int
        Events.
    rng : numpy.random.Generator
    widest_cosine : float, optional
        Largest |cos θ*|, below 1; wider than what the selection of the setup takes by default.
    k_factor : float
        Ratio of the true to the tree-level rate.
    weighted : bool
        Draw cos θ* evenly and leave the cross section to the weights.

    Returns
    -------
    EventBatch
        First the electron (cos θ* is its angle to the incoming electron's direction), then the positron;
        or two photons, `cos_theta` that of the first.

    Raises
    ------
    UsageError
        No events, or a cosine outside 0 to 1.
    """
    if n < 1:
        raise UsageError(f"{n} events are asked for; allowed: 1 or more")
    nominal = float(sqrt_s_mev(beam_energy_mev))
    widest_cosine = reach.widest_cosine(setup, nominal) if widest_cosine is None else widest_cosine
    if not 0.0 < widest_cosine < 1.0:
        raise UsageError(f"the largest |cos θ*| is {widest_cosine:g}; allowed: between 0 and 1")
    positrons = draw_positrons(setup, beam_energy_mev, n, rng)
    uniform = rng.random((2, n))
    table = _table(process, nominal, widest_cosine)
    rate = k_factor * annihilation_rate(setup, process, nominal, widest_cosine) / n
    if weighted:
        cosine = widest_cosine * (2.0 * uniform[0] - 1.0)
        mean = table.integral / (2.0 * widest_cosine)
        weight = rate * _differential(process, nominal, cosine) / mean
    else:
        cosine = table.draw(uniform[0])
        weight = np.full(n, rate)
    # Both cross sections fall as 1/s at fixed angle, up to terms in m²/s.
    weight = weight * beam_energy_mev / positrons.energy
    mass = ELECTRON_MASS_MEV if process is Annihilation.ELECTRONS else 0.0
    # The incoming electron moves against the beam in the centre-of-mass frame.
    along_beam = -cosine if process is Annihilation.ELECTRONS else cosine
    products = decay(
        positrons.energy + ELECTRON_MASS_MEV,
        positrons.momentum,
        positrons.direction,
        mass,
        along_beam,
        2.0 * math.pi * uniform[1],
    )
    pdg = (ELECTRON, POSITRON) if process is Annihilation.ELECTRONS else (PHOTON, PHOTON)
    return EventBatch(
        process.value,
        weight,
        np.repeat(np.arange(n), 2),
        np.tile(np.array(pdg, dtype=np.int64), n),
        products.energy.ravel(),
        products.momentum.reshape(-1, 3),
        np.repeat(positrons.vertex, 2, axis=0),
        np.repeat(positrons.time, 2),
        positrons.energy,
        cosine,
    )


def _differential(process: Annihilation, sqrt_s: float, cosine: FloatArray) -> FloatArray:
    if process is Annihilation.ELECTRONS:
        return bhabha_differential(sqrt_s, cosine)
    return two_photon_differential(sqrt_s, cosine)


def _table(process: Annihilation, sqrt_s: float, widest_cosine: float) -> AngleTable:
    return AngleTable.of(lambda c: _differential(process, sqrt_s, c), -widest_cosine, widest_cosine)
