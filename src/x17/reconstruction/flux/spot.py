"""Spots of the beam, run by run: centre and width at target and pixel detector, and at planes beyond."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.apparatus.setup import Setup
from x17.errors import UsageError
from x17.reconstruction.flux.moments import Moments
from x17.reconstruction.flux.run_sums import RunSums

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class SpotAt:
    """The spot in one plane; all arrays have shape (n_runs, 2), x and y, mm.

    Attributes
    ----------
    center, center_err : ndarray
        Mean of the positrons' positions; NaN without bunches.
    sigma, sigma_err : ndarray
        Their standard deviation over the run, with the motion of the spot from bunch to bunch.
    """

    center: FloatArray
    center_err: FloatArray
    sigma: FloatArray
    sigma_err: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class RunSpots:
    """Spots of runs where they are measured.

    Attributes
    ----------
    target, pixel : SpotAt
    target_z_mm, pixel_z_mm : float
        NaN without a pixel detector.
    """

    target: SpotAt
    pixel: SpotAt
    target_z_mm: float
    pixel_z_mm: float

    def at(self, z_mm: float) -> SpotAt:
        """Extrapolate to a plane.

        With f the path from the target over that to the pixel detector: c = c_t + f (c_p − c_t) and
        σ² = σ_t² + f² (σ_p² − σ_t²), for a beam whose angles do not depend on position at the target.

        Parameters
        ----------
        z_mm : float

        Returns
        -------
        SpotAt
        """
        near, far = self.target, self.pixel
        f = (z_mm - self.target_z_mm) / (self.pixel_z_mm - self.target_z_mm)
        variance = np.maximum(near.sigma**2 + f**2 * (far.sigma**2 - near.sigma**2), 0.0)
        sigma = np.sqrt(variance)
        # Centres at the two planes are correlated; with f close to 1 the target's term is small.
        center_err = np.hypot(f * far.center_err, (1.0 - f) * near.center_err)
        doubled = np.hypot(f**2 * far.sigma * far.sigma_err, (1.0 - f**2) * near.sigma * near.sigma_err)
        sigma_err = doubled / np.where(sigma > 0.0, sigma, 1.0)
        return SpotAt(near.center + f * (far.center - near.center), center_err, sigma, sigma_err)

    @property
    def divergence_mrad(self) -> FloatArray:
        """Width of the angles: √(σ_p² − σ_t²)/path, shape (n_runs, 2)."""
        gained = np.maximum(self.pixel.sigma**2 - self.target.sigma**2, 0.0)
        return np.asarray(1e3 * np.sqrt(gained) / (self.pixel_z_mm - self.target_z_mm))

    @property
    def emittance_mm_mrad(self) -> FloatArray:
        """Width at the target × divergence, shape (n_runs, 2)."""
        return np.asarray(self.target.sigma * self.divergence_mrad)


def measure_spots(runs: Sequence[RunSums], setup: Setup) -> RunSpots:
    """Reduce the sums of runs to spots.

    The variance of a spot is the mean of the bunches' variances plus the variance of their centres; the
    latter holds 1/N of the former, which is left there: 3e-4 at 3000 positrons a bunch.

    Parameters
    ----------
    runs : sequence of RunSums
    setup : Setup
        Where the monitors stand.

    Returns
    -------
    RunSpots
    """
    pixel_z = setup.pixel.z_mm if setup.pixel else float("nan")
    return RunSpots(_spot_at(runs, "target"), _spot_at(runs, "pixel"), setup.target.z_mm, pixel_z)


def _spot_at(runs: Sequence[RunSums], monitor: str) -> SpotAt:
    numbers = np.array(
        [
            [
                _center_and_width(getattr(run, f"{monitor}_{axis}"), getattr(run, f"{monitor}_var_{axis}"))
                for axis in ("x", "y")
            ]
            for run in runs
        ],
        dtype=np.float64,
    ).reshape(len(runs), 2, 4)
    return SpotAt(*np.moveaxis(numbers, 2, 0))


def _center_and_width(center: Moments, variance: Moments) -> tuple[float, float, float, float]:
    moving = center.variance
    sigma = np.sqrt(variance.mean + moving)
    moving_err = moving * np.sqrt(2.0 / max(center.n - 1, 1))
    half = np.hypot(variance.mean_err, moving_err) / 2.0
    return center.mean, center.mean_err, float(sigma), float(half / sigma) if sigma > 0.0 else 0.0


def energy_spread(spots: RunSpots, dispersion_mm: float | None) -> tuple[FloatArray, FloatArray]:
    """Relative spread of the beam energy from the horizontal spot at the pixel detector.

    What the horizontal width has beyond its betatron part is dispersion times the spread:
    spread = √(σ_x² − σ_β²)/D, with σ_β² = σ_target,x² + (vertical divergence · path)².

    Parameters
    ----------
    spots : RunSpots
    dispersion_mm : float or None
        Horizontal displacement at the pixel detector per relative change of the energy, mm.

    Returns
    -------
    spread, spread_err : ndarray, shape (n_runs,)
        0 where the spot is not wider than its betatron part; the error is then that of a spread whose square
        is one standard error.

    Raises
    ------
    UsageError
        No dispersion: PADME has not published the one of Run III.
    """
    if dispersion_mm is None or not np.isfinite(dispersion_mm) or dispersion_mm == 0.0:
        raise UsageError(
            "the energy spread needs the dispersion at the pixel detector, which is not published for "
            f"Run III; found {dispersion_mm}, allowed: mm per relative change of the energy, not 0"
        )
    near, far = spots.target, spots.pixel
    vertical = far.sigma[:, 1] ** 2 - near.sigma[:, 1] ** 2
    beyond = far.sigma[:, 0] ** 2 - near.sigma[:, 0] ** 2 - vertical
    terms = [2.0 * spot.sigma * spot.sigma_err for spot in (near, far)]
    beyond_err = np.sqrt(sum((term**2).sum(axis=1) for term in terms))
    width = np.sqrt(np.maximum(beyond, 0.0))
    # Near 0 the square is known and its root is not: then the root of the error.
    linear = beyond > beyond_err
    width_err = np.where(linear, beyond_err / (2.0 * np.where(linear, width, 1.0)), np.sqrt(beyond_err))
    return np.asarray(width / abs(dispersion_mm)), np.asarray(width_err / abs(dispersion_mm))
