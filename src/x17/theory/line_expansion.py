"""A line shape as a polynomial of second order in its width and in the beam spread.

    V(E; w, b) ≈ v + v_w δ + v_b β + ½ v_ww δ² + v_wb δ β + ½ v_bb β²,   δ = w − w₀, β = b − b₀

at every energy, about the central width w₀ and spread b₀: for programs that know polynomials but not the
Faddeeva function. The derivatives of the Voigt profile are exact, those of any other line numerical.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from x17.theory.lineshape import LineShape, Voigt

FloatArray = NDArray[np.float64]

TERMS = ("1", "w", "b", "ww", "wb", "bb")
"""The derivative that each coefficient is, in the order of the last axis."""

_RELATIVE_STEP = 0.02
"""Step of numerical derivatives over the parameter: their relative error is about its square."""


def expand_line(shape: LineShape, beam_energy: ArrayLike, resonance_energy: ArrayLike) -> FloatArray:
    """Value and derivatives of the profile of unit area at its central width and spread.

    Parameters
    ----------
    shape : LineShape
    beam_energy, resonance_energy : array_like
        MeV; they broadcast to a shape S.

    Returns
    -------
    ndarray, shape S + (6,)
        In the order of `TERMS`: the plain derivatives, without the ½ of the expansion.
    """
    if isinstance(shape, Voigt):
        return _voigt_derivatives(shape, beam_energy, resonance_energy)
    return _numerical_derivatives(shape, beam_energy, resonance_energy)


def evaluate_expansion(coefficients: FloatArray, width: ArrayLike, spread: ArrayLike) -> FloatArray:
    """Evaluate the polynomial.

    Parameters
    ----------
    coefficients : ndarray, shape S + (6,)
        From `expand_line`.
    width, spread : array_like
        w − w₀ and b − b₀; they broadcast with S.

    Returns
    -------
    ndarray
        1/MeV.
    """
    d, e = np.asarray(width, dtype=np.float64), np.asarray(spread, dtype=np.float64)
    v = np.moveaxis(coefficients, -1, 0)
    return np.asarray(v[0] + v[1] * d + v[2] * e + 0.5 * v[3] * d * d + v[4] * d * e + 0.5 * v[5] * e * e)


def expansion_slopes(
    coefficients: FloatArray, width: ArrayLike, spread: ArrayLike
) -> tuple[FloatArray, FloatArray]:
    """Derivatives of the polynomial in width and spread.

    Parameters
    ----------
    coefficients : ndarray, shape S + (6,)
        From `expand_line`.
    width, spread : array_like
        w − w₀ and b − b₀; they broadcast with S.

    Returns
    -------
    by_width, by_spread : ndarray
    """
    d, e = np.asarray(width, dtype=np.float64), np.asarray(spread, dtype=np.float64)
    v = np.moveaxis(coefficients, -1, 0)
    return np.asarray(v[1] + v[3] * d + v[4] * e), np.asarray(v[2] + v[4] * d + v[5] * e)


def _voigt_derivatives(shape: Voigt, beam_energy: ArrayLike, resonance_energy: ArrayLike) -> FloatArray:
    """From w' = −2zw + 2i/√π and w'' = −2w − 2zw', with z = (x + iγ)/(σ√2) and σ = b E_res."""
    from scipy.special import wofz

    center = np.asarray(resonance_energy, dtype=np.float64)
    x = np.asarray(beam_energy, dtype=np.float64) - center
    sigma = shape.relative_spread * center
    z = (x + 1j * shape.half_width_mev) / (sigma * np.sqrt(2.0))
    w = wofz(z)
    first = -2.0 * z * w + 2j / np.sqrt(np.pi)
    second = -2.0 * w - 2.0 * z * first
    norm = 1.0 / (sigma * np.sqrt(2.0 * np.pi))
    turn = 1j / (sigma * np.sqrt(2.0))  # ∂z/∂γ
    by_sigma = center  # ∂σ/∂b
    parts = (
        w,
        first * turn,
        -(w + z * first) / sigma * by_sigma,
        second * turn**2,
        -(2.0 * first + z * second) * turn / sigma * by_sigma,
        (2.0 * w + 4.0 * z * first + z * z * second) / sigma**2 * by_sigma**2,
    )
    return np.stack([norm * part.real for part in np.broadcast_arrays(*parts)], axis=-1)


def _numerical_derivatives(
    shape: LineShape, beam_energy: ArrayLike, resonance_energy: ArrayLike
) -> FloatArray:
    """Central differences."""
    _, width, spread = shape.parameters
    step_w, step_b = _RELATIVE_STEP * width, _RELATIVE_STEP * spread

    def value(i: int, k: int) -> FloatArray:
        return shape.unit_profile(beam_energy, resonance_energy, width + i * step_w, spread + k * step_b)

    middle = value(0, 0)
    parts = (
        middle,
        (value(1, 0) - value(-1, 0)) / (2.0 * step_w),
        (value(0, 1) - value(0, -1)) / (2.0 * step_b),
        (value(1, 0) - 2.0 * middle + value(-1, 0)) / step_w**2,
        (value(1, 1) - value(1, -1) - value(-1, 1) + value(-1, -1)) / (4.0 * step_w * step_b),
        (value(0, 1) - 2.0 * middle + value(0, -1)) / step_b**2,
    )
    return np.stack(parts, axis=-1)
