"""Bremsstrahlung under the two-body peak, from side bands in Δφ and θ₁ + θ₂.

Neither Δφ nor θ₁ + θ₂ of photon and positron of one bremsstrahlung is flat: the wedge of azimuth and the cuts
on radii shape both. But the two shapes are independent, so that the plane of the two angles factorises:

    background = N(side of θ₁ + θ₂, window of Δφ) N(window of θ₁ + θ₂, away in Δφ) / N(side, away)

What is away in Δφ stays on the other side of the beam. Pairs on one side, Δφ near 0, are many and cannot be
two-body events, but their showers overlap, which changes the shape in θ₁ + θ₂: with them the background comes
out a quarter too high.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from x17.errors import UsageError
from x17.reconstruction.angle_windows import AngleWindows
from x17.reconstruction.pairs import Pairs

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


class SubtractionStatus(Enum):
    """How the background was found."""

    SIDE_BANDS = "from side bands in both angles"
    FLAT = "too few pairs away in Δφ: a flat background in θ₁ + θ₂ is taken, with an error of its own size"


@dataclass(frozen=True, slots=True, kw_only=True)
class SideBands:
    """Regions of the plane of the two angles.

    Attributes
    ----------
    windows : AngleWindows
        Where two-body events are.
    sum_theta_inner, sum_theta_outer : float
        The side bands of θ₁ + θ₂ lie between these distances from its centre, in sigmas of its window.
    delta_phi_inner, delta_phi_outer : float
        Pairs are away in Δφ between these distances from its centre, in sigmas of its window; the outer one
        is π/2.
    least_pairs : int
        With fewer pairs in either region away in Δφ a flat background is assumed.

    Raises
    ------
    UsageError
        Side bands that overlap the window, or an outer edge inside the inner one.
    """

    windows: AngleWindows = field(default_factory=AngleWindows)
    sum_theta_inner: float = 3.0
    sum_theta_outer: float = 6.0
    delta_phi_inner: float = 3.0
    delta_phi_outer: float = 14.0
    least_pairs: int = 10

    def __post_init__(self) -> None:
        n_sigma = self.windows.n_sigma
        for name in ("sum_theta", "delta_phi"):
            inner, outer = getattr(self, f"{name}_inner"), getattr(self, f"{name}_outer")
            if not n_sigma <= inner < outer:
                raise UsageError(
                    f"side bands of {name} from {inner:g} to {outer:g} sigmas; allowed: rising, outside the "
                    f"windows of {n_sigma:g}"
                )

    def in_side(self, sum_theta: FloatArray) -> BoolArray:
        """Whether angles lie in the side bands of θ₁ + θ₂.

        Parameters
        ----------
        sum_theta : ndarray
            rad.

        Returns
        -------
        ndarray of bool
        """
        sigmas = np.abs(sum_theta - self.windows.sum_theta_center) / self.windows.sum_theta_sigma
        return np.asarray((sigmas >= self.sum_theta_inner) & (sigmas < self.sum_theta_outer))

    def away(self, delta_phi: FloatArray) -> BoolArray:
        """Whether angles lie away from the peak of Δφ.

        Parameters
        ----------
        delta_phi : ndarray
            rad.

        Returns
        -------
        ndarray of bool
        """
        sigmas = np.abs(delta_phi - self.windows.delta_phi_center) / self.windows.delta_phi_sigma
        return np.asarray((sigmas >= self.delta_phi_inner) & (sigmas < self.delta_phi_outer))


@dataclass(frozen=True, slots=True, kw_only=True)
class PairCount:
    """Two-body events of a period, their background taken off.

    Attributes
    ----------
    in_window, in_window_error : float
        Weight of the pairs in both windows, and √Σw².
    background, background_error : float
        Of bremsstrahlung in the windows, and its statistical error from the side bands.
    n_pairs : int
        Pairs in both windows, without weights.
    status : SubtractionStatus
    """

    in_window: float
    in_window_error: float
    background: float
    background_error: float
    n_pairs: int
    status: SubtractionStatus

    @property
    def n2(self) -> float:
        """Two-body events after subtraction: N₂."""
        return self.in_window - self.background

    @property
    def n2_error(self) -> float:
        """Statistical error of N₂; the windows and the side bands hold different events."""
        return math.hypot(self.in_window_error, self.background_error)

    @property
    def factor(self) -> float:
        """N₂ after over before subtraction; 1 without pairs."""
        return self.n2 / self.in_window if self.in_window else 1.0

    @property
    def factor_error(self) -> float:
        """Error of the factor at a given number of pairs in the windows; 0 without pairs."""
        return self.background_error / self.in_window if self.in_window else 0.0


def subtraction_weights(pairs: Pairs, bands: SideBands | None = None) -> FloatArray:
    """Weights that add up to N₂: as they are in the windows, negative in the side bands, 0 elsewhere.

    Parameters
    ----------
    pairs : Pairs
    bands : SideBands, optional

    Returns
    -------
    ndarray, shape (n,)
    """
    bands = SideBands() if bands is None else bands
    count = count_pairs(pairs, bands)
    beside = bands.windows.in_delta_phi(pairs.delta_phi) & bands.in_side(pairs.sum_theta)
    total = float(pairs.weight[beside].sum())
    share = np.where(bands.windows.inside(pairs), 1.0, 0.0)
    share -= (count.background / total if total else 0.0) * beside
    return np.asarray(share * pairs.weight)


def count_pairs(pairs: Pairs, bands: SideBands | None = None) -> PairCount:
    """Count the two-body events among pairs.

    Parameters
    ----------
    pairs : Pairs
    bands : SideBands, optional

    Returns
    -------
    PairCount
    """
    bands = SideBands() if bands is None else bands
    windows = bands.windows
    in_phi, away = windows.in_delta_phi(pairs.delta_phi), bands.away(pairs.delta_phi)
    in_theta, side = windows.in_sum_theta(pairs.sum_theta), bands.in_side(pairs.sum_theta)
    inside = in_phi & in_theta
    peak, beside, under, corner = (
        _Sum.of(pairs.weight[kept]) for kept in (inside, in_phi & side, in_theta & away, side & away)
    )
    # No pair seen is not zero known to zero: the error is that of one pair.
    beside_error = beside.error if beside.n else peak.total / max(peak.n, 1)
    if min(under.n, corner.n) >= bands.least_pairs:
        status, ratio = SubtractionStatus.SIDE_BANDS, under.total / corner.total
        ratio_error = ratio * math.hypot(under.error / under.total, corner.error / corner.total)
    else:
        width = bands.sum_theta_outer - bands.sum_theta_inner
        status, ratio = SubtractionStatus.FLAT, windows.n_sigma / width
        ratio_error = ratio
    return PairCount(
        in_window=peak.total,
        in_window_error=peak.error,
        background=ratio * beside.total,
        background_error=math.hypot(ratio * beside_error, ratio_error * beside.total),
        n_pairs=peak.n,
        status=status,
    )


@dataclass(frozen=True, slots=True)
class _Sum:
    n: int
    total: float
    error: float

    @classmethod
    def of(cls, weight: FloatArray) -> _Sum:
        return cls(weight.size, float(weight.sum()), float(np.sqrt(np.square(weight).sum())))
