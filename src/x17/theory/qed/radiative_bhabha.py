"""e⁺e⁻ → e⁺e⁻γ: the exact tree amplitude with the electron mass, squared numerically.

Each of the four legs may emit the photon, in annihilation and in exchange: eight diagrams, evaluated with
explicit Dirac spinors. Nothing is expanded in the mass, so emission along a lepton is exact.
"""

import numpy as np
from numpy.typing import NDArray

from x17.constants import ELECTRON_MASS_MEV, FINE_STRUCTURE
from x17.theory.qed.spinors import (
    antiparticle,
    bar,
    current,
    dot,
    particle,
    polarizations,
    slash_column,
    slash_row,
)

FloatArray = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]


def radiative_bhabha_squared(
    p1: FloatArray,
    p2: FloatArray,
    p3: FloatArray,
    p4: FloatArray,
    k: FloatArray,
    polarization: FloatArray | None = None,
    mass: float = ELECTRON_MASS_MEV,
) -> FloatArray:
    """Spin-averaged squared amplitude of e⁻(p1) e⁺(p2) → e⁻(p3) e⁺(p4) γ(k), MeV⁻².

    Parameters
    ----------
    p1, p2, p3, p4, k : ndarray, shape (4, events)
        On-shell momenta that balance, MeV.
    polarization : ndarray, shape (n, 4, events), optional
        Real polarisation vectors to sum over; both transverse ones by default. Putting k itself here gives
        zero (gauge invariance).
    mass : float
        Electron mass, MeV.

    Returns
    -------
    ndarray, shape (events,)
        ¼ Σ|M|².
    """
    u1, v2 = particle(p1, mass), bar(antiparticle(p2, mass))
    u3, v4 = bar(particle(p3, mass)), antiparticle(p4, mass)
    annihilated, made = _pairs(v2, u1), _pairs(u3, v4)
    electron, positron = _pairs(u3, u1), _pairs(v2, v4)
    q_in, q_out = dot(p1 + p2, p1 + p2), dot(p3 + p4, p3 + p4)
    q_electron, q_positron = dot(p1 - p3, p1 - p3), dot(p2 - p4, p2 - p4)
    total = np.zeros(p1.shape[1])
    for e in polarizations(k) if polarization is None else polarization:
        # A leg with its photon and propagator: (p̸₁−k̸+m)ε̸u/(−2p₁k), v̄ε̸(−p̸₂+k̸+m)/(−2p₂k), …
        u1k = (slash_column(p1 - k, w := slash_column(e, u1)) + mass * w) / (-2.0 * dot(p1, k))
        v2k = (slash_row(w := slash_row(v2, e), k - p2) + mass * w) / (-2.0 * dot(p2, k))
        u3k = (slash_row(w := slash_row(u3, e), p3 + k) + mass * w) / (2.0 * dot(p3, k))
        v4k = (slash_column(-p4 - k, w := slash_column(e, v4)) + mass * w) / (2.0 * dot(p4, k))
        annihilation = _contract((_pairs(v2k, u1) + _pairs(v2, u1k)) / q_out, made)
        annihilation += _contract(annihilated / q_in, _pairs(u3k, v4) + _pairs(u3, v4k))
        exchange = _contract((_pairs(u3k, u1) + _pairs(u3, u1k)) / q_positron, positron)
        exchange += _contract(electron / q_electron, _pairs(v2k, v4) + _pairs(v2, v4k))
        # annihilation: spins (2, 1, 3, 4); exchange: (3, 1, 2, 4); Fermi statistics gives the minus sign.
        amplitude = annihilation - exchange.transpose(2, 1, 0, 3, 4)
        total += np.sum(amplitude.real**2 + amplitude.imag**2, axis=(0, 1, 2, 3))
    return 0.25 * (4.0 * np.pi * FINE_STRUCTURE) ** 3 * total


def _pairs(rows: ComplexArray, columns: ComplexArray) -> ComplexArray:
    """Currents of every pair of spins, shape (2, 2, 4, events)."""
    return current(rows[:, None], columns[None])


def _contract(a: ComplexArray, b: ComplexArray) -> ComplexArray:
    """a_µ b^µ for every combination of spins, shape (2, 2, 2, 2, events)."""
    lowered = a[:, :, None, None]
    other = b[None, None]
    out: ComplexArray = lowered[..., 0, :] * other[..., 0, :]
    for axis in (1, 2, 3):
        out -= lowered[..., axis, :] * other[..., axis, :]
    return out
