"""e⁺e⁻ → γγγ: the exact tree amplitude with the electron mass, squared numerically.

Six diagrams, one for each order of the photons along the electron line, with explicit Dirac spinors.
"""

from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from x17.constants import ELECTRON_MASS_MEV, FINE_STRUCTURE
from x17.theory.qed.spinors import (
    antiparticle,
    bar,
    dot,
    particle,
    polarizations,
    slash_column,
    slash_row,
)

FloatArray = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]


def three_photon_squared(
    p1: FloatArray,
    p2: FloatArray,
    photons: tuple[FloatArray, FloatArray, FloatArray],
    polarization: tuple[FloatArray, FloatArray, FloatArray] | None = None,
    mass: float = ELECTRON_MASS_MEV,
) -> FloatArray:
    """Spin-averaged squared amplitude of e⁻(p1) e⁺(p2) → γγγ, MeV⁻², without 1/3! for identical photons.

    Parameters
    ----------
    p1, p2 : ndarray, shape (4, events)
        Electron and positron, MeV.
    photons : tuple of three ndarray, shape (4, events)
        Photon momenta, MeV.
    polarization : tuple of three ndarray, shape (n, 4, events), optional
        Real polarisation vectors of each photon to sum over; the transverse ones by default.
    mass : float
        Electron mass, MeV.

    Returns
    -------
    ndarray, shape (events,)
        ¼ Σ|M|².
    """
    u1, v2 = particle(p1, mass), bar(antiparticle(p2, mass))
    vectors = polarization or (
        polarizations(photons[0]),
        polarizations(photons[1]),
        polarizations(photons[2]),
    )
    last = [_after_emission(u1, p1, k, e, mass) for k, e in zip(photons, vectors, strict=True)]
    first = [_before_emission(v2, p2, k, e, mass) for k, e in zip(photons, vectors, strict=True)]
    counts = tuple(len(e) for e in vectors)
    amplitude = np.zeros((2, 2, *counts, p1.shape[1]), dtype=np.complex128)
    for a, b, c in permutations(range(3)):
        for i, e in enumerate(vectors[b]):
            # rows of photon a: (pol a, spin 2, 4, events); columns of photon c: (pol c, spin 1, 4, events)
            row = slash_row(first[a], e)
            term = np.sum(row[:, None, :, None] * last[c][None, :, None], axis=-2)
            where: list[int | slice] = [slice(None)] * 6
            where[2 + b] = i
            # term has axes (pol a, pol c, spin 2, spin 1, events)
            ordered = term.transpose(2, 3, *((0, 1) if a < c else (1, 0)), 4)
            amplitude[tuple(where)] += ordered
    total = np.sum(amplitude.real**2 + amplitude.imag**2, axis=(0, 1, 2, 3, 4))
    return np.asarray(0.25 * (4.0 * np.pi * FINE_STRUCTURE) ** 3 * total)


def _after_emission(
    u1: ComplexArray, p1: FloatArray, k: FloatArray, vectors: FloatArray, mass: float
) -> ComplexArray:
    """(p̸₁ − k̸ + m) ε̸ u/(−2 p₁k) for each polarisation, shape (pol, 2, 4, events)."""
    emitted = np.stack([slash_column(e, u1) for e in vectors])
    return (slash_column(p1 - k, emitted) + mass * emitted) / (-2.0 * dot(p1, k))


def _before_emission(
    v2: ComplexArray, p2: FloatArray, k: FloatArray, vectors: FloatArray, mass: float
) -> ComplexArray:
    """v̄ ε̸ (k̸ − p̸₂ + m)/(−2 p₂k) for each polarisation, shape (pol, 2, 4, events)."""
    emitted = np.stack([slash_row(v2, e) for e in vectors])
    return (slash_row(emitted, k - p2) + mass * emitted) / (-2.0 * dot(p2, k))
