"""Dirac spinors, slashed vectors and currents in the chiral basis, for many events at once.

γ^µ = ((0, σ^µ), (σ̄^µ, 0)), u(p) = (√(p·σ) ξ, √(p·σ̄) ξ), v(p) = (√(p·σ) ξ, −√(p·σ̄) ξ), with
√(p·σ) = (p·σ + m)/√(2(E+m)) (Peskin and Schroeder, An Introduction to Quantum Field Theory, §3.3). ξ runs
over the two unit vectors: sums over spins do not depend on the basis. A column spinor has shape
(…, 4, events), a row spinor ψ̄ likewise, a four-vector (4, events) with the energy first and
metric (+, −, −, −).
"""

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]


def dot(a: FloatArray, b: FloatArray) -> FloatArray:
    """Minkowski product a·b.

    Parameters
    ----------
    a, b : ndarray, shape (4, events)

    Returns
    -------
    ndarray, shape (events,)
    """
    return np.asarray(a[0] * b[0] - a[1] * b[1] - a[2] * b[2] - a[3] * b[3])


def _root_sigma(p: FloatArray, mass: float, sign: float) -> ComplexArray:
    """√(p·σ) for sign −1, √(p·σ̄) for sign +1, shape (row, column, events)."""
    norm = 1.0 / np.sqrt(2.0 * (p[0] + mass))
    root = np.empty((2, 2, p.shape[1]), dtype=np.complex128)
    root[0, 0] = (p[0] + mass + sign * p[3]) * norm
    root[1, 1] = (p[0] + mass - sign * p[3]) * norm
    root[0, 1] = sign * (p[1] - 1j * p[2]) * norm
    root[1, 0] = sign * (p[1] + 1j * p[2]) * norm
    return root


def particle(p: FloatArray, mass: float) -> ComplexArray:
    """Column spinors u(p) of both spins.

    Parameters
    ----------
    p : ndarray, shape (4, events)
    mass : float

    Returns
    -------
    ndarray, shape (2, 4, events)
        Spin first.
    """
    upper, lower = _root_sigma(p, mass, -1.0), _root_sigma(p, mass, 1.0)
    return np.ascontiguousarray(np.concatenate([upper, lower]).swapaxes(0, 1))


def antiparticle(p: FloatArray, mass: float) -> ComplexArray:
    """Column spinors v(p) of both spins.

    Parameters
    ----------
    p : ndarray, shape (4, events)
    mass : float

    Returns
    -------
    ndarray, shape (2, 4, events)
    """
    spinors = particle(p, mass)
    spinors[:, 2:] *= -1.0
    return spinors


def bar(spinors: ComplexArray) -> ComplexArray:
    """Row spinors ψ̄ = ψ†γ⁰.

    Parameters
    ----------
    spinors : ndarray, shape (…, 4, events)

    Returns
    -------
    ndarray
        Same shape.
    """
    return np.conj(spinors[..., [2, 3, 0, 1], :])


def slash_column(a: FloatArray, column: ComplexArray) -> ComplexArray:
    """a̸ ψ for a column spinor.

    Parameters
    ----------
    a : ndarray, shape (4, events)
    column : ndarray, shape (…, 4, events)

    Returns
    -------
    ndarray
        Shape of `column`.
    """
    plus, minus = a[0] + a[3], a[0] - a[3]
    low, high = a[1] - 1j * a[2], a[1] + 1j * a[2]
    out = np.empty_like(column)
    out[..., 0, :] = minus * column[..., 2, :] - low * column[..., 3, :]
    out[..., 1, :] = plus * column[..., 3, :] - high * column[..., 2, :]
    out[..., 2, :] = plus * column[..., 0, :] + low * column[..., 1, :]
    out[..., 3, :] = high * column[..., 0, :] + minus * column[..., 1, :]
    return out


def slash_row(row: ComplexArray, a: FloatArray) -> ComplexArray:
    """ψ̄ a̸ for a row spinor.

    Parameters
    ----------
    row : ndarray, shape (…, 4, events)
    a : ndarray, shape (4, events)

    Returns
    -------
    ndarray
        Shape of `row`.
    """
    plus, minus = a[0] + a[3], a[0] - a[3]
    low, high = a[1] - 1j * a[2], a[1] + 1j * a[2]
    out = np.empty_like(row)
    out[..., 0, :] = row[..., 2, :] * plus + row[..., 3, :] * high
    out[..., 1, :] = row[..., 2, :] * low + row[..., 3, :] * minus
    out[..., 2, :] = row[..., 0, :] * minus - row[..., 1, :] * high
    out[..., 3, :] = row[..., 1, :] * plus - row[..., 0, :] * low
    return out


def current(row: ComplexArray, column: ComplexArray) -> ComplexArray:
    """ψ̄ γ^µ ψ; the leading axes broadcast.

    Parameters
    ----------
    row, column : ndarray, shape (…, 4, events)

    Returns
    -------
    ndarray, shape (…, 4, events)
        The Lorentz index is the last but one axis.
    """
    r0, r1, r2, r3 = (row[..., i, :] for i in range(4))
    c0, c1, c2, c3 = (column[..., i, :] for i in range(4))
    out = np.empty((*np.broadcast_shapes(row.shape, column.shape),), dtype=np.complex128)
    out[..., 0, :] = r0 * c2 + r1 * c3 + r2 * c0 + r3 * c1
    out[..., 1, :] = r0 * c3 + r1 * c2 - r2 * c1 - r3 * c0
    out[..., 2, :] = 1j * (r1 * c2 - r0 * c3 - r3 * c0 + r2 * c1)
    out[..., 3, :] = r0 * c2 - r1 * c3 - r2 * c0 + r3 * c1
    return out


def polarizations(k: FloatArray) -> FloatArray:
    """Two real transverse polarisation vectors of photons.

    Parameters
    ----------
    k : ndarray, shape (4, events)

    Returns
    -------
    ndarray, shape (2, 4, events)
    """
    transverse = np.hypot(k[1], k[2])
    phi = np.arctan2(k[2], k[1])
    cos_phi, sin_phi = np.cos(phi), np.sin(phi)
    cos_theta, sin_theta = k[3] / k[0], transverse / k[0]
    zero = np.zeros_like(phi)
    first = [zero, cos_theta * cos_phi, cos_theta * sin_phi, -sin_theta]
    return np.array([first, [zero, -sin_phi, cos_phi, zero]])
