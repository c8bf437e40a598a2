"""Whether the machine can run the periods of a plan, and whether their pairs meet the selection."""

from __future__ import annotations

import math

import numpy as np

from x17.apparatus import two_body
from x17.apparatus.setup import Setup
from x17.errors import Problem

_ROUNDING = 1e-9
"""Of an energy that was turned into √s and back."""


def plan_problems(setup: Setup) -> list[Problem]:
    """Find periods that the machine cannot run, or else whose pairs miss the radii of the selection.

    At 90 degrees in the centre of mass both particles of a pair arrive at D/γ; beyond R_max no pair is
    accepted at any angle.

    Parameters
    ----------
    setup : Setup

    Returns
    -------
    list of Problem
        With the key of the file as `column`.
    """
    return _out_of_reach(setup) or _missing_pairs(setup)


def _out_of_reach(setup: Setup) -> list[Problem]:
    low, high = setup.beam.lowest_energy_mev or 0.0, setup.beam.highest_energy_mev or math.inf
    plan = setup.run_plan
    return [
        Problem(
            "not an energy of the machine",
            None,
            "run_plan.periods",
            f"{energy:.6g} MeV in period {number}",
            f"beam.lowest_energy_mev to beam.highest_energy_mev = {low:g} to {high:g}",
        )
        for number, energy in zip(plan.number.tolist(), plan.beam_energy_mev.tolist(), strict=True)
        if not low * (1.0 - _ROUNDING) <= energy <= high * (1.0 + _ROUNDING)
    ]


def _missing_pairs(setup: Setup) -> list[Problem]:
    searched = setup.run_plan.sqrt_s_mev[setup.run_plan.scan_part >= 0]
    middle = setup.distance_mm / two_body.gamma(searched)
    if not np.any(middle >= setup.pair_cuts.r_max_mm):
        return []
    worst = int(np.argmax(middle))
    return [
        Problem(
            f"the pairs of √s = {searched[worst]:.3f} MeV miss the selection, at 90 degrees in the centre of "
            f"mass they arrive {middle[worst]:.0f} mm from the axis",
            None,
            "pair_cuts.r_max_mm",
            f"{setup.pair_cuts.r_max_mm:g}",
            f"above {middle[worst]:.0f}, or a calorimeter nearer to the target",
        )
    ]
