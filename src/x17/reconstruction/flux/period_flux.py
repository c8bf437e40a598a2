"""Positrons on target of each period, from the sums over the bunches of its runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from x17.apparatus.beam_catcher import BeamCatcher
from x17.apparatus.run_plan import RunPlan
from x17.apparatus.setup import Setup
from x17.errors import UsageError
from x17.reconstruction.flux.proxies import measure_proxies
from x17.reconstruction.flux.rows import column, mean_rows, sum_rows
from x17.reconstruction.flux.run_flux import RunFlux, measure_runs
from x17.reconstruction.flux.run_sums import RunSums
from x17.reconstruction.flux.settings import FluxSettings
from x17.reconstruction.flux.slope import AgeingSlope, measure_slope
from x17.reconstruction.flux.spot import RunSpots, measure_spots
from x17.reconstruction.flux.status import FluxStatus

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class PeriodFlux:
    """Positrons on target; all arrays have shape (n_periods,), in the order of data taking.

    n_pot = n_raw · ageing/(energy_loss/reference), as the columns of the published table. A period without a
    flux has 0 positrons with error 0, and its status says why.

    Attributes
    ----------
    period : ndarray of int
    beam_energy_mev : ndarray
        MeV.
    n_raw : ndarray
        Charge over charge per positron at this energy.
    energy_loss, energy_loss_err : ndarray
        Leakage factor, and its error from spot and map.
    ageing, ageing_err : ndarray
        1 + slope · u with u the dose from the middle, and the error from the slope.
    n_pot, n_pot_err_raw : ndarray
        Positrons, and what of their error is not common to all periods; that of the beam energy, 0.3 %, is
        left for the scan to add.
    status : ndarray of int
        A `FluxStatus` each.
    n_bunches, n_good : ndarray of int
    slope : AgeingSlope
    runs : tuple of RunSums
        What was given, in the order of data taking.
    run_row : ndarray of int, shape (n_runs,)
        Period of each run, counted from 0.
    run_flux : RunFlux
    run_spots : RunSpots
    common_errors : dict
        Relative errors that all periods share, by their source.
    """

    period: IntArray
    beam_energy_mev: FloatArray
    n_raw: FloatArray
    energy_loss: FloatArray
    energy_loss_err: FloatArray
    ageing: FloatArray
    ageing_err: FloatArray
    n_pot: FloatArray
    n_pot_err_raw: FloatArray
    status: IntArray
    n_bunches: IntArray
    n_good: IntArray
    slope: AgeingSlope
    runs: tuple[RunSums, ...]
    run_row: IntArray
    run_flux: RunFlux
    run_spots: RunSpots
    common_errors: dict[str, float]

    @property
    def usable(self) -> BoolArray:
        """Whether a period has a flux, shape (n_periods,)."""
        return np.asarray(self.status < FluxStatus.NO_LEAD_GLASS)

    @property
    def common_err(self) -> float:
        """Common errors in quadrature: 2.1 % for PADME Run III."""
        return float(np.sqrt(sum(err**2 for err in self.common_errors.values())))


def measure_flux(
    run_sums: Sequence[RunSums], setup: Setup, settings: FluxSettings | None = None
) -> PeriodFlux:
    """Count the positrons on target of each period.

    Parameters
    ----------
    run_sums : sequence of RunSums
        Runs of all periods; within a period in the order of data taking. The periods are put into the
        order of the run plan if that knows them all.
    setup : Setup
    settings : FluxSettings, optional

    Returns
    -------
    PeriodFlux

    Raises
    ------
    UsageError
        No runs, a run given twice, a period with two beam energies, or a setup without a beam catcher.
    """
    how, catcher = settings or FluxSettings(), setup.beam_catcher
    if catcher is None:
        raise UsageError(f"setup {setup.name} has no beam_catcher, which counts the positrons; add the table")
    runs, period, row = _in_order(run_sums, setup.run_plan)
    spots = measure_spots(runs, setup)
    flux = measure_runs(runs, row, spots, setup, catcher, how)
    corrected = flux.n_raw * catcher.leakage_reference / flux.loss.factor
    dose = mean_rows(flux.share - how.pivot_share, corrected, row)
    slope = measure_slope(dose, measure_proxies(runs, row, flux, setup, catcher), catcher, how)
    return PeriodFlux(
        period=period,
        beam_energy_mev=column(runs, "beam_energy_mev")[np.unique(row, return_index=True)[1]],
        **_positrons(runs, row, flux, slope, dose, catcher, how),
        n_bunches=_count(runs, row, "n_bunches"),
        n_good=_count(runs, row, "n_good"),
        slope=slope,
        runs=runs,
        run_row=row,
        run_flux=flux,
        run_spots=spots,
        common_errors=_common_errors(catcher, how),
    )


def _positrons(
    runs: Sequence[RunSums],
    row: IntArray,
    flux: RunFlux,
    slope: AgeingSlope,
    dose: FloatArray,
    catcher: BeamCatcher,
    settings: FluxSettings,
) -> dict[str, Any]:
    """Raw numbers, factors, positrons, errors and status of the periods."""
    status, reference = _status(runs, row, flux), catcher.leakage_reference
    corrected = flux.n_raw * reference / flux.loss.factor
    n_raw, total = sum_rows(flux.n_raw, row), sum_rows(corrected, row)
    counted = (status < FluxStatus.NO_LEAD_GLASS) & (total > 0.0)
    # Runs add as corrected positrons, so that the factors of a period are means over positrons.
    loss = reference * np.divide(n_raw, total, out=np.ones_like(n_raw), where=counted)
    loss_err = loss * _leakage_err(flux, corrected, row)
    ageing, ageing_err = _ageing(dose, slope, settings)
    n_pot = np.where(counted, n_raw * ageing / (loss / reference), 0.0)
    filled = np.divide(sum_rows(flux.n_filled, row), n_raw, out=np.zeros_like(n_raw), where=counted)
    relative = (loss_err / loss) ** 2 + (ageing_err / ageing) ** 2 + (settings.fill_err * filled) ** 2
    return {
        "n_raw": n_raw,
        "energy_loss": loss,
        "energy_loss_err": loss_err,
        "ageing": ageing,
        "ageing_err": ageing_err,
        "n_pot": n_pot,
        "n_pot_err_raw": n_pot * np.sqrt(relative),
        "status": status,
    }


def _in_order(run_sums: Sequence[RunSums], plan: RunPlan) -> tuple[tuple[RunSums, ...], IntArray, IntArray]:
    """Runs by period in the order of data taking, the periods, and the period of each run."""
    if not run_sums:
        raise UsageError("no runs are given; allowed: the sums of at least one")
    twice = [key for key, times in Counter((run.period, run.run) for run in run_sums).items() if times > 1]
    if twice:
        raise UsageError(f"period {twice[0][0]}, run {twice[0][1]} is given twice; add the sums of its parts")
    energies = {run.period: run.beam_energy_mev for run in run_sums}
    for run in run_sums:
        if run.beam_energy_mev != energies[run.period]:
            raise UsageError(
                f"period {run.period} has runs of {run.beam_energy_mev:g} and {energies[run.period]:g} MeV; "
                "allowed: one beam energy a period"
            )
    planned = plan.number.tolist()
    order = [number for number in planned if number in energies]
    if len(order) < len(energies):
        order = list(energies)
    runs = tuple(sorted(run_sums, key=lambda run: order.index(run.period)))
    return runs, np.array(order, dtype=np.int64), np.array([order.index(run.period) for run in runs])


def _ageing(dose: FloatArray, slope: AgeingSlope, settings: FluxSettings) -> tuple[FloatArray, FloatArray]:
    """Correction 1 + slope · u and its error, which is 0 in the middle of the dose."""
    if not settings.apply_ageing:
        return np.ones_like(dose), np.zeros_like(dose)
    return 1.0 + (slope.slope + settings.slope_error) * dose, slope.slope_err * np.abs(dose)


def _leakage_err(flux: RunFlux, weight: FloatArray, row: IntArray) -> FloatArray:
    """Relative error of the leakage of periods: spots of runs in quadrature, the map's linearly."""
    total = sum_rows(weight, row)
    part = weight / np.where(total > 0.0, total, 1.0)[row]
    spots = sum_rows((part * flux.loss.spot_err / flux.loss.factor) ** 2, row)
    return np.asarray(np.sqrt(spots + sum_rows(part * flux.loss.map_err / flux.loss.factor, row) ** 2))


def _count(runs: Sequence[RunSums], row: IntArray, name: str) -> IntArray:
    return sum_rows(column(runs, name), row).astype(np.int64)


def _status(runs: Sequence[RunSums], row: IntArray, flux: RunFlux) -> IntArray:
    """The gravest of what happened to the runs of each period."""
    good, missing = _count(runs, row, "n_good"), _count(runs, row, "n_missing")
    status = np.where(missing > 0, FluxStatus.FILLED, FluxStatus.MEASURED)
    status[sum_rows(flux.no_spot & (flux.n_raw > 0.0), row) > 0] = FluxStatus.NO_SPOT
    nothing = _count(runs, row, "n_bunches") == 0
    status[(good == 0) & (missing == 0)] = FluxStatus.NO_GOOD_BUNCHES
    status[(good == 0) & ((missing > 0) | nothing)] = FluxStatus.NO_LEAD_GLASS
    status[(good > 0) & (sum_rows(flux.beside, row) > 0)] = FluxStatus.BESIDE_LEAD_GLASS
    return status.astype(np.int64)


def _common_errors(catcher: BeamCatcher, settings: FluxSettings) -> dict[str, float]:
    return {
        "charge per positron": catcher.charge_per_positron_err,
        "energy loss": catcher.leakage_err,
        "ageing constant": settings.ageing_constant_err,
    }
