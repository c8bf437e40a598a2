"""What monitors say of every bunch: charges of lead glass and target, spot, energy in the calorimeter."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from x17.apparatus.beam import Beam
from x17.apparatus.beam_catcher import BeamCatcher
from x17.apparatus.setup import Setup
from x17.simulation.digitisation.calorimeter_energy import SinglesInCalorimeter

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

PC_PER_ELECTRON = 1.602176634e-7
"""Elementary charge in pC."""

_HEIGHTS = 4001
_REACH = 6.0
_MANY = 100.0
"""Degrees of freedom from which a standard deviation is taken as Gaussian."""


@dataclass(frozen=True, slots=True, eq=False)
class Bunches:
    """Bunches in the order in which they come; all arrays have shape (n,).

    Attributes
    ----------
    n_positrons : ndarray of int
        On target: the truth, which no monitor sees.
    lead_glass_pc : ndarray
        Charge of the beam catcher, pC; NaN without one.
    target_pc : ndarray
        Charge of the target, x and y strips each, pC.
    target_x_mm, target_y_mm, target_sigma_x_mm, target_sigma_y_mm : ndarray
        Centre and width of the spot at the target; NaN for bunches of fewer than two positrons.
    pixel_x_mm, pixel_y_mm, pixel_sigma_x_mm, pixel_sigma_y_mm : ndarray
        The same at the pixel detector; NaN without one.
    run : ndarray of int
        Number of the run in its period.
    calorimeter_mev : ndarray
        Energy that scattered positrons leave in the calorimeter, MeV.
    """

    n_positrons: IntArray
    lead_glass_pc: FloatArray
    target_pc: FloatArray
    target_x_mm: FloatArray
    target_y_mm: FloatArray
    target_sigma_x_mm: FloatArray
    target_sigma_y_mm: FloatArray
    pixel_x_mm: FloatArray
    pixel_y_mm: FloatArray
    pixel_sigma_x_mm: FloatArray
    pixel_sigma_y_mm: FloatArray
    run: IntArray
    calorimeter_mev: FloatArray


def spot_sigma_mm(beam: Beam, distance_mm: float) -> tuple[float, float]:
    """Widths of the spot behind the target: σ² = σ₀² + (divergence · distance)².

    Parameters
    ----------
    beam : Beam
    distance_mm : float
        From the target.

    Returns
    -------
    x, y : float
        mm.
    """
    spread = 1e-3 * beam.divergence_mrad * distance_mm
    return float(np.hypot(beam.spot_sigma_x_mm, spread)), float(np.hypot(beam.spot_sigma_y_mm, spread))


def mean_response(setup: Setup, catcher: BeamCatcher) -> float:
    """Response of the beam catcher, averaged over the heights at which the beam hits it.

    Parameters
    ----------
    setup : Setup
        Its beam.
    catcher : BeamCatcher

    Returns
    -------
    float
        1 for a catcher without a table of responses.
    """
    _, center = setup.beam_axis_mm(catcher.z_mm)
    _, sigma = spot_sigma_mm(setup.beam, catcher.z_mm - setup.target.z_mm)
    steps = np.linspace(-_REACH, _REACH, _HEIGHTS)
    density = np.exp(-0.5 * steps**2)
    return float(np.average(catcher.response_at(center + sigma * steps), weights=density))


def ageing(catcher: BeamCatcher, share: ArrayLike) -> FloatArray:
    """Response of the beam catcher with dose: 1/(1 + slope (share − ½)), 1 in the middle of the run.

    The measured positrons are multiplied by 1 + slope (share − ½) to correct for it.

    Parameters
    ----------
    catcher : BeamCatcher
    share : array_like
        Positrons before, as a share of all of the run.

    Returns
    -------
    ndarray
    """
    return np.asarray(1.0 / (1.0 + catcher.ageing_slope * (np.asarray(share, dtype=np.float64) - 0.5)))


def monitor_bunches(
    setup: Setup,
    beam_energy_mev: float,
    n_bunches: int,
    positrons_before: float,
    rng: np.random.Generator,
    *,
    leakage: float | None = None,
    run: int = 0,
    singles: SinglesInCalorimeter | None = None,
    calorimeter_scale: float = 1.0,
) -> Bunches:
    """Draw bunches and what the monitors make of them.

    The number of positrons is Poisson. The lead glass gives N · charge per positron · E/E_ref · response at
    the impact · leakage/reference · ageing; the target N · pairs per length · collection distance. The centre
    of a spot is the mean of N Gaussian positrons, its width their standard deviation; the target's and the
    pixel detector's centres belong to the same positrons. The energy in the calorimeter is that of a Poisson
    number of scattered positrons.

    Parameters
    ----------
    setup : Setup
        As it truly is.
    beam_energy_mev : float
        Mean total energy, MeV.
    n_bunches : int
    positrons_before : float
        On target since the start of the run, before the first of these bunches.
    rng : numpy.random.Generator
    leakage : float, optional
        Factor for what the lead glass loses; its reference by default.
    run : int
        Number of the run in its period.
    singles : SinglesInCalorimeter, optional
        Those of the setup at this energy, if they are known already.
    calorimeter_scale : float
        By which the calorimeter's energy is multiplied.

    Returns
    -------
    Bunches
    """
    beam, target, pixel = setup.beam, setup.target, setup.pixel
    number = rng.poisson(beam.positrons_per_bunch, n_bunches)
    scattered = SinglesInCalorimeter.of(setup, beam_energy_mev) if singles is None else singles
    enough = np.where(number > 1, number, np.nan)
    per_positron = target.pairs_per_um * target.charge_collection_um * PC_PER_ELECTRON
    axes = ((beam.center_x_mm, beam.tilt_x_mrad), (beam.center_y_mm, beam.tilt_y_mrad))
    distance = (pixel.z_mm - target.z_mm) if pixel else float("nan")
    at_target, at_pixel = spot_sigma_mm(beam, 0.0), spot_sigma_mm(beam, distance)
    centers: list[list[FloatArray]] = [[], []]
    for (center, tilt), sigma in zip(axes, at_target, strict=True):
        place, slope = rng.standard_normal((2, n_bunches)) / np.sqrt(enough)
        here = center + sigma * place
        centers[0].append(here)
        centers[1].append(here + 1e-3 * distance * (tilt + beam.divergence_mrad * slope))
    widths = [sigma * _relative_width(enough, rng) for sigma in (*at_target, *at_pixel)]
    return Bunches(
        n_positrons=number,
        lead_glass_pc=_lead_glass(setup, beam_energy_mev, number, positrons_before, leakage),
        target_pc=np.asarray(number * per_positron, dtype=np.float64),
        target_x_mm=centers[0][0],
        target_y_mm=centers[0][1],
        target_sigma_x_mm=widths[0],
        target_sigma_y_mm=widths[1],
        pixel_x_mm=centers[1][0],
        pixel_y_mm=centers[1][1],
        pixel_sigma_x_mm=widths[2],
        pixel_sigma_y_mm=widths[3],
        run=np.full(n_bunches, run, dtype=np.int64),
        calorimeter_mev=calorimeter_scale * scattered.draw(number, rng),
    )


def _relative_width(number: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Standard deviation of N Gaussian numbers: √(χ²/ν) with ν = N − 1 degrees of freedom.

    For many it is Gaussian with the same mean, c = 1 − 1/4ν + 1/32ν² + …, to 1e-7, and mean square, 1; its
    third moment, of the order of 1/ν², is left out.
    """
    freedom = number - 1.0
    mean = 1.0 - 0.25 / freedom + 0.03125 / freedom**2
    width = mean + np.sqrt(1.0 - mean**2) * rng.standard_normal(number.size)
    few = np.flatnonzero(freedom < _MANY)
    width[few] = np.sqrt(rng.standard_gamma(0.5 * freedom[few]) / (0.5 * freedom[few]))
    return np.asarray(width)


def _lead_glass(
    setup: Setup, energy: float, number: IntArray, before: float, leakage: float | None
) -> FloatArray:
    catcher, total = setup.beam_catcher, float(setup.run_plan.n_pot.sum())
    if catcher is None:
        return np.full(number.size, np.nan)
    # Without a run plan there is no dose.
    share = (before + np.cumsum(number) - number) / total if total > 0.0 else 0.5
    lost = 1.0 if leakage is None else leakage / catcher.leakage_reference
    constant = lost * mean_response(setup, catcher)
    return constant * catcher.charge_pc(number, energy) * ageing(catcher, share)
