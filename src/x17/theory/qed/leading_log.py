"""Photon radiation beyond O(α) in the leading-logarithmic approximation: what it adds to the O(α) result.

Every charged leg carries a structure function D(x), the density of the share x of energy it keeps,
exponentiated and exact to O(b²) (E. A. Kuraev, V. S. Fadin, Sov. J. Nucl. Phys. 41 (1985) 466; O. Nicrosini,
L. Trentadue, Phys. Lett. B 196 (1987) 551), b = α/π times the eikonal strength of the process shared between
its legs:

D(x) = e^{b(3/4−γ_E)}/Γ(1+b) b(1−x)^{b−1} − b(1+x)/2
       + (b²/8) [−4(1+x) ln(1−x) + 3(1+x) ln x − 4 ln x/(1−x) − 5 − x].

The same selection is applied to all orders and to the first order of D, δ(1−x) + (b/2)[(1+x²)/(1−x)]₊; their
difference is the excess. Photons go along their legs here, so acollinearity comes from the beams only.
"""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from x17.constants import ELECTRON_MASS_MEV, FINE_STRUCTURE
from x17.theory.qed.checks import shared_cosine
from x17.theory.qed.lattice import integrate
from x17.theory.qed.sampling import CosineTable
from x17.theory.qed.selection import BoolArray, Selection

FloatArray = NDArray[np.float64]
Differential = Callable[[FloatArray, FloatArray], FloatArray]

_LEAST_S = 16.0 * ELECTRON_MASS_MEV**2
"""Below it a radiated-down collision has no leading logarithm; MeV²."""


def lost_share(u: FloatArray, b: FloatArray) -> FloatArray:
    """Y = 1 − x at the quantiles u of the density b y^{b−1}, never exactly zero."""
    return np.maximum(u ** (1.0 / b), 1e-300)


def resummed_weight(y: FloatArray, b: FloatArray) -> FloatArray:
    """D(1−y) over the density b y^{b−1}.

    Parameters
    ----------
    y : ndarray
        Lost share of energy, 0 < y < 1.
    b : ndarray
        Strength of the leg, ≪ 1.

    Returns
    -------
    ndarray
    """
    from scipy.special import gammaln

    x = 1.0 - y
    log_x = np.log1p(-np.minimum(y, 1.0 - 1e-15))
    second = -4.0 * (1.0 + x) * np.log(y) + 3.0 * (1.0 + x) * log_x - 4.0 * log_x / y - 5.0 - x
    leading = np.exp(b * (0.75 - np.euler_gamma) - gammaln(1.0 + b))
    return np.asarray(leading + y ** (1.0 - b) * (-0.5 * (1.0 + x) + 0.125 * b * second))


def first_order_weight(y: FloatArray, b: FloatArray) -> FloatArray:
    """(b/2)(1+x²)/(1−x) over the density b y^{b−1}; to be used on differences that vanish with y."""
    return np.asarray(0.5 * (1.0 + np.square(1.0 - y)) * y**-b)


def resummation_excess(
    sqrt_s: float,
    selection: Selection,
    differential: Differential,
    strength: Differential,
    final_legs: bool,
    seed: int,
    tolerance: float,
) -> tuple[float, float]:
    """(σ to all orders − σ to the first), both in leading logarithms, in units of the integrated tree level.

    Parameters
    ----------
    sqrt_s : float
        MeV.
    selection : Selection
        Leptons stay bare here whatever its recombination cone: photons have no angle to be told by.
    differential : callable
        (√s, cos θ) → dσ/dΩ at tree level, any unit.
    strength : callable
        (s, cos θ) → eikonal strength shared between the legs.
    final_legs : bool
        Whether the products are charged.
    seed : int
    tolerance : float
        Error at which to stop.

    Returns
    -------
    tuple of float
        Ratio and its standard error.
    """
    edge = shared_cosine(selection.theta_range_deg)
    table = CosineTable.around(lambda c: differential(np.full(c.shape, sqrt_s), c), edge)
    legs = 4 if final_legs else 2
    sharing = 4.0 if final_legs else 2.0

    def rate(c: FloatArray, shares: list[FloatArray]) -> FloatArray:
        s = sqrt_s**2 * shares[0] * shares[1]
        passed = (s > _LEAST_S) & _accepts(selection, c, shares)
        value = np.zeros(c.size)
        value[passed] = differential(np.sqrt(s[passed]), c[passed]) / table.density(c[passed])
        return value

    def integrand(u: FloatArray) -> FloatArray:
        c = table.sample(u[0])
        b = FINE_STRUCTURE / np.pi * strength(np.full(c.shape, sqrt_s**2), c) / sharing
        one = np.ones_like(c)
        lost = [lost_share(u[1 + i], b) for i in range(legs)]
        kept = [1.0 - y for y in lost] + [one] * (4 - legs)
        bare = rate(c, [one] * 4)
        weight = math.prod((resummed_weight(y, b) for y in lost), start=one)
        result = weight * rate(c, kept) - bare
        for i, y in enumerate(lost):
            alone = [kept[i] if j == i else one for j in range(4)]
            result -= first_order_weight(y, b) * (rate(c, alone) - bare)
        return np.asarray(result)

    cosines, weights = np.polynomial.legendre.leggauss(64)
    tree = float(np.sum(edge * weights * differential(np.full(64, sqrt_s), edge * cosines)))
    value, error = integrate(integrand, 1 + legs, seed, tolerance * tree, stream=1)
    return value / tree, error / tree


def _accepts(selection: Selection, c: FloatArray, shares: list[FloatArray]) -> BoolArray:
    """The selection on massless products of beams with shares (x₁, x₂) that keep (x₃, x₄)."""
    energy = 0.5 * (shares[0] + shares[1])
    boost = (shares[0] - shares[1]) / np.maximum(2.0 * energy, 1e-300)
    low, high = selection.theta_range_deg
    passed = np.ones(c.shape, dtype=np.bool_)
    angles = []
    for sign, kept in ((1.0, shares[2]), (-1.0, shares[3])):
        stretch = 1.0 + sign * boost * c
        angle = np.degrees(np.arccos(np.clip((sign * c + boost) / stretch, -1.0, 1.0)))
        passed &= (angle > low) & (angle < high) & (energy * stretch * kept > selection.min_energy)
        angles.append(angle)
    return np.asarray(passed & (np.abs(angles[0] + angles[1] - 180.0) < selection.acollinearity_deg))
