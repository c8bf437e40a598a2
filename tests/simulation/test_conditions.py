import json
from dataclasses import replace

import numpy as np
import pytest

from x17.apparatus.drifts import Drifts
from x17.apparatus.run_plan import Period, RunPlan
from x17.apparatus.setup import Setup
from x17.errors import UsageError
from x17.simulation.conditions import Conditions

MANY = 2000


@pytest.fixture(scope="module")
def many(setup: Setup) -> Setup:
    """A run plan long enough to see widths."""
    periods = tuple(Period(number=n, sqrt_s_mev=16.9, n_pot=1e9) for n in range(MANY))
    return replace(setup, run_plan=RunPlan(periods=periods))


def test_nominal_conditions_are_the_setup(setup: Setup) -> None:
    nominal = Conditions.nominal(setup)
    assert nominal.setup_for(setup, 11, 0) == setup
    assert nominal.n_runs(11) == 1
    assert nominal.of(11).cluster_loss == 0.0
    assert nominal.run_of(11, 0).calorimeter_scale == 1.0
    with pytest.raises(UsageError, match="allowed: 0 to 0"):
        nominal.setup_for(setup, 11, 1)
    with pytest.raises(UsageError, match="no conditions of period 99"):
        nominal.of(99)


def test_drawn_conditions_have_the_widths_of_the_setup(many: Setup) -> None:
    drawn, drifts = Conditions.drawn(many, 5), many.drifts
    runs = [run for one in drawn.periods for run in one.runs]
    assert len(runs) == MANY * drifts.runs_per_period
    for values, mean, width in (
        ([run.center_x_mm for run in runs], 0.0, drifts.center_sigma_mm),
        ([run.tilt_y_mrad for run in runs], 0.0, drifts.tilt_sigma_mrad),
        ([np.log(run.target_gain) for run in runs], 0.0, drifts.target_gain_sigma),
        ([np.log(run.calorimeter_scale) for run in runs], 0.0, drifts.calorimeter_scale_sigma),
        ([np.log(one.lead_glass_response) for one in drawn.periods], 0.0, drifts.lead_glass_sigma),
        ([one.cluster_loss for one in drawn.periods], drifts.cluster_loss, drifts.cluster_loss_sigma),
    ):
        # Means to 1/√n, widths to 1/√2n; four times each.
        assert np.mean(values) == pytest.approx(mean, abs=4.0 * width / np.sqrt(len(values)))
        assert np.std(values) == pytest.approx(width, rel=4.0 / np.sqrt(2.0 * len(values)))


def test_charge_and_ageing_are_drawn_within_their_errors(setup: Setup) -> None:
    catcher = setup.beam_catcher
    assert catcher is not None
    small = replace(setup, run_plan=RunPlan())
    drawn = [Conditions.drawn(small, seed) for seed in range(500)]
    charge = np.log([one.charge_per_positron_pc / catcher.charge_per_positron_pc for one in drawn])  # type: ignore[operator]
    slope = np.array([one.ageing_slope for one in drawn]) - catcher.ageing_slope
    # Widths to 1/√1000, four times.
    assert charge.std() == pytest.approx(catcher.charge_per_positron_err, rel=0.13)
    assert slope.std() == pytest.approx(catcher.ageing_slope_err, rel=0.13)


def test_the_setup_of_a_run_has_its_truths(setup: Setup) -> None:
    drawn = Conditions.drawn(setup, 3)
    truth, run = drawn.setup_for(setup, 11, 2), drawn.run_of(11, 2)
    assert (truth.beam.center_x_mm, truth.beam.tilt_y_mrad) == (run.center_x_mm, run.tilt_y_mrad)
    assert truth.beam_catcher is not None
    assert drawn.charge_per_positron_pc is not None
    expected = drawn.charge_per_positron_pc * drawn.of(11).lead_glass_response
    assert truth.beam_catcher.charge_per_positron_pc == pytest.approx(expected, rel=1e-12)
    assert truth.beam_catcher.ageing_slope == drawn.ageing_slope
    assert truth.target.charge_collection_um == pytest.approx(12.0 * run.target_gain, rel=1e-12)
    assert truth.calorimeter is setup.calorimeter


def test_conditions_depend_on_the_seed_and_on_nothing_beside(setup: Setup) -> None:
    drawn = Conditions.drawn(setup, 3)
    assert drawn == Conditions.drawn(setup, 3) != Conditions.drawn(setup, 4)
    short = replace(setup, run_plan=RunPlan(periods=setup.run_plan.periods[7:9]))
    assert Conditions.drawn(short, 3).of(2) == drawn.of(2)
    longer = replace(setup, drifts=replace(setup.drifts, runs_per_period=5))
    assert Conditions.drawn(longer, 3).of(2).runs[:3] == drawn.of(2).runs
    with pytest.raises(UsageError, match="0 or above"):
        Conditions.drawn(setup, -1)


def test_without_drifts_only_the_errors_of_the_catcher_are_drawn(setup: Setup) -> None:
    still = replace(setup, drifts=Drifts(), beam_catcher=None)
    assert replace(Conditions.drawn(still, 1), seed=None) == Conditions.nominal(still)


def test_they_survive_their_document(setup: Setup) -> None:
    drawn = Conditions.drawn(setup, 3)
    again = Conditions.from_document(json.loads(json.dumps(drawn.document())))
    assert again == drawn
    assert again.digest() == drawn.digest() != Conditions.drawn(setup, 4).digest()
    with pytest.raises(UsageError, match="not a document of conditions"):
        Conditions.from_document({"periods": [{"runs": [{}]}]})
