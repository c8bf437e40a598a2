"""Scenarios published before Run III (PRD 106 (2022) 115036), run with today's errors.

Conservative: 2e11 positrons, 12 points, spread 0.5 %. Aggressive: 4e11, 14 points, 0.25 %. Both of 265 to
299 MeV, for vectors and pseudoscalars. The paper's electrons are at rest; their motion was understood later
(PRL 132 261801).
"""

from dataclasses import replace

import numpy as np
import pytest

from x17.projection.planned_points import even_points
from x17.projection.projected_scan import RunDesign, projected_model
from x17.projection.reach import find_reach
from x17.projection.systematics_file import load_systematics
from x17.projection.yield_lines import lines_of_scan
from x17.scan import EnergyScan
from x17.statistics.model_settings import ModelSettings
from x17.theory.boson import SpinParity
from x17.theory.lineshape import Voigt

SCENARIOS = {"conservative": (2e11, 12, 0.005), "aggressive": (4e11, 14, 0.0025)}
MASSES = np.linspace(16.6, 17.2, 25)
COUPLINGS = np.linspace(1e-4, 1.5e-3, 57)

REST_AREA_MEV = 12.64
"""Area of the line of electrons at rest at g = 1 in 100 µm of diamond: π g²/(2 m_e) n_e d, per positron."""


def _design(name: str, *, at_rest: bool) -> RunDesign:
    positrons, n_points, spread = SCENARIOS[name]
    scan = EnergyScan.load("padme-run3")
    constants = replace(scan.constants, beam_energy_spread=spread)
    if at_rest:
        constants = replace(constants, signal_yield_mev=REST_AREA_MEV, lorentz_half_width_mev=1e-3)
    points = even_points(np.linspace(265.0, 299.0, n_points), positrons)
    return RunDesign(name, points, lines_of_scan(scan), constants)


def _limits(name: str, kind: SpinParity, *, at_rest: bool) -> tuple[float, float]:
    """Median expected limits where they are best and where they are worst."""
    errors = load_systematics("padme-run3")
    model = projected_model(_design(name, at_rest=at_rest), errors, ModelSettings(boson=kind))
    found = find_reach([model], MASSES, COUPLINGS).median
    return float(found.min()), float(found.max())


@pytest.mark.parametrize("spread_mev", [0.5, 0.7, 1.4])
def test_the_rate_at_rest_is_the_quoted_one(spread_mev: float) -> None:
    """2.0e-7 bosons a positron at the peak for g = 2e-4 and a spread of 1 MeV; quoted to one digit: 10 %."""
    line = Voigt(REST_AREA_MEV, 1e-4, spread_mev / 282.0, np.zeros((3, 3)))
    peak = float(line.unit_profile(np.array([282.0]), np.array(282.0), 1e-4, spread_mev / 282.0)[0])
    rate = REST_AREA_MEV * peak * (2e-4) ** 2
    assert rate * spread_mev / 2.0e-7 == pytest.approx(1.0, abs=0.1)


@pytest.mark.parametrize("kind", [SpinParity.VECTOR, SpinParity.PSEUDOSCALAR])
def test_scenarios_run_and_are_in_order(kind: SpinParity) -> None:
    """The aggressive one reaches further, and electrons that move cost reach."""
    best = {
        (name, at_rest): _limits(name, kind, at_rest=at_rest)
        for name in SCENARIOS
        for at_rest in (False, True)
    }
    for at_rest in (False, True):
        assert best["aggressive", at_rest][0] < best["conservative", at_rest][0]
    for name in SCENARIOS:
        assert best[name, True][0] < best[name, False][0]
    if kind is SpinParity.VECTOR:
        # As docs/explanation/what-limits-us.md has them, to its digits.
        assert best["conservative", False] == pytest.approx((4.75e-4, 5.06e-4), abs=0.01e-4)
        assert best["aggressive", False] == pytest.approx((4.03e-4, 4.40e-4), abs=0.01e-4)
