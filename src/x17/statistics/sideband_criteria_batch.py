"""The four criteria of the side band for many data sets at once: what `check_sideband` does to one scan."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.statistics.sideband_batch import SidebandFits
from x17.statistics.sideband_criteria import SidebandSettings

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

_ROUNDS = 30
"""Steps of Fisher scoring: three times what the slowest of a hundred thousand histograms took."""

_PRECISION = 1e-9
"""A deviance that falls by less is the smallest."""

_FARTHEST = 1000
"""Bins of the common grid on each side of zero; pulls beyond are counted in the last."""


@dataclass(frozen=True, slots=True, eq=False)
class CriteriaValues:
    """What the criteria measure, each of shape (n_data,).

    Attributes
    ----------
    chi2_probability : ndarray
        (i).
    pull_probability : ndarray
        (ii).
    pull_slope_sigma : ndarray
        (iii).
    constant, slope : ndarray
        (iv), less what is expected.
    """

    chi2_probability: FloatArray
    pull_probability: FloatArray
    pull_slope_sigma: FloatArray
    constant: FloatArray
    slope: FloatArray

    def hold(self, settings: SidebandSettings) -> BoolArray:
        """Whether all criteria hold.

        Parameters
        ----------
        settings : SidebandSettings

        Returns
        -------
        ndarray of bool, shape (n_data,)
        """
        return np.asarray(
            (self.chi2_probability > settings.min_chi2_probability)
            & (self.pull_probability > settings.min_pull_probability)
            & (np.abs(self.pull_slope_sigma) < settings.max_pull_slope_sigma)
            & (np.abs(self.constant) < settings.constant_tolerance)
            & (np.abs(self.slope) < settings.slope_tolerance_per_mev)
        )


def criteria_values(
    offset: FloatArray,
    y: FloatArray,
    variance: FloatArray,
    fits: SidebandFits,
    window: int,
    settings: SidebandSettings,
    *,
    constant: bool = False,
) -> CriteriaValues:
    """Measure the criteria of many side-band fits.

    Parameters
    ----------
    offset : ndarray, shape (n_points,)
        √s − centre, MeV, rising.
    y, variance : ndarray, shape (n_data, n_points)
        Observable and its squared error.
    fits : SidebandFits
        Of the same data.
    window : int
        Consecutive points left out.
    settings : SidebandSettings
    constant : bool
        A constant was fitted instead of a line.

    Returns
    -------
    CriteriaValues
    """
    from scipy.special import gammaincc

    n_points = offset.size
    outside = np.arange(n_points - window)[None, :]
    outside = outside + window * (outside >= fits.start[:, None])
    x = offset[outside]
    line = fits.lines[:, :1] + fits.lines[:, 1:] * x
    pulls = (np.take_along_axis(y, outside, 1) - line) / np.sqrt(np.take_along_axis(variance, outside, 1))
    centred = x - x.mean(axis=1, keepdims=True)
    # Unit errors: the slope is Σ x p / Σ x² and its error 1/√Σ x², with x about its mean.
    slope_sigma = (centred * pulls).sum(axis=1) / np.sqrt((centred**2).sum(axis=1))
    ndf = n_points - window - (1 if constant else 2)
    return CriteriaValues(
        chi2_probability=np.asarray(gammaincc(0.5 * ndf, 0.5 * fits.chi2)),
        pull_probability=gaussian_pull_probabilities(pulls, settings.pull_bin_width),
        pull_slope_sigma=slope_sigma,
        constant=fits.lines[:, 0] - settings.expected_constant,
        slope=fits.lines[:, 1] - settings.expected_slope_per_mev,
    )


def gaussian_pull_probabilities(pulls: FloatArray, bin_width: float) -> FloatArray:
    """Probability of the Gaussian fit to each histogram of pulls; see `gaussian_pull_probability`.

    The same binned likelihood, minimised by Fisher scoring with halved steps instead of a simplex.

    Parameters
    ----------
    pulls : ndarray, shape (n_data, n)
    bin_width : float

    Returns
    -------
    ndarray, shape (n_data,)
    """
    from scipy.special import gammaincc

    first = np.clip(np.floor(pulls.min(axis=1) / bin_width), -_FARTHEST, _FARTHEST - 4)
    last = np.clip(np.ceil(pulls.max(axis=1) / bin_width), first + 4, _FARTHEST)
    low, high = int(first.min()), int(last.max())
    edges = np.arange(low, high + 1, dtype=np.float64)
    # A pull on the last edge belongs to the last bin, as in `numpy.histogram`.
    place = np.clip(np.floor(pulls / bin_width), first[:, None], last[:, None] - 1).astype(np.int64) - low
    counts = np.zeros((pulls.shape[0], high - low))
    np.add.at(counts, (np.arange(pulls.shape[0])[:, None], place), 1.0)
    below, above = edges <= first[:, None], edges >= last[:, None]
    deviance = _smallest_deviance(counts, np.asarray(bin_width * edges), below, above, pulls)
    return np.asarray(gammaincc(0.5 * (last - first - 3), 0.5 * deviance))


def _shares(
    theta: FloatArray, edges: FloatArray, below: BoolArray, above: BoolArray
) -> tuple[FloatArray, FloatArray]:
    """Share of each bin, (n_data, n_bins), and its derivatives by mean and log width, (2, n_data, n_bins)."""
    from scipy.special import ndtr

    scale = np.exp(-theta[:, 1:])
    z = (edges - theta[:, :1]) * scale
    density = np.exp(-0.5 * z**2) / np.sqrt(2.0 * np.pi)
    fixed = below | above
    cumulative = np.where(below, 0.0, np.where(above, 1.0, ndtr(z)))
    slopes = np.where(fixed, 0.0, np.stack([-density * scale, -density * z]))
    return np.diff(cumulative, axis=1), np.diff(slopes, axis=2)


def _deviance(counts: FloatArray, share: FloatArray, total: int) -> FloatArray:
    from scipy.special import xlogy

    deviance = 2.0 * xlogy(counts, counts / (total * np.maximum(share, 1e-300))).sum(axis=1)
    return np.asarray(np.maximum(deviance, 0.0))  # a perfect fit may come out below zero by rounding


def _smallest_deviance(
    counts: FloatArray, edges: FloatArray, below: BoolArray, above: BoolArray, pulls: FloatArray
) -> FloatArray:
    total = pulls.shape[1]
    theta = np.stack([pulls.mean(axis=1), np.log(np.maximum(pulls.std(axis=1), 1e-3))], axis=1)
    share, slopes = _shares(theta, edges, below, above)
    smallest = _deviance(counts, share, total)
    damping = np.ones(smallest.size)
    rows = np.arange(smallest.size)
    for _ in range(_ROUNDS):
        trial = theta[rows] + damping[rows, None] * _step(counts[rows], share, slopes, total)
        new_share, new_slopes = _shares(trial, edges, below[rows], above[rows])
        new = _deviance(counts[rows], new_share, total)
        better, gain = new <= smallest[rows], smallest[rows] - new
        theta[rows] = np.where(better[:, None], trial, theta[rows])
        smallest[rows] = np.where(better, new, smallest[rows])
        damping[rows] = np.where(better, 1.0, 0.5 * damping[rows])
        going = ~better | (gain > _PRECISION)
        share = np.where(better[:, None], new_share, share)[going]
        slopes = np.where(better[:, None], new_slopes, slopes)[:, going]
        rows = rows[going]
        if not rows.size:
            break
    return smallest


def _step(counts: FloatArray, share: FloatArray, slopes: FloatArray, total: int) -> FloatArray:
    """Step of Fisher scoring in mean and log width, no longer than half a unit of either, (n_data, 2)."""
    safe = np.maximum(share, 1e-30)  # squares of what is divided by it must not overflow
    gradient = (counts * slopes / safe).sum(axis=2)
    weighted = total * slopes / safe
    a, b, c = ((weighted[i] * slopes[j]).sum(axis=1) for i, j in ((0, 0), (0, 1), (1, 1)))
    determinant = np.maximum(a * c - b**2, 1e-12)
    step = np.stack([c * gradient[0] - b * gradient[1], a * gradient[1] - b * gradient[0]], axis=1)
    return np.asarray(np.clip(step / determinant[:, None], -0.5, 0.5))
