"""Sums of runs drawn from their expectation: the flux of whole data takings in milliseconds."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from x17.apparatus.beam_catcher import BeamCatcher
from x17.apparatus.setup import Setup
from x17.errors import UsageError
from x17.reconstruction.flux.leakage import response_over_spot
from x17.reconstruction.flux.moments import Moments
from x17.reconstruction.flux.run_sums import RunSums
from x17.simulation.conditions import Conditions, RunConditions
from x17.simulation.digitisation.bunch_monitors import spot_sigma_mm
from x17.simulation.digitisation.calorimeter_energy import CONTAINMENT, SinglesInCalorimeter
from x17.simulation.generators.single_positrons import single_rate

FloatArray = NDArray[np.float64]

TARGET_PC_PER_POSITRON = 7e-5
"""Charge of the target for a positron, x and y strips each; the flux does not depend on it."""


def draw_run_sums(
    setup: Setup, conditions: Conditions, seed: int | np.random.SeedSequence
) -> tuple[RunSums, ...]:
    """Draw what the beam monitors add up to in every run, from means and variances.

    As if the bunches of `x17.simulation.bunch_blocks` were drawn and summed: a Poisson number of positrons in
    each, single particles in the calorimeter, spots; the true positrons of a period are those of the plan.

    Parameters
    ----------
    setup : Setup
        With beam catcher and pixel detector.
    conditions : Conditions
    seed : int or SeedSequence

    Returns
    -------
    tuple of RunSums
        Period by period in the order of the run plan.

    Raises
    ------
    UsageError
        A setup without beam catcher or pixel detector.
    """
    catcher = setup.beam_catcher
    if catcher is None or setup.pixel is None or conditions.charge_per_positron_pc is None:
        raise UsageError(f"setup {setup.name} lacks a beam catcher or a pixel detector")
    rng = np.random.default_rng(seed)
    # The share of the scattered positrons that hit a crystal is the same at all energies, to 0.1 %.
    singles = SinglesInCalorimeter.of(setup, setup.beam.energy_mev)
    share_seen = singles.per_positron / single_rate(setup, setup.beam.energy_mev)
    runs, before, total = [], 0.0, float(setup.run_plan.n_pot.sum())
    for period in setup.run_plan.periods:
        truth = conditions.of(period.number)
        number = period.n_pot / len(truth.runs)
        for run, here in enumerate(truth.runs):
            share = (before + (run + 0.5) * number) / total
            energy = period.beam_energy_mev
            glass = _glass_pc(setup, catcher, conditions, here, energy, share) * truth.lead_glass_response
            rate = share_seen * single_rate(setup, energy)
            amounts = _amounts(setup, here, number, rate, CONTAINMENT * energy, glass, rng)
            n = round(number / setup.beam.positrons_per_bunch)
            key: dict[str, Any] = {"period": period.number, "run": run, "beam_energy_mev": energy}
            runs.append(RunSums(**key, n_bunches=n, n_good=n, **amounts, **_spots(setup, here, n, rng)))
        before += period.n_pot
    return tuple(runs)


def _glass_pc(
    setup: Setup,
    catcher: BeamCatcher,
    conditions: Conditions,
    here: RunConditions,
    energy: float,
    share: float,
) -> float:
    """Charge of a positron, but for what changes from period to period."""
    charge, slope = conditions.charge_per_positron_pc or 0.0, conditions.ageing_slope or 0.0
    path = catcher.z_mm - setup.target.z_mm
    height = here.center_y_mm + 1e-3 * here.tilt_y_mrad * path
    response = float(response_over_spot(catcher, height, spot_sigma_mm(setup.beam, path)[1]))
    aged = 1.0 / (1.0 + slope * (share - 0.5))
    return charge * energy / catcher.reference_energy_mev * response * aged


def _amounts(
    setup: Setup,
    here: RunConditions,
    number: float,
    rate: float,
    energy: float,
    glass: float,
    rng: np.random.Generator,
) -> dict[str, Any]:
    """Sums and products over bunches of a Poisson number of positrons."""
    target = TARGET_PC_PER_POSITRON * here.target_gain
    scale = here.calorimeter_scale * energy
    # A Poisson number of singles, all of the mean energy.
    seen = scale * (rate * number + np.sqrt(rate * number) * rng.standard_normal())
    squares = number * (setup.beam.positrons_per_bunch + 1.0)
    return {
        "lead_glass_pc": glass * number,
        "target_pc": target * number,
        "calorimeter_mev": seen,
        "lead_glass_2": glass**2 * squares,
        "target_2": target**2 * squares,
        "calorimeter_2": scale**2 * (rate**2 * squares + rate * number),
        "lead_glass_target": glass * target * squares,
        "lead_glass_calorimeter": glass * scale * rate * squares,
    }


def _spots(setup: Setup, here: RunConditions, n: int, rng: np.random.Generator) -> dict[str, Any]:
    found, mean = {}, setup.beam.positrons_per_bunch
    pixel_z = setup.pixel.z_mm if setup.pixel else setup.target.z_mm
    for monitor, z in (("target", setup.target.z_mm), ("pixel", pixel_z)):
        path = z - setup.target.z_mm
        centers = (
            here.center_x_mm + 1e-3 * here.tilt_x_mrad * path,
            here.center_y_mm + 1e-3 * here.tilt_y_mrad * path,
        )
        for axis, center, sigma in zip("xy", centers, spot_sigma_mm(setup.beam, path), strict=True):
            normal = rng.standard_normal(2) / np.sqrt(n)
            middle = center + sigma / np.sqrt(mean) * normal[0]
            square = sigma**2 * (1.0 + np.sqrt(2.0 / mean) * normal[1])
            found[f"{monitor}_{axis}"] = _moments(n, middle, sigma**2 / mean)
            found[f"{monitor}_var_{axis}"] = _moments(n, square, 2.0 * sigma**4 / mean)
    return found


def _moments(n: int, mean: float, variance: float) -> Moments:
    return Moments(n, n * mean, n * mean**2 + (n - 1) * variance)
