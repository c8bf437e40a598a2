"""Single particles in the calorimeter, and what happens when they come in time with others.

A bunch holds thousands of positrons. Those that scatter elastically into the calorimeter make single
clusters; two of them in time imitate a two-body event, and any of them may lie beside one.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from x17.apparatus.setup import Setup
from x17.errors import UsageError
from x17.simulation.events import POSITRON, EventBatch, concatenate
from x17.simulation.generators.angle_table import AngleTable
from x17.simulation.generators.annihilation import CM2_PER_MICROBARN
from x17.simulation.generators.beam_positrons import draw_positrons
from x17.simulation.generators.reach import narrowest_angle, widest_angle
from x17.simulation.generators.two_body import perpendicular
from x17.theory.target_scattering.atom import Atom
from x17.theory.target_scattering.elastic import elastic_cross_section

FloatArray = NDArray[np.float64]


def _angles(setup: Setup, beam_energy_mev: float, least_angle: float | None) -> AngleTable:
    least = narrowest_angle(setup) if least_angle is None else least_angle
    return _table(beam_energy_mev, least, widest_angle(setup), setup.target.atom)


@lru_cache(maxsize=64)
def _table(beam_energy_mev: float, least_angle: float, widest: float, atom: Atom) -> AngleTable:
    """Elastic scattering against ln θ, where it is smooth: dσ/dln θ = 2π sin θ θ dσ/dΩ."""

    def density(log_angle: FloatArray) -> FloatArray:
        angle = np.exp(log_angle)
        return np.asarray(
            2.0 * math.pi * np.sin(angle) * angle * elastic_cross_section(angle, beam_energy_mev, atom)
        )

    return AngleTable.of(density, math.log(least_angle), math.log(widest))


def single_rate(setup: Setup, beam_energy_mev: float, *, least_angle: float | None = None) -> float:
    """Positrons that scatter elastically towards the calorimeter, per positron on target.

    Parameters
    ----------
    setup : Setup
    beam_energy_mev : float
    least_angle : float, optional
        To the beam, rad; by default that of the hole of the calorimeter.

    Returns
    -------
    float
    """
    integral = _angles(setup, beam_energy_mev, least_angle).integral
    return setup.target.slab.atoms_per_cm2 * CM2_PER_MICROBARN * integral


def generate_singles(
    setup: Setup,
    beam_energy_mev: float,
    n: int,
    rng: np.random.Generator,
    *,
    least_angle: float | None = None,
) -> EventBatch:
    """Generate elastically scattered positrons, one an event.

    Parameters
    ----------
    setup : Setup
    beam_energy_mev : float
        Mean total energy of the beam, MeV.
    n : int
    rng : numpy.random.Generator
    least_angle : float, optional
        To the beam, rad; by default that of the hole of the calorimeter.

    Returns
    -------
    EventBatch
    """
    if n < 1:
        raise UsageError(f"{n} events are asked for; allowed: 1 or more")
    positrons = draw_positrons(setup, beam_energy_mev, n, rng)
    uniform = rng.random((2, n))
    angle = np.exp(_angles(setup, beam_energy_mev, least_angle).draw(uniform[0]))[:, None]
    azimuth = 2.0 * math.pi * uniform[1][:, None]
    first, second = perpendicular(positrons.direction)
    direction = np.cos(angle) * positrons.direction + np.sin(angle) * (
        np.cos(azimuth) * first + np.sin(azimuth) * second
    )
    return EventBatch(
        "single",
        np.full(n, single_rate(setup, beam_energy_mev, least_angle=least_angle) / n),
        np.arange(n),
        np.full(n, POSITRON, dtype=np.int64),
        positrons.energy,
        positrons.momentum[:, None] * direction,
        positrons.vertex,
        positrons.time,
        positrons.energy,
        np.full(n, np.nan),
    )


def generate_accidental_pairs(
    setup: Setup,
    beam_energy_mev: float,
    n: int,
    rng: np.random.Generator,
    *,
    window_ns: float = 10.0,
    least_angle: float | None = None,
) -> EventBatch:
    """Generate pairs of scattered positrons of one bunch that come in time.

    A bunch of N positrons (Poisson) has N²/2 pairs on average, of which a share r (2 − r), r = window/length,
    is in time; each positron scatters with the probability of `single_rate`.

    Parameters
    ----------
    setup : Setup
    beam_energy_mev : float
        Mean total energy of the beam, MeV.
    n : int
    rng : numpy.random.Generator
    window_ns : float
        Largest difference of the times that is generated.
    least_angle : float, optional
        Of both to the beam, rad; by default that of the hole of the calorimeter.

    Returns
    -------
    EventBatch
        Two particles an event; `beam_energy` is that of the first.
    """
    one, other = (generate_singles(setup, beam_energy_mev, n, rng, least_angle=least_angle) for _ in range(2))
    length = setup.beam.bunch_length_ns
    ratio = min(window_ns / length, 1.0)
    # The second of the pair is moved into the window about the first, with the density of a flat bunch.
    late = _in_time(one.time, length, ratio * length, rng)
    pairs = 0.5 * setup.beam.positrons_per_bunch * ratio * (2.0 - ratio)
    rate = pairs * single_rate(setup, beam_energy_mev, least_angle=least_angle) ** 2
    order = np.stack([np.arange(n), n + np.arange(n)], axis=1).ravel()
    both = concatenate([one, other], "accidental")
    time = np.concatenate([one.time, late])
    return EventBatch(
        "accidental",
        np.full(n, rate / n),
        np.repeat(np.arange(n), 2),
        both.pdg[order],
        both.energy[order],
        both.momentum[order],
        both.vertex[order],
        time[order],
        one.beam_energy,
        np.full(n, np.nan),
    )


def _in_time(time: FloatArray, length: float, window: float, rng: np.random.Generator) -> FloatArray:
    """Times within a window of the given ones, inside the bunch."""
    low, high = np.maximum(time - window, 0.0), np.minimum(time + window, length)
    return np.asarray(low + (high - low) * rng.random(time.size))


def add_pile_up(
    events: EventBatch,
    setup: Setup,
    beam_energy_mev: float,
    rng: np.random.Generator,
    *,
    window_ns: float | None = None,
) -> EventBatch:
    """Put the single particles of its bunch beside every event.

    Their number is Poisson with mean positrons per bunch × `single_rate`, times the share of the bunch that
    is within the window.

    Parameters
    ----------
    events : EventBatch
    setup : Setup
    beam_energy_mev : float
    rng : numpy.random.Generator
    window_ns : float, optional
        Largest difference to the time of the event's first particle; the whole bunch by default.

    Returns
    -------
    EventBatch
        The same events and weights, with more particles behind their own.
    """
    mean = setup.beam.positrons_per_bunch * single_rate(setup, beam_energy_mev)
    if window_ns is None:
        number = rng.poisson(mean, events.n_events)
    else:
        low, high = _window(events, setup.beam.bunch_length_ns, window_ns)
        number = rng.poisson(mean * (high - low) / setup.beam.bunch_length_ns)
    total = int(number.sum())
    if total == 0:
        return events
    singles = generate_singles(setup, beam_energy_mev, total, rng)
    beside = singles.time
    if window_ns is not None:
        beside = np.repeat(low, number) + np.repeat(high - low, number) * rng.random(total)
    event = np.concatenate([events.event, np.repeat(np.arange(events.n_events), number)])
    order = np.argsort(event, kind="stable")
    pdg, energy, momentum, vertex = (
        np.concatenate([getattr(events, name), getattr(singles, name)])[order]
        for name in ("pdg", "energy", "momentum", "vertex")
    )
    return EventBatch(
        events.process,
        events.weight,
        event[order],
        pdg,
        energy,
        momentum,
        vertex,
        np.concatenate([events.time, beside])[order],
        events.beam_energy,
        events.cos_theta,
    )


def _window(events: EventBatch, length: float, window: float) -> tuple[FloatArray, FloatArray]:
    """From when to when singles are put beside each event: within the window, inside the bunch."""
    first = np.clip(events.time[np.searchsorted(events.event, np.arange(events.n_events))], 0.0, length)
    return np.maximum(first - window, 0.0), np.minimum(first + window, length)
