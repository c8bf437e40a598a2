"""Bhabha scattering e⁺e⁻ → e⁺e⁻ at tree level, with the electron mass.

dσ/dt = 4πα²/(s(s−4m²)) [f(t,s) + f(s,t) + 2g(s,t)],
f(a,b) = [(b²+u²)/2 + 4m²(a−m²)]/a²,  g = 2(u/2−m²)(u/2−3m²)/(st),  s+t+u = 4m²

(Berestetskii, Lifshitz, Pitaevskii, Quantum Electrodynamics, §81). f(t,s) is photon exchange in the
t-channel, f(s,t) annihilation in the s-channel, 2g their interference. θ is the polar angle of the outgoing
electron with the incoming electron, equal to that of the positron with the incoming positron.
"""

from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from x17.constants import ELECTRON_MASS_MEV, FINE_STRUCTURE, MICROBARN_MEV2
from x17.errors import UsageError
from x17.theory.qed.checks import checked_cosine, checked_sqrt_s, shared_cosine

FloatArray = NDArray[np.float64]


class BhabhaPart(StrEnum):
    """Part of the squared Bhabha amplitude."""

    ALL = "all"
    S_CHANNEL = "s"
    T_CHANNEL = "t"
    INTERFERENCE = "interference"


def mandelstam(
    sqrt_s: ArrayLike, cos_theta: ArrayLike, mass: float = ELECTRON_MASS_MEV
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """(s, t, u) of elastic scattering of equal masses, MeV².

    t = −(s−4m²)(1−c)/2, u = 4m² − s − t.

    Parameters
    ----------
    sqrt_s : array_like
        Centre-of-mass energy, MeV.
    cos_theta : array_like
        Cosine of the scattering angle; broadcasts with `sqrt_s`.
    mass : float
        Mass m, MeV.

    Returns
    -------
    tuple of ndarray
    """
    s = np.square(np.asarray(sqrt_s, dtype=np.float64))
    c = np.asarray(cos_theta, dtype=np.float64)
    s, c = np.broadcast_arrays(s, c)
    t = -0.5 * (s - 4.0 * mass**2) * (1.0 - c)
    return s, t, 4.0 * mass**2 - s - t


def bhabha_kernel(
    s: FloatArray, t: FloatArray, mass: float = ELECTRON_MASS_MEV, part: BhabhaPart = BhabhaPart.ALL
) -> FloatArray:
    """Bracket of dσ/dt, [f(t,s) + f(s,t) + 2g] of the module's formula, dimensionless.

    Parameters
    ----------
    s, t : ndarray
        Mandelstam variables, MeV².
    mass : float
        Electron mass, MeV; 0 gives the massless limit.
    part : BhabhaPart
        Which part to keep.

    Returns
    -------
    ndarray
        Broadcast shape.
    """
    m2 = mass**2
    u = 4.0 * m2 - s - t
    exchange = (0.5 * (s**2 + u**2) + 4.0 * m2 * (t - m2)) / t**2
    annihilation = (0.5 * (t**2 + u**2) + 4.0 * m2 * (s - m2)) / s**2
    interference = 4.0 * (0.5 * u - m2) * (0.5 * u - 3.0 * m2) / (s * t)
    if part is BhabhaPart.S_CHANNEL:
        return annihilation
    if part is BhabhaPart.T_CHANNEL:
        return exchange
    if part is BhabhaPart.INTERFERENCE:
        return interference
    return exchange + annihilation + interference


def bhabha_differential(
    sqrt_s: ArrayLike,
    cos_theta: ArrayLike,
    part: BhabhaPart | str = BhabhaPart.ALL,
    mass: float = ELECTRON_MASS_MEV,
) -> FloatArray:
    """dσ/dΩ of the electron in the centre-of-mass frame, µb/sr.

    dσ/dΩ = (α²/s) [f(t,s) + f(s,t) + 2g]; massless α²/(4s) ((3+c²)/(1−c))², of which the s-channel is
    α²(1+c²)/(4s).

    Parameters
    ----------
    sqrt_s : array_like
        Above 2 m_e, MeV.
    cos_theta : array_like
        −1 ≤ cos θ < 1; broadcasts with `sqrt_s`.
    part : BhabhaPart or str
        ``all``, ``s``, ``t`` or ``interference``.
    mass : float
        Electron mass, MeV; 0 gives the massless limit.

    Returns
    -------
    ndarray

    Raises
    ------
    UsageError
        √s at or below threshold, |cos θ| > 1, an unknown part, or cos θ = 1, where the exchange diverges.
    """
    energy, c = checked_sqrt_s(sqrt_s), checked_cosine(cos_theta)
    kept = _checked_part(part)
    if kept is not BhabhaPart.S_CHANNEL and np.any(c == 1.0):
        raise UsageError("Bhabha scattering diverges at cos θ = 1; allowed: cos θ below 1")
    s, t, _ = mandelstam(energy, c, mass)
    if kept is BhabhaPart.S_CHANNEL:
        t = np.where(t == 0.0, -1e-300, t)  # the discarded exchange must not divide by zero
        u = 4.0 * mass**2 - s - t
        kernel = (0.5 * (t**2 + u**2) + 4.0 * mass**2 * (s - mass**2)) / s**2
    else:
        kernel = bhabha_kernel(s, t, mass, kept)
    return np.asarray(FINE_STRUCTURE**2 / s * kernel * MICROBARN_MEV2)


def bhabha_total(
    sqrt_s: ArrayLike,
    theta_range_deg: tuple[float, float],
    part: BhabhaPart | str = BhabhaPart.ALL,
    mass: float = ELECTRON_MASS_MEV,
) -> FloatArray:
    """Cross section with both leptons in a range of polar angle, in closed form, µb.

    The bracket of dσ/dt is a Laurent polynomial in t, from t⁻² to t², and is integrated term by term.

    Parameters
    ----------
    sqrt_s : array_like
        Above 2 m_e, MeV.
    theta_range_deg : tuple of float
        (low, high), centre-of-mass polar angle, degrees, 0 < low < 90 < high < 180.
    part : BhabhaPart or str
        ``all``, ``s``, ``t`` or ``interference``.
    mass : float
        Electron mass, MeV; 0 gives the massless limit.

    Returns
    -------
    ndarray
        The shape of `sqrt_s`.

    Raises
    ------
    UsageError
        √s at or below threshold, an impossible range or one that reaches 0° (the exchange diverges there).
    """
    s = np.square(checked_sqrt_s(sqrt_s))
    edge, kept = shared_cosine(theta_range_deg), _checked_part(part)
    if edge >= 1.0 and kept is not BhabhaPart.S_CHANNEL:
        raise UsageError("Bhabha scattering diverges towards 0°; allowed: a range that starts above 0°")
    p2 = s - 4.0 * mass**2
    near, far = -0.5 * p2 * (1.0 - edge), -0.5 * p2 * (1.0 + edge)
    total = np.zeros_like(s)
    for power, coefficient in _laurent_coefficients(s, mass**2, kept).items():
        if power == -1:
            total += coefficient * np.log(near / far)
        else:
            total += coefficient * (near ** (power + 1) - far ** (power + 1)) / (power + 1)
    return np.asarray(4.0 * np.pi * FINE_STRUCTURE**2 / (s * p2) * total * MICROBARN_MEV2)


def _laurent_coefficients(s: FloatArray, m2: float, part: BhabhaPart) -> dict[int, FloatArray]:
    """Coefficients of the powers of t in the bracket of dσ/dt, with u = a − t, a = 4m² − s."""
    a = 4.0 * m2 - s
    b, d = a - 2.0 * m2, a - 6.0 * m2
    one = np.ones_like(s)
    exchange = {-2: 0.5 * (s**2 + a**2) - 4.0 * m2**2, -1: 4.0 * m2 - a, 0: 0.5 * one}
    annihilation = {0: (0.5 * a**2 + 4.0 * m2 * (s - m2)) / s**2, 1: -a / s**2, 2: one / s**2}
    interference = {-1: b * d / s, 0: -(b + d) / s, 1: one / s}
    kept = {
        BhabhaPart.ALL: (exchange, annihilation, interference),
        BhabhaPart.S_CHANNEL: (annihilation,),
        BhabhaPart.T_CHANNEL: (exchange,),
        BhabhaPart.INTERFERENCE: (interference,),
    }[part]
    total: dict[int, FloatArray] = {}
    for terms in kept:
        for power, value in terms.items():
            total[power] = total.get(power, np.zeros_like(s)) + value
    return total


def _checked_part(part: BhabhaPart | str) -> BhabhaPart:
    try:
        return BhabhaPart(part)
    except ValueError:
        raise UsageError(
            f"unknown part {part!r} of the Bhabha amplitude; allowed: {', '.join(BhabhaPart)}"
        ) from None
