"""Flux proxies: what the calorimeter and the target see of a period, per positron of the lead glass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.apparatus.beam_catcher import BeamCatcher
from x17.apparatus.setup import Setup
from x17.reconstruction.flux.rows import column, sum_rows
from x17.reconstruction.flux.run_flux import RunFlux
from x17.reconstruction.flux.run_sums import RunSums
from x17.simulation.generators.single_positrons import single_rate

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Proxy:
    """One proxy; all arrays have shape (n_periods,).

    Attributes
    ----------
    name : str
        ``calorimeter`` or ``target``.
    per_positron, per_positron_err : ndarray
        Per positron of the lead glass, not corrected for ageing, with its statistical error; NaN where there
        is none.
    """

    name: str
    per_positron: FloatArray
    per_positron_err: FloatArray


def calorimeter_per_positron(setup: Setup, beam_energy_mev: FloatArray) -> FloatArray:
    """Energy that the singles of the beam leave in the calorimeter, per positron, MeV.

    E · single_rate(E): nearly all of it is from positrons that scatter elastically, ∝ 1/E altogether.

    Parameters
    ----------
    setup : Setup
    beam_energy_mev : ndarray

    Returns
    -------
    ndarray
    """
    energies, which = np.unique(beam_energy_mev, return_inverse=True)
    return np.array([energy * single_rate(setup, energy) for energy in energies])[which]


def measure_proxies(
    runs: Sequence[RunSums], row: IntArray, flux: RunFlux, setup: Setup, catcher: BeamCatcher
) -> tuple[Proxy, Proxy]:
    """Sum the proxies of periods over positrons.

    The calorimeter's is divided by the energy dependence that theory expects, relative to the mean of the
    periods: what is left changes with the lead glass alone.

    Parameters
    ----------
    runs : sequence of RunSums
    row : ndarray of int, shape (n_runs,)
        Period of each run, counted from 0.
    flux : RunFlux
        Its good charge and leakage; runs without that charge are left out.
    setup : Setup
    catcher : BeamCatcher
        That of the setup.

    Returns
    -------
    calorimeter, target : Proxy
        MeV (at the mean of the expected dependence) and pC per positron.
    """
    used, energy = flux.good_pc > 0.0, column(runs, "beam_energy_mev")
    per_pc = catcher.positrons(1.0, energy) * catcher.leakage_reference / flux.loss.factor
    expected = calorimeter_per_positron(setup, energy)
    relative = expected / expected[used].mean() if used.any() else np.ones_like(expected)
    seen = _per_positron(runs, row, used, per_pc, "calorimeter_mev", "calorimeter", relative)
    pulse = _per_positron(runs, row, used, per_pc, "target_pc", "target", np.ones_like(relative))
    return Proxy("calorimeter", *seen), Proxy("target", *pulse)


def _per_positron(
    runs: Sequence[RunSums],
    row: IntArray,
    used: NDArray[np.bool_],
    per_pc: FloatArray,
    total: str,
    name: str,
    expected: FloatArray,
) -> tuple[FloatArray, FloatArray]:
    """Σ amount/expected over Σ positrons of a period, with the scatter of its bunches about that ratio."""
    amount, charge = column(runs, total), column(runs, "lead_glass_pc")
    seen = used & (amount > 0.0)
    ratio = amount / np.where(seen, charge, 1.0)
    # A run's amount fluctuates about its own ratio to the charge.
    spread = column(runs, f"{name}_2") - 2.0 * ratio * column(runs, f"lead_glass_{name}")
    spread += ratio**2 * column(runs, "lead_glass_2")
    number = sum_rows(np.where(seen, charge * per_pc, 0.0), row)
    number[number == 0.0] = np.nan
    variance = sum_rows(np.where(seen, np.maximum(spread, 0.0) / expected**2, 0.0), row)
    return sum_rows(np.where(seen, amount / expected, 0.0), row) / number, np.sqrt(variance) / number
