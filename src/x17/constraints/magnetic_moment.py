"""Magnetic moments of leptons: what a light boson adds to (g − 2)/2 at one loop, in closed form.

With r = M²/m² the integrals over the Feynman parameter x are sums of Jₙ = ∫₀¹ xⁿ / (x² + (r−2) x + 1) dx:

    V: a = +g²/(8π²) ∫ 2x(1−x)² / N,                              N = (1−x)² + r x
    A: a = −g²/(8π²) ∫ [2x(1−x)(3+x) + (4/r)(1−x)³] / N
    S: a = +g²/(8π²) ∫ (1−x)²(1+x) / N
    P: a = −g²/(8π²) ∫ (1−x)³ / N

(J. P. Leveille, Nucl. Phys. B 137 (1978) 63). Heavy bosons: V g²m²/(12π²M²), A −5g²m²/(12π²M²).
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from x17.constants import ELECTRON_MASS_MEV
from x17.errors import UsageError
from x17.theory.boson import SpinParity

FloatArray = NDArray[np.float64]

MUON_MASS_MEV = 105.6583755
"""Muon mass, MeV (CODATA 2018: 105.6583755(23) MeV)."""

_DOMINANT = 12.0
"""Above this r the recurrence is solved as a system that its diagonal dominates; below, upwards."""
_TERMS = 24


class Lepton(StrEnum):
    """Lepton whose magnetic moment was measured."""

    ELECTRON = "electron"
    MUON = "muon"

    @property
    def mass_mev(self) -> float:
        """Mass, MeV."""
        return ELECTRON_MASS_MEV if self is Lepton.ELECTRON else MUON_MASS_MEV


def moment_per_coupling_squared(mass: ArrayLike, boson: SpinParity, lepton: Lepton) -> FloatArray:
    """One-loop contribution of a boson to (g − 2)/2 of a lepton, over the square of its coupling to it.

    Parameters
    ----------
    mass : array_like
        Mass of the boson M, MeV, above 0.
    boson : SpinParity
    lepton : Lepton

    Returns
    -------
    ndarray
        a/g², of the shape of `mass`; negative for A and P.

    Raises
    ------
    UsageError
        A mass that is not above 0.
    """
    m = np.asarray(mass, dtype=np.float64)
    if not np.all(np.isfinite(m) & (m > 0.0)):
        raise UsageError("the mass of a boson in a magnetic moment must be above 0 MeV")
    r = np.square(m / lepton.mass_mev)
    j0, j1, j2, j3 = feynman_moments(r)
    if boson is SpinParity.VECTOR:
        integral = 2.0 * (j1 - 2.0 * j2 + j3)
    elif boson is SpinParity.AXIAL_VECTOR:
        integral = -2.0 * (3.0 * j1 - 2.0 * j2 - j3) - 4.0 / r * (j0 - 3.0 * j1 + 3.0 * j2 - j3)
    elif boson is SpinParity.SCALAR:
        integral = j0 - j1 - j2 + j3
    else:
        integral = -(j0 - 3.0 * j1 + 3.0 * j2 - j3)
    return np.asarray(integral / (8.0 * np.pi**2))


def feynman_moments(r: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """J₀ to J₃, Jₙ = ∫₀¹ xⁿ / (x² + (r−2) x + 1) dx.

    J₀ is elementary; the others follow from Jₙ + (r−2) Jₙ₊₁ + Jₙ₊₂ = 1/(n+1). Upwards each step multiplies
    rounding errors by r, so that for large r the same equations are solved together instead.

    Parameters
    ----------
    r : ndarray
        Square of the mass of the boson over that of the lepton, above 0.

    Returns
    -------
    tuple of ndarray
        J₀, J₁, J₂, J₃.
    """
    first = _zeroth(r)
    up, together = _upwards(np.minimum(r, _DOMINANT), first), _together(np.maximum(r, _DOMINANT), first)
    rest = [np.where(r > _DOMINANT, large, small) for small, large in zip(up, together, strict=True)]
    return first, rest[0], rest[1], rest[2]


def _zeroth(r: FloatArray) -> FloatArray:
    """J₀: a logarithm above r = 4, an arc tangent below, 1/2 at 4; no differences of large terms."""
    s = np.sqrt(np.abs(r * (r - 4.0)))
    apart = s > 1e-6  # nearer to 4 the two forms are 0/0, and J₀ = 1/2 to 1e-13
    safe = np.where(apart, s, 1.0)
    above = (np.log(r) + 2.0 * np.log(np.maximum(r - 2.0 + s, 1e-300) / (r + s))) / safe
    below = 2.0 * (np.arctan2(r, safe) - np.arctan2(r - 2.0, safe)) / safe
    return np.asarray(np.where(apart, np.where(r > 4.0, above, below), 0.5))


def _upwards(r: FloatArray, j0: FloatArray) -> list[FloatArray]:
    b = r - 2.0
    # Below r = 4 the zeroth two are independent: J₁ = (ln r − b J₀)/2 from the derivative of the denominator.
    j1 = 0.5 * (np.log(r) - b * j0)
    j2 = 1.0 - b * j1 - j0
    return [j1, j2, 0.5 - b * j2 - j1]


def _together(r: FloatArray, j0: FloatArray) -> list[FloatArray]:
    """Solve rows n = 0 … N of the recurrence for J₁ … J_{N+1}, with J_{N+2} = 1/(r (N+2)) to close them."""
    b = r - 2.0
    right = [np.full_like(r, 1.0 / (n + 1.0)) for n in range(_TERMS)]
    right[0] = right[0] - j0
    right[-1] = right[-1] - 1.0 / (r * (_TERMS + 1.0))
    diagonal = [b]
    for n in range(1, _TERMS):
        right[n] = right[n] - right[n - 1] / diagonal[n - 1]
        diagonal.append(b - 1.0 / diagonal[n - 1])
    solution = right[-1] / diagonal[-1]
    found = [solution]
    for n in range(_TERMS - 2, -1, -1):
        solution = (right[n] - solution) / diagonal[n]
        found.append(solution)
    return [found[-1], found[-2], found[-3]]
