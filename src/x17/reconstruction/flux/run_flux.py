"""Positrons of each run before the ageing: raw charge, leakage at its spot, and the dose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.apparatus.beam_catcher import BeamCatcher
from x17.apparatus.setup import Setup
from x17.reconstruction.flux.dose import dose_shares
from x17.reconstruction.flux.leakage import EnergyLoss, energy_loss
from x17.reconstruction.flux.raw_charge import raw_charge
from x17.reconstruction.flux.rows import column
from x17.reconstruction.flux.run_sums import RunSums
from x17.reconstruction.flux.settings import FluxSettings
from x17.reconstruction.flux.spot import RunSpots, SpotAt

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class RunFlux:
    """Flux of runs; all arrays have shape (n_runs,).

    Attributes
    ----------
    good_pc : ndarray
        Lead-glass charge of good bunches; 0 where the beam is beside the lead glass.
    n_raw, n_filled : ndarray
        Positrons by the charge, filled ones included; those that were filled.
    loss : EnergyLoss
    share : ndarray
        Positrons before the middle of the run, as a share of all.
    no_spot, beside : ndarray of bool
        Whether the leakage is that of the beam in the setup; whether the beam misses the lead glass.
    """

    good_pc: FloatArray
    n_raw: FloatArray
    n_filled: FloatArray
    loss: EnergyLoss
    share: FloatArray
    no_spot: BoolArray
    beside: BoolArray


def measure_runs(
    runs: Sequence[RunSums],
    row: IntArray,
    spots: RunSpots,
    setup: Setup,
    catcher: BeamCatcher,
    settings: FluxSettings,
) -> RunFlux:
    """Count the positrons of runs.

    N_raw = charge/charge per positron · E_ref/E.

    Parameters
    ----------
    runs : sequence of RunSums
        In the order of data taking.
    row : ndarray of int, shape (n_runs,)
        Period of each run, counted from 0.
    spots : RunSpots
    setup : Setup
    catcher : BeamCatcher
        That of the setup.
    settings : FluxSettings

    Returns
    -------
    RunFlux
    """
    energy = column(runs, "beam_energy_mev")
    charge, per_pc = raw_charge(runs, row), catcher.positrons(1.0, energy) / (1.0 + settings.charge_error)
    loss, no_spot, beside = _leakage(spots, setup, catcher, settings)
    on_glass = np.where(beside, 0.0, per_pc)
    n_raw = charge.total * on_glass
    period = np.array([run.period for run in runs], dtype=np.int64)
    share = dose_shares(period, n_raw * catcher.leakage_reference / loss.factor, setup.run_plan)
    good = np.where(beside, 0.0, charge.good)
    return RunFlux(good, n_raw, charge.filled * on_glass, loss, share, no_spot, beside)


def _leakage(
    spots: RunSpots, setup: Setup, catcher: BeamCatcher, settings: FluxSettings
) -> tuple[EnergyLoss, BoolArray, BoolArray]:
    """Leakage at the measured spots or at that of the setup; where there is no spot, or no lead glass."""
    here = spots.at(catcher.z_mm)
    no_spot = ~(np.isfinite(here.center[:, 1]) & np.isfinite(here.sigma[:, 1]))
    center, center_err, sigma, sigma_err = _heights(here, no_spot, setup, catcher)
    loss, reference = energy_loss(catcher, center, center_err, sigma, sigma_err), catcher.leakage_reference
    beside = loss.factor < settings.least_response * reference
    factor = np.where(beside, reference, loss.factor * (1.0 + settings.leakage_error))
    # Without a table of responses the lead glass answers alike wherever the beam meets it.
    unknown = settings.unknown_leakage_err if catcher.impact_y_mm else 0.0
    spot_err = np.where(no_spot, unknown * factor, loss.spot_err)
    if not settings.apply_leakage:
        nothing = np.zeros_like(factor)
        return EnergyLoss(np.full_like(factor, reference), nothing, nothing), no_spot, beside
    return EnergyLoss(factor, spot_err, loss.map_err), no_spot, beside


def _heights(
    here: SpotAt, no_spot: BoolArray, setup: Setup, catcher: BeamCatcher
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Height and width of the spots with errors; those of the setup's beam where nothing was measured."""
    center = float(setup.beam_axis_mm(catcher.z_mm)[1])
    spread = 1e-3 * setup.beam.divergence_mrad * (catcher.z_mm - setup.target.z_mm)
    planned = (center, 0.0, float(np.hypot(setup.beam.spot_sigma_y_mm, spread)), 0.0)
    measured = (here.center, here.center_err, here.sigma, here.sigma_err)
    columns = [
        # One bunch has a spot and no error.
        np.where(no_spot, value, np.nan_to_num(column[:, 1]))
        for column, value in zip(measured, planned, strict=True)
    ]
    return columns[0], columns[1], columns[2], columns[3]
