"""Pairs of a source through a spectrometer."""

from __future__ import annotations

import math
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from x17.constants import ELECTRON_MASS_MEV
from x17.errors import UsageError
from x17.nuclear.spectrometers.kernel import trace_pairs
from x17.nuclear.spectrometers.measured_pairs import MeasuredPairs
from x17.nuclear.spectrometers.spectrometer import Arms, PairWindow, Process, Response, Spectrometer

FloatArray = NDArray[np.float64]

BLOCK = 65_536
"""Pairs of a block; each block has its own child of the seed."""


class PairSource(Protocol):
    """What gives pairs: `InternalPairs`, `ExternalPairs`, `EmittedBoson`."""

    @property
    def energy_mev(self) -> float:
        """Energy of the pair, MeV."""
        ...

    def draw(self, n: int, rng: np.random.Generator) -> tuple[FloatArray, FloatArray]:
        """Positron energies, MeV, and cosines of the opening angle, shape (n,) each."""
        ...


def measure(
    spectrometer: Spectrometer,
    source: PairSource,
    process: Process,
    n_pairs: int,
    seed: int,
    first_block: int = 0,
) -> MeasuredPairs:
    """Send pairs through a spectrometer, emitted in all directions alike.

    Pairs that cannot be selected are not drawn: positrons fly into the cones around the arms, and a published
    efficiency is a factor. Block i takes the i-th child of the seed, so that blocks may be made apart and
    whole blocks do not depend on how many there are.

    Parameters
    ----------
    spectrometer : Spectrometer
    source : PairSource
    process : Process
        Of the source; the efficiency of a `Response` depends on it.
    n_pairs : int
        Drawn, at least 1.
    seed : int
        At least 0.
    first_block : int

    Returns
    -------
    MeasuredPairs

    Raises
    ------
    UsageError
        A placeholder without geometry, an efficiency of 0, fewer than one pair, or a negative seed.
    """
    spectrometer.require_geometry()
    if n_pairs < 1 or seed < 0:
        raise UsageError(f"{n_pairs} pairs, seed {seed}; allowed: 1 pair or more, a seed of 0 or above")
    if _drawn_share(spectrometer, process) == 0.0:
        raise UsageError(f"{spectrometer.name} has an efficiency of 0 for {process.value} pairs")
    starts = range(0, n_pairs, BLOCK)
    return MeasuredPairs.concatenate(
        [
            _block(spectrometer, source, process, min(BLOCK, n_pairs - start), seed, first_block + k)
            for k, start in enumerate(starts)
        ]
    )


def _block(
    spectrometer: Spectrometer, source: PairSource, process: Process, n: int, seed: int, index: int
) -> MeasuredPairs:
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(index,)))
    plus, cos_theta = source.draw(n, rng)
    pairs = _Pairs(plus, source.energy_mev - plus, cos_theta)
    if spectrometer.arms is not None:
        seen = _through_arms(spectrometer.arms, pairs, rng)
    else:
        assert spectrometer.response is not None
        seen = _through_response(spectrometer.response, pairs, rng)
    total = seen.kinetic.sum(axis=0)
    kept = _selected(seen.kinetic, total, spectrometer.pair_window, source.energy_mev)
    which = seen.which[kept]
    return MeasuredPairs(
        n / _drawn_share(spectrometer, process),
        seen.angle[kept],
        total[kept] + 2.0 * ELECTRON_MASS_MEV,
        (seen.kinetic[0, kept] - seen.kinetic[1, kept]) / total[kept],
        plus[which],
        cos_theta[which],
    )


def _drawn_share(spectrometer: Spectrometer, process: Process) -> float:
    """Drawn pairs per emitted pair that they stand for."""
    if spectrometer.arms is not None:
        return len(spectrometer.arms.azimuth_deg) * 0.5 * (1.0 - spectrometer.arms.cone_cos)
    assert spectrometer.response is not None
    return spectrometer.response.efficiency(process)


class _Pairs(NamedTuple):
    """Energies and opening angles as emitted."""

    plus: FloatArray
    minus: FloatArray
    cos_theta: FloatArray


class _Seen(NamedTuple):
    """Which pairs of a block are seen, their measured angles and kinetic energies, shape (2, n)."""

    which: NDArray[np.int64]
    angle: FloatArray
    kinetic: FloatArray


def _through_arms(arms: Arms, pairs: _Pairs, rng: np.random.Generator) -> _Seen:
    """The pairs with a hit in two arms."""
    n = pairs.cos_theta.size
    hit, places = np.empty((n, 2), dtype=np.int8), np.empty((n, 2, 2))
    # Errors are drawn for all pairs: those of one pair do not depend on whether others are seen, so that
    # spectra of neighbouring masses differ smoothly.
    spot, directions = rng.standard_normal((n, 2)), rng.random((n, 3))
    place_errors, energy_errors = rng.standard_normal((n, 2, 2)), rng.standard_normal((2, n))
    trace_pairs(
        arms.axes,
        np.array([arms.distance_mm, 0.5 * arms.width_mm, 0.5 * arms.height_mm]),
        arms.cone_cos,
        arms.spot_sigma_mm * spot,
        directions,
        pairs.cos_theta,
        hit,
        places,
    )
    two = np.flatnonzero(hit[:, 1] >= 0)
    energy = np.stack([pairs.plus[two], pairs.minus[two]], axis=1)
    spread = np.hypot(arms.position_sigma_mm, _scattering_mm(arms, energy))
    place = places[two] + spread[:, :, None] * place_errors[two]
    axes = arms.axes[hit[two]]
    # The measured direction comes from the middle of the target: where the pair began is not known.
    way = arms.distance_mm * axes[:, :, 0] + place[:, :, :1] * axes[:, :, 1] + place[:, :, 1:] * axes[:, :, 2]
    way /= np.linalg.norm(way, axis=2, keepdims=True)
    angle = np.arccos(np.clip(np.sum(way[:, 0] * way[:, 1], axis=1), -1.0, 1.0))
    kinetic = (energy - ELECTRON_MASS_MEV).T
    sigma = np.hypot(arms.energy_stochastic * np.sqrt(kinetic), arms.energy_constant * kinetic)
    return _Seen(two, angle, kinetic + sigma * energy_errors[:, two])


def _scattering_mm(arms: Arms, energy: FloatArray) -> FloatArray:
    """Spread of hits from scattering: Highland's 13.6 MeV/(βp) √x (1 + 0.038 ln x), times the lever."""
    x = arms.scatterer_x0
    if x == 0.0:
        return np.zeros_like(energy)
    beta_p = (energy**2 - ELECTRON_MASS_MEV**2) / energy
    angle = 13.6 / beta_p * math.sqrt(x) * (1.0 + 0.038 * math.log(x))
    return angle * abs(arms.distance_mm - arms.scatterer_distance_mm)


def _through_response(response: Response, pairs: _Pairs, rng: np.random.Generator) -> _Seen:
    """All pairs, smeared."""
    n = pairs.cos_theta.size
    angle = np.arccos(pairs.cos_theta) + math.radians(response.angle_sigma_deg) * rng.standard_normal(n)
    # An angle beyond 0 or 180 degrees is the same angle on the other side.
    angle = np.abs(math.pi - np.abs(math.pi - np.abs(angle)))
    kinetic = np.stack([pairs.plus, pairs.minus]) - ELECTRON_MASS_MEV
    change = response.energy_sum_sigma_mev * rng.standard_normal(n) / kinetic.sum(axis=0)
    return _Seen(np.arange(n), angle, kinetic * (1.0 + change))


def _selected(kinetic: FloatArray, total: FloatArray, window: PairWindow, energy: float) -> NDArray[np.bool_]:
    """Which measured pairs lie in the window."""
    kept = (kinetic.min(axis=0) >= window.least_energy_mev) & (total > 0.0)
    kept &= np.abs(total + 2.0 * ELECTRON_MASS_MEV - energy) <= window.energy_sum_window_mev
    return np.asarray(kept & (np.abs(kinetic[0] - kinetic[1]) <= window.largest_asymmetry * total))
