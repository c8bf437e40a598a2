"""Bunches of a period block by block, run by run: for a file, or to be reduced on the fly."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from x17.apparatus.setup import Setup
from x17.errors import UsageError
from x17.simulation.conditions import Conditions
from x17.simulation.digitisation.bunch_monitors import Bunches, monitor_bunches
from x17.simulation.digitisation.calorimeter_energy import SinglesInCalorimeter

BUNCHES_PER_BLOCK = 2**17
_BUNCHES = 13
"""What these random numbers are for; see `x17.simulation.sample`."""


def n_bunches(setup: Setup, n_pot: float) -> int:
    """Bunches of a number of positrons: over the mean of a bunch, at least one.

    Parameters
    ----------
    setup : Setup
    n_pot : float

    Returns
    -------
    int
    """
    return max(1, round(n_pot / setup.beam.positrons_per_bunch))


def bunch_blocks(
    setup: Setup, conditions: Conditions, period: int, n_pot: float | None, seed: int
) -> Iterator[tuple[int, Bunches]]:
    """Draw the bunches of a period.

    A block has random numbers of its own. The dose goes on from the positrons of all periods before.

    Parameters
    ----------
    setup : Setup
        As the analyst knows it.
    conditions : Conditions
        Its runs, what their beam is like, and what the monitors make of it.
    period : int
        Number of a period of the run plan.
    n_pot : float or None
        Positrons on target; the period's own by default.
    seed : int
        0 or more.

    Yields
    ------
    run : int
    bunches : Bunches
        At most 131,072, all of that run.

    Raises
    ------
    UsageError
        The run plan has no such period, or there are no conditions of it.
    """
    plan = setup.run_plan
    order = [one.number for one in plan.periods]
    if period not in order:
        raise UsageError(f"setup {setup.name} has no period {period}; it has {', '.join(map(str, order))}")
    place, mean, n_runs = order.index(period), setup.beam.positrons_per_bunch, conditions.n_runs(period)
    share = (plan.periods[place].n_pot if n_pot is None else n_pot) / n_runs
    energy, before = plan.periods[place].beam_energy_mev, float(plan.n_pot[:place].sum())
    for run in range(n_runs):
        truth = conditions.setup_for(setup, period, run)
        scale = conditions.run_of(period, run).calorimeter_scale
        singles, total = SinglesInCalorimeter.of(truth, energy), n_bunches(setup, share)
        for block, first in enumerate(range(0, total, BUNCHES_PER_BLOCK)):
            key = (_BUNCHES, period % 2**32, block, *([run] if run else []))
            rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=key))
            n, dose = min(BUNCHES_PER_BLOCK, total - first), before + run * share + first * mean
            bunches = monitor_bunches(
                truth, energy, n, dose, rng, run=run, singles=singles, calorimeter_scale=scale
            )
            yield run, bunches
