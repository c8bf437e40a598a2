"""The two angles of all pairs, in data and as expected, with their windows and side bands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.reconstruction.pairs import Pairs
from x17.reconstruction.side_bands import SideBands
from x17.scan.counted import CountedPeriod

FloatArray = NDArray[np.float64]

_BINS_PER_SIGMA = 4
"""Edges of windows and side bands, which are whole sigmas in practice, are then edges of bins."""

_BEYOND = 2.0


@dataclass(frozen=True, slots=True, eq=False)
class AngleDistribution:
    """Pairs in bins of one angle that pass the window of the other one.

    Attributes
    ----------
    edges : ndarray, shape (n + 1,)
        rad.
    data, expected : ndarray, shape (n,)
        Pairs of data, and of simulated two-body events for as many positrons.
    """

    edges: FloatArray
    data: FloatArray
    expected: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class AngleCalibration:
    """Angles of the pairs of all periods.

    Attributes
    ----------
    bands : SideBands
    delta_phi, sum_theta : AngleDistribution
    plane : ndarray, shape (n_phi / 2, n_theta / 2)
        Pairs of data in both angles, in bins twice as wide.
    background : float
        Pairs in the windows that the side bands stand for.
    in_window : float
        All pairs in the windows.
    """

    bands: SideBands
    delta_phi: AngleDistribution
    sum_theta: AngleDistribution
    plane: FloatArray
    background: float
    in_window: float


def collect_angles(
    rows: Sequence[CountedPeriod], bands: SideBands, positrons: Mapping[int, float]
) -> AngleCalibration:
    """Fill the distributions of all periods.

    Parameters
    ----------
    rows : sequence of CountedPeriod
    bands : SideBands
    positrons : mapping
        By the number of the period, times the common scale of B; simulated events of others are left out.

    Returns
    -------
    AngleCalibration
    """
    windows = bands.windows
    phi = _edges(windows.delta_phi_center, windows.delta_phi_sigma, bands.delta_phi_outer + _BEYOND)
    theta = _edges(windows.sum_theta_center, windows.sum_theta_sigma, bands.sum_theta_outer + _BEYOND)
    plane = np.zeros((phi.size // 2, theta.size // 2))
    data, expected = (np.zeros(phi.size - 1), np.zeros(theta.size - 1)), (np.zeros(1), np.zeros(1))
    for row in rows:
        pairs = row.selection.pairs
        data = _added(data, _projections(pairs, bands, phi, theta, 1.0))
        scale = positrons.get(row.period.number, 0.0)
        expected = _added(expected, _projections(row.expectation.selection.pairs, bands, phi, theta, scale))
        given = (pairs.delta_phi, pairs.sum_theta)
        plane += np.histogram2d(*given, bins=(phi[::2], theta[::2]), weights=pairs.weight)[0]
    return AngleCalibration(
        bands,
        AngleDistribution(phi, data[0], expected[0] + np.zeros(phi.size - 1)),
        AngleDistribution(theta, data[1], expected[1] + np.zeros(theta.size - 1)),
        plane,
        float(sum(row.count.count.background for row in rows)),
        float(sum(row.count.count.in_window for row in rows)),
    )


def _edges(center: float, sigma: float, reach: float) -> FloatArray:
    """Edges symmetric about the centre; twice a whole number of bins on each side."""
    half = 2 * int(np.ceil(0.5 * reach * _BINS_PER_SIGMA))
    return center + sigma / _BINS_PER_SIGMA * np.arange(-half, half + 1, dtype=np.float64)


def _projections(
    pairs: Pairs, bands: SideBands, phi: FloatArray, theta: FloatArray, scale: float
) -> tuple[FloatArray, FloatArray]:
    in_phi = bands.windows.in_delta_phi(pairs.delta_phi)
    in_theta = bands.windows.in_sum_theta(pairs.sum_theta)
    weight = scale * pairs.weight
    return (
        np.histogram(pairs.delta_phi[in_theta], phi, weights=weight[in_theta])[0],
        np.histogram(pairs.sum_theta[in_phi], theta, weights=weight[in_phi])[0],
    )


def _added(
    before: tuple[FloatArray, FloatArray], more: tuple[FloatArray, FloatArray]
) -> tuple[FloatArray, FloatArray]:
    return before[0] + more[0], before[1] + more[1]
